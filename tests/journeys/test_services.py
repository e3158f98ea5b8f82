"""What can happen to a stay, and what is refused in which words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.rules import NewCitizen
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import services, signals
from roedtraad.journeys.models import OccupancyMonth, Stay
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
def other_bed(house: Unit) -> Place:
    return make.place("TK-2", house)


@pytest.fixture
def leader(house: Unit) -> User:
    return make.user_with("leader", house, username="leder")


@pytest.fixture
def ane(house: Unit) -> Citizen:
    """A citizen the leader knows: she has been here before."""
    citizen = make.citizen(1, first_name="Ane", last_name="Prøve", acting="0791", paying="0751")
    make.stay(
        citizen,
        make.place("TK-0", house),
        date(2020, 1, 1),
        ordered_end=date(2020, 12, 31),
        moved_in=True,
    )
    return citizen


def book(user: User, citizen: Citizen, place: Place, start: date, **more: Any) -> Stay:
    return services.book_stay(user, citizen=citizen, place=place, ordered_start=start, **more)


def test_a_booking_takes_the_citizens_own_payer(leader: User, ane: Citizen, bed: Place) -> None:
    stay = book(leader, ane, bed, date(2026, 7, 1), agreed_day_rate=Decimal("2831.00"))
    assert stay.paying_municipality_id == "0751"
    event = stay.events.select_related("pgh_context").get()
    assert event.pgh_context.metadata["user"] == leader.pk
    assert event.pgh_context.metadata["reason"] == "ophold booket"


def test_the_acting_municipality_pays_when_no_other_does(leader: User, bed: Place) -> None:
    citizen = make.citizen(2, acting="0791")
    make.stay(citizen, bed, date(2020, 1, 1), ordered_end=date(2020, 2, 1), moved_in=True)
    assert book(leader, citizen, bed, date(2026, 7, 1)).paying_municipality_id == "0791"


def test_without_any_municipality_the_payer_is_asked_for(leader: User, bed: Place) -> None:
    citizen = make.citizen(2)
    make.stay(citizen, bed, date(2020, 1, 1), ordered_end=date(2020, 2, 1), moved_in=True)
    with pytest.raises(Refusal, match=r"Vælg den kommune, der betaler") as refused:
        book(leader, citizen, bed, date(2026, 7, 1))
    assert refused.value.field == "paying_municipality"


def test_the_same_key_twice_is_the_same_stay(
    leader: User, ane: Citizen, bed: Place, other_bed: Place
) -> None:
    first = book(leader, ane, bed, date(2026, 7, 1), key="form-1")
    assert book(leader, ane, bed, date(2026, 7, 1), key="form-1") == first
    with pytest.raises(Refusal, match=r"allerede brugt"):
        book(leader, ane, other_bed, date(2026, 7, 1), key="form-1")
    assert Stay.objects.filter(key="form-1").count() == 1


def test_a_taken_place_is_refused_without_saying_by_whom(leader: User, ane: Citizen, bed: Place) -> None:
    make.stay(make.citizen(3, last_name="Hemmelig"), bed, date(2026, 8, 3), ordered_end=date(2026, 8, 9))
    with pytest.raises(
        Refusal, match=r"optaget fra den 3. august 2026 til og med den 9. august 2026"
    ) as refused:
        book(leader, ane, bed, date(2026, 7, 1))
    assert refused.value.field == "place"
    assert "Hemmelig" not in str(refused.value)
    book(leader, ane, bed, date(2026, 7, 1), ordered_end=date(2026, 8, 2))


def test_a_bed_whose_citizen_has_not_left_cannot_be_booked_for_today(
    leader: User, ane: Citizen, bed: Place
) -> None:
    make.stay(
        make.citizen(3), bed, date(2026, 1, 1), ordered_end=date(2026, 5, 31), actual_start=date(2026, 1, 1)
    )
    with pytest.raises(Refusal, match=r"skulle være fri den 31. maj 2026"):
        book(leader, ane, bed, clock.today())
    book(leader, ane, bed, date(2026, 7, 1))


def test_a_place_that_is_not_open_is_said_with_its_days(leader: User, ane: Citizen, house: Unit) -> None:
    closed = make.place("TK-9", house, start=date(2020, 1, 1), end=date(2026, 9, 1))
    with pytest.raises(Refusal, match=r"kun åben fra den 1. januar 2020 til og med den 31. august 2026"):
        book(leader, ane, closed, date(2026, 7, 1))


def test_only_a_leader_of_the_unit_books(ane: Citizen, bed: Place, house: Unit) -> None:
    elsewhere = make.unit("elsewhere", parent=make.region_root())
    for user in (make.user_with("leader", elsewhere), make.user_with("support_worker", house)):
        with pytest.raises(AccessDenied):
            book(user, ane, bed, date(2026, 7, 1))
    stay = make.stay(ane, bed, date(2026, 7, 1))
    foreign = make.user_with("leader", elsewhere)
    for act in (
        lambda: services.withdraw_booking(foreign, stay),
        lambda: services.start_stay(foreign, stay, date(2026, 6, 1)),
        lambda: services.end_stay(foreign, stay, date(2026, 6, 1)),
        lambda: services.undo_last(foreign, stay),
        lambda: services.change_paying_municipality(
            foreign, stay, make.municipality("0101"), date(2026, 7, 1)
        ),
        lambda: services.change_booking(
            foreign, stay, ordered_start=date(2026, 7, 1), ordered_end=None, agreed_day_rate=None
        ),
    ):
        with pytest.raises((AccessDenied, Refusal)):
            act()
    stay.refresh_from_db()
    assert (stay.withdrawn_at, stay.actual_start, stay.paying_municipality_id) == (None, None, "0751")


def test_a_citizen_out_of_sight_cannot_be_booked(leader: User, bed: Place) -> None:
    with pytest.raises(AccessDenied):
        book(leader, make.citizen(9, acting="0101"), bed, date(2026, 7, 1))


def test_a_new_citizen_and_the_stay_come_together_or_not_at_all(leader: User, bed: Place) -> None:
    new = NewCitizen("Bo", "Ny", make.cpr_number(77))
    make.stay(make.citizen(3), bed, date(2026, 7, 15))
    with pytest.raises(Refusal, match=r"optaget"):
        services.register_and_book(
            leader,
            new,
            place=bed,
            ordered_start=date(2026, 7, 1),
            acting_municipality=make.municipality("0791"),
        )
    assert not Citizen.objects.filter(last_name="Ny").exists()
    booked = [
        services.register_and_book(
            leader,
            new,
            place=bed,
            ordered_start=date(2026, 7, 1),
            ordered_end=date(2026, 7, 14),
            acting_municipality=make.municipality("0791"),
            key="form-2",
        )
        for _ in range(2)
    ]
    assert booked[0] == booked[1]
    assert booked[0].paying_municipality_id == "0791"


def test_moving_in_and_out_is_counted_in_bed_days(
    leader: User, ane: Citizen, bed: Place, house: Unit
) -> None:
    stay = book(leader, ane, bed, date(2026, 5, 30))
    stay = services.start_stay(leader, stay, date(2026, 5, 31))
    stay = services.end_stay(leader, stay, date(2026, 6, 2))
    months = OccupancyMonth.objects.filter(unit=house, month__year=2026).values_list("month", "bed_days")
    assert dict(months) == {date(2026, 5, 1): 1, date(2026, 6, 1): 2}


def test_a_fact_cannot_lie_in_the_future(leader: User, ane: Citizen, bed: Place) -> None:
    stay = book(leader, ane, bed, date(2026, 6, 1))
    with pytest.raises(Refusal, match=r"fremtiden \(16. juni 2026\)"):
        services.start_stay(leader, stay, date(2026, 6, 16))
    stay = services.start_stay(leader, stay, date(2026, 6, 1))
    with pytest.raises(Refusal, match=r"fremtiden"):
        services.end_stay(leader, stay, date(2026, 6, 16))
    with pytest.raises(Refusal, match=r"før opholdet begynder \(1. juni 2026\)"):
        services.end_stay(leader, stay, date(2026, 5, 31))


def test_nobody_moves_in_while_somebody_lives_there(leader: User, ane: Citizen, bed: Place) -> None:
    make.stay(
        make.citizen(3), bed, date(2026, 1, 1), ordered_end=date(2026, 5, 31), actual_start=date(2026, 1, 1)
    )
    coming = make.stay(ane, bed, date(2026, 6, 10))
    with pytest.raises(Refusal, match=r"ikke skrevet, at borgeren er flyttet"):
        services.start_stay(leader, coming, date(2026, 6, 10))


def test_a_booking_with_somebody_living_there_is_ended_not_withdrawn(
    leader: User, ane: Citizen, bed: Place
) -> None:
    stay = make.stay(ane, bed, date(2026, 6, 1), actual_start=date(2026, 6, 1))
    with pytest.raises(Refusal, match=r"allerede flyttet ind"):
        services.withdraw_booking(leader, stay)
    coming = make.stay(ane, make.place("TK-7", Unit.objects.get(key="tangkaer")), date(2026, 7, 1))
    withdrawn = services.withdraw_booking(leader, coming)
    assert withdrawn.withdrawn_at is not None
    with pytest.raises(Refusal, match=r"fortrudt"):
        services.start_stay(leader, withdrawn, date(2026, 6, 15))


def test_a_change_made_meanwhile_is_shown_beside_ones_own(leader: User, ane: Citizen, bed: Place) -> None:
    stay = book(leader, ane, bed, date(2026, 7, 1), ordered_end=date(2026, 8, 1))
    seen = services.version_of(stay)
    services.change_booking(
        leader,
        stay,
        ordered_start=date(2026, 7, 1),
        ordered_end=date(2026, 9, 1),
        agreed_day_rate=None,
        version=seen,
    )
    with pytest.raises(services.Conflict) as refused:
        services.change_booking(
            leader,
            stay,
            ordered_start=date(2026, 7, 1),
            ordered_end=date(2026, 8, 15),
            agreed_day_rate=None,
            version=seen,
        )
    assert refused.value.differences == [("Bestilt til og med", "1. september 2026", "15. august 2026")]
    stay.refresh_from_db()
    assert stay.ordered_end == date(2026, 9, 1)


def test_signals_tell_what_happened_once_it_is_through(
    leader: User, ane: Citizen, bed: Place, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[str] = []
    names = ("stay_booked", "stay_started", "stay_ended", "stay_withdrawn")
    listeners = [lambda sender, stay_id, name=name, **_: told.append(name) for name in names]
    for name, listener in zip(names, listeners, strict=True):
        getattr(signals, name).connect(listener)
    with django_capture_on_commit_callbacks(execute=True):
        stay = book(leader, ane, bed, date(2026, 6, 1))
        stay = services.start_stay(leader, stay, date(2026, 6, 1))
        services.end_stay(leader, stay, date(2026, 6, 10))
        services.withdraw_booking(leader, book(leader, ane, bed, date(2026, 7, 1)))
        assert told == []
    assert told == ["stay_booked", "stay_started", "stay_ended", "stay_booked", "stay_withdrawn"]
