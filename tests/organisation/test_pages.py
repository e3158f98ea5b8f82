"""The organisation's pages: what they say, who sees them, and how many statements they cost."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.organisation.models import Unit
from tests.factories import place

pytestmark = pytest.mark.django_db
Browser = Callable[[Role], Client]

PAGES = (
    "/organisation/",
    "/organisation/?dato=2013-12-31&art=tilbud&q=gr",
    "/organisation/enhed/socialomraadet/",
    "/organisation/enhed/tangkaer/?dato=2015-01-01",
    "/organisation/kort/",
    "/organisation/forskelle/",
    "/organisation/forskelle/?omfang=hele",
)


def text_of(response: Any) -> str:
    """The page as one line of text with markup."""
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "role", [Role.STRATEGIST, Role.COUNCIL, Role.SUPPORT_WORKER, Role.LEADER, Role.ADMINISTRATOR]
)
def test_every_role_sees_the_organisation_and_only_two_change_it(browser: Browser, role: Role) -> None:
    client = browser(role)
    page = text_of(client.get("/organisation/enhed/tangkaer/"))
    may_change = role in {Role.STRATEGIST, Role.ADMINISTRATOR}
    assert ("/organisation/enhed/tangkaer/ret/" in page) is may_change
    for act in ("ret", "ny", "luk"):
        assert client.get(f"/organisation/enhed/tangkaer/{act}/").status_code == (200 if may_change else 403)


def test_a_stranger_is_sent_to_the_login(organisation: None) -> None:
    response = Client().get("/organisation/")
    assert response.status_code == 302
    assert "/konto/" in response["Location"]


@pytest.mark.parametrize("url", PAGES)
def test_pages_stay_within_their_budget(
    browser: Browser, url: str, django_assert_max_num_queries: Any
) -> None:
    client = browser(Role.STRATEGIST)
    with django_assert_max_num_queries(15):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "url", ["/organisation/", "/organisation/kort/", "/organisation/forskelle/?omfang=hele"]
)
def test_lists_cost_at_most_eight_statements_and_who_one_is(
    browser: Browser, url: str, django_assert_max_num_queries: Any
) -> None:
    client = browser(Role.COUNCIL)
    # Session, user and grants come on top of the list's own.
    with django_assert_max_num_queries(3 + 8):
        client.get(url)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2013-12-31", "Den 31. december 2013 havde Socialområdet ni specialområder og 31 tilbud."),
        ("2020-07-01", "Den 1. juli 2020 havde Socialområdet otte specialområder og 39 tilbud."),
        ("2026-06-15", "I dag har Socialområdet otte specialområder og 39 tilbud."),
        ("2010-01-01", "Den 1. januar 2010 havde Socialområdet ingen enheder."),
    ],
)
def test_the_chart_answers_first(browser: Browser, day: str, sentence: str) -> None:
    page = text_of(browser(Role.COUNCIL).get("/organisation/", {"dato": day}))
    assert sentence in page
    assert ("data-past" in page) is (day < "2026-06-15")


@pytest.mark.parametrize(
    ("asked", "shown"), [("1850-01-01", "2007-01-01"), ("2999-01-01", "2027-12-31"), ("i går", "2026-06-15")]
)
def test_a_day_outside_the_slider_becomes_the_nearest(browser: Browser, asked: str, shown: str) -> None:
    page = text_of(browser(Role.COUNCIL).get("/organisation/", {"dato": asked}))
    assert f'name="dato" value="{shown}"' in page


def test_the_chart_narrows_by_kind_text_and_area(browser: Browser) -> None:
    client = browser(Role.COUNCIL)
    page = text_of(client.get("/organisation/", {"art": "tilbud", "q": "fogedvænget", "dato": "2026-06-15"}))
    assert "2 enheder af" in page
    assert "Bocentret Fogedvænget" in page and "Tangkær" not in page
    assert "Specialområde Hjerneskade" in page  # what it hangs under is shown with it
    page = text_of(client.get("/organisation/", {"socialomraadet": "1"}))
    assert "Tangkær" in page and "Koncern HR" not in page
    assert "Ingen enheder passer" in text_of(client.get("/organisation/", {"q": "findes slet ikke"}))


def test_a_unit_page_shows_its_facts_people_committees_places_and_history(browser: Browser) -> None:
    area = Unit.objects.get(key="svo")
    house = Unit.objects.get(key="tangkaer")
    for number in range(3):
        place(f"TAN-{number}", house)
    page = text_of(browser(Role.COUNCIL).get(f"/organisation/enhed/{area.key}/"))
    assert "Specialområde Socialpsykiatri Voksne" in page
    assert "Tangkær" in page
    assert "Områdechef" in page
    assert "Hoved-MEDudvalget for Socialområdet" in page
    assert "Regions-MEDudvalget" in page
    assert "Antagelse" in page
    assert '<div class="stat-value">3</div>' in page


def test_a_unit_page_tells_who_refers_to_whom(browser: Browser) -> None:
    page = text_of(browser(Role.COUNCIL).get("/organisation/enhed/sau/", {"dato": "2020-01-01"}))
    assert 'Socialdirektør <span class="muted">i praksis</span>' in page
    assert '<span class="muted">formelt</span>' in page


def test_a_unit_that_is_gone_says_when_and_what_became_of_it(browser: Browser) -> None:
    page = text_of(browser(Role.COUNCIL).get("/organisation/enhed/gaardhaven/"))
    assert "Gårdhaven findes ikke den 15. juni 2026. Den sidste dag var 31. december 2016." in page
    assert "/organisation/enhed/gaardhaven-sct-mikkel/" in page


def test_an_unknown_unit_is_a_404(browser: Browser) -> None:
    assert browser(Role.COUNCIL).get("/organisation/enhed/findes-ikke/").status_code == 404


def test_the_map_counts_offers_by_municipality(browser: Browser) -> None:
    client = browser(Role.COUNCIL)
    page = text_of(client.get("/organisation/kort/"))
    assert "39 tilbud ligger i ti af 19 kommuner, flest i Viborg og Aarhus (syv)." in page
    assert 'id="kommune-0791"' in page
    assert "Ingen tilbud på den dag" in text_of(client.get("/organisation/kort/?dato=2008-01-01"))


def test_the_difference_follows_each_area_of_2013(browser: Browser) -> None:
    client = browser(Role.COUNCIL)
    page = text_of(client.get("/organisation/forskelle/"))
    assert "Den 31. december 2013 var der ni specialområder og 31 tilbud." in page
    assert "Den 15. juni 2026 er der otte specialområder og 39 tilbud." in page
    assert "Hvad blev der af de ni specialområder?" in page
    assert "lagt sammen 1. januar 2016" in page
    assert "Koncern HR" not in page
    assert "Koncern HR" in text_of(client.get("/organisation/forskelle/?omfang=hele"))


def test_a_day_compared_with_itself_has_no_differences(browser: Browser) -> None:
    page = text_of(browser(Role.COUNCIL).get("/organisation/forskelle/?fra=2020-01-01&til=2020-01-01"))
    assert "Ingen forskelle" in page


def test_units_are_exported_as_csv_and_excel(browser: Browser) -> None:
    client = browser(Role.COUNCIL)
    response = client.get("/organisation/enheder.csv?dato=2013-12-31&art=tilbud")
    assert response["Content-Type"].startswith("text/csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Nøgle;Art;Navn")
    assert len(lines) == 1 + 31
    workbook = openpyxl.load_workbook(
        io.BytesIO(client.get("/organisation/enheder.xlsx?dato=2013-12-31&art=tilbud").content)
    )
    rows = list(workbook["Data"].iter_rows(values_only=True))
    assert len(rows) == 1 + 31
    assert rows[1][rows[0].index("Gælder fra")] == dt.datetime(2013, 1, 1)
    assert client.get("/organisation/enheder.pdf").status_code == 404


def test_differences_are_exported(browser: Browser) -> None:
    client = browser(Role.COUNCIL)
    lines = client.get("/organisation/forskelle.csv").content.decode("utf-8-sig").splitlines()
    assert "sbu;Specialområde Børn og Unge;specialområde;kommet til;;Specialområde Børn og Unge" in lines
    assert client.get("/organisation/forskelle.xlsx").status_code == 200
