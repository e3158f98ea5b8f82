from django.apps import AppConfig


class RightsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.rights"
    label = "rights"
    verbose_name = "De registreredes rettigheder"

    def ready(self) -> None:
        """Tell the chain of look-ups where the seals of those deleted by a rule are kept."""
        from roedtraad.access import seals

        seals.use_erased("rights_erasedseal")
