from django.apps import AppConfig


class VoicesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.voices"
    label = "voices"
    verbose_name = "Beskeder"

    def ready(self) -> None:
        """Put how citizens say they are into the line of time."""
        from roedtraad.voices import entries

        entries.provide()
