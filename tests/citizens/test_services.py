"""What can happen to a citizen's own facts."""

from __future__ import annotations

from datetime import date

import pytest

from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens import rules, services
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.citizens.rules import NewCitizen
from roedtraad.core.cpr import parse_cpr
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Unit
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Unit:
    return make.unit("tangkaer", parent=make.region_root())


@pytest.fixture
def leader(house: Unit) -> User:
    return make.user_with("leader", house)


@pytest.fixture
def ane(house: Unit) -> Citizen:
    citizen = make.citizen(1, first_name="Ane", last_name="Prøve")
    make.stay(citizen, make.place("T-1", house), date(2026, 1, 1))
    return citizen


def test_a_citizen_is_written_with_an_encrypted_number_and_a_birth_date(leader: User) -> None:
    number = make.cpr_number(50)
    made = services.register_citizen(leader, NewCitizen("  Bo ", "Øst  Ny", f"{number[:6]}-{number[6:]}"))
    made.refresh_from_db()
    assert (made.first_name, made.last_name, made.cpr) == ("Bo", "Øst Ny", number)
    assert made.birth_date == parse_cpr(number).birth_date
    assert made.sort_key == services.name_sort_key("Bo", "Øst Ny")


def test_a_replacement_number_is_fine(leader: User) -> None:
    number = make.cpr_number(50)
    replacement = f"{int(number[:2]) + 60}{number[2:]}"
    assert services.register_citizen(leader, NewCitizen("Bo", "Ny", replacement)).birth_date == (
        parse_cpr(number).birth_date
    )


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (NewCitizen("", "Ny", "0101909901"), "first_name", "Fornavnet mangler"),
        (NewCitizen("Bo", "Ny<b>", "0101909901"), "last_name", "tegn, der ikke hører til"),
        (NewCitizen("Bo", "N" * 81, "0101909901"), "last_name", "højst have 80 tegn"),
        (NewCitizen("Bo", "Ny", "3102909901"), "cpr", "en dato, der ikke findes"),
        (NewCitizen("Bo", "Ny", "12345"), "cpr", "skal have 10 tegn"),
        (NewCitizen("Bo", "Ny", "0101909901", "V" * 201), "address", "højst have 200 tegn"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    leader: User, new: NewCitizen, field: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        services.register_citizen(leader, new)
    assert refused.value.field == field
    assert not Citizen.objects.exists()


def test_a_known_number_names_only_whom_the_user_may_see(leader: User, ane: Citizen) -> None:
    make.citizen(2, last_name="Skjult")
    with pytest.raises(Refusal, match="Det er Ane Prøve"):
        services.register_citizen(leader, NewCitizen("Bo", "Ny", make.cpr_number(1)))
    with pytest.raises(Refusal, match=rules.CPR_TAKEN) as refused:
        services.register_citizen(leader, NewCitizen("Bo", "Ny", make.cpr_number(2)))
    assert "Skjult" not in str(refused.value)


def test_a_wrong_check_digit_only_warns() -> None:
    fits = next(cpr for n in range(500) if (cpr := parse_cpr(make.cpr_number(n))).modulus11_ok)
    fails = next(cpr for n in range(500) if not (cpr := parse_cpr(make.cpr_number(n))).modulus11_ok)
    assert rules.cpr_warning(fits) == ""
    assert "kontrolciffer" in rules.cpr_warning(fails)


def test_name_address_and_protection_change_with_history(leader: User, ane: Citizen) -> None:
    services.change_name(leader, ane, first_name="Anne", last_name="Aagaard", reason="gift")
    services.change_address(leader, ane, "Skovvej 3")
    changed = services.change_protection(leader, ane, True)
    assert (changed.first_name, changed.address, changed.address_protected) == ("Anne", "Skovvej 3", True)
    assert changed.sort_key == services.name_sort_key("Anne", "Aagaard")
    reasons = [e.pgh_context.metadata["reason"] for e in ane.events.order_by("pgh_id") if e.pgh_context]  # type: ignore[attr-defined]  # pghistory's relation
    assert reasons[-3:] == ["gift", "adresse rettet", "adressebeskyttelse rettet"]


def test_only_who_books_for_the_citizen_changes_them(ane: Citizen, house: Unit) -> None:
    foreign = make.user_with("leader", make.unit("fremmed", parent=make.region_root()))
    for user in (foreign, make.user_with("support_worker", house)):
        with pytest.raises(AccessDenied):
            services.change_address(user, ane, "Skovvej 3")
        with pytest.raises(AccessDenied):
            services.set_municipality(user, ane, "acting", make.municipality(), date(2026, 1, 1))


def relations(citizen: Citizen) -> list[tuple[str, date, date | None]]:
    found = MunicipalityRelation.objects.filter(citizen=citizen, kind="acting").order_by("valid")
    return [(r.municipality_id, r.valid.lower, r.valid.upper) for r in found]


def test_a_new_municipality_closes_the_former(leader: User, ane: Citizen) -> None:
    viborg, aarhus = make.municipality("0791"), make.municipality("0751")
    services.set_municipality(leader, ane, "acting", viborg, date(2020, 1, 1))
    services.set_municipality(leader, ane, "acting", aarhus, date(2024, 3, 1))
    both = [("0791", date(2020, 1, 1), date(2024, 3, 1)), ("0751", date(2024, 3, 1), None)]
    assert relations(ane) == both
    services.set_municipality(leader, ane, "acting", aarhus, date(2025, 1, 1))
    assert relations(ane) == both
    services.set_municipality(leader, ane, "acting", viborg, date(2024, 3, 1))
    assert relations(ane)[-1] == ("0791", date(2024, 3, 1), None)
    with pytest.raises(Refusal, match=r"et skift den 1. marts 2024"):
        services.set_municipality(leader, ane, "acting", aarhus, date(2021, 1, 1))
    with pytest.raises(Refusal, match="Vælg handlekommune"):
        services.set_municipality(leader, ane, "andet", aarhus, date(2021, 1, 1))
