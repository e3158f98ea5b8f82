from django.apps import AppConfig


class JourneysConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.journeys"
    label = "journeys"
    verbose_name = "Ophold"

    def ready(self) -> None:
        """Say how stays, and citizens through their stays, become visible."""
        from roedtraad.access.visibility import provide
        from roedtraad.journeys.visibility import citizens_by_stay, stays_in_reach

        provide("citizens.Citizen", citizens_by_stay)
        provide("journeys.Stay", stays_in_reach)
