"""Transitions of the demo: who has just come, who is about to leave, and the packages on their way. Pure.

Those who came within the last months have one that tells how it went; a few of the others are about to move. Two of
them leave the support worker's workplace, and one is coming to it: that package waits to be read there.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo import distributions as d
from roedtraad.demo.notable import WORKPLACE, Notable
from roedtraad.demo.record_people import DEMO_WORKER, Resident, in_hours, key_of, latest
from roedtraad.practice.rules.transitions import DefaultStep, Kind, Phase, Side, Why, default_steps

# Assumed: of those who came lately this share is told of, and of the others this share is about to move.
CAME_BACK, CAME_SHARE, LEAVING_SHARE = dt.timedelta(days=100), 0.35, 0.012
AHEAD_DAYS = (6, 75)
DROPPED_SHARE, NOTE_SHARE = 0.06, 0.4
DRAFT, REVIEWED, SENT, READ = "draft", "reviewed", "sent", "read"

ORIGINS = (
    "Hjemmet",
    "Psykiatrisk afdeling",
    "Et botilbud i en anden region",
    "Plejefamilien",
    "Egen lejlighed",
    "Sygehuset",
)
REASONS = (
    "Borgeren ønsker at bo tættere på sin familie.",
    "Behovet for støtte er blevet mindre, og et mindre indgribende tilbud passer bedre.",
    "Der er brug for mere ro og færre mennesker om dagen.",
    "Opholdet var midlertidigt, og målene er nået.",
    "Borgeren skal have sin egen dør og et eget køkken.",
    "Det nye sted har erfaring med det, borgeren har brug for.",
)
OWN_WORDS = (
    "Jeg vil have min egen stol med, og min lampe.",
    "Jeg vil selv sige det til de andre.",
    "Jeg vil helst flytte om formiddagen, når der er stille.",
    "I må ikke pakke mine ting uden mig.",
    "Jeg vil se værelset en gang til, før jeg flytter.",
    "Jeg vil gerne komme tilbage og drikke kaffe.",
    "Min seng skal stå, så jeg kan se døren.",
    "Jeg er lidt bange, men jeg glæder mig også.",
    "Jeg vil have, at Lone kører med.",
    "Skriv op på væggen, hvornår det sker.",
)
TIES = (
    ("Naboen", "goodbye", "Kage den sidste dag"),
    ("Nattevagten", "goodbye", "Et kort, som borgeren selv har lavet"),
    ("Min kontaktperson", "keep", "Ringer om søndagen den første måned"),
    ("Bofællen fra stuen", "keep", "Går til bowling sammen om torsdagen"),
    ("Dagtilbuddet", "keep", "Fortsætter mandag og onsdag"),
    ("Den nye kontaktperson", "meet", "Spiser frokost sammen før flytningen"),
    ("De nye naboer", "meet", "Kommer forbi en eftermiddag"),
)
VISIT_NOTES = (
    "Så værelset og haven. Ville gerne blive længere.",
    "Drak kaffe i køkkenet og spurgte til reglerne om natten.",
    "Gik efter tyve minutter. Vi prøver igen en formiddag.",
    "Målte op til reolen og valgte gardiner.",
)
FOLLOW_UPS = (
    ("yes", "Sover hele natten og kender vejen til bussen."),
    ("yes", "Er faldet til og har selv inviteret familien."),
    ("partly", "Dagene går godt, men aftenerne er lange. Vi har aftalt en fast gåtur."),
    ("partly", "Savner sin nabo. Der er aftalt et besøg om måneden."),
    ("no", "Der er for mange mennesker omkring måltiderne. Vi har bedt kommunen om et møde."),
)
QUESTIONS = (
    ("Hvilken musik er det, der giver ro?", "Rolig klaver, ikke radio. Høretelefonerne ligger i kufferten."),
    ("Må vi banke på om morgenen?", "Ja, to bank, og vent så på svar."),
    ("Hvem ringer til familien på dagen?", "Kontaktpersonen her gør det kl. 14."),
)


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step; `done_on` or a reason when it is settled."""

    key: UUID
    phase: str
    kind: str
    title: str
    side: str
    due_on: dt.date
    done_on: dt.date | None
    dropped_reason: str
    note: str
    held: str


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """How far a package has come; its parts are drafted from the record when it is written."""

    key: UUID
    state: str
    at: dt.datetime
    reader: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class TransitionPlan:
    """A transition as it is written; units and municipality by key and code, people by username."""

    key: UUID
    citizen: UUID
    why: str
    planned_on: dt.date
    happened_on: dt.date | None
    reason: str
    own_words: str
    by: str
    at: dt.datetime
    steps: tuple[StepPlan, ...]
    ties: tuple[tuple[UUID, str, str, str], ...]
    package: PackagePlan | None
    from_unit: str = ""
    from_outside: str = ""
    to_unit: str = ""
    to_municipality: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class _Move:
    """A move to come: in how many days, of which kind, to which of the offers ("" is home), and how far it is."""

    days: int
    why: Why
    to_unit: str
    state: str


