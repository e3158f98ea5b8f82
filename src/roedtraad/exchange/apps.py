from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.exchange"
    label = "exchange"
    verbose_name = "Udveksling"
