from django.apps import AppConfig


class PracticeConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.practice"
    label = "practice"
    verbose_name = "Praksis"
