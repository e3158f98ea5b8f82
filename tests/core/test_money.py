from decimal import Decimal

import pytest

from roedtraad.core.money import from_ore, share, share_int, to_ore


def test_ore() -> None:
    assert to_ore(Decimal("9.39")) == 939
    assert to_ore(Decimal("0.005")) == 1 and to_ore(Decimal("-0.005")) == -1
    assert str(from_ore(100)) == "1.00" and from_ore(-1) == Decimal("-0.01")


def test_the_odd_ore_goes_to_the_largest_remainder_and_ties_to_the_first() -> None:
    assert share(Decimal("100"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert share(Decimal("0.05"), [Decimal("0.2"), Decimal("0.3"), 0]) == [
        Decimal("0.02"),
        Decimal("0.03"),
        Decimal("0"),
    ]
    assert share(Decimal("-100"), [1, 1, 1])[0] == Decimal("-33.34")
    assert share_int(7, [1, 3]) == [2, 5]
    assert share_int(1, [0, 0, 1]) == [0, 0, 1]


def test_nothing_to_share() -> None:
    assert share_int(0, []) == [] and share_int(0, [0, 0]) == [0, 0]


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ValueError, match="hele øre"):
        share(Decimal("0.001"), [1])
    with pytest.raises(ValueError, match="negativ"):
        share_int(5, [2, -1])
    with pytest.raises(ValueError, match="alle vægte er nul"):
        share_int(5, [0, 0])
    with pytest.raises(ValueError, match="alle vægte er nul"):
        share_int(5, [])
