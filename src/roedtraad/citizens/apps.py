from django.apps import AppConfig


class CitizensConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.citizens"
    label = "citizens"
    verbose_name = "Borgere"

    def ready(self) -> None:
        """Say how citizens become visible."""
        from roedtraad.access.visibility import provide
        from roedtraad.citizens.visibility import citizens_by_relation

        provide("citizens.Citizen", citizens_by_relation)
