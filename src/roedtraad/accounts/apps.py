from django.apps import AppConfig


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.accounts"
    label = "accounts"
    verbose_name = "Brugere"

    def ready(self) -> None:
        """A session's time begins with every login, however it was made."""
        from django.contrib.auth.signals import user_logged_in

        from roedtraad.accounts import sessions
        from roedtraad.accounts.tablets import services

        user_logged_in.connect(sessions.on_login, dispatch_uid="accounts.session")
        user_logged_in.connect(services.on_login, dispatch_uid="accounts.tablets")
