"""What should be looked at in how people log in, asked each night."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.lockout import MANY
from roedtraad.core.checks import Check

CHECKS: list[Check] = [
    Check(
        "many_failed_logins",
        _("Er der konti, som nogen bliver ved med at prøve at komme ind på?"),
        # A name nobody has has no account to look after.
        f"""
        SELECT u.username, t.kind, t.failures, t.last
        FROM accounts_logintries t JOIN accounts_user u ON u.id = t.user_id
        WHERE t.kind <> 'address' AND t.failures >= {MANY:d}
        ORDER BY t.failures DESC
        """,  # noqa: S608  a number of our own
        severity="advarsel",
    ),
]
