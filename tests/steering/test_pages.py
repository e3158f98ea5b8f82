"""The pages: what each shows, to whom, and within how many SQL statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from roedtraad.access.models import LookupLog
from roedtraad.access.roles import Role
from roedtraad.steering import figures
from roedtraad.steering.models import Pejlemaerke, Plan

Login = Callable[..., Client]
INDICATOR = "/maalbillede/indikatorer/kapacitetsudnyttelse/"
NEWEST = "visions-og-udviklingsplan-2024-27"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_picture_has_vision_tracks_marks_and_indicators(as_role: Login) -> None:
    page = text(as_role(Role.COUNCIL), "/maalbillede/?aar=2025")
    assert "Vi understøtter borgeren i at udleve ønsker, håb og drømme" in page
    for track in ("Ét socialområde", "Det hele menneske", "Fagligt stærke specialområder"):
        assert track in page
    assert page.count('class="mark"') == 15
    assert "Kapacitetsudnyttelsen er 78,0\u00a0% i 2025. Målet er 95\u00a0%." in page
    assert "Ingen data endnu" in page


def test_down_to_the_rows_and_up_again(as_role: Login) -> None:
    client = as_role(Role.COUNCIL)
    assert "enhed=omraade-nord" in text(client, "/maalbillede/?aar=2019")
    area = text(client, "/maalbillede/?aar=2019&enhed=omraade-nord")
    assert "enhed=storgaarden" in area
    offer = text(client, "/maalbillede/?aar=2019&enhed=storgaarden")
    assert f"{INDICATOR}raekker/?aar=2019&amp;enhed=storgaarden" in offer
    assert "enhed=omraade-nord" in offer
    rows = text(client, f"{INDICATOR}raekker/?aar=2019&enhed=storgaarden")
    assert "Pladserne vises ikke én for én" in rows
    # One place is one or two persons: its days are not for the council, on any unit.
    assert not any(f"storgaarden-{number}" in rows for number in range(1, 9))


def test_single_places_are_for_those_who_work_with_them(as_role: Login) -> None:
    path = f"{INDICATOR}raekker/?aar=2019&enhed=storgaarden"
    own = text(as_role(Role.LEADER, "storgaarden"), path)
    assert all(f"storgaarden-{number}" in own for number in range(1, 9))
    other = text(as_role(Role.LEADER, "lillebo"), path)
    assert "storgaarden-1" not in other


@pytest.mark.parametrize(
    "path",
    [
        "/maalbillede/",
        "/maalbillede/?aar=2019&enhed=omraade-nord",
        INDICATOR,
        f"{INDICATOR}?aar=2019&enhed=omraade-nord",
        f"{INDICATOR}raekker/?aar=2019&enhed=storgaarden",
        "/maalbillede/planer/",
        f"/maalbillede/planer/{NEWEST}/",
        "/maalbillede/planer/maalbillede-2017/",
        "/maalbillede/maal/god-oekonomi-og-relevant-aktivitet/",
        "/maalbillede/tabel.csv?aar=2019",
        "/maalbillede/rapport.json?aar=2019",
    ],
)
@pytest.mark.parametrize("role", [Role.COUNCIL, Role.STRATEGIST, Role.LEADER])
def test_every_page_keeps_its_budget(
    as_role: Login, path: str, role: Role, django_assert_max_num_queries: Any
) -> None:
    client = as_role(role)
    figures._kept.clear()
    with django_assert_max_num_queries(15):
        assert client.get(path).status_code == 200


def test_the_page_of_a_pejlemaerke(as_role: Login, django_assert_max_num_queries: Any) -> None:
    mark = Pejlemaerke.objects.get(number=1)
    client = as_role(Role.STRATEGIST)
    figures._kept.clear()
    with django_assert_max_num_queries(15):
        page = text(client, f"/maalbillede/pejlemaerker/{mark.pk}/")
    assert mark.summary in page
    assert all(effort.text in page for effort in mark.efforts.all())
    assert "Kapacitetsudnyttelse" in page
    assert "16.6" in page


def test_the_plan_page_holds_all_of_the_plan(as_role: Login) -> None:
    page = text(as_role(Role.COUNCIL), f"/maalbillede/planer/{NEWEST}/")
    plan = Plan.objects.get(key=NEWEST)
    for track in plan.tracks.all():
        for row in [*track.statements.all(), *track.timetable.all()]:
            assert row.text in page
        for mark in track.pejlemaerker.all():
            assert mark.title in page
            assert all(effort.text in page for effort in mark.efforts.all())
        for goal in track.un_goals.all():
            assert all(target.code in page for target in goal.targets.all())
    assert "Målbillede for socialområdet 2017" in page


@pytest.mark.parametrize(
    "query",
    ["?aar=2016", "?aar=2027", "?aar=abcd", "?aar=20199", "?enhed=findes-ikke", "?aar=2019&plan=" + NEWEST],
)
def test_what_is_not_there_is_not_found(as_role: Login, query: str) -> None:
    assert as_role(Role.COUNCIL).get(f"/maalbillede/{query}").status_code == 404


PATHS = (
    "/maalbillede/",
    INDICATOR,
    "/maalbillede/planer/",
    "/maalbillede/rapport.pdf",
    "/maalbillede/tabel.csv",
)


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_sent_to_the_login(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert "/konto/login/" in response["Location"]


@pytest.mark.parametrize("path", PATHS)
def test_inspectors_have_no_target_picture(as_role: Login, path: str) -> None:
    assert as_role(Role.INSPECTOR).get(path).status_code == 403


def test_a_council_member_never_sees_a_person(as_role: Login, scene: Any) -> None:
    client = as_role(Role.COUNCIL)
    for offer, people in scene.people.items():
        page = text(client, f"{INDICATOR}raekker/?aar=2019&enhed={offer}")
        assert not any(str(citizen) in page for citizen in people)
    assert not LookupLog.objects.exists()


def test_a_leader_sees_the_stays_of_own_unit_and_is_logged(as_role: Login, scene: Any) -> None:
    client = as_role(Role.LEADER, "lillebo")
    page = text(client, f"{INDICATOR}raekker/?aar=2019&enhed=lillebo")
    assert all(str(citizen) in page for citizen in scene.people["lillebo"])
    assert set(LookupLog.objects.values_list("citizen_id", flat=True)) == {
        citizen.pk for citizen in scene.people["lillebo"]
    }
    other = text(client, f"{INDICATOR}raekker/?aar=2019&enhed=storgaarden")
    assert not any(str(citizen) in other for citizen in scene.people["storgaarden"])


def test_a_hidden_unit_shows_no_figure_and_no_rows(as_role: Login) -> None:
    client = as_role(Role.COUNCIL)
    hidden = text(client, f"{INDICATOR}raekker/?aar=2019&enhed=lillebo")
    assert "Rækkerne vises ikke" in hidden
    assert "lillebo-1" not in hidden
    page = text(client, "/maalbillede/?aar=2019&enhed=lillebo")
    assert "Skjult, få borgere" in page
    assert "50,0" not in page
    assert "730" not in page


def test_no_red_but_the_thread(as_role: Login) -> None:
    from pathlib import Path

    from roedtraad import steering

    css = (Path(steering.__file__).parent / "static" / "steering" / "maalbillede.css").read_text(
        encoding="utf-8"
    )
    assert "--thread" not in css
