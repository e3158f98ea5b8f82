from django.apps import AppConfig


class SteeringConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.steering"
    label = "steering"
    verbose_name = "Styring"
