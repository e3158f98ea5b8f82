"""Exact money: øre as integers, and sharing out without losing or inventing any."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Weight = Decimal | int | Fraction


def to_ore(amount: Decimal) -> int:
    """Kroner to whole øre, half rounded away from zero."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_ore(ore: int) -> Decimal:
    """Whole øre to kroner with two decimals."""
    return Decimal(ore).scaleb(-2)


def share(total: Decimal, weights: Sequence[Weight]) -> list[Decimal]:
    """Share an amount in kroner by weights, to the øre; the shares add up to the total exactly.

    Largest remainder; equal remainders go to the earliest weight. Raises ValueError when the total
    is not in whole øre, a weight is negative, or nothing carries any weight.
    """
    if total != from_ore(to_ore(total)):
        raise ValueError("Beløbet skal være i hele øre, før det kan deles.")
    return [from_ore(part) for part in share_int(to_ore(total), weights)]


def share_int(total: int, weights: Sequence[Weight]) -> list[int]:
    """Share a count by weights into whole numbers that add up to the total exactly.

    Largest remainder; equal remainders go to the earliest weight. A negative total is shared as its
    opposite. Raises ValueError when a weight is negative or nothing carries any weight.
    """
    exact = [Fraction(weight) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise ValueError("En vægt kan ikke være negativ.")
    whole = sum(exact, Fraction(0))
    if whole == 0:
        if total == 0:
            return [0] * len(exact)
        raise ValueError("Der er intet at dele efter: alle vægte er nul.")
    if total < 0:
        return [-part for part in share_int(-total, weights)]
    quotas = [total * weight / whole for weight in exact]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - quotas[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
