"""The pages where one books, changes, starts, ends and undoes: what one sees, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.journeys import services
from roedtraad.journeys.models import Stay
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
    return make.user_with("leader", house, username="leder")


@pytest.fixture
def page(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


@pytest.fixture
def ane(house: Unit) -> Citizen:
    citizen = make.citizen(1, first_name="Ane", last_name="Åkjær", acting="0791", paying="0751")
    former = make.place("TK-0", house)
    make.stay(citizen, former, date(2020, 1, 1), ordered_end=date(2020, 12, 31), moved_in=True)
    return citizen


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def booking(bed: Place, citizen: Citizen | None = None, **more: Any) -> dict[str, Any]:
    return {
        "act": "book",
        "who": "known" if citizen else "new",
        "citizen": str(citizen.key) if citizen else "",
        "place": bed.code,
        "ordered_start": "2026-07-01",
        "ordered_end": "",
        "key": "form-1",
        **more,
    }


def test_the_place_in_the_address_stands_in_the_form(page: Client, bed: Place) -> None:
    for asked in (bed.pk, bed.code):
        assert 'value="TK-1"' in text(page.get(reverse("journeys:book"), {"plads": asked}))


def test_searching_keeps_what_was_typed_and_logs_who_was_shown(
    page: Client, bed: Place, ane: Citizen
) -> None:
    found = page.post(
        reverse("journeys:book"),
        booking(bed, act="find", search="åkj", agreed_day_rate="2.831,50", who="new"),
    )
    shown = text(found)
    assert "Ane Åkjær, født" in shown
    assert 'value="2.831,50"' in shown
    assert 'value="form-1"' in shown
    assert "error-summary" not in shown
    assert list(LookupLog.objects.values_list("citizen", "part")) == [(ane.pk, "søgning")]


def test_booking_a_known_citizen_and_undoing_it(page: Client, bed: Place, ane: Citizen) -> None:
    answer = page.post(reverse("journeys:book"), booking(bed, ane, agreed_day_rate="2.831,50"), follow=True)
    stay = Stay.objects.get(key="form-1")
    assert answer.redirect_chain == [(reverse("journeys:citizen", args=[ane.key]), 302)]
    assert "Plads TK-1 er booket til Ane Åkjær fra den 1. juli 2026." in text(answer)
    assert (stay.paying_municipality_id, str(stay.agreed_day_rate)) == ("0751", "2831.50")
    undo = reverse("journeys:stay-undo", args=[stay.pk])
    assert f'action="{undo}"' in text(answer)
    assert "Det er fortrudt." in text(page.post(undo, follow=True))
    stay.refresh_from_db()
    assert stay.withdrawn_at is not None


def test_sending_the_form_twice_books_once(page: Client, bed: Place, ane: Citizen) -> None:
    for _ in range(2):
        assert page.post(reverse("journeys:book"), booking(bed, ane)).status_code == 302
    assert Stay.objects.filter(place=bed).count() == 1


def test_booking_a_new_citizen(page: Client, bed: Place) -> None:
    make.municipality("0791")
    answer = page.post(
        reverse("journeys:book"),
        booking(
            bed,
            first_name="Bo",
            last_name="Ny",
            cpr=make.cpr_number(77, child=True),
            acting_municipality="0791",
        ),
        follow=True,
    )
    stay = Stay.objects.get(key="form-1")
    assert str(stay.citizen) == "Bo Ny"
    assert stay.paying_municipality_id == "0791"
    assert "pladsen er for voksne" in text(answer)
    assert "kontrolciffer passer ikke" in text(answer)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"place": "findes-ikke"}, "Der er ingen plads med det nummer."),
        ({"ordered_start": ""}, "Skriv, hvornår opholdet begynder."),
        ({"ordered_start": "31.02.2026"}, "Datoen kan ikke læses."),
        ({"ordered_end": "2026-06-30"}, "Datoen ligger før opholdet begynder (1. juli 2026)."),
        ({"agreed_day_rate": "mange"}, "Beløbet kan ikke læses."),
        ({"cpr": "310290-9901"}, "CPR-nummeret har en dato, der ikke findes."),
        ({"cpr": ""}, "Skriv borgerens CPR-nummer."),
        ({"first_name": "B0"}, "Fornavnet har tegn, der ikke hører til"),
        ({"acting_municipality": ""}, "Vælg den kommune, der træffer afgørelser"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
    page: Client, bed: Place, typed: dict[str, str], sentence: str
) -> None:
    make.municipality("0791")
    sent = booking(
        bed,
        **{
            "first_name": "Bo",
            "last_name": "Meget Ny",
            "cpr": make.cpr_number(77),
            "acting_municipality": "0791",
            "address": "Vej 1",
            **typed,
        },
    )
    answer = page.post(reverse("journeys:book"), sent)
    shown = text(answer)
    assert answer.status_code == 200
    assert sentence in shown
    field = next(iter(typed))
    assert f'id="id_{field}_error"' in shown
    assert 'value="Meget Ny"' in shown and 'value="Vej 1"' in shown
    assert not Stay.objects.exists() and not Citizen.objects.exists()


def test_a_number_that_is_known_does_not_tell_who_has_it(page: Client, bed: Place) -> None:
    make.municipality("0791")
    make.citizen(5, last_name="Hemmelig", cpr=make.cpr_number(77))
    sent = booking(bed, first_name="Bo", last_name="Ny", cpr=make.cpr_number(77), acting_municipality="0791")
    shown = text(page.post(reverse("journeys:book"), sent))
    assert "Der er allerede en borger med det CPR-nummer." in shown
    assert "Hemmelig" not in shown


def test_a_taken_place_is_said_beside_the_place(page: Client, bed: Place, ane: Citizen) -> None:
    make.stay(make.citizen(3, last_name="Anden"), bed, date(2026, 8, 3))
    shown = text(page.post(reverse("journeys:book"), booking(bed, ane)))
    assert "Pladsen er optaget fra den 3. august 2026" in shown
    assert 'id="id_place_error"' in shown
    assert "Anden" not in shown


def test_a_place_outside_ones_units_is_refused_beside_the_place(page: Client, ane: Citizen) -> None:
    foreign = make.place("F-1", make.unit("fremmed", parent=make.region_root()))
    shown = text(page.post(reverse("journeys:book"), booking(foreign, ane)))
    assert "Du har ikke adgang til at booke" in shown
    assert 'id="id_place_error"' in shown


Making = Callable[[Citizen, Place], Stay]


def living(citizen: Citizen, bed: Place) -> Stay:
    return make.stay(citizen, bed, date(2026, 5, 1), actual_start=date(2026, 5, 1))


def coming(citizen: Citizen, bed: Place) -> Stay:
    return make.stay(citizen, bed, date(2026, 6, 10), ordered_end=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("name", "making", "typed", "field", "value"),
    [
        ("stay-change", coming, {"ordered_start": "2026-06-12", "ordered_end": ""}, "ordered_end", None),
        ("stay-start", coming, {"actual_start": "2026-06-11"}, "actual_start", date(2026, 6, 11)),
        ("stay-end", living, {"actual_end": "2026-06-14"}, "actual_end", date(2026, 6, 14)),
        (
            "stay-move",
            living,
            {"place": "TK-2", "first_day": "2026-06-10"},
            "actual_end",
            date(2026, 6, 9),
        ),
        (
            "stay-payer",
            living,
            {"paying_municipality": "0791", "first_day": "2026-06-01"},
            "actual_end",
            date(2026, 5, 31),
        ),
    ],
)
def test_each_act_has_a_page_that_shows_does_and_can_be_undone(
    page: Client,
    house: Unit,
    bed: Place,
    ane: Citizen,
    name: str,
    making: Making,
    typed: dict[str, str],
    field: str,
    value: date | None,
    django_assert_max_num_queries: Any,
) -> None:
    make.place("TK-2", house)
    stay = making(ane, bed)
    before = getattr(stay, field)
    address = reverse(f"journeys:{name}", args=[stay.pk])
    with django_assert_max_num_queries(15):
        shown = page.get(address)
    assert "Ane Åkjær" in text(shown)
    hidden = {"version": services.version_of(stay), "key": "act-1"}
    done = page.post(address, {**typed, **hidden}, follow=True)
    assert done.redirect_chain, text(done)
    stay.refresh_from_db()
    assert getattr(stay, field) == value
    latest = Stay.objects.order_by("-pk").first()
    assert latest is not None
    page.post(reverse("journeys:stay-undo", args=[latest.pk]))
    stay.refresh_from_db()
    assert getattr(stay, field) == before


def test_a_change_made_meanwhile_is_shown_and_can_be_sent_again(
    page: Client, leader: User, bed: Place, ane: Citizen
) -> None:
    stay = coming(ane, bed)
    seen = services.version_of(stay)
    services.change_booking(
        leader, stay, ordered_start=stay.ordered_start, ordered_end=date(2026, 10, 1), agreed_day_rate=None
    )
    address = reverse("journeys:stay-change", args=[stay.pk])
    mine = {"ordered_start": "2026-06-10", "ordered_end": "2026-11-01", "version": seen}
    shown = page.post(address, mine)
    assert "nu 1. oktober 2026, dit 1. november 2026" in text(shown)
    again = shown.context["form"].data
    assert page.post(address, again).status_code == 302
    stay.refresh_from_db()
    assert stay.ordered_end == date(2026, 11, 1)


def test_withdrawing_and_its_refusal(page: Client, bed: Place, ane: Citizen) -> None:
    stay = coming(ane, bed)
    withdraw = reverse("journeys:stay-withdraw", args=[stay.pk])
    assert "Bookingen er fortrudt." in text(page.post(withdraw, follow=True))
    assert "Bookingen er fortrudt. Book opholdet igen." in text(page.post(withdraw, follow=True))
    assert page.get(withdraw).status_code == 405


def test_a_stay_out_of_sight_is_not_there(page: Client) -> None:
    foreign = make.place("F-1", make.unit("fremmed", parent=make.region_root()))
    stay = make.stay(make.citizen(4), foreign, date(2026, 7, 1))
    for name in ("stay-change", "stay-start", "stay-end", "stay-move", "stay-payer"):
        assert page.get(reverse(f"journeys:{name}", args=[stay.pk])).status_code == 404
    for name in ("stay-undo", "stay-withdraw"):
        assert page.post(reverse(f"journeys:{name}", args=[stay.pk])).status_code == 404


def test_a_support_worker_does_not_book(client: Client, house: Unit) -> None:
    client.force_login(make.user_with("support_worker", house))
    assert client.get(reverse("journeys:book")).status_code == 403


def test_the_booking_page_keeps_within_its_budget(
    page: Client, bed: Place, ane: Citizen, house: Unit, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        make.stay(
            make.citizen(100 + n, last_name=f"Åkjær {n}"), make.place(f"TK-{100 + n}", house), clock.today()
        )
    with django_assert_max_num_queries(15):
        shown = page.post(reverse("journeys:book"), booking(bed, act="find", search="åkjær"))
    assert "Skriv mere af navnet" in text(shown)
