from django.apps import AppConfig


class SteeringConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.steering"
    label = "steering"
    verbose_name = "Styring"

    def ready(self) -> None:
        """Tell the record where a citizen's goals may point."""
        from roedtraad.practice.compass import use_compass
        from roedtraad.steering.compass import PlanCompass

        use_compass(PlanCompass())
