"""What production must be, asked of the database itself."""

from __future__ import annotations

from django.db import connection

from roedtraad.config.keys import UnsafeSettings


def refuse_owner_role() -> None:
    """Raise UnsafeSettings when the app connects as a superuser or as the owner of its tables.

    An owner bypasses row-level security and could change what the log of look-ups says.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT rolsuper OR rolbypassrls OR EXISTS (
                SELECT 1 FROM pg_class c WHERE c.relname = 'access_lookuplog' AND pg_has_role(current_user, c.relowner, 'MEMBER'))
            FROM pg_roles WHERE rolname = current_user
            """
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        raise UnsafeSettings(
            "Rødtråd starter ikke i produktion: DATABASE_URL bruger en rolle, der ejer tabellerne. "
            "Brug en rolle uden ejerskab, og lad DATABASE_OWNER_URL være til »manage migrate«."
        )


def refuse_unfitting_keys() -> None:
    """Raise UnsafeSettings, with a sentence for each fault, when values exist that the keys here cannot open."""
    from roedtraad.config.keyring.faults import key_faults

    if faults := key_faults():
        raise UnsafeSettings(
            "Rødtråd starter ikke, for nøglerne passer ikke til databasen:\n- " + "\n- ".join(faults)
        )
