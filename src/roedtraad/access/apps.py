from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AccessConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.access"
    label = "access"
    verbose_name = "Adgang"

    def ready(self) -> None:
        """Every connection says for whom it works before anything is asked of it, and accounts knows who works here."""
        from roedtraad.access.federation import FederatedAccess
        from roedtraad.access.rows import tell_new
        from roedtraad.access.scope import is_staff, works_at
        from roedtraad.accounts.federation.ports import use_access
        from roedtraad.accounts.second_factor import use_staff_question
        from roedtraad.accounts.tablets.ports import use_work_question

        use_staff_question(is_staff)
        use_access(FederatedAccess())
        use_work_question(works_at)

        connection_created.connect(tell_new, dispatch_uid="roedtraad.access.rows")
