"""The list of methods: who reads and keeps it, what it refuses, and what the form of an effort says about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock
from roedtraad.core.danish import sort_key
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Effort, Method, MethodQualification
from roedtraad.practice.queries.methods import Use, qualified_on, use_of
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.methods import (
    MethodText,
    change_method,
    end_qualification,
    qualify,
    retire_method,
    take_up_method,
    version_of,
    write_method,
)
from tests import factories as make
from tests.practice.planned import effort
from tests.practice.scene import Record

DAY = dt.timedelta(days=1)


def text(**changes: Any) -> MethodText:
    return MethodText(
        **({"name": "Åben dialog", "evidence": "some", "evidence_note": "To oversigter"} | changes)
    )


@pytest.fixture
def method(scene: Record) -> Method:
    return write_method(scene.leader, text())


def test_a_method_is_written_with_a_key_of_its_own(scene: Record, method: Method) -> None:
    assert (method.key, method.sort_key) == ("aaben-dialog", sort_key("Åben dialog"))
    assert write_method(scene.leader, text(name="Åben  dialog!")).key == "aaben-dialog-2"
    assert write_method(scene.leader, text(name="Ny")).key == "ny-2"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "åben DIALOG"}, "name"),
        ({"name": "Anden", "evidence": "sikker"}, "evidence"),
        ({"name": "Anden", "evidence_note": " "}, "evidence_note"),
    ],
)
def test_what_a_method_may_not_be(scene: Record, method: Method, changes: Any, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        write_method(scene.leader, text(**changes))
    assert refused.value.field == field
    assert Method.objects.count() == 1


def test_somebody_elses_change_is_not_written_over(scene: Record, method: Method) -> None:
    version = version_of(method)
    change_method(scene.leader, method, text(description="Alle taler"), version=version)
    with pytest.raises(Changed) as clash:
        change_method(scene.leader, method, text(description="Andet"), version=version)
    assert clash.value.current.description == "Alle taler"


def test_those_who_do_not_keep_the_list_change_nothing(scene: Record, method: Method) -> None:
    for attempt in (
        lambda: write_method(scene.worker, text(name="Anden")),
        lambda: retire_method(scene.worker, method),
        lambda: qualify(scene.worker, method, scene.worker, clock.today()),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_a_retired_method_is_not_chosen_and_can_be_taken_up(scene: Record, method: Method) -> None:
    assert retire_method(scene.leader, method).retired_on == clock.today()
    page = scene.client(scene.leader).get("/metoder/").content.decode()
    assert "Åben dialog" not in page
    assert "udgået" in scene.client(scene.leader).get("/metoder/?udgaaede=1").content.decode()
    assert take_up_method(scene.leader, method).retired_on is None


def test_a_colleague_is_trained_for_a_time(scene: Record, method: Method) -> None:
    today = clock.today()
    row = qualify(scene.leader, method, scene.worker, today - 10 * DAY)
    assert qualified_on(method, scene.worker, today)
    assert not qualified_on(method, scene.worker, today - 11 * DAY)
    with pytest.raises(Refusal, match="står allerede som uddannet"):
        qualify(scene.leader, method, scene.worker, today - 20 * DAY)
    ended = end_qualification(scene.leader, row)
    assert qualified_on(method, scene.worker, today) and not qualified_on(method, scene.worker, today + DAY)
    assert end_qualification(scene.leader, ended).valid == ended.valid
    with pytest.raises(Refusal, match="før uddannelsen begynder"):
        end_qualification(scene.leader, row, today - 11 * DAY)


def test_only_ones_own_colleagues_and_no_days_to_come(scene: Record, method: Method) -> None:
    with pytest.raises(Refusal, match="arbejder ikke i dine enheder"):
        qualify(scene.leader, method, scene.stranger, clock.today())
    with pytest.raises(Refusal, match="ligge efter i dag"):
        qualify(scene.leader, method, scene.worker, clock.today() + DAY)
    with pytest.raises(Refusal, match="før den første"):
        qualify(scene.leader, method, scene.worker, clock.today(), clock.today() - DAY)
    row = MethodQualification.objects.create(method=method, user=scene.stranger, valid=(clock.today(), None))
    with pytest.raises(AccessDenied):
        end_qualification(scene.leader, row)


def test_use_is_counted_in_the_whole_house_and_few_are_not_told(scene: Record, method: Method) -> None:
    assert use_of(method) == Use(0)
    for _ in range(5):
        effort(scene.worker, scene.ane, method=method)
    assert use_of(method) == Use(None)
    for number in range(4):
        effort(scene.worker, make.citizen(last_name=f"Nr {number}"), method=method)
    assert use_of(method) == Use(9)
    Effort.objects.update(ends_on=clock.today() - DAY)
    assert use_of(method) == Use(0)


def test_the_list_is_searched(scene: Record, method: Method, django_assert_max_num_queries: Any) -> None:
    write_method(scene.leader, text(name="KRAP", evidence="none", evidence_note="", description="Mestring"))
    effort(scene.worker, scene.ane, method=method)
    client = scene.client(scene.worker)
    with django_assert_max_num_queries(8):
        page = client.get("/metoder/").content.decode()
    assert page.index("KRAP") < page.index("Åben dialog")
    assert '<td class="num">få</td>' in page
    assert "KRAP" not in client.get("/metoder/?viden=some").content.decode()
    assert "Åben dialog" not in client.get("/metoder/?q=mestring").content.decode()
    assert "Åben dialog" in client.get("/metoder/?q=ÅBEN").content.decode()
    assert "Ingen metoder passer" in client.get("/metoder/?q=findes ikke").content.decode()


def test_a_method_page(scene: Record, method: Method, django_assert_max_num_queries: Any) -> None:
    qualify(scene.leader, method, scene.worker, clock.today() - DAY)
    for user, may in ((scene.worker, False), (scene.leader, True)):
        client = scene.client(user)
        with django_assert_max_num_queries(15):
            page = client.get("/metoder/aaben-dialog/").content.decode()
        assert str(scene.worker) in page and "To oversigter" in page
        assert ("Afslut i dag" in page, "Lad metoden udgå" in page) == (may, may)


@pytest.mark.parametrize(
    ("role", "listed", "edits"),
    [
        (Role.SUPPORT_WORKER, 200, 403),
        (Role.LEADER, 200, 200),
        (Role.QUALITY, 200, 200),
        (Role.COUNCIL, 403, 403),
        (Role.CITIZEN, 403, 403),
    ],
)
def test_who_comes_in(scene: Record, method: Method, role: Role, listed: int, edits: int) -> None:
    client = scene.client(scene.user(role))
    assert client.get("/metoder/").status_code == listed
    assert client.get("/metoder/ny/").status_code == edits
    assert client.get("/metoder/aaben-dialog/ret/").status_code == edits


def test_the_pages_write(scene: Record) -> None:
    client = scene.client(scene.leader)
    refused = client.post("/metoder/ny/", {"name": "KRAP", "evidence": "good"})
    assert refused.status_code == 422
    assert "Skriv, hvad viden bygger på" in refused.content.decode()
    assert client.post("/metoder/ny/", {"name": "KRAP", "evidence": "none"})["Location"] == "/metoder/krap/"
    method = Method.objects.get()
    sent = {"name": "KRAP", "evidence": "none", "description": "Mestring", "version": version_of(method)}
    assert client.post("/metoder/krap/ret/", sent).status_code == 302
    late = client.post("/metoder/krap/ret/", sent | {"description": "For sent"})
    assert late.status_code == 422 and "Sådan står det nu" in late.content.decode()
    trained = {"colleague": scene.worker.pk, "first": clock.today().isoformat()}
    assert client.post("/metoder/krap/uddannede/", trained).status_code == 302
    assert client.post("/metoder/krap/uddannede/", trained).status_code == 422
    row = MethodQualification.objects.get()
    assert client.post(f"/metoder/krap/uddannede/{row.pk}/slut/").status_code == 302
    assert client.post("/metoder/krap/brug/").status_code == 302
    method.refresh_from_db()
    row.refresh_from_db()
    assert method.retired_on == clock.today() and row.valid.upper == clock.today() + DAY


def test_the_form_of_an_effort_warns_once(scene: Record, method: Method) -> None:
    goal = effort(scene.worker, scene.ane).goal
    client = scene.client(scene.worker)
    address = scene.path("maal", goal.key, "indsats", "")
    form = {
        "title": "Samtaler", "times": 1, "per": "week", "minutes": 30, "starts_on": clock.today().isoformat(),
        "method": method.pk, "responsible": scene.colleague.pk,
    }  # fmt: skip
    warned = client.post(address, form)
    assert warned.status_code == 422
    assert "står ikke som uddannet i Åben dialog" in warned.content.decode()
    assert "Gem alligevel" in warned.content.decode()
    assert client.post(address, form | {"despite": "on"}).status_code == 302
    qualify(scene.leader, method, scene.colleague, clock.today())
    assert client.post(address, form).status_code == 302
    assert Effort.objects.filter(title="Samtaler").count() == 2
