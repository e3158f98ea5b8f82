"""Protected citizens and particular facts: who sets, who sees, and that it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from roedtraad.access import rows
from roedtraad.access.models import LookupLog
from roedtraad.access.policies import roles_for
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens import protection
from roedtraad.citizens.fields import RULES, SPECIAL, Field
from roedtraad.citizens.models import Citizen, Protection, SensitiveFact
from roedtraad.citizens.queries import special_fields
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys.queries.colleagues import colleagues
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WHY = "Borgeren er i familie med en medarbejder"
TEXT = "Drikker i perioder, vil gerne tale om det"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def leader(scene: Scene) -> User:
    return scene.user(Role.LEADER)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def sees(user: User, citizen: Citizen) -> bool:
    return Citizen.objects.visible_to(again(user)).filter(pk=citizen.pk).exists()


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def protect(leader: User, citizen: Citizen, *named: User, last: dt.date | None = None) -> Protection:
    return protection.protect(leader, citizen, reason=WHY, last=last, named=named)


def test_only_the_named_the_citizen_and_the_relatives_see_a_protected_citizen(
    scene: Scene, leader: User
) -> None:
    named, other = scene.user(Role.SUPPORT_WORKER), scene.user(Role.SUPPORT_WORKER)
    boss = make.user_with(Role.LEADER, scene.area)
    outside = [scene.user(role) for role in (Role.CASEWORKER, Role.INSPECTOR)]
    family = [scene.user(role) for role in (Role.CITIZEN, Role.RELATIVE)]
    protect(leader, scene.ane, named)
    assert [sees(user, scene.ane) for user in (leader, named, *family)] == [True] * 4
    assert [sees(user, scene.ane) for user in (other, boss, *outside)] == [False] * 4


def test_being_named_gives_no_more_than_the_grants_reach(scene: Scene, leader: User) -> None:
    stranger = make.user_with(Role.SUPPORT_WORKER, scene.other)
    protect(leader, scene.ane, stranger)
    assert not sees(stranger, scene.ane)


def test_it_ends_by_itself(scene: Scene, leader: User) -> None:
    other = scene.user(Role.SUPPORT_WORKER)
    protect(leader, scene.ane, last=clock.today() + 2 * DAY)
    with clock.fixed(clock.today() + 2 * DAY):
        assert not sees(other, scene.ane)
    with clock.fixed(clock.today() + 3 * DAY):
        assert sees(other, scene.ane)


def test_it_is_changed_and_ended_by_the_named_alone(scene: Scene, leader: User) -> None:
    kept = protect(leader, scene.ane)
    boss = make.user_with(Role.LEADER, scene.area)
    with pytest.raises(AccessDenied):
        protection.change_protection(boss, kept, reason=WHY, last=None, named=[])
    with pytest.raises(AccessDenied):
        protection.end_protection(boss, kept, today_too=False)
    protection.change_protection(again(leader), kept, reason=WHY, last=None, named=[boss])
    assert sees(boss, scene.ane)
    protection.change_protection(again(boss), kept, reason=WHY, last=None, named=[])
    assert not sees(leader, scene.ane)
    assert set(kept.members.values_list("user", flat=True)) == {boss.pk}
    protection.end_protection(again(boss), kept, today_too=True)
    assert not sees(leader, scene.ane)
    with clock.fixed(clock.today() + DAY):
        assert sees(leader, scene.ane)


def test_ended_the_same_day_it_never_was_but_history_knows(scene: Scene, leader: User) -> None:
    kept = protect(leader, scene.ane)
    number = kept.pk
    protection.end_protection(again(leader), kept, today_too=False)
    assert not Protection.objects.exists()
    events = Protection.pgh_event_model.objects.filter(pgh_obj_id=number)  # type: ignore[attr-defined]  # pghistory's
    assert list(events.order_by("pgh_id").values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_ended_now_it_is_over_today(scene: Scene, leader: User) -> None:
    with clock.fixed(clock.today() - 5 * DAY):
        kept = protect(leader, scene.ane)
    other = scene.user(Role.SUPPORT_WORKER)
    assert not sees(other, scene.ane)
    protection.end_protection(again(leader), kept, today_too=False)
    assert sees(other, scene.ane)
    with pytest.raises(Refusal, match="allerede slut"):
        protection.change_protection(again(leader), kept, reason=WHY, last=None, named=[])


@pytest.mark.parametrize(
    ("reason", "days", "words"),
    [("kort", None, "mindst 10 tegn"), (WHY, -1, "forbi"), ("x" * 301, None, "højst have 300")],
)
def test_what_cannot_be_is_refused(
    scene: Scene, leader: User, reason: str, days: int | None, words: str
) -> None:
    last = clock.today() + days * DAY if days is not None else None
    with pytest.raises(Refusal, match=words):
        protection.protect(leader, scene.ane, reason=reason, last=last, named=[])


def test_only_a_leader_with_the_citizen_protects_and_not_twice(scene: Scene, leader: User) -> None:
    for user in (scene.user(Role.SUPPORT_WORKER), make.user_with(Role.LEADER, scene.other)):
        with pytest.raises(AccessDenied):
            protect(user, scene.ane)
    protect(leader, scene.ane)
    with pytest.raises(Refusal, match="allerede beskyttet"):
        protect(again(leader), scene.ane)


def test_the_colleagues_to_name_are_those_who_see_the_citizen(scene: Scene, leader: User) -> None:
    worker, boss = scene.user(Role.SUPPORT_WORKER), make.user_with(Role.LEADER, scene.area)
    caseworker, inspector = scene.user(Role.CASEWORKER), scene.user(Role.INSPECTOR)
    make.user_with(Role.SUPPORT_WORKER, scene.other)
    scene.user(Role.RELATIVE)
    found = colleagues(scene.ane)
    assert {one.user for one in found} == {leader, worker, boss, caseworker, inspector}
    assert found[0].where == "Elmehuset"
    assert [one.user for one in found if one.near] == [worker]


def test_protecting_through_the_pages(scene: Scene, leader: User, client: Client) -> None:
    worker = scene.user(Role.SUPPORT_WORKER)
    client.force_login(leader)
    page = reverse("journeys:protection", args=[scene.ane.key])
    assert page in body(client.get(reverse("journeys:citizen", args=[scene.ane.key])))
    assert client.post(page, {"reason": "kort", "named": []}).status_code == 422
    answer = client.post(page, {"reason": WHY, "named": []}, follow=True)
    assert "Ingen medarbejder i borgerens enhed er navngivet" in body(answer)
    assert "Borgeren er beskyttet" in body(answer)
    client.post(page, {"reason": WHY, "named": [str(worker.pk)], "last": "2026-07-01"})
    kept = Protection.objects.get()
    assert kept.valid.upper == dt.date(2026, 7, 2)
    assert sees(worker, scene.ane)
    shown = body(client.get(page))
    assert "Beskyttelsen slutter" not in shown
    assert LookupLog.objects.filter(part="beskyttelse", citizen=scene.ane).exists()
    client.post(reverse("journeys:protection-end", args=[scene.ane.key]), {"end": "midnight"})
    assert Protection.objects.get().valid.upper == clock.today() + DAY
    client.force_login(make.user_with(Role.LEADER, scene.area))
    for name in ("journeys:protection", "journeys:citizen"):
        assert client.get(reverse(name, args=[scene.ane.key])).status_code == 404


def test_numbers_still_count_the_protected(scene: Scene, leader: User, client: Client) -> None:
    boss = make.user_with(Role.LEADER, scene.area)
    client.force_login(boss)
    place = reverse("journeys:place", args=[scene.ane.stays.get().place_id])
    board = reverse("journeys:unit", args=["elmehuset"])
    before = body(client.get(board)).split("<main", 1)[1]
    assert "Ane Elm" in body(client.get(place))
    protect(leader, scene.ane)
    after = body(client.get(board)).split("<main", 1)[1]
    assert [word for word in before.split() if word[:1].isdigit()] == [
        word for word in after.split() if word[:1].isdigit()
    ]
    assert "Elm," not in body(client.get(place))
    assert "Ane" not in body(client.get(place))


# Particular facts


def test_the_table_and_the_policy_agree() -> None:
    for kind in SPECIAL:
        assert RULES[kind].readers == roles_for("sensitive.view")
        assert kind.value in SensitiveFact.Kind.values
    assert set(SPECIAL) == set(Field) - {Field.PROTECTED_ADDRESS}
    assert roles_for("sensitive.write") < roles_for("sensitive.view")
    assert all(rule.because for rule in RULES.values())


def test_the_text_lies_encrypted_and_history_has_none(scene: Scene, leader: User) -> None:
    fact = protection.write_fact(leader, scene.ane, "substance", TEXT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM citizens_sensitivefact WHERE id = %s", [fact.pk])
        assert TEXT.encode() not in bytes(cursor.fetchone()[0])
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'citizens_sensitivefactevent'"
        )
        assert "text" not in {row[0] for row in cursor.fetchall()}
    protection.end_fact(leader, fact)
    protection.end_fact(leader, fact)
    fact.refresh_from_db()
    assert (fact.text, fact.ended_by) == (TEXT, leader)
    assert fact.events.count() == 2  # type: ignore[attr-defined]  # pghistory's relation


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_them(scene: Scene, leader: User, role: Role, client: Client) -> None:
    protection.write_fact(leader, scene.ane, "substance", TEXT)
    user = scene.user(role)
    may = role in RULES[Field.SUBSTANCE].readers
    assert bool(special_fields(user, scene.ane)) is may
    client.force_login(user)
    answer = client.get(reverse("journeys:facts", args=[scene.ane.key]))
    assert (TEXT in body(answer)) is may
    if may:
        assert LookupLog.objects.filter(user=user, part="særlige oplysninger").count() == 1
    else:
        assert answer.status_code in (403, 404)


def test_a_workers_own_relative_is_not_their_work(scene: Scene, leader: User, client: Client) -> None:
    """The role must reach this citizen: a worker elsewhere who is a relative here reads no more than a relative."""
    protection.write_fact(leader, scene.ane, "sexual", TEXT)
    worker = make.user_with(Role.SUPPORT_WORKER, scene.other)
    make.Grant.objects.create(
        user=worker, role="relative", citizen=scene.ane, valid=make.Period(make.BEGINNING).to_range()
    )
    assert special_fields(again(worker), scene.ane) == []
    client.force_login(worker)
    assert TEXT not in body(client.get(reverse("journeys:citizen", args=[scene.ane.key])))
    assert client.get(reverse("journeys:facts", args=[scene.ane.key])).status_code == 404


def test_written_and_ended_through_the_pages(scene: Scene, client: Client) -> None:
    worker = scene.user(Role.SUPPORT_WORKER)
    client.force_login(worker)
    page = reverse("journeys:facts", args=[scene.ane.key])
    assert client.post(page, {"kind": "andet", "text": TEXT}).status_code == 422
    assert client.post(page, {"kind": "sexual", "text": " "}).status_code == 422
    assert client.post(page, {"kind": "sexual", "text": TEXT}).status_code == 302
    fact = SensitiveFact.objects.get()
    assert TEXT in body(client.get(page))
    client.force_login(make.user_with(Role.SUPPORT_WORKER, scene.other))
    assert client.post(reverse("journeys:fact-end", args=[fact.pk])).status_code == 404
    client.force_login(scene.user(Role.CITIZEN))
    assert client.post(page, {"kind": "sexual", "text": "eget"}).status_code == 403
    client.force_login(worker)
    client.post(reverse("journeys:fact-end", args=[fact.pk]))
    fact.refresh_from_db()
    assert fact.ended_by == worker


def test_the_database_says_the_same(scene: Scene, leader: User) -> None:
    protection.write_fact(leader, scene.ane, "substance", TEXT)
    for role in Role:
        user = scene.user(role)
        with rows.as_user(user):
            assert SensitiveFact.objects.count() == int(role in RULES[Field.SUBSTANCE].readers), role
    relative = scene.user(Role.RELATIVE)
    with rows.as_user(relative), pytest.raises(DatabaseError), transaction.atomic():
        SensitiveFact.objects.create(
            citizen=scene.ane, kind="sexual", text="x", recorded_at=clock.now(), recorded_by=relative
        )


def test_the_pages_keep_their_budgets(
    scene: Scene, leader: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        protection.write_fact(leader, scene.ane, "substance", f"{TEXT} {n}")
        scene.user(Role.SUPPORT_WORKER)
    protect(leader, scene.ane)
    client.force_login(leader)
    with django_assert_max_num_queries(15):
        client.get(reverse("journeys:facts", args=[scene.ane.key]))
    with django_assert_max_num_queries(15):
        client.get(reverse("journeys:protection", args=[scene.ane.key]))
    with django_assert_max_num_queries(15):
        client.get(reverse("journeys:citizen", args=[scene.ane.key]))


def test_a_leader_of_where_the_citizen_lived_neither_protects_nor_reads(scene: Scene, leader: User) -> None:
    protection.write_fact(leader, scene.ane, "substance", TEXT)
    stay = scene.ane.stays.get()
    stay.actual_end = stay.ordered_end = clock.today() - DAY
    stay.save()
    former = again(leader)
    assert sees(former, scene.ane)
    assert special_fields(former, scene.ane) == []
    with pytest.raises(AccessDenied):
        protect(former, scene.ane)
    with pytest.raises(AccessDenied):
        protection.write_fact(again(leader), scene.ane, "substance", TEXT)
    with rows.as_user(former):
        assert SensitiveFact.objects.count() == 0
