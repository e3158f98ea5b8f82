from django.apps import AppConfig


class DutyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.duty"
    label = "duty"
    verbose_name = "Vagten"
