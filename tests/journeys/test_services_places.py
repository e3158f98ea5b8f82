"""Places through time, with the stays that stand in the way."""

from __future__ import annotations

from datetime import date

import pytest

from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.core.refusal import Refusal
from roedtraad.organisation import place_services
from roedtraad.organisation.models import AgreedPlaces, Place, Unit
from roedtraad.organisation.place_services import Purpose
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Unit:
    return make.unit("tangkaer", parent=make.region_root())


@pytest.fixture
def leader(house: Unit) -> User:
    return make.user_with("leader", house)


def purpose(unit: Unit, basis: str = "SEL108") -> Purpose:
    return Purpose(unit, make.legal_basis(basis), "autism", "adult")


def life(place: Place) -> list[tuple[str, date, date | None]]:
    terms = place.terms.order_by("valid").select_related("unit")
    return [(term.unit.key, term.valid.lower, term.valid.upper) for term in terms]


def test_a_place_opens_moves_on_and_closes(leader: User, house: Unit) -> None:
    wing = make.unit("floej", parent=house)
    opened = place_services.open_place(leader, " T 1 ", "residential", purpose(house), first=date(2020, 1, 1))
    assert opened.code == "T 1"
    place_services.new_term(leader, opened, purpose(wing), date(2024, 1, 1))
    assert life(opened) == [
        ("tangkaer", date(2020, 1, 1), date(2024, 1, 1)),
        ("floej", date(2024, 1, 1), None),
    ]
    place_services.close_place(leader, opened, date(2023, 6, 30))
    assert life(opened) == [("tangkaer", date(2020, 1, 1), date(2023, 7, 1))]
    with pytest.raises(Refusal, match=r"ikke åben den 1. januar 2025"):
        place_services.new_term(leader, opened, purpose(wing), date(2025, 1, 1))


def test_what_does_not_fit_is_refused(leader: User, house: Unit) -> None:
    make.place("T-1", house)
    first = date(2020, 1, 1)
    with pytest.raises(Refusal, match="allerede en plads med nummeret T-1"):
        place_services.open_place(leader, "T-1", "residential", purpose(house), first=first)
    with pytest.raises(Refusal, match="gælder ikke for den slags plads"):
        place_services.open_place(leader, "T-2", "day", purpose(house), first=first)
    with pytest.raises(Refusal, match=r"gælder ikke den 1. januar 2000"):
        place_services.open_place(leader, "T-2", "residential", purpose(house), first=date(2000, 1, 1))
    with pytest.raises(Refusal, match="ligger før den første dag"):
        place_services.open_place(
            leader, "T-2", "residential", purpose(house), first=first, last=date(2019, 1, 1)
        )


def test_a_place_is_not_closed_under_a_stay(leader: User, house: Unit) -> None:
    place = make.place("T-1", house)
    make.stay(make.citizen(1), place, date(2026, 7, 1), ordered_end=date(2026, 8, 1))
    before = life(place)
    with pytest.raises(Refusal, match=r"booket fra den 1. juli 2026 til og med den 1. august 2026"):
        place_services.close_place(leader, place, date(2026, 7, 31))
    assert life(place) == before
    place_services.close_place(leader, place, date(2026, 8, 1))


def test_a_new_term_in_the_middle_of_a_stay_is_fine(leader: User, house: Unit) -> None:
    place = make.place("T-1", house)
    make.stay(make.citizen(1), place, date(2026, 7, 1))
    place_services.new_term(leader, place, purpose(house, "SEL107"), date(2026, 7, 15))
    assert len(life(place)) == 2


def test_only_in_ones_own_units(leader: User, house: Unit) -> None:
    foreign = make.unit("fremmed", parent=make.region_root())
    place = make.place("T-1", house)
    with pytest.raises(AccessDenied):
        place_services.open_place(leader, "F-1", "residential", purpose(foreign), first=date(2020, 1, 1))
    with pytest.raises(AccessDenied):
        place_services.new_term(leader, place, purpose(foreign), date(2024, 1, 1))
    with pytest.raises(AccessDenied):
        place_services.agree_places(leader, foreign, "residential", places=5, year=2026)


def test_a_years_agreement_leaves_the_other_years_alone(leader: User, house: Unit) -> None:
    make.agreed(house, 10, start=date(2019, 1, 1))
    for places in (12, 13):
        place_services.agree_places(leader, house, "residential", places=places, year=2021)
    rows = AgreedPlaces.objects.filter(unit=house).order_by("valid")
    assert [(row.places, row.valid.lower, row.valid.upper) for row in rows] == [
        (10, date(2019, 1, 1), date(2021, 1, 1)),
        (13, date(2021, 1, 1), date(2022, 1, 1)),
        (10, date(2022, 1, 1), None),
    ]
    with pytest.raises(Refusal, match="0 eller mere"):
        place_services.agree_places(leader, house, "residential", places=-1, year=2021)
