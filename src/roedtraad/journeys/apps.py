from django.apps import AppConfig


class JourneysConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.journeys"
    label = "journeys"
    verbose_name = "Ophold"

    def ready(self) -> None:
        """Say how stays, and citizens through their stays, become visible, and when they are hidden."""
        from roedtraad.access.visibility import provide, provide_in_emergency, restrict
        from roedtraad.journeys import visibility

        provide("citizens.Citizen", visibility.citizens_by_stay)
        provide("journeys.Stay", visibility.stays_in_reach)
        provide_in_emergency("journeys.Stay", visibility.stays_opened_in_emergency)
        restrict("journeys.Stay", visibility.stays_not_hidden)
