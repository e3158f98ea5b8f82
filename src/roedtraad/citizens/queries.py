"""Questions about citizens: who is there, who pays, what may be shown."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, When

from roedtraad.access.roles import Role
from roedtraad.access.scope import grants_of
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.citizens.rules import ADDRESS_HIDDEN
from roedtraad.core.cpr import CprError, parse_cpr
from roedtraad.core.danish import sort_key
from roedtraad.core.encrypted import blind_index
from roedtraad.organisation.models import Municipality

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

_LOOKS_LIKE_CPR = re.compile(r"\s*\d{6}")


def find(user: User, text: str) -> QuerySet[Citizen]:
    """The citizens the user may see whose name holds every word of `text`, or whose CPR number it is.

    An empty text finds everybody. A number that cannot be a CPR number finds nobody.
    """
    visible = Citizen.objects.visible_to(user)
    if _LOOKS_LIKE_CPR.match(text):
        try:
            return visible.filter(cpr_index=blind_index(parse_cpr(text).number, "cpr"))
        except CprError:
            return visible.none()
    for word in sort_key(text).split():
        visible = visible.filter(sort_key__contains=word)
    return visible


@dataclass(frozen=True, slots=True)
class CitizenPage:
    """One page of a list of citizens, and the key to continue after (empty on the last page)."""

    citizens: list[Citizen]
    next: str


def page(citizens: QuerySet[Citizen], after: str = "", limit: int = 50) -> CitizenPage:
    """The citizens after the one with key `after`, in Danish order. One SQL statement.

    The cursor is a citizen's key, never their name: it stands in addresses. Another text starts over.
    """
    ordered = citizens.order_by("sort_key", "pk")
    cursor = _uuid(after)
    if cursor is not None:
        here = Citizen.objects.filter(key=cursor)
        ordered = ordered.filter(
            Q(sort_key__gt=here.values("sort_key")[:1])
            | Q(sort_key=here.values("sort_key")[:1], pk__gt=here.values("pk")[:1])
        )
    found = list(ordered[: limit + 1])
    shown = found[:limit]
    return CitizenPage(shown, str(shown[-1].key) if len(found) > limit else "")


def default_payer(citizen: Citizen, day: dt.date) -> Municipality | None:
    """The municipality that pays on the day: the paying one, else the acting one, else nobody is known."""
    return (
        Municipality.objects.filter(
            pk__in=MunicipalityRelation.objects.filter(
                citizen=citizen, valid__contains=day, kind__in=["paying", "acting"]
            )
            .annotate(order=Case(When(kind="paying", then=0), default=1, output_field=IntegerField()))
            .order_by("order")
            .values("municipality")[:1]
        )
    ).first()


def relations(citizen: Citizen) -> list[MunicipalityRelation]:
    """The citizen's municipalities through time, latest first within each role."""
    return list(
        MunicipalityRelation.objects.filter(citizen=citizen)
        .select_related("municipality")
        .order_by("kind", F("valid").desc())
    )


def shown_address(citizen: Citizen, user: User) -> str:
    """The address as `user` may see it: protected addresses are hidden from everybody but the citizen.

    The one place that decides this; every page, API answer and export asks here.
    """
    if not citizen.address_protected:
        return citizen.address
    own = any(grant.role == Role.CITIZEN and grant.citizen_id == citizen.pk for grant in grants_of(user))
    return citizen.address if own else ADDRESS_HIDDEN


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
