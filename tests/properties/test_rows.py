"""The rule of who sees whom stands twice: in Python and in the database. In random worlds the two agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roedtraad.access import rows
from roedtraad.access.models import EmergencyAccess, Grant
from roedtraad.access.roles import SCOPE, Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, MunicipalityRelation, Protection, ProtectionMember
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.journeys.models import Stay
from tests import factories as make

CODES = ("0751", "0791")
PERSONS = 4
PLACES = 4
# Days around today, as a distance in days.
near = st.integers(-40, 40)
length = st.one_of(st.none(), st.integers(0, 60))
person = st.integers(0, PERSONS - 1)
spell = st.fixed_dictionaries(
    {
        "citizen": person,
        "place": st.integers(0, PLACES - 1),
        "from": near,
        "days": length,
        "moved_in": st.booleans(),
        "ended": st.booleans(),
        "withdrawn": st.booleans(),
        "payer": st.sampled_from(CODES),
    }
)
relation = st.fixed_dictionaries(
    {
        "citizen": person,
        "kind": st.sampled_from(["acting", "paying", "residence"]),
        "code": st.sampled_from(CODES),
        "from": near,
        "days": length,
    }
)
grant = st.fixed_dictionaries(
    {
        "user": st.integers(0, 2),
        "role": st.sampled_from(list(Role)),
        "scope": st.integers(0, 9),
        "from": near,
        "days": length,
    }
)
protection = st.fixed_dictionaries(
    {"citizen": person, "from": near, "days": length, "named": st.sets(st.integers(0, 2))}
)
emergency = st.fixed_dictionaries({"citizen": person, "user": st.integers(0, 2), "hours": st.integers(-3, 3)})
worlds = st.fixed_dictionaries(
    {
        "moved_house": st.booleans(),
        "stays": st.lists(spell, max_size=6),
        "relations": st.lists(relation, max_size=3),
        "grants": st.lists(grant, min_size=1, max_size=5),
        "protections": st.lists(protection, max_size=2),
        "emergencies": st.lists(emergency, max_size=2),
        "closed": st.booleans(),
    }
)


def span(drawn: dict[str, Any]) -> Any:
    first = clock.today() + dt.timedelta(days=drawn["from"])
    days = drawn["days"]
    return Period.inclusive(first, None if days is None else first + dt.timedelta(days=days)).to_range()


class World:
    """An area with two offers, one of which has a house; four places, four citizens, three users."""

    def __init__(self, drawn: dict[str, Any]) -> None:
        today = clock.today()
        area = make.unit("omraade", "specialomraade", parent=make.region_root())
        first, second = make.unit("elm", parent=area), make.unit("birk", parent=area)
        house = make.unit("elm-hus", "afdeling", parent=first)
        self.units = [area, first, second, house]
        self.places = [make.place(f"P{n}", (first, second, house)[n % 3]) for n in range(PLACES - 1)]
        # The last place changes unit today or never, so that a stay can lie in one unit and then in another.
        cut = today if drawn["moved_house"] else None
        self.places.append(make.place("P-flyttet", first, end=cut))
        if cut:
            make.term(self.places[-1], second, cut)
        self.people = [make.citizen(last_name=f"Nummer {n}") for n in range(PERSONS)]
        self.users = [User.objects.create(username=f"u{n}") for n in range(3)]
        for code in CODES:
            make.municipality(code)
        for stay in drawn["stays"]:
            self._stay(stay)
        for found in drawn["relations"]:
            self._relation(found)
        for given_ in drawn["grants"]:
            self._grant(given_)
        for hidden in drawn["protections"]:
            self._protect(hidden)
        for opened in drawn["emergencies"]:
            at = clock.now() + dt.timedelta(hours=opened["hours"])
            EmergencyAccess.objects.create(
                user=self.users[opened["user"]],
                citizen=self.people[opened["citizen"]],
                reason="Fundet ude om natten",
                opened_at=at - dt.timedelta(hours=12),
                expires_at=at,
            )
        if drawn["closed"]:
            User.objects.filter(pk=self.users[2].pk).update(is_active=False)
        self.users = list(User.objects.filter(pk__in=[user.pk for user in self.users]).order_by("pk"))

    def _stay(self, drawn: dict[str, Any]) -> None:
        first = clock.today() + dt.timedelta(days=drawn["from"])
        last = None if drawn["days"] is None else first + dt.timedelta(days=drawn["days"])
        place = self.places[drawn["place"]]
        planned, ever_after = Period.inclusive(first, last).to_range(), Period(first).to_range()
        # Who was to leave and has not is there still.
        taken = Q(planned__overlap=planned) | Q(actual__overlap=ever_after)
        if Stay.objects.filter(taken, place=place).exists():
            return
        make.stay(
            self.people[drawn["citizen"]],
            place,
            first,
            ordered_end=last,
            actual_start=first if drawn["moved_in"] else None,
            actual_end=last if drawn["moved_in"] and drawn["ended"] else None,
            withdrawn_at=clock.now() if drawn["withdrawn"] else None,
            paying_municipality_id=drawn["payer"],
        )

    def _relation(self, drawn: dict[str, Any]) -> None:
        citizen = self.people[drawn["citizen"]]
        if not MunicipalityRelation.objects.filter(
            citizen=citizen, kind=drawn["kind"], valid__overlap=span(drawn)
        ).exists():
            MunicipalityRelation.objects.create(
                citizen=citizen, kind=drawn["kind"], municipality_id=drawn["code"], valid=span(drawn)
            )

    def _grant(self, drawn: dict[str, Any]) -> None:
        kind, n = SCOPE[drawn["role"]], drawn["scope"]
        scopes = {
            "unit": self.units[n % 4].pk,
            "municipality": CODES[n % 2],
            "citizen": self.people[n % PERSONS].pk,
        }
        Grant.objects.create(
            user=self.users[drawn["user"]],
            role=drawn["role"].value,
            valid=span(drawn),
            **{f"{kind}_id": scopes[kind]},
        )

    def _protect(self, drawn: dict[str, Any]) -> None:
        citizen = self.people[drawn["citizen"]]
        if Protection.objects.filter(citizen=citizen, valid__overlap=span(drawn)).exists():
            return
        made = Protection.objects.create(citizen=citizen, valid=span(drawn), reason="Kendt af de ansatte")
        for n in drawn["named"]:
            ProtectionMember.objects.create(protection=made, user=self.users[n])


def ids(sql: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=worlds)
def test_python_and_the_database_show_the_same(drawn: dict[str, Any]) -> None:
    with transaction.atomic():
        world = World(drawn)
        for user in world.users:
            citizens = set(Citizen.objects.openable_by(user).values_list("pk", flat=True))
            stays = set(Stay.objects.openable_by(user).values_list("pk", flat=True))
            assert set(Citizen.objects.visible_to(user).values_list("pk", flat=True)) <= citizens
            with rows.as_user(user):
                assert ids("SELECT id FROM citizens_citizen") == citizens
                assert ids("SELECT id FROM journeys_stay") == stays
                assert ids("SELECT citizen_id FROM citizens_municipalityrelation") <= citizens
                assert ids("SELECT pgh_obj_id FROM citizens_citizenevent") == citizens
                assert ids("SELECT pgh_obj_id FROM journeys_stayevent") == stays
        transaction.set_rollback(True)
