from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AccessConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.access"
    label = "access"
    verbose_name = "Adgang"

    def ready(self) -> None:
        """Every connection says for whom it works before anything is asked of it."""
        from roedtraad.access.rows import tell_new

        connection_created.connect(tell_new, dispatch_uid="roedtraad.access.rows")
