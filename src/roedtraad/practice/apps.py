from django.apps import AppConfig


class PracticeConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.practice"
    label = "practice"
    verbose_name = "Praksis"

    def ready(self) -> None:
        """Put the record's own rows into the line of time, and its parts into every handover package."""
        from roedtraad.practice.queries import entries, handover_parts, transition_entries

        entries.provide()
        transition_entries.provide()
        handover_parts.provide()