def transitions(residents: Sequence[Resident], known: Notable, seed: int) -> Iterator[TransitionPlan]:
    """The transitions of those who have a record, in their order; the notable ones first."""
    here = [one for one in residents if not one.gone and not one.by_day_only]
    staff = {one.unit: one.staff for one in here}
    told = yield from _notable(here, known, staff, seed)
    for one in here:
        rng = one.draws(seed, "transition")
        if one.key in told or one.key in (known.own, known.long_history, known.died):
            continue
        if one.since >= d.CUT_DAY - CAME_BACK and rng.random() < CAME_SHARE:
            yield _came(one, rng)
        elif one.since < d.CUT_DAY - CAME_BACK and rng.random() < LEAVING_SHARE:
            yield _leaving(one, rng, staff)


def _notable(
    here: Sequence[Resident], known: Notable, staff: Mapping[str, tuple[str, ...]], seed: int
) -> Generator[TransitionPlan, None, set[UUID]]:
    """Two out of the workplace, one of them with a package that is sent; one to it, with a package that waits; and
    the one who came last of all."""
    others = [one for one in here if one.key not in (known.own, known.long_history, known.relatives)]
    # Those who are looked up for something else are the last to move.
    looked_up = {*known.namesakes, known.address_protected}
    at_work = sorted((one for one in others if one.unit == WORKPLACE), key=lambda one: one.key in looked_up)
    like = at_work[0].person.target_group if at_work else ""
    elsewhere = sorted(
        (one for one in others if one.unit != WORKPLACE and not one.is_child),
        key=lambda one: one.person.target_group != like,
    )
    chosen = [
        *zip(at_work, (_Move(24, Why.HOME, "", DRAFT), _Move(12, Why.HOME, "", SENT)), strict=False),
        *((one, _Move(9, Why.MOVE, WORKPLACE, READ)) for one in elsewhere[:1]),
    ]
    for one, move in chosen:
        yield _out(one, one.draws(seed, "transition"), staff, move)
    told = {one.key for one, _move in chosen}
    for one in sorted((one for one in others if one.key not in told), key=lambda one: one.since)[-1:]:
        yield _came(one, one.draws(seed, "transition"))
        told.add(one.key)
    return told


def _came(one: Resident, rng: random.Random) -> TransitionPlan:
    """Somebody who came from outside, on the day they really did."""
    began = one.since - dt.timedelta(days=rng.randint(14, 40))
    return _made(
        one,
        rng,
        _Dates(Why.COMING, one.since, began),
        from_outside=rng.choice(ORIGINS),
        to_unit=one.unit,
    )


def _leaving(one: Resident, rng: random.Random, staff: Mapping[str, tuple[str, ...]]) -> TransitionPlan:
    """Somebody about to move, to another of the offers or to a home of their own."""
    others = sorted(unit for unit in staff if unit not in (one.unit, WORKPLACE))
    days = rng.randint(*AHEAD_DAYS)
    state = rng.choice((SENT, READ)) if days < 21 else rng.choice(("", DRAFT, REVIEWED))
    if others and rng.random() < 0.6:
        return _out(one, rng, staff, _Move(days, Why.MOVE, rng.choice(others), state))
    return _out(one, rng, staff, _Move(days, Why.HOME, "", state))


