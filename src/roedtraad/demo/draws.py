"""Chance that can be repeated: one stream per subject, and sharing out whole numbers. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *subject: object) -> random.Random:
    """A stream of draws of its own for the subject: a change to one subject does not shift the others."""
    return random.Random("/".join(map(str, (seed, *subject))))  # noqa: S311  no secret


def weighted(rng: random.Random, items: Sequence[T], weights: Sequence[float]) -> T:
    """One of the items, each as likely as its weight."""
    return rng.choices(items, weights)[0]


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """`total` shared out as whole numbers in proportion to the weights (largest remainder, earlier first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_rest[: total - sum(shares)]:
        shares[i] += 1
    return shares
