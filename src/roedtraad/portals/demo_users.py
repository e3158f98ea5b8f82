"""Whom one can log in as in the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import role_label
from roedtraad.portals.queries.scopes import scope_names

PER_ROLE = 3


@dataclass(frozen=True)
class DemoUser:
    """A user of the example data: what to type, what they are called and where they work."""

    username: str
    name: str
    scope: str


def demo_users() -> list[tuple[str, list[DemoUser]]]:
    """At most three users of each role, in the order of the roles; nobody outside the demo. Three SQL."""
    if not (settings.EXAMPLE_DATA and settings.MODE == "demo"):
        return []
    found: dict[str, list[Grant]] = {}
    # Colleagues without a password only write in the records.
    grants = (
        Grant.objects.in_force()
        .filter(user__is_active=True)
        .exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    )
    for grant in grants.select_related("user").order_by("pk"):
        if len(found.setdefault(grant.role, [])) < PER_ROLE:
            found[grant.role].append(grant)
    scopes = scope_names(grant for grants in found.values() for grant in grants if not grant.citizen_id)
    return [
        (
            role_label(role),
            [
                DemoUser(grant.user.username, str(grant.user), scopes.get(grant.pk, ""))
                for grant in found[role]
            ],
        )
        for role in Role
        if role in found
    ]
