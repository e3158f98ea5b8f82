"""What holds for a transition: its phases, its steps, what may be passed on to whom, and the lock on what was sent.

A transition is before, during or after: that follows from the day of the change and from what is settled, and is
never typed. Pure: no Django, no clock.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from roedtraad.core.danish import day as in_words
from roedtraad.core.danish import joined
from roedtraad.core.refusal import Refusal

# So long after the change the new place is settling in, unless all that belongs to it is settled before.
SETTLING = dt.timedelta(days=14)
# So long after the change both ends read the handover; later those who read the record.
BOTH_ENDS_READ = dt.timedelta(days=120)
# A transition to adulthood is prepared from the year before.
ADULT_AHEAD = dt.timedelta(days=365)
ADULT_AT = 18
LONGEST_LINE, LONGEST_TEXT = 200, 4_000


class Phase(StrEnum):
    """Where a transition is."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    OVER = "over"


STEP_PHASES = (Phase.BEFORE, Phase.DURING, Phase.AFTER)
ORDER = {phase: number for number, phase in enumerate(Phase)}


class Why(StrEnum):
    """What kind of transition it is."""

    MOVE = "move"
    PROVIDER = "provider"
    HOME = "home"
    ADULT = "adult"
    HEALTH = "health"
    COMING = "coming"


class Kind(StrEnum):
    """What kind of step it is."""

    STEP = "step"
    VISIT = "visit"
    FOLLOW_UP = "follow_up"


class Side(StrEnum):
    """Who has to see to a step."""

    FROM = "from"
    TO = "to"
    BOTH = "both"


@dataclass(frozen=True)
class StepState:
    """A step as the phase is counted from it."""

    phase: Phase
    settled: bool
    due_on: dt.date | None = None


@dataclass(frozen=True)
class DefaultStep:
    """A step that is proposed; `days` from the day of the change (before it: negative). `only` narrows it to some
    kinds of transition."""

    phase: Phase
    kind: Kind
    title: str
    side: Side
    days: int
    only: frozenset[Why] = frozenset()


_OUT = frozenset({Why.PROVIDER, Why.HOME})
_HEALTH, _ADULT = frozenset({Why.HEALTH}), frozenset({Why.ADULT})

# From what the documents ask for: knowledge goes with the citizen through the whole course, demands are put to what is
# received, the next offer is ready when the citizen is, and bridges are built to health care, to the citizen's own home
# and to adult life (001, partnerships; 002, »Overgange mellem aktører« and »Brobygning«).
DEFAULT_STEPS: tuple[DefaultStep, ...] = (
    DefaultStep(Phase.BEFORE, Kind.STEP, "Tal om flytningen, og skriv borgerens egne ønsker", Side.FROM, -42),
    DefaultStep(Phase.BEFORE, Kind.STEP, "Spørg pårørende og værge, som borgeren ønsker det", Side.FROM, -35),
    DefaultStep(Phase.BEFORE, Kind.STEP, "Møde med kommunen om støtten som voksen", Side.FROM, -180, _ADULT),
    DefaultStep(
        Phase.BEFORE,
        Kind.STEP,
        "Møde med borgeren, kommunen og begge steder om, hvem der gør hvad",
        Side.BOTH,
        -28,
    ),
    DefaultStep(Phase.BEFORE, Kind.STEP, "Deltag i udskrivningskonference", Side.TO, -10, _HEALTH),
    DefaultStep(Phase.BEFORE, Kind.VISIT, "Borgeren besøger det nye sted", Side.FROM, -21),
    DefaultStep(Phase.BEFORE, Kind.VISIT, "Det nye sted besøger borgeren", Side.TO, -14),
    DefaultStep(
        Phase.BEFORE,
        Kind.STEP,
        "Lav overleveringspakken, og få den set igennem af en kollega",
        Side.FROM,
        -10,
    ),
    DefaultStep(Phase.BEFORE, Kind.STEP, "Afklar økonomi, post, nøgler og adresse", Side.FROM, -14, _OUT),
    DefaultStep(Phase.BEFORE, Kind.STEP, "Læs overleveringspakken, og stil spørgsmål", Side.TO, -5),
    DefaultStep(Phase.BEFORE, Kind.STEP, "Udpeg en kontaktperson, som tager imod", Side.TO, -7),
    DefaultStep(Phase.DURING, Kind.STEP, "Følg borgeren på dagen, så der er et kendt ansigt", Side.FROM, 0),
    DefaultStep(Phase.DURING, Kind.STEP, "Overlevér medicin, hjælpemidler og ejendele", Side.BOTH, 0),
    DefaultStep(Phase.DURING, Kind.STEP, "Læg aftaler og faste opgaver ind det nye sted", Side.TO, 1),
    DefaultStep(Phase.DURING, Kind.STEP, "Ring sammen om de første dage", Side.BOTH, 7),
    DefaultStep(Phase.AFTER, Kind.FOLLOW_UP, "Opfølgning efter en måned: Holder det?", Side.TO, 30),
    DefaultStep(Phase.AFTER, Kind.FOLLOW_UP, "Opfølgning efter tre måneder: Holder det?", Side.TO, 90),
)


def phase_of(
    planned_on: dt.date,
    happened_on: dt.date | None,
    today: dt.date,
    steps: Collection[StepState] = (),
) -> Phase:
    """Where the transition is on `today`.

    Before until the day of the change (the day it happened, else the planned). During until what belongs to it is
    settled, at most `SETTLING` days once it has happened; without a day it happened it waits there for somebody to say
    so. After until no step is open.
    """
    begins = happened_on or planned_on
    if today < begins:
        return Phase.BEFORE
    if happened_on is None:
        return Phase.DURING
    during = [step for step in steps if step.phase == Phase.DURING]
    settled = bool(during) and all(step.settled for step in during)
    if not settled and today < begins + SETTLING:
        return Phase.DURING
    if any(not step.settled for step in steps if step.phase == Phase.AFTER) or not steps:
        return Phase.AFTER
    return Phase.OVER


