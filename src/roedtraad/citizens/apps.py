from django.apps import AppConfig


class CitizensConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.citizens"
    label = "citizens"
    verbose_name = "Borgere"

    def ready(self) -> None:
        """Say how citizens become visible, and when they are hidden."""
        from roedtraad.access.visibility import provide, provide_in_emergency, restrict
        from roedtraad.citizens.visibility import citizens_by_relation, not_hidden, opened_in_emergency

        provide("citizens.Citizen", citizens_by_relation)
        provide_in_emergency("citizens.Citizen", opened_in_emergency)
        restrict("citizens.Citizen", not_hidden)
