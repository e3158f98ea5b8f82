"""The capacity pages."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from roedtraad.access.models import LookupLog
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.journeys import occupancy
from roedtraad.organisation.models import Unit
from tests.factories import agreed, citizen, municipality, place, region_root, stay, term, unit, user_with

pytestmark = pytest.mark.django_db
D = dt.date


class House:
    """Two areas with an offer each, and as many places as asked for."""

    def __init__(self, places: int = 3) -> None:
        self.root = region_root()
        self.area = unit("autisme", kind="specialomraade", name="Specialområde Autisme", parent=self.root)
        self.offer = unit("solsiden", name="Solsiden", parent=self.area)
        self.other_area = unit(
            "hjerneskade", kind="specialomraade", name="Specialområde Alfa", parent=self.root
        )
        self.other = unit("skovhuset", name="Skovhuset", parent=self.other_area)
        agreed(self.offer, places)
        agreed(self.other, 1)
        self.places = [place(f"P{number:03}", self.offer) for number in range(places)]
        for number, made in enumerate(self.places[1:]):
            stay(
                citizen(first_name="Signe", last_name=f"Prøvesen {number}"),
                made,
                D(2026, 1, 1),
                ordered_end=D(2026, 7, 1),
                actual_start=D(2026, 1, 1),
            )
        stay(citizen(first_name="Viggo", last_name="Kommer"), self.places[0], D(2026, 7, 2))
        place("Q", self.other)
        occupancy.refresh()


@pytest.fixture
def house() -> House:
    return House()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def leader_of(scope: Unit) -> User:
    return user_with(Role.LEADER, scope)


def text(response: Any) -> str:
    return response.content.decode().replace("\xa0", " ")


def test_overview_answers_first_and_shows_own_area_first(house: House) -> None:
    shown = text(browser(leader_of(house.area)).get("/kapacitet/"))

    assert "2 døgnpladser er belagt mod 4 aftalte (50,0 %), og 2 er ledige." in shown
    assert shown.index("Specialområde Autisme</a>") < shown.index("Specialområde Alfa</a>")
    assert shown.count("dit område") == 1


def test_nothing_is_marked_for_one_who_has_it_all(house: House) -> None:
    shown = text(browser(user_with(Role.ECONOMIST, house.root)).get("/kapacitet/"))

    assert shown.index("Specialområde Alfa</a>") < shown.index("Specialområde Autisme</a>")
    assert "dit område" not in shown


def test_overview_of_a_past_day(house: House) -> None:
    shown = text(browser(leader_of(house.area)).get("/kapacitet/?dato=2025-12-31"))

    assert "0 døgnpladser var belagt mod 4 aftalte (0,0 %), og 4 var ledige." in shown
    assert "Du ser 31. december 2025, ikke i dag." in shown


@pytest.mark.parametrize("asked", ["2026-02-30", "i går", "9999-99-99"])
def test_a_day_that_cannot_be_read_becomes_today_and_says_so(house: House, asked: str) -> None:
    shown = text(browser(leader_of(house.area)).get("/kapacitet/", {"dato": asked}))

    assert "Datoen kunne ikke læses" in shown
    assert "2 døgnpladser er belagt" in shown


def test_rows_are_sorted_by_a_column_both_ways(house: House) -> None:
    client = browser(leader_of(house.area))
    rising = text(client.get("/kapacitet/?opdel=offer&sort=belagt"))
    falling = text(client.get("/kapacitet/?opdel=offer&sort=-belagt"))

    assert rising.index("Skovhuset</a>") < rising.index("Solsiden</a>")
    assert falling.index("Solsiden</a>") < falling.index("Skovhuset</a>")


def test_agreed_places_are_not_shown_where_they_are_not_agreed(house: House) -> None:
    client = browser(leader_of(house.area))

    assert "Døgn aftalt" in text(client.get("/kapacitet/?opdel=municipality"))
    by_paragraph = text(client.get("/kapacitet/?opdel=paragraph"))
    assert "Døgn aftalt" not in by_paragraph
    assert "De aftales pr. enhed" in by_paragraph
    assert "Døgn aftalt" in text(client.get("/kapacitet/?opdel=vejret"))


def test_files_hold_the_same_figures(house: House) -> None:
    client = browser(leader_of(house.area))

    csv = client.get("/kapacitet/udtraek.csv?opdel=offer").content.decode("utf-8-sig").splitlines()
    book = openpyxl.load_workbook(io.BytesIO(client.get("/kapacitet/udtraek.xlsx?opdel=offer").content))
    one = client.get("/kapacitet/udtraek.csv?opdel=offer&enhed=skovhuset").content.decode().splitlines()

    assert csv[0].startswith("Tilbud;Døgn: pladser;Døgn: aftalte;Døgn: belagte")
    assert csv[1:] == [
        "Skovhuset;1;1;0;0;1;0,0;0;0;0;0;0;",
        "Solsiden;3;3;2;0;1;66,7;0;0;0;0;0;",
        "I alt;4;4;2;0;2;50,0;0;0;0;0;0;",
    ]
    assert [cell.value for cell in book.active[3]][:4] == ["Solsiden", 3, 3, 2]
    assert len(one) == 3
    assert client.get("/kapacitet/udtraek.pdf").status_code == 404
    assert client.get("/kapacitet/udtraek.csv?enhed=findes-ikke").status_code == 404


def test_unit_page_shows_names_to_those_who_may_and_logs_them(house: House) -> None:
    shown = text(browser(leader_of(house.area)).get("/kapacitet/enhed/solsiden/"))

    assert "Viggo Kommer" in shown
    assert "Signe Prøvesen 0" in shown
    logged = LookupLog.objects.filter(part="kommende flytninger")
    assert logged.count() == 3
    assert {row.purpose for row in logged} == {"ledelse af tilbuddet"}


@pytest.mark.parametrize("role", [Role.LEADER, Role.ECONOMIST])
def test_unit_page_names_nobody_to_others(house: House, role: Role) -> None:
    shown = text(browser(user_with(role, house.other_area)).get("/kapacitet/enhed/solsiden/"))

    assert shown.count("<td>en borger</td>") == 3
    assert "Prøvesen" not in shown
    assert "Viggo" not in shown
    assert not LookupLog.objects.exists()


def test_municipality_sees_only_its_own_citizens_names(house: House) -> None:
    payer = municipality("0101")
    stay(
        citizen(first_name="Karla", last_name="Københavner"),
        place("K", house.offer),
        D(2026, 6, 20),
        paying_municipality=payer,
    )
    shown = text(browser(user_with(Role.CASEWORKER, payer)).get("/kapacitet/enhed/solsiden/"))

    assert "Karla Københavner" in shown
    assert "Viggo" not in shown
    assert LookupLog.objects.count() == 1


def test_book_is_offered_to_those_who_may_book_there(house: House) -> None:
    link = f"/kapacitet/book/?plads={house.places[0].pk}"

    assert link in text(browser(leader_of(house.area)).get("/kapacitet/enhed/solsiden/"))
    assert link not in text(browser(leader_of(house.other_area)).get("/kapacitet/enhed/solsiden/"))
    assert "book/" not in text(browser(user_with(Role.COUNCIL, house.root)).get("/kapacitet/enhed/solsiden/"))


def test_past_of_a_unit_has_no_list_of_what_is_to_come(house: House) -> None:
    shown = text(browser(leader_of(house.area)).get("/kapacitet/enhed/solsiden/?dato=2026-02-01"))

    assert "Kommende flytninger" not in shown
    assert "Viggo" not in shown
    assert "Dage i brug pr. uge" in shown
    assert not LookupLog.objects.exists()


def test_heat_map_says_in_words_what_a_cell_means(house: House) -> None:
    shown = text(browser(leader_of(house.area)).get("/kapacitet/enhed/solsiden/"))

    assert "uge 24, fra 8. juni 2026: 7 dage brugt" in shown
    assert "uge 25, fra 15. juni 2026: 1 dag brugt og 6 dage reserveret" in shown
    assert "uge 24, fra 8. juni 2026: ledig" in shown


def test_closed_unit_keeps_its_page(house: House) -> None:
    closed = unit("nedlagt", name="Nedlagt hus", parent=house.area, end=D(2020, 1, 1))
    moved = place("N", closed, end=D(2020, 1, 1))
    term(moved, house.offer, D(2020, 1, 1))

    client = browser(leader_of(house.area))

    assert "Her er ingen pladser på dagen." in text(client.get("/kapacitet/enhed/nedlagt/"))
    past = text(client.get("/kapacitet/enhed/nedlagt/?dato=2019-06-01"))
    assert "0 døgnpladser af 1 var belagt, og 1 var ledig." in past


def test_unknown_unit_is_not_found(house: House) -> None:
    client = browser(leader_of(house.area))

    assert client.get("/kapacitet/enhed/findes-ikke/").status_code == 404
    assert client.get("/kapacitet/ledige/?enhed=findes-ikke").status_code == 404


def test_free_places_by_what_must_match(house: House) -> None:
    place("Barn", house.other, age_group="child")
    client = browser(leader_of(house.area))

    everything = text(client.get("/kapacitet/ledige/"))
    children = text(client.get("/kapacitet/ledige/?age_group=child"))
    now = text(client.get("/kapacitet/ledige/?weeks=0&target_group=ukendt"))

    assert "3 pladser kan bruges i dag, og 5 pladser i perioden." in everything
    assert "1 plads kan bruges i dag, og 1 plads i perioden." in children
    assert ">Barn</a>" in children
    assert ">Q</a>" not in children
    assert "3 pladser kan bruges i dag, og 3 pladser i perioden." in now


def test_free_places_turn_the_page(house: House) -> None:
    for number in range(60):
        place(f"F{number:02}", house.other)
    client = browser(leader_of(house.area))

    first, second = (
        text(client.get(f"/kapacitet/ledige/?age_group=adult{page}")) for page in ("", "&side=2")
    )

    assert "age_group=adult&amp;side=2" in first
    assert ">F00</a>" in first
    assert ">F59</a>" not in first
    assert ">F59</a>" in second
    assert client.get("/kapacitet/ledige/?side=abc").status_code == 200


def test_free_places_as_a_file(house: House) -> None:
    client = browser(leader_of(house.area))

    lines = client.get("/kapacitet/ledige/udtraek.csv?weeks=0").content.decode("utf-8-sig").splitlines()

    assert lines[0] == "Plads;Enhed;Døgn eller dag;Paragraf;Målgruppe;Alder;Ledig fra;Ledig til og med"
    assert lines[1] == (
        "P000;Solsiden;døgn;Serviceloven § 108;udviklingshæmning og ADHD;voksne;2026-06-15;2026-07-01"
    )


def test_citizens_and_relatives_are_refused(house: House) -> None:
    client = browser(user_with(Role.CITIZEN, citizen()))

    for url in ("/kapacitet/", "/kapacitet/ledige/", "/kapacitet/enhed/solsiden/", "/kapacitet/udtraek.csv"):
        assert client.get(url).status_code == 403
    assert Client().get("/kapacitet/").status_code == 302


@pytest.mark.parametrize("places", [3, 30])
@pytest.mark.parametrize(
    ("url", "budget"),
    [
        ("/kapacitet/", 11),
        ("/kapacitet/?opdel=municipality&dato=2026-03-01", 11),
        ("/kapacitet/enhed/solsiden/", 15),
        ("/kapacitet/enhed/autisme/", 15),
        ("/kapacitet/ledige/", 8),
        ("/kapacitet/udtraek.csv", 8),
    ],
)
def test_queries_are_few_whatever_the_size(
    places: int, url: str, budget: int, django_assert_max_num_queries: Any
) -> None:
    house = House(places)
    client = browser(leader_of(house.area))

    with django_assert_max_num_queries(budget):
        assert client.get(url).status_code == 200


def test_pages_have_no_places_without_breaking() -> None:
    client = browser(leader_of(region_root()))

    assert "Her er ingen pladser på dagen." in text(client.get("/kapacitet/"))
    assert "Ingen pladser er ledige i perioden" in text(client.get("/kapacitet/ledige/"))
