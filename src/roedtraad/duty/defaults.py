"""What every house begins with: a scale of three levels, and a day of three shifts. Units may have their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from psycopg.types.range import TimestamptzRange

# Before anything was ever set.
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

SCALE = ("Dagens risiko", 24)
LEVELS = (
    (0, "Grøn", "good", "●", "Borgeren har det, som borgeren plejer.", "Vi følger den daglige plan.", 0),
    (
        1,
        "Gul",
        "partly",
        "▲",
        "Der er tegn på, at borgeren er ved at blive presset.",
        "Vi sænker kravene, er to om det, der plejer at være svært, og ser til borgeren oftere.",
        1,
    ),
    (
        2,
        "Rød",
        "attention",
        "■",
        "Borgeren er så presset, at nogen kan komme til skade.",
        "Vi følger borgerens plan for svære situationer, holder afstand og tilkalder hjælp i god tid.",
        3,
    ),
)
ITEMS = (
    ("forvirret", "Virker forvirret eller kan ikke finde rede i tid og sted"),
    ("irritabel", "Bliver let irriteret og tåler mindre, end borgeren plejer"),
    ("larmende", "Er højrøstet, smækker med døre eller fylder mere, end borgeren plejer"),
    ("trusler-ord", "Truer nogen med ord"),
    ("trusler-krop", "Truer nogen med kroppen, fx en løftet hånd"),
    ("ting", "Slår på, kaster med eller ødelægger ting"),
)
SHIFTS = (
    ("dag", "Dagvagt", dt.time(7), dt.time(15)),
    ("aften", "Aftenvagt", dt.time(15), dt.time(23)),
    ("nat", "Nattevagt", dt.time(23), dt.time(7)),
)


def write(models: Any) -> None:
    """Write what is missing of the defaults; `models("RiskScale")` gives the model. Nothing is written twice."""
    always = TimestamptzRange(BEGINNING, None, "[)")
    scales, kinds = models("RiskScale").objects, models("ShiftKind").objects
    if not scales.filter(unit__isnull=True).exists():
        name, hours = SCALE
        scale = scales.create(unit=None, name=name, valid=always, stale_after_hours=hours)
        columns = ("rank", "name", "tone", "shape", "meaning", "action", "from_score")
        for level in LEVELS:
            models("RiskLevel").objects.create(scale=scale, **dict(zip(columns, level, strict=True)))
        for rank, (code, text) in enumerate(ITEMS):
            models("RiskItem").objects.create(scale=scale, code=code, rank=rank, text=text, points=1)
    if not kinds.filter(unit__isnull=True).exists():
        for code, shift, starts, ends in SHIFTS:
            kinds.create(unit=None, code=code, name=shift, starts=starts, ends=ends, valid=always)
