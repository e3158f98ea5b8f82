"""What holds for passing on, as a new Rødtråd begins: the migration writes it, and a region changes it as data.

The grounds are general knowledge without a source at hand (`[K]` in the domain rules), so they are rows with a
validity period. A receiver without a row in force cannot be sent anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

# receiver, whether consent is needed, the ground in a sentence
RULES = (
    (
        "same_operator",
        False,
        "Tilbuddene hører til samme driftsherre. Det, der er nødvendigt for at give støtten videre, følger borgeren. "
        "Borgeren er orienteret.",
    ),
    (
        "acting",
        False,
        "Kommunen har bestilt indsatsen og følger op på den. Det, der er nødvendigt for det, gives videre. Borgeren er "
        "orienteret.",
    ),
    (
        "other",
        True,
        "Borgeren eller værgen har givet samtykke til det, der gives videre, og kan trække det tilbage.",
    ),
)
SINCE = dt.date(2013, 1, 1)


def write(model: Callable[[str], Any]) -> None:
    """Write the rules where there are none; `model` gives the class of a table by its name."""
    table = model("PassingRule")
    if table.objects.exists():
        return
    for receiver, needs_consent, sentence in RULES:
        table.objects.create(
            receiver=receiver, needs_consent=needs_consent, sentence=sentence, valid=(SINCE, None)
        )
