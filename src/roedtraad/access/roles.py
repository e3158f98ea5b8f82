"""The roles of the product, in the field's words. Pure."""

from __future__ import annotations

from enum import StrEnum


def _(text: str) -> str:
    """Marks a text for the catalogue; `access.scope.role_label` translates it. Django need not be ready here."""
    return text


class Role(StrEnum):
    """A role is granted for a unit, a municipality or a citizen, and for a period."""

    CITIZEN = "citizen"
    RELATIVE = "relative"
    SUPPORT_WORKER = "support_worker"
    LEADER = "leader"
    ECONOMIST = "economist"
    QUALITY = "quality"
    STRATEGIST = "strategist"
    COUNCIL = "council"
    CASEWORKER = "caseworker"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


LABELS: dict[Role, str] = {
    Role.CITIZEN: _("Borger"),
    Role.RELATIVE: _("Pårørende"),
    Role.SUPPORT_WORKER: _("Medarbejder"),
    Role.LEADER: _("Leder"),
    Role.ECONOMIST: _("Økonomi"),
    Role.QUALITY: _("Kvalitet og sundhed"),
    Role.STRATEGIST: _("Strategi"),
    Role.COUNCIL: _("Regionsråd og udvalg"),
    Role.CASEWORKER: _("Kommunal sagsbehandler"),
    Role.INSPECTOR: _("Tilsyn"),
    Role.ADMINISTRATOR: _("Administrator"),
}

# What a grant of the role is tied to: exactly one of these.
SCOPE: dict[Role, str] = {
    Role.CITIZEN: "citizen",
    Role.RELATIVE: "citizen",
    Role.CASEWORKER: "municipality",
} | {role: "unit" for role in Role if role not in {Role.CITIZEN, Role.RELATIVE, Role.CASEWORKER}}
