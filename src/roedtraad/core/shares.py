"""A part of a whole, in per cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent_of(part: Decimal | int, whole: Decimal | int | None, decimals: int = 1) -> Decimal | None:
    """100 × part ÷ whole, half rounded away from zero; None when there is no whole to divide by."""
    if not whole:
        return None
    exact = Decimal(part) * 100 / Decimal(whole)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
