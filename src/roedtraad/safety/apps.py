from django.apps import AppConfig


class SafetyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.safety"
    label = "safety"
    verbose_name = "Sikkerhed"
