"""The log of look-ups: one row for each opening, and nobody can change or remove it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from roedtraad.access import services
from roedtraad.access.lookups import record, record_system
from roedtraad.access.models import LookupLog, LookupReview
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.portals.queries.seen import seen_by
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def logged() -> list[tuple[str, str, int, str, str]]:
    return list(
        LookupLog.objects.order_by("pk").values_list("actor", "role", "citizen_id", "part", "purpose")
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE access_lookuplog SET part = 'x'", "DELETE FROM access_lookuplog"]
)
def test_the_database_refuses_changes(scene: Scene, statement: str) -> None:
    record(scene.user(Role.LEADER), [scene.ane.pk], "prøve")
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        connection.cursor().execute(statement)
    assert LookupLog.objects.get().part == "prøve"


def test_opening_a_citizens_page_writes_exactly_one_row(scene: Scene, client: Any) -> None:
    client.force_login(scene.user(Role.LEADER))
    page = reverse("journeys:citizen", args=[scene.ane.key])
    assert client.get(page).status_code == 200
    assert [(actor, role, citizen) for actor, role, citizen, *_rest in logged()] == [
        ("user", "leader", scene.ane.pk)
    ]


def test_a_citizen_out_of_reach_is_not_found_and_not_logged(scene: Scene, client: Any) -> None:
    client.force_login(scene.user(Role.SUPPORT_WORKER))
    answer = client.get(reverse("journeys:citizen", args=[scene.bo.key]))
    assert answer.status_code in (403, 404)
    assert "Birk" not in answer.content.decode()
    assert logged() == []


def test_the_shift_logs_everyone_it_shows_once(scene: Scene, client: Any) -> None:
    client.force_login(scene.user(Role.SUPPORT_WORKER))
    client.get(reverse("home"))
    assert logged() == [
        ("user", "support_worker", citizen.pk, "min vagt", "arbejdet med borgeren")
        for citizen in (scene.ane, scene.carl, scene.dea)
    ]


def test_the_citizen_sees_who_has_looked_but_not_themselves(scene: Scene, client: Any) -> None:
    record(scene.user(Role.LEADER), [scene.ane.pk, scene.bo.pk], "ophold")
    record_system("Indlæsning", [scene.ane.pk], "stamdata", "indlæsning af ophold")
    client.force_login(scene.user(Role.CITIZEN))
    client.get(reverse("home"))
    page = client.get(reverse("portals:my-lookups")).content.decode()
    assert "Prøve leader" in page
    assert "ledelse af tilbuddet" in page
    assert "Indlæsning" in page
    assert "egne oplysninger" not in page
    assert page.count("line-note") == 2


def test_the_purpose_is_the_relation_to_that_very_citizen(scene: Scene) -> None:
    worker = scene.user(Role.SUPPORT_WORKER)
    make.Grant.objects.create(
        user=worker, role="relative", citizen=scene.dea, valid=make.Period(make.BEGINNING).to_range()
    )
    record(worker, [scene.ane.pk, scene.dea.pk], "liste")
    assert [(citizen, role, why) for _actor, role, citizen, _part, why in logged()] == [
        (scene.ane.pk, "support_worker", "arbejdet med borgeren"),
        (scene.dea.pk, "relative", "pårørende"),
    ]


def test_the_citizen_reads_by_day_in_plain_words_and_filters(
    scene: Scene, client: Any, django_assert_max_num_queries: Any
) -> None:
    leader, worker = scene.user(Role.LEADER), scene.user(Role.SUPPORT_WORKER)
    for _n in range(3):
        record(worker, [scene.ane.pk], "min vagt")
    record(leader, [scene.ane.pk], "særlige oplysninger")
    record_system("indlæsning", [scene.ane.pk], "indlæsning", "indlæst fra borgere.csv")
    client.force_login(scene.user(Role.CITIZEN))
    address = reverse("portals:my-lookups")
    with django_assert_max_num_queries(12):
        page = " ".join(client.get(address).content.decode().split())
    assert "medarbejder, Elmehuset" in page
    assert "(3 gange) · oversigten over dem, der bor i huset" in page
    assert "særlige oplysninger om dig" in page
    assert "maskine" in page
    only = client.get(address, {"hvem": str(worker.pk)}).content.decode()
    assert only.count("line-note") == 1
    machines = client.get(address, {"hvem": "m"}).content.decode()
    assert "indlæst fra borgere.csv" in machines
    assert machines.count("line-note") == 1
    for odd in ("999999999999999999999", "x", "-1"):
        assert client.get(address, {"hvem": odd}).status_code == 200


def test_the_pages_of_the_log_neither_skip_nor_repeat(scene: Scene) -> None:
    leader, citizen = scene.user(Role.LEADER), scene.user(Role.CITIZEN)
    for n in range(7):
        record(leader, [scene.ane.pk], f"del {n}")
    met: list[str] = []
    before = None
    while True:
        shown = seen_by(citizen, before=before, limit=3)
        met += [one.part for _day, many in shown.days for one in many]
        before = shown.next
        if before is None:
            break
    assert met == [f"del {n}" for n in reversed(range(7))]


def test_a_sample_begins_with_the_days_of_the_log_itself(scene: Scene, client: Any) -> None:
    """The house may hold another day; the log keeps the database's time."""
    record(scene.user(Role.LEADER), [scene.ane.pk], "ophold")
    client.force_login(scene.user(Role.ADMINISTRATOR))
    form = client.get(reverse("portals:lookups")).context["form"]
    answer = client.get(reverse("portals:lookups"), {**form.initial, "emergency": ""}, follow=True)
    assert "Prøve leader" in answer.content.decode()


def test_the_purpose_follows_the_role_in_danish_whatever_the_language(scene: Scene) -> None:
    from django.utils.translation import override

    with override("en"):
        record(scene.user(Role.ADMINISTRATOR), [scene.ane.pk], "adgang", action="users.manage")
        record(scene.user(Role.INSPECTOR), [scene.ane.pk], "ophold")
    assert [row[4] for row in logged()] == ["Administrator", "tilsyn"]


def test_control_takes_an_administrator_a_note_and_somebody_elses_look_up(scene: Scene) -> None:
    administrator, leader = scene.user(Role.ADMINISTRATOR), scene.user(Role.LEADER)
    record(leader, [scene.ane.pk], "ophold")
    record(administrator, [scene.ane.pk], "adgang", action="users.manage")
    theirs, own = LookupLog.objects.order_by("pk")
    with pytest.raises(AccessDenied):
        services.review_lookup(theirs, "ok", reviewer=leader)
    with pytest.raises(ValueError, match="dit eget opslag"):
        services.review_lookup(own, "ok", reviewer=administrator)
    with pytest.raises(ValueError, match="hvad der skal følges op"):
        services.review_lookup(theirs, "ask", reviewer=administrator, note="  ")
    services.review_lookup(theirs, "ask", reviewer=administrator, note="Hvorfor?")
    services.review_lookup(theirs, "ok", reviewer=administrator, note="Vikar den dag")
    review = LookupReview.objects.get()
    assert (review.outcome, review.note) == ("ok", "Vikar den dag")
    assert review.events.count() == 2  # type: ignore[attr-defined]  # pghistory's relation
