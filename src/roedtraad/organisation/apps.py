from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "roedtraad.organisation"
    label = "organisation"
    verbose_name = "Organisation"

    def ready(self) -> None:
        """Hand the unit tree down to access, which protects by unit without knowing units."""
        from roedtraad.access.scope import use_unit_tree
        from roedtraad.organisation.tree import ids_below

        use_unit_tree(ids_below)
