"""Finding citizens, paging, who pays, and what may be shown."""

from __future__ import annotations

from datetime import date

import pytest

from roedtraad.accounts.models import User
from roedtraad.citizens import queries
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.rules import ADDRESS_HIDDEN
from roedtraad.organisation.models import Unit
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Unit:
    return make.unit("tangkaer", parent=make.region_root())


@pytest.fixture
def leader(house: Unit) -> User:
    return make.user_with("leader", house)


def known(house: Unit, n: int, first_name: str, last_name: str) -> Citizen:
    citizen = make.citizen(n, first_name=first_name, last_name=last_name)
    make.stay(citizen, make.place(f"T-{n}", house), date(2026, 1, 1))
    return citizen


def test_found_by_any_part_of_the_name_in_any_order_and_by_number(leader: User, house: Unit) -> None:
    ane = known(house, 1, "Ane", "Aagaard")
    known(house, 2, "Bo", "Skov")
    make.citizen(3, first_name="Ane", last_name="Fremmed")
    number = make.cpr_number(1)
    for text in ("ane", "ÅGAARD", "gaard ane", number, f"{number[:6]}-{number[6:]}", f" {number} "):
        assert list(queries.find(leader, text)) == [ane], text
    assert queries.find(leader, "").count() == 2
    for text in ("010190", "3102909901", make.cpr_number(3), "ingen"):
        assert not queries.find(leader, text).exists(), text


def test_pages_neither_skip_nor_repeat_namesakes(leader: User, house: Unit) -> None:
    for n in range(1, 8):
        known(house, n, "Ane", "Skov")
    seen: list[int] = []
    after = ""
    while True:
        page = queries.page(queries.find(leader, ""), after, limit=3)
        seen += [citizen.pk for citizen in page.citizens]
        after = page.next
        if not after:
            break
    assert seen == sorted(Citizen.objects.values_list("pk", flat=True))
    assert len(queries.page(queries.find(leader, ""), "ikke en nøgle", limit=3).citizens) == 3


def test_who_pays() -> None:
    paying = make.citizen(1, paying="0751", acting="0791")
    acting = make.citizen(2, acting="0791", residence="0101")
    nobody = make.citizen(3, residence="0101")
    today = date(2026, 6, 15)
    codes = [
        getattr(queries.default_payer(citizen, today), "code", None) for citizen in (paying, acting, nobody)
    ]
    assert codes == ["0751", "0791", None]
    assert queries.default_payer(paying, date(2012, 12, 31)) is None


def test_a_protected_address_is_hidden_from_all_but_the_citizen(leader: User, house: Unit) -> None:
    plain = make.citizen(1, address="Skovvej 3")
    guarded = make.citizen(2, address="Skovvej 4", address_protected=True)
    assert queries.shown_address(plain, leader) == "Skovvej 3"
    assert queries.shown_address(guarded, leader) == ADDRESS_HIDDEN
    assert queries.shown_address(guarded, make.user_with("relative", guarded)) == ADDRESS_HIDDEN
    assert queries.shown_address(guarded, make.user_with("citizen", plain)) == ADDRESS_HIDDEN
    assert queries.shown_address(guarded, make.user_with("citizen", guarded)) == "Skovvej 4"
