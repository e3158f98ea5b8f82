from django.apps import AppConfig


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.accounts"
    label = "accounts"
    verbose_name = "Brugere"

    def ready(self) -> None:
        """A session's time begins with every login, however it was made."""
        from django.contrib.auth.signals import user_logged_in

        from roedtraad.accounts.sessions import on_login

        user_logged_in.connect(on_login, dispatch_uid="accounts.session")