def is_late(due_on: dt.date | None, settled: bool, today: dt.date) -> bool:
    """Should an open step have been taken by now?"""
    return not settled and due_on is not None and due_on < today


def default_steps(why: Why, planned_on: dt.date, today: dt.date) -> list[tuple[DefaultStep, dt.date]]:
    """The steps proposed for such a transition, each with its day, in order.

    What should have been done already is due today: a transition that is begun late does not begin with a red list.
    """
    chosen = [step for step in DEFAULT_STEPS if not step.only or why in step.only]
    if why is Why.COMING:
        # Nobody here sends: the place that receives asks for what it must know.
        chosen = [step for step in chosen if step.side is not Side.FROM]
    dated = [(step, max(planned_on + dt.timedelta(days=step.days), today)) for step in chosen]
    return sorted(dated, key=lambda one: (ORDER[one[0].phase], one[1]))


def moved(due_on: dt.date | None, before: dt.date, now: dt.date, today: dt.date) -> dt.date | None:
    """An open step's day when the day of the change is moved: as far from it as before, but not in the past."""
    return None if due_on is None else max(due_on + (now - before), min(due_on, today))


def check_ends(
    *,
    from_unit: int | None,
    from_outside: str,
    to_unit: int | None,
    to_municipality: str | None,
    to_outside: str,
) -> None:
    """Refusal unless there is one place to come from and one to go to, and one of them is ours."""
    if (from_unit is not None) == bool(from_outside):
        raise Refusal(
            "Vælg det tilbud, borgeren kommer fra, eller skriv stedet, men ikke begge dele.", "from_unit"
        )
    chosen = [to_unit is not None, to_municipality is not None, bool(to_outside)]
    if sum(chosen) != 1:
        raise Refusal(
            "Vælg ét sted, borgeren skal til: et tilbud i regionen, en kommune, eller skriv et andet sted.",
            "to_unit",
        )
    if from_unit is None and to_unit is None:
        raise Refusal("Vælg mindst ét af vores tilbud: det, borgeren kommer fra eller skal til.", "to_unit")
    if from_unit is not None and from_unit == to_unit:
        raise Refusal("Borgeren er i det tilbud allerede. Vælg et andet sted.", "to_unit")


def adult_on(born: dt.date) -> dt.date:
    """The day somebody turns 18; who is born on a leap day does so on 1 March."""
    try:
        return born.replace(year=born.year + ADULT_AT)
    except ValueError:
        return dt.date(born.year + ADULT_AT, 3, 1)


class Receiver(StrEnum):
    """To whom something is passed on, as the law sees it."""

    SAME_OPERATOR = "same_operator"
    ACTING = "acting"
    OTHER = "other"


@dataclass(frozen=True)
class PassingRule:
    """What holds for a receiver on a day: whether consent is needed, and the legal basis in a sentence."""

    receiver: Receiver
    needs_consent: bool
    sentence: str


def receiver_of(to_unit: int | None, to_municipality: str | None, acting: Collection[str]) -> Receiver:
    """What kind of receiver it is; `acting` are the municipalities that decide or pay for the citizen today."""
    if to_unit is not None:
        return Receiver.SAME_OPERATOR
    return Receiver.ACTING if to_municipality is not None and to_municipality in acting else Receiver.OTHER


def may_pass(rule: PassingRule, scope: str, consented: Collection[str]) -> bool:
    """May a part of that scope be passed on?"""
    return not rule.needs_consent or scope in consented


def without_consent(
    rule: PassingRule, parts: Iterable[tuple[str, str]], consented: Collection[str]
) -> list[str]:
    """The titles of those of the parts (title, scope) that need a consent there is not."""
    return [title for title, scope in parts if not may_pass(rule, scope, consented)]


def check_sending(
    rule: PassingRule,
    kept: Sequence[tuple[str, str]],
    consented: Collection[str],
    *,
    reviewed: bool,
    informed: bool,
) -> None:
    """Refusal unless the package may be sent: something in it, seen by another, the citizen told, consent given."""
    if not kept:
        raise Refusal("Der er ikke noget i pakken. Behold mindst ét afsnit.")
    missing = without_consent(rule, kept, consented)
    if missing:
        raise Refusal(
            f"Borgeren har ikke givet samtykke til at dele: {joined(missing)}. Udelad det, eller skriv samtykket "
            "under Relationer."
        )
    if not reviewed:
        raise Refusal("En kollega eller leder skal se pakken igennem, før den sendes.")
    if not informed:
        raise Refusal("Skriv, hvornår borgeren er orienteret om, hvad der sendes.", "informed_on")


def content_hash(head: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> str:
    """The fingerprint of what was sent: SHA-256 of the head and the parts in their order, whatever order keys have."""
    text = json.dumps(
        {"head": dict(head), "parts": [dict(part) for part in parts]},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def due_words(due_on: dt.date | None, today: dt.date) -> str:
    """When something is to be done, in words."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return "i dag"
    if days == 1:
        return "i morgen"
    if days == -1:
        return "skulle være sket i går"
    if days < 0:
        return f"skulle være sket {in_words(due_on)}"
    return f"om {days} dage" if days <= 14 else in_words(due_on)
