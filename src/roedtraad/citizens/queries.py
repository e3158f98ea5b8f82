"""Questions about citizens: who is there, who pays, what may be shown."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, When

from roedtraad.access import emergencies, rows
from roedtraad.access.models import EmergencyAccess
from roedtraad.access.roles import Role
from roedtraad.access.scope import Reach, grants_of, reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.fields import RULES, SPECIAL, Field
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.citizens.rules import ADDRESS_HIDDEN
from roedtraad.citizens.visibility import not_hidden
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
        return str(citizen.address)
    named = frozenset(Role(grant.role) for grant in grants_of(user) if grant.citizen_id == citizen.pk)
    return str(citizen.address) if named & RULES[Field.PROTECTED_ADDRESS].readers else ADDRESS_HIDDEN


def special_fields(user: User, citizen: Citizen) -> list[Field]:
    """Which of the citizen's particular facts the user may read: through work with the citizen, or one's own.

    What a written reason has opened does not count. One SQL statement.
    """
    near = Citizen.objects.filter(visible_q("citizens.Citizen", user, "sensitive.view"), pk=citizen.pk)
    roles = reach(user, "sensitive.view").roles if near.exists() else frozenset()
    return [kind for kind in SPECIAL if RULES[kind].readers & roles]


def open_page(user: User, key: UUID) -> tuple[Citizen, EmergencyAccess | None] | None:
    """The citizen whose page the user may open, and the emergency that opens it where nothing else does.

    One SQL statement for who is in reach, three else. None for who is not there or must not be seen.
    """
    person = Citizen.objects.visible_to(user).filter(key=key).first()
    if person is not None:
        return person, None
    person = Citizen.objects.openable_by(user).filter(key=key).first()
    if person is None:
        return None
    return person, emergencies.in_force(user, person.pk)


def identified(
    user: User, *, cpr: str = "", name: str = "", birth_date: dt.date | None = None
) -> Citizen | None:
    """The one citizen with this CPR number, or with exactly this name and birth date, wherever they live.

    None for nobody, for several, for a number that cannot be, and for who is hidden from the user: the answers
    cannot be told apart. Looks past the user's reach, so the caller says nothing before a reason is written.
    """
    with rows.as_system("nødadgang"):
        open_ones = Citizen.objects.filter(not_hidden(Reach(user_id=user.pk)))
        if cpr.strip():
            try:
                number = parse_cpr(cpr).number
            except CprError:
                return None
            return open_ones.filter(cpr_index=blind_index(number, "cpr")).first()
        wanted = sort_key(name)
        if not wanted or birth_date is None:
            return None
        born = open_ones.filter(birth_date=birth_date)
        found = [one for one in born if sort_key(f"{one.first_name} {one.last_name}") == wanted]
        return found[0] if len(found) == 1 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
