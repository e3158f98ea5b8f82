from datetime import date
from decimal import Decimal

import pytest

from roedtraad.core import danish

IN_DANISH_ORDER = [
    "Afdeling 1",
    "Afdeling 2",
    "Afdeling 10",
    "Andersen, Ole",
    "andersen, Per",
    "Café Blå",
    "Cafe Rød",
    "Hus 2",
    "Hus 10",
    "Hus 10 B",
    "Müller",
    "Myrtue",
    "Sct. Hans",
    "Sct. Mikkel",
    "Specialområde Autisme",
    "Specialområde Udviklingshæmning",
    "Zebra",
    "Ærø",
    "Ätna",
    "Ødum",
    "Örebro",
    "Østerskoven",
    "Aabenraa",
    "Åbyhøj",
    "Aalborg",
    "Aarhus",
    "Åstruplund",
]


def test_names_stand_in_danish_order() -> None:
    keys = [danish.sort_key(name) for name in IN_DANISH_ORDER]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aarhus", "århus"),
        ("A\u030arhus", "Århus"),
        ("André", "ANDRE"),
        ("Hus 02", "Hus 2"),
        ("Ældre-centret", "ældre  centret"),
        (" «Hinnerup» Kollegiet", "Hinnerup Kollegiet"),
        ("Hus 0", "Hus 00"),
    ],
)
def test_spellings_that_stand_together(one: str, other: str) -> None:
    assert danish.sort_key(one) == danish.sort_key(other)


def test_marks_for_the_last_letters_cannot_be_typed() -> None:
    assert danish.sort_key("{|}~_") == ""


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1112"), 1, "1.112,0"),
        (0, 0, "0"),
        (1234567, 0, "1.234.567"),
        (Decimal("0.125"), 2, "0,13"),
        (1.005, 2, "1,01"),
        (2.5, 0, "3"),
        (Decimal("-1234.5"), 1, "\u22121.234,5"),
        (Decimal("-0.04"), 1, "0,0"),
        (10**30, 0, "1" + ".000" * 10),
    ],
)
def test_numbers(value: Decimal | int | float, decimals: int, text: str) -> None:
    assert danish.number(value, decimals) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_not_shown(value: Decimal | float) -> None:
    with pytest.raises(ValueError, match="kan ikke vises"):
        danish.number(value)


def test_amounts_and_shares_do_not_break_from_their_unit() -> None:
    assert danish.kroner(Decimal("1112000")) == "1.112.000\u00a0kr."
    assert danish.kroner(Decimal("9.39"), 2) == "9,39\u00a0kr."
    assert danish.mio(Decimal("1112000000")) == "1.112,0\u00a0mio.\u00a0kr."
    assert danish.mio(Decimal("850000")) == "0,9\u00a0mio.\u00a0kr."
    assert danish.percent(Decimal("95.1")) == "95,1\u00a0%"
    assert danish.percent(28, 0) == "28\u00a0%"


def test_dates() -> None:
    assert danish.day(date(2024, 3, 3)) == "3. marts 2024"
    assert danish.day(date(2026, 12, 31)) == "31. december 2026"
    assert danish.short_day(date(2024, 3, 3)) == "03.03.2024"


def test_phrases() -> None:
    assert [danish.joined(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a og b", "a, b og c"]
    assert [danish.count(n, "plads", "pladser") for n in (0, 1, 1022)] == [
        "0 pladser",
        "1 plads",
        "1.022 pladser",
    ]