def _out(
    one: Resident, rng: random.Random, staff: Mapping[str, tuple[str, ...]], move: _Move
) -> TransitionPlan:
    planned = d.CUT_DAY + dt.timedelta(days=move.days)
    began = d.CUT_DAY - dt.timedelta(days=rng.randint(15, 40))
    receivers = [name for name in staff.get(move.to_unit, ()) if name != DEMO_WORKER]
    at = latest(in_hours(rng, d.CUT_DAY - dt.timedelta(days=rng.randint(1, 5))))
    question, answer = rng.choice(QUESTIONS)
    read = move.state == READ and bool(receivers)
    package = PackagePlan(
        key=key_of(rng, at),
        state=move.state,
        at=at,
        reader=rng.choice(receivers) if read else "",
        question=question if read else "",
        answer=answer if read and rng.random() < 0.5 else "",
    )
    return _made(
        one,
        rng,
        _Dates(move.why, planned, began),
        from_unit=one.unit,
        to_unit=move.to_unit,
        to_municipality="" if move.to_unit else one.payer,
        receiver=receivers[0] if receivers else "",
        package=package if move.state else None,
    )


@dataclass(frozen=True, slots=True)
class _Dates:
    """Which kind of transition, the day of the change, and when it was begun."""

    why: Why
    day: dt.date
    began: dt.date


def _made(
    one: Resident,
    rng: random.Random,
    dates: _Dates,
    *,
    package: PackagePlan | None = None,
    **ends: str,
) -> TransitionPlan:
    """The whole of it; `ends` are where from, where to and who receives."""
    at = in_hours(rng, dates.began)
    people = [name for name in one.staff if name != DEMO_WORKER] or list(one.staff)
    ties = tuple((key_of(rng, at), *tie) for tie in rng.sample(TIES, rng.randint(1, 3)))
    return TransitionPlan(
        key=key_of(rng, at),
        citizen=one.key,
        why=dates.why.value,
        planned_on=dates.day,
        happened_on=dates.day if dates.day <= d.CUT_DAY else None,
        reason=rng.choice(REASONS),
        own_words=rng.choice(OWN_WORDS),
        by=rng.choice(people),
        at=at,
        steps=tuple(
            _step(rng, step, due, day=dates.day, package=package)
            for step, due in default_steps(dates.why, dates.day, dates.began)
        ),
        ties=ties,
        package=package,
        **ends,
    )


def _step(
    rng: random.Random, step: DefaultStep, due_on: dt.date, *, day: dt.date, package: PackagePlan | None
) -> StepPlan:
    """What has come of a step by the world's last day. What is about the package follows the package."""
    about_package = "overleveringspakken" in step.title
    sent = package is not None and package.state in (SENT, READ)
    past = due_on < d.CUT_DAY and (step.phase is Phase.BEFORE or day <= d.CUT_DAY)
    dropped = past and not about_package and rng.random() < DROPPED_SHARE
    done = (sent and step.side is Side.FROM) if about_package else past and not dropped
    held, note = "", ""
    if done and step.kind is Kind.FOLLOW_UP:
        held, note = rng.choice(FOLLOW_UPS)
    elif done and step.kind is Kind.VISIT:
        note = rng.choice(VISIT_NOTES) if rng.random() < NOTE_SHARE else ""
    return StepPlan(
        key=key_of(rng, in_hours(rng, min(due_on, d.CUT_DAY))),
        phase=step.phase.value,
        kind=step.kind.value,
        title=step.title,
        side=step.side.value,
        due_on=due_on,
        done_on=min(due_on, d.CUT_DAY) if done else None,
        dropped_reason="Det var ikke nødvendigt." if dropped else "",
        note=note,
        held=held,
    )
