"""The list of citizens, a citizen, a place: who sees what, what is logged, how many statements it takes."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.organisation.models import Place, Unit
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Unit:
    return make.unit("tangkaer", name="Tangkær", parent=make.region_root())


@pytest.fixture
def bed(house: Unit) -> Place:
    return make.place("TK-1", house)


@pytest.fixture
def leader(house: Unit) -> User:
    return make.user_with("leader", house)


@pytest.fixture
def page(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def lives(citizen: Citizen, place: Place, **more: Any) -> Citizen:
    make.stay(citizen, place, date(2026, 1, 1), actual_start=date(2026, 1, 1), **more)
    return citizen


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def names(response: Any) -> list[str]:
    return [citizen.last_name for citizen, _ in response.context["rows"]]


def crowd(house: Unit, n: int) -> None:
    for number in range(n):
        lives(make.citizen(200 + number, last_name=f"Nr {number}"), make.place(f"P-{number}", house))


def test_the_list_is_danish_paged_logged_and_within_its_budget(page: Client, house: Unit) -> None:
    crowd(house, 60)
    for n, name in enumerate(["Østergaard", "Aagaard", "Ærø", "Zeuthen", "Åberg"]):
        lives(make.citizen(300 + n, last_name=name), make.place(f"Q-{n}", house))
    with CaptureQueriesContext(connection) as asked:
        first = page.get(reverse("journeys:citizens"))
    # Savepoints only mark where a transaction stands; they ask the database nothing.
    assert len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]) <= 8
    second = page.get(reverse("journeys:citizens"), {"efter": first.context["next"]})
    shown = names(first) + names(second)
    assert len(first.context["rows"]) == 50
    assert len(shown) == len(set(shown)) == 65
    assert shown[-5:] == ["Zeuthen", "Ærø", "Østergaard", "Åberg", "Aagaard"]
    assert second.context["next"] == ""
    assert LookupLog.objects.filter(part="liste").count() == 65
    assert "Tangkær" in text(first)


def test_the_list_shows_those_who_live_here_and_all_when_asked(page: Client, house: Unit, bed: Place) -> None:
    lives(make.citizen(1, last_name="Nu"), bed)
    gone = make.citizen(2, last_name="Flyttet")
    before = date(2020, 1, 1)
    make.stay(gone, make.place("TK-9", house), before, ordered_end=date(2020, 2, 1), moved_in=True)
    lives(make.citizen(3, last_name="Fremmed"), make.place("F-1", make.unit("fremmed")))
    assert names(page.get(reverse("journeys:citizens"))) == ["Nu"]
    assert names(page.get(reverse("journeys:citizens"), {"vis": "alle"})) == ["Flyttet", "Nu"]


def test_a_search_stands_in_no_address(page: Client, bed: Place) -> None:
    lives(make.citizen(1, first_name="Ane", last_name="Åkjær"), bed)
    search = reverse("journeys:citizens-search")
    for sought in ("åkj ane", make.cpr_number(1)):
        answer = page.post(search, {"q": sought}, follow=True)
        assert answer.redirect_chain == [(reverse("journeys:citizens"), 302)]
        assert names(answer) == ["Åkjær"]
    assert "Ingen borgere med det navn" in text(page.post(search, {"q": "findes ikke"}, follow=True))
    assert names(page.post(search, {"q": ""}, follow=True)) == ["Åkjær"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_as_a_file_is_logged(page: Client, bed: Place, kind: str) -> None:
    citizen = lives(make.citizen(1, last_name="=Formel", address="Vej 1"), bed)
    answer = page.get(reverse("journeys:citizens"), {"format": kind})
    if kind == "csv":
        content = answer.content.decode("utf-8-sig")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        content = " ".join(str(cell) for row in sheet.values for cell in row)
    assert "'=Formel" in content and "TK-1" in content
    assert "Vej 1" not in content
    assert LookupLog.objects.get().citizen_id == citizen.pk


def test_a_support_worker_gets_no_file(client: Client, house: Unit, bed: Place) -> None:
    lives(make.citizen(1), bed)
    client.force_login(make.user_with("support_worker", house))
    assert "format=csv" not in text(client.get(reverse("journeys:citizens")))
    assert client.get(reverse("journeys:citizens"), {"format": "csv"}).status_code == 403


def test_a_citizens_page_is_logged_and_within_its_budget(
    page: Client, house: Unit, bed: Place, django_assert_max_num_queries: Any
) -> None:
    citizen = lives(make.citizen(1, acting="0791", paying="0751", address="Skovvej 3"), bed)
    for n in range(12):
        day = date(2010 + n, 3, 1) if n > 3 else date(2013, 1, n + 1)
        past = make.place(f"TK-{n + 50}", house)
        make.stay(citizen, past, day, ordered_end=day, moved_in=True)
    with django_assert_max_num_queries(15):
        shown = page.get(reverse("journeys:citizen", args=[citizen.key]))
    assert "Bor på Tangkær, plads TK-1, siden 1. januar 2026." in text(shown)
    assert "Skovvej 3" in text(shown) and "Viborg" in text(shown)
    assert list(LookupLog.objects.values_list("citizen", "part")) == [(citizen.pk, "ophold")]


def test_a_citizen_out_of_sight_is_not_there_and_not_logged(page: Client) -> None:
    hidden = lives(make.citizen(1), make.place("F-1", make.unit("fremmed")))
    assert page.get(reverse("journeys:citizen", args=[hidden.key])).status_code == 404
    assert not LookupLog.objects.exists()


def test_a_protected_address_is_shown_to_nobody_but_the_citizen(
    client: Client, house: Unit, bed: Place
) -> None:
    citizen = lives(make.citizen(1, address="Hemmelig Vej 9", address_protected=True), bed)
    address = reverse("journeys:citizen", args=[citizen.key])
    for role, scope, seen in (
        ("leader", house, False),
        ("support_worker", house, False),
        ("inspector", house, False),
        ("relative", citizen, False),
        ("citizen", citizen, True),
    ):
        client.force_login(make.user_with(role, scope))
        assert ("Hemmelig Vej 9" in text(client.get(address))) is seen, role
        page = client.get(reverse("journeys:citizens"), {"vis": "alle"})
        assert "Hemmelig Vej 9" not in text(page)


def test_only_the_citizen_is_shown_the_way_to_who_has_looked(
    client: Client, leader: User, bed: Place
) -> None:
    citizen = lives(make.citizen(1), bed)
    page = reverse("journeys:citizen", args=[citizen.key])
    seen_by = reverse("portals:my-lookups")
    for user in (leader, make.user_with("relative", citizen)):
        client.force_login(user)
        assert seen_by not in text(client.get(page))
        assert client.get(seen_by).status_code == 403
    client.force_login(make.user_with("citizen", citizen))
    assert seen_by in text(client.get(page))
    assert "Prøve leader" in text(client.get(seen_by))


def test_a_places_life(page: Client, house: Unit, bed: Place, django_assert_max_num_queries: Any) -> None:
    first = make.citizen(1, last_name="Først")
    make.stay(first, bed, date(2020, 1, 1), ordered_end=date(2020, 6, 30), moved_in=True)
    overdue = make.citizen(2, last_name="Sidst")
    make.stay(overdue, bed, date(2026, 1, 1), ordered_end=date(2026, 5, 31), actual_start=date(2026, 1, 1))
    with django_assert_max_num_queries(15):
        shown = page.get(reverse("journeys:place", args=[bed.pk]))
    life = shown.context["life"]
    free = [(stretch.first, stretch.last) for stretch in life.stretches if stretch.free]
    assert free == [(date(2020, 7, 1), date(2025, 12, 31)), (date(2013, 1, 1), date(2019, 12, 31))]
    assert life.free_now is None
    assert "Først" in text(shown) and "er der længere end bestilt" in text(shown)
    assert f"?plads={bed.pk}" in text(shown)
    assert LookupLog.objects.filter(part="plads").count() == 2


def test_a_place_shows_no_names_to_those_who_may_not_see_them(
    client: Client, house: Unit, bed: Place
) -> None:
    lives(make.citizen(1, last_name="Hemmelig"), bed)
    foreign = make.unit("fremmed", parent=make.region_root())
    for user in (make.user_with("economist", house), make.user_with("leader", foreign)):
        client.force_login(user)
        shown = text(client.get(reverse("journeys:place", args=[bed.pk])))
        assert "optaget" in shown
        assert "Hemmelig" not in shown and "?plads=" not in shown
    assert not LookupLog.objects.exists()
