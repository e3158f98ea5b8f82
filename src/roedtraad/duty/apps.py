from django.apps import AppConfig


class DutyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.duty"
    label = "duty"
    verbose_name = "Vagten"

    def ready(self) -> None:
        """Say what there is to hand over, what the shift puts into a line of time and a package, and who was away."""
        from roedtraad.duty import entries, package_parts
        from roedtraad.duty.queries import attendance, facts
        from roedtraad.duty.sources import provide_facts
        from roedtraad.practice.attendance import use_attendance

        provide_facts(facts.risk_facts)
        provide_facts(facts.absence_facts)
        provide_facts(facts.appointment_facts)
        provide_facts(facts.note_facts)
        provide_facts(facts.task_facts)
        use_attendance(attendance.away_in)
        entries.provide()
        package_parts.provide()
