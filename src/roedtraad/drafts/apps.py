from django.apps import AppConfig


class DraftsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.drafts"
    label = "drafts"
    verbose_name = "Kladder"
