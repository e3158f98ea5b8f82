"""What a citizen shares with their relatives: the one place that says who sees what by consent.

A relative sees a part of a citizen's record while a consent in force names it, names them through a relation with
their login, and their grant as a relative of that citizen holds. The consent alone decides, also for a guardian: being
one shows nothing. The database says the same (`citizens_consented`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from roedtraad.access.scope import reach
from roedtraad.citizens.models import Citizen, Consent
from roedtraad.citizens.visibility import not_hidden
from roedtraad.core import clock
from roedtraad.core.danish import day

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

Scope = Consent.Scope


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is seen, as a sentence, and its last day; None while it has none."""

    sentence: str
    until: dt.date | None


def consents_in_force() -> QuerySet[Consent]:
    """The consents that hold today, to whomever."""
    return Consent.objects.filter(withdrawn_at__isnull=True, valid__contains=clock.today())


def shared_with(user: Any, scope: str, citizen: str = "pk") -> Q:
    """The filter for rows of the citizens who share `scope` with the user today. Nothing for nobody.

    `citizen` is the path from the row to the citizen's number. ValueError for a scope that there is not.
    """
    near = reach(user, "shared.view") if getattr(user, "is_authenticated", False) else None
    consents = _naming(user, scope) if near else Consent.objects.none()
    given = Q(**{f"{citizen}__in": consents.values("citizen")})
    return given & not_hidden(near, citizen) if near else given


def sharing_citizens(user: User, scope: str) -> QuerySet[Citizen]:
    """The citizens who share `scope` with the user today."""
    return Citizen.objects.filter(shared_with(user, scope))


def shares(user: User, citizen: Citizen, scope: str) -> bool:
    """Whether the citizen shares `scope` with the user today. At most one SQL statement."""
    return sharing_citizens(user, scope).filter(pk=citizen.pk).exists()


def scopes_shared(user: User, citizen: Citizen) -> set[str]:
    """All that the citizen shares with the user today. At most one SQL statement."""
    if citizen.pk not in reach(user, "shared.view").citizens:
        return set()
    found = _to(user).filter(citizen=citizen).values_list("scopes", flat=True)
    return {scope for scopes in found for scope in scopes}


def why(user: User, citizen: Citizen, scope: str) -> str:
    """Why a relative sees this, as a sentence for the page; empty when it is not shared with them today."""
    if citizen.pk not in reach(user, "shared.view").citizens:
        return ""
    consent = _naming(user, scope).filter(citizen=citizen).order_by("valid", "pk").first()
    return _sentence(consent, citizen, scope) if consent is not None else ""


def reasons(user: User, citizen: Citizen) -> dict[str, Reason]:
    """All that the citizen shares with the user today, each with why and until when. At most one SQL statement.

    Where two consents give the same, the first of them says why and the longer until when.
    """
    if citizen.pk not in reach(user, "shared.view").citizens:
        return {}
    given: dict[str, list[Consent]] = {}
    for consent in _to(user).filter(citizen=citizen).select_related("relation").order_by("valid", "pk"):
        for scope in consent.scopes:
            given.setdefault(scope, []).append(consent)
    return {
        scope: Reason(_sentence(consents[0], citizen, scope), _until(consents))
        for scope, consents in given.items()
    }


def _until(consents: list[Consent]) -> dt.date | None:
    """The last day on which one of the consents, and the relation it names, holds."""
    last = []
    for consent in consents:
        ends = [one.valid.upper for one in (consent, consent.relation) if one is not None and one.valid.upper]
        if not ends:
            return None
        last.append(min(ends))
    return max(last) - dt.timedelta(days=1)


def _sentence(consent: Consent, citizen: Citizen, scope: str) -> str:
    words = {
        "name": citizen.first_name,
        "day": day(consent.valid.lower),
        "what": Scope(scope).label,
    }
    if consent.given_by == Consent.GivenBy.GUARDIAN:
        return (
            _(
                "Du ser det, fordi værgen for %(name)s har givet samtykke den %(day)s til at dele %(what)s med dig."
            )
            % words
        )
    return (
        _("Du ser det, fordi %(name)s har givet samtykke den %(day)s til at dele %(what)s med dig.") % words
    )


def _to(user: Any) -> QuerySet[Consent]:
    """The consents in force that name the user through a relation of the same citizen, whom they are still granted."""
    return consents_in_force().filter(
        relation__user=user,
        relation__citizen=F("citizen"),
        relation__valid__contains=clock.today(),
        citizen__in=reach(user, "shared.view").citizens,
    )


def _naming(user: Any, scope: str) -> QuerySet[Consent]:
    return _to(user).filter(scopes__contains=[Scope(scope).value])
