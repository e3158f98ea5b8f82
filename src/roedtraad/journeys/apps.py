from django.apps import AppConfig


class JourneysConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.journeys"
    label = "journeys"
    verbose_name = "Ophold"

    def ready(self) -> None:
        """Say how stays, and citizens through their stays, become visible, when they are hidden, and who works with them."""
        from roedtraad.access.visibility import provide, provide_in_emergency, restrict
        from roedtraad.citizens.relations.team import use_colleagues
        from roedtraad.journeys import visibility
        from roedtraad.journeys.queries.colleagues import colleagues

        provide("citizens.Citizen", visibility.citizens_by_stay)
        provide("journeys.Stay", visibility.stays_in_reach)
        provide_in_emergency("journeys.Stay", visibility.stays_opened_in_emergency)
        restrict("journeys.Stay", visibility.stays_not_hidden)
        use_colleagues(colleagues)
