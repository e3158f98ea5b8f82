from django.apps import AppConfig


class PeopleConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.people"
    label = "people"
    verbose_name = "Medarbejdere"
