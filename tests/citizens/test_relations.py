"""What can happen to relations, guardians, consents and contact persons, and who may do it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens import sharing
from roedtraad.citizens.models import Consent, ContactPerson, Guardianship, Relation
from roedtraad.citizens.relations import rules, services, team
from roedtraad.citizens.relations.rules import Person
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MONA = Person("Mona  Elm", "12 34 56 78", "mona@eksempel.dk", "Ring helst om aftenen")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def worker(scene: Scene) -> User:
    return scene.user(Role.SUPPORT_WORKER)


@pytest.fixture
def mona(scene: Scene, worker: User) -> Relation:
    return services.add_relation(worker, scene.ane, "mother", MONA, chosen_by_citizen=True)


def last_of(row: Any) -> dt.date | None:
    row.refresh_from_db()
    return Period.from_range(row.valid).last


# Relations


def test_a_relation_is_written_linked_and_ended(scene: Scene, worker: User, mona: Relation) -> None:
    assert (mona.name, mona.phone, mona.chosen_by_citizen, mona.user) == (
        "Mona Elm",
        "12 34 56 78",
        True,
        None,
    )
    login = scene.user(Role.RELATIVE)
    assert services.may_be_linked(scene.ane) == [login]
    services.link_login(worker, mona, login)
    services.give_consent(worker, scene.ane, mona, ["goals"], how="oral")
    assert sharing.shares(login, scene.ane, "goals")
    services.end_relation(worker, mona)
    assert last_of(mona) == clock.today()
    with pytest.raises(Refusal, match="allerede slut"):
        services.end_relation(worker, mona, clock.today() + DAY)
    with pytest.raises(Refusal, match="begynder først"):
        services.end_relation(worker, mona, clock.today() - DAY)


def test_what_ended_is_shared_no_longer(scene: Scene, worker: User) -> None:
    login = scene.user(Role.RELATIVE)
    since = clock.today() - 9 * DAY
    mona = services.add_relation(
        worker, scene.ane, "mother", MONA, chosen_by_citizen=True, login=login, first=since
    )
    services.give_consent(worker, scene.ane, mona, ["goals"], how="oral", first=since)
    assert sharing.shares(login, scene.ane, "goals")
    services.end_relation(worker, mona, clock.today() - DAY)
    assert not sharing.shares(login, scene.ane, "goals")


@pytest.mark.parametrize(
    ("kind", "person", "field"),
    [
        ("tante", MONA, "kind"),
        ("mother", Person(" "), "name"),
        ("mother", Person("M" * 121), "name"),
        ("mother", Person("Mona", "ring"), "phone"),
        ("mother", Person("Mona", "", "mona"), "email"),
        ("mother", Person("Mona", note="x" * 401), "note"),
    ],
)
def test_who_cannot_be_is_said_beside_the_field(
    scene: Scene, worker: User, kind: str, person: Person, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        services.add_relation(worker, scene.ane, kind, person, chosen_by_citizen=False)
    assert refused.value.field == field


def test_only_a_relatives_login_is_linked_and_only_once(scene: Scene, worker: User, mona: Relation) -> None:
    with pytest.raises(Refusal, match="ikke adgang som pårørende"):
        services.link_login(worker, mona, worker)
    login = scene.user(Role.RELATIVE)
    services.link_login(worker, mona, login)
    with pytest.raises(Refusal, match="en anden relations"):
        services.add_relation(worker, scene.ane, "father", Person("Far"), chosen_by_citizen=True, login=login)
    assert services.link_login(worker, mona, None).user is None


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPPORT_WORKER, Role.LEADER)])
def test_who_may_not_write(scene: Scene, mona: Relation, worker: User, role: Role) -> None:
    consent = services.give_consent(worker, scene.ane, mona, ["goals"], how="oral")
    user = scene.user(role)
    own = role is Role.CITIZEN
    tries = [
        lambda: services.add_relation(user, scene.ane, "friend", MONA, chosen_by_citizen=True),
        lambda: services.give_consent(user, scene.ane, mona, ["goals"], how="own_page"),
        lambda: services.withdraw_consent(user, consent),
        lambda: services.end_relation(user, mona),
    ]
    for attempt in tries:
        if own:
            attempt()
        else:
            with pytest.raises(AccessDenied):
                attempt()
    with pytest.raises(AccessDenied):
        services.appoint_contact(user, scene.ane, worker, "primary")
    with pytest.raises(AccessDenied):
        services.add_guardianship(
            user, scene.ane, "5", personal=True, economic=False, guardian=mona, first=clock.today()
        )


def test_a_worker_elsewhere_may_not_write(scene: Scene, mona: Relation) -> None:
    foreign = make.user_with(Role.SUPPORT_WORKER, scene.other)
    with pytest.raises(AccessDenied, match="skrive om denne borger"):
        services.end_relation(foreign, mona)


# Guardians


@pytest.mark.parametrize(
    ("form", "personal", "economic", "fits"),
    [
        ("5", True, False, True),
        ("5", False, True, True),
        ("5", True, True, True),
        ("5", False, False, False),
        ("6", False, True, True),
        ("6", True, True, False),
        ("7", False, True, True),
        ("7", True, False, False),
        ("8", False, True, False),
    ],
)
def test_which_guardianships_there_are(
    scene: Scene, worker: User, form: str, personal: bool, economic: bool, fits: bool
) -> None:
    def write() -> Guardianship:
        return services.add_guardianship(
            worker,
            scene.ane,
            form,
            personal=personal,
            economic=economic,
            guardian=Person("Advokat Lind"),
            first=clock.today(),
        )

    if fits:
        assert write().guardian == "Advokat Lind"
    else:
        with pytest.raises(Refusal):
            write()


def test_a_guardian_may_be_a_relation_and_ends(scene: Scene, worker: User, mona: Relation) -> None:
    made = services.add_guardianship(
        worker, scene.ane, "5", personal=True, economic=False, guardian=mona, first=clock.today() - DAY
    )
    assert made.guardian == "Mona Elm"
    services.end_guardianship(worker, made)
    assert last_of(made) == clock.today()
    with pytest.raises(Refusal, match="borgerens relationer"):
        services.add_guardianship(
            worker,
            scene.ane,
            "5",
            personal=True,
            economic=False,
            guardian=make.relation(scene.bo),
            first=clock.today(),
        )


# Consents


def test_a_consent_is_given_and_withdrawn(scene: Scene, worker: User, mona: Relation) -> None:
    consent = services.give_consent(
        worker, scene.ane, mona, ["notes", "goals"], how="written", last=clock.today() + 30 * DAY
    )
    assert (consent.receiver, consent.shares, consent.recorded_by) == (
        "Mona Elm",
        ["mål", "notater"],
        worker,
    )
    withdrawn = services.withdraw_consent(worker, consent)
    moment = withdrawn.withdrawn_at
    assert services.withdraw_consent(worker, consent).withdrawn_at == moment
    assert withdrawn.withdrawn_by == worker


def test_a_consent_to_a_municipality_or_another(scene: Scene, worker: User) -> None:
    viborg = make.municipality("0791")
    to_viborg = services.give_consent(worker, scene.ane, viborg, ["report"], how="oral")
    to_school = services.give_consent(worker, scene.ane, " Skolen  i byen ", ["goals"], how="oral")
    assert (to_viborg.receiver, to_school.receiver) == ("Viborg", "Skolen i byen")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["alt"]}, "scopes"),
        ({"first": dt.date(2026, 6, 16)}, "first"),
        ({"first": dt.date(2026, 6, 10), "last": dt.date(2026, 6, 9)}, "last"),
        ({"first": dt.date(2026, 6, 1), "last": dt.date(2026, 6, 14)}, "last"),
        ({"how": "own_page"}, "how"),
        ({"to": " "}, "party"),
        ({"note": "x" * 401}, "note"),
    ],
)
def test_a_consent_that_cannot_be(
    scene: Scene, worker: User, mona: Relation, changed: dict[str, Any], field: str
) -> None:
    typed: dict[str, Any] = {"to": mona, "scopes": ["goals"], "how": "oral"} | changed
    with pytest.raises(Refusal) as refused:
        services.give_consent(worker, scene.ane, typed.pop("to"), typed.pop("scopes"), **typed)
    assert refused.value.field == field


def test_a_guardian_consents_only_where_they_decide(scene: Scene, worker: User, mona: Relation) -> None:
    def guardianship(**kw: Any) -> Guardianship:
        return services.add_guardianship(
            worker, scene.ane, "5", guardian=mona, first=clock.today() - 3 * DAY, **kw
        )

    personal = guardianship(personal=True, economic=False)
    economic = guardianship(personal=False, economic=True)
    made = services.give_consent(worker, scene.ane, mona, ["goals"], how="written", guardianship=personal)
    assert made.given_by == Consent.GivenBy.GUARDIAN
    for guardian, first in ((economic, clock.today()), (personal, clock.today() - 4 * DAY)):
        with pytest.raises(Refusal, match="personlige forhold"):
            services.give_consent(
                worker, scene.ane, mona, ["goals"], how="written", guardianship=guardian, first=first
            )


def test_the_citizen_gives_and_withdraws_on_their_own_page(
    scene: Scene, worker: User, mona: Relation
) -> None:
    citizen = scene.user(Role.CITIZEN)
    given = services.give_consent(citizen, scene.ane, mona, ["network"], how="own_page")
    assert (given.how, given.given_by, given.recorded_by) == ("own_page", "citizen", citizen)
    assert services.withdraw_consent(citizen, given).withdrawn_by == citizen
    with pytest.raises(Refusal, match="skriftligt eller mundtligt"):
        services.give_consent(citizen, scene.ane, mona, ["network"], how="oral")
    with pytest.raises(AccessDenied):
        services.give_consent(citizen, scene.bo, make.relation(scene.bo), ["network"], how="own_page")


# Contact persons


def contacts(scene: Scene) -> list[tuple[int, str, dt.date, dt.date | None]]:
    return [
        (one.user_id, one.role, one.valid.lower, one.valid.upper)
        for one in ContactPerson.objects.filter(citizen=scene.ane).order_by("valid", "pk")
    ]


def test_a_new_contact_person_follows_the_former(scene: Scene, worker: User) -> None:
    other = make.user_with(Role.SUPPORT_WORKER, scene.offer)
    today, before = clock.today(), clock.today() - 10 * DAY
    assert {one.user for one in team.who_works_with(scene.ane)} == {worker, other}
    services.appoint_contact(worker, scene.ane, worker, "primary", before)
    services.appoint_contact(worker, scene.ane, other, "team", before)
    services.appoint_contact(worker, scene.ane, other, "primary")
    services.appoint_contact(worker, scene.ane, other, "primary")
    assert contacts(scene) == [
        (worker.pk, "primary", before, today),
        (other.pk, "team", before, today),
        (other.pk, "primary", today, None),
    ]
    services.appoint_contact(worker, scene.ane, other, "secondary")
    assert contacts(scene)[-1] == (other.pk, "secondary", today, None)
    with pytest.raises(Refusal, match="er skrevet fra"):
        services.appoint_contact(worker, scene.ane, other, "team", today - DAY)
    kept = ContactPerson.objects.get(role="secondary")
    services.end_contact(worker, kept, today + DAY)
    assert last_of(kept) == today + DAY


def test_a_contact_person_works_with_the_citizen(scene: Scene, worker: User) -> None:
    for stranger in (make.user_with(Role.SUPPORT_WORKER, scene.other), scene.user(Role.INSPECTOR)):
        with pytest.raises(Refusal, match="arbejder med borgeren"):
            services.appoint_contact(worker, scene.ane, stranger, "primary")
    with pytest.raises(Refusal, match="Vælg en rolle"):
        services.appoint_contact(worker, scene.ane, worker, "chef")


def test_a_period_that_ends_before_it_begins() -> None:
    with pytest.raises(Refusal, match="ligger før den første"):
        rules.checked_period(dt.date(2026, 1, 2), dt.date(2026, 1, 1))
