"""What a citizen shares follows the consent, said twice: in Python and in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roedtraad.access import rows
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens import sharing
from roedtraad.citizens.models import Citizen, Consent, ContactPerson, Guardianship, Protection, Relation
from roedtraad.core import clock
from roedtraad.core.period import Period
from tests import factories as make
from tests.access.scene import Scene

DAY = dt.timedelta(days=1)
SCOPES = ("goals", "network", "messages")

near = st.integers(-5, 5)
length = st.one_of(st.none(), st.integers(0, 8))
who, person = st.integers(0, 1), st.integers(0, 1)
relation = st.fixed_dictionaries(
    {"citizen": person, "user": st.one_of(st.none(), who), "from": near, "days": length}
)
consent = st.fixed_dictionaries(
    {
        "relation": st.integers(0, 3),
        "of": st.one_of(st.none(), person),
        "scopes": st.sets(st.sampled_from(SCOPES), min_size=1),
        "from": near,
        "days": length,
        "withdrawn": st.booleans(),
    }
)
grant = st.fixed_dictionaries(
    {
        "user": who,
        "citizen": person,
        "role": st.sampled_from([Role.RELATIVE, Role.RELATIVE, Role.RELATIVE, Role.CITIZEN]),
        "from": near,
        "days": length,
    }
)
worlds = st.fixed_dictionaries(
    {
        "relations": st.lists(relation, min_size=1, max_size=4),
        "consents": st.lists(consent, min_size=1, max_size=5),
        "grants": st.lists(grant, min_size=1, max_size=4),
        "protected": st.sets(person),
        "closed": st.booleans(),
    }
)


def span(drawn: dict[str, Any]) -> Any:
    first = clock.today() + drawn["from"] * DAY
    return Period.inclusive(first, None if drawn["days"] is None else first + drawn["days"] * DAY).to_range()


def people(drawn: dict[str, Any]) -> list[User]:
    """Write the world; its users."""
    citizens = [make.citizen(last_name=f"Nummer {n}") for n in range(2)]
    users = [User.objects.create(username=f"u{n}") for n in range(2)]
    relations = []
    for each in drawn["relations"]:
        taken = Relation.objects.filter(
            citizen=citizens[each["citizen"]], user__username=f"u{each['user']}", valid__overlap=span(each)
        )
        user = None if each["user"] is None or taken.exists() else users[each["user"]]
        period = span(each)
        made = make.relation(citizens[each["citizen"]], user=user, start=period.lower, end=period.upper)
        relations.append(made)
    for each in drawn["consents"]:
        to = relations[each["relation"] % len(relations)]
        Consent.objects.create(
            citizen=to.citizen if each["of"] is None else citizens[each["of"]],
            relation=to,
            scopes=sorted(each["scopes"]),
            valid=span(each),
            how="oral",
            recorded_by=users[0],
            recorded_at=clock.now(),
            withdrawn_at=clock.now() if each["withdrawn"] else None,
            withdrawn_by=users[0] if each["withdrawn"] else None,
        )
    for each in drawn["grants"]:
        Grant.objects.create(
            user=users[each["user"]],
            citizen=citizens[each["citizen"]],
            role=each["role"].value,
            valid=span(each),
        )
    for n in drawn["protected"]:
        Protection.objects.create(
            citizen=citizens[n], valid=Period(clock.today()).to_range(), reason="Kendt af de ansatte"
        )
    if drawn["closed"]:
        User.objects.filter(pk=users[1].pk).update(is_active=False)
    return list(User.objects.filter(pk__in=[user.pk for user in users]).order_by("pk"))


def consented(scope: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT citizens_consented(%s)", [scope])
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=worlds)
def test_python_and_the_database_say_the_same(drawn: dict[str, Any]) -> None:
    with transaction.atomic():
        for user in people(drawn):
            for scope in SCOPES:
                with rows.as_system("test"):
                    said = {one.pk for one in sharing.sharing_citizens(user, scope)}
                with rows.as_user(user):
                    assert consented(scope) == said
                    assert {one.pk for one in sharing.sharing_citizens(user, scope)} == said
                    for citizen in Citizen.objects.all():
                        shown = citizen.pk in said
                        assert sharing.shares(user, citizen, scope) is shown
                        assert bool(sharing.why(user, citizen, scope)) is shown
                        assert (scope in sharing.scopes_shared(user, citizen)) is shown
        transaction.set_rollback(True)


# One citizen and her mother


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.fixture
def mother(scene: Scene) -> User:
    return scene.user(Role.RELATIVE)


@pytest.fixture
def mum(scene: Scene, mother: User) -> Relation:
    return make.relation(scene.ane, "Mona Elm", user=mother)


def test_a_consent_shares_what_it_names_and_says_why(scene: Scene, mother: User, mum: Relation) -> None:
    leader = scene.user(Role.LEADER)
    given_on = dt.date(2026, 3, 3)
    make.consent(mum, "goals", "network", start=given_on, recorded_by=leader)
    assert sharing.shares(mother, scene.ane, "goals")
    assert sharing.scopes_shared(mother, scene.ane) == {"goals", "network"}
    assert not sharing.shares(mother, scene.ane, "notes")
    assert sharing.why(mother, scene.ane, "goals") == (
        "Du ser det, fordi Ane har givet samtykke den 3. marts 2026 til at dele mål med dig."
    )
    assert sharing.why(mother, scene.ane, "notes") == ""
    with pytest.raises(ValueError):
        sharing.shares(mother, scene.ane, "alt")


def test_a_guardian_is_shown_only_what_the_consent_says(scene: Scene, mother: User, mum: Relation) -> None:
    guardianship = Guardianship.objects.create(
        citizen=scene.ane,
        form="5",
        personal=True,
        relation=mum,
        valid=Period(make.BEGINNING).to_range(),
    )
    assert sharing.scopes_shared(mother, scene.ane) == set()
    make.consent(
        mum,
        "report",
        recorded_by=mother,
        given_by="guardian",
        guardianship=guardianship,
        start=dt.date(2026, 1, 2),
    )
    assert sharing.why(mother, scene.ane, "report").startswith("Du ser det, fordi værgen for Ane har givet")


def test_nobody_else_is_shown_anything(scene: Scene, mother: User, mum: Relation) -> None:
    make.consent(mum, *Consent.Scope.values, recorded_by=mother)
    for role in Role:
        user = scene.user(role)
        assert not sharing.shares(user, scene.ane, "goals"), role
        with rows.as_user(user):
            assert consented("goals") == set(), role


def test_a_consent_is_never_changed_and_withdrawn_for_good(scene: Scene, mother: User, mum: Relation) -> None:
    kept = make.consent(mum, "goals", recorded_by=mother)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=kept.pk).update(scopes=["notes"])
    Consent.objects.filter(pk=kept.pk).update(withdrawn_at=clock.now(), withdrawn_by=mother)
    assert not sharing.shares(mother, scene.ane, "goals")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=kept.pk).update(withdrawn_at=None, withdrawn_by=None)


# The rows themselves

TABLES = (Relation, Guardianship, Consent, ContactPerson)
READS = {Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR, Role.CITIZEN}


def written(scene: Scene, mum: Relation) -> None:
    worker = scene.user(Role.SUPPORT_WORKER)
    since = Period(make.BEGINNING).to_range()
    make.relation(scene.ane, "Far Elm", kind="father")
    Guardianship.objects.create(citizen=scene.ane, form="5", economic=True, name="Advokat Lind", valid=since)
    make.consent(mum, "messages", recorded_by=worker)
    ContactPerson.objects.create(citizen=scene.ane, user=worker, role="primary", valid=since)
    bo = make.relation(scene.bo, "Bos far", kind="father")
    make.consent(bo, "messages", recorded_by=worker)


@pytest.mark.parametrize("role", list(Role))
def test_which_rows_a_role_reads(scene: Scene, mum: Relation, role: Role) -> None:
    written(scene, mum)
    with rows.as_user(scene.user(role)):
        found = [model._default_manager.count() for model in TABLES]
        history = Consent.pgh_event_model.objects.count()  # type: ignore[attr-defined]  # pghistory's model
    assert found == ([2, 1, 1, 1] if role in READS else [0, 0, 0, 0])
    assert history == int(role in READS - {Role.CITIZEN})


def test_a_relative_reads_what_is_about_them(scene: Scene, mother: User, mum: Relation) -> None:
    written(scene, mum)
    with rows.as_user(mother):
        assert [one.name for one in Relation.objects.all()] == ["Mona Elm"]
        assert Consent.objects.count() == 1
        assert Guardianship.objects.count() == 0
        assert ContactPerson.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            make.relation(scene.ane, "Ny")
        with pytest.raises(DatabaseError), transaction.atomic():
            make.consent(mum, "notes", recorded_by=mother)
        assert Consent.objects.update(withdrawn_at=clock.now(), withdrawn_by=mother) == 0
