"""What can happen to a transition: begun, changed, carried through, given up; its steps, and whom to say goodbye to.

Begun by those who write in the citizen's record. Its steps are seen to at both ends: by the end that receives from
when a handover package was sent to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.danish import day as in_words
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import require_write
from roedtraad.practice.handover_access import require_end
from roedtraad.practice.models import Transition, TransitionStep, TransitionTie, Wish
from roedtraad.practice.rules import transitions as rules
from roedtraad.practice.rules import words
from roedtraad.practice.services.common import Changed, write_once

if TYPE_CHECKING:
    from roedtraad.accounts.models import User
    from roedtraad.journeys.models import Stay
    from roedtraad.organisation.models import Municipality, Unit

FARTHEST = dt.timedelta(days=3 * 365)


@dataclass(frozen=True)
class Plan:
    """What is agreed about a transition."""

    why: str
    planned_on: dt.date
    from_unit: Unit | None = None
    from_outside: str = ""
    to_unit: Unit | None = None
    to_municipality: Municipality | None = None
    to_outside: str = ""
    reason: str = ""
    from_responsible: User | None = None
    to_responsible: User | None = None
    contact: str = ""
    own_words: str = ""
    words: str = Transition.Words.OWN
    wish: Wish | None = None


@transaction.atomic
def begin(
    user: User, citizen: Citizen, plan: Plan, *, stay: Stay | None = None, key: UUID | None = None
) -> Transition:
    """Begin a transition with the steps that are proposed for its kind. The same `key` twice gives the same one.

    `stay` is the stay that ends or begins by it. Refusal with the field's name for ends or a day that cannot be.
    """
    require_write(user, citizen)
    tidy = _checked(citizen, plan)
    if stay is not None and stay.citizen_id != citizen.pk:
        raise Refusal(_("Opholdet er en anden borgers. Vælg et af borgerens egne."), "stay")
    with change(user, "overgang begyndt", "transition.begun"):
        made, new = write_once(user, Transition, key, citizen=citizen, stay=stay, **tidy)
        if new:
            TransitionStep.objects.bulk_create(
                TransitionStep(
                    citizen=citizen,
                    written_by=user,
                    transition=made,
                    phase=step.phase.value,
                    kind=step.kind.value,
                    title=step.title,
                    side=step.side.value,
                    due_on=due_on,
                )
                for step, due_on in rules.default_steps(rules.Why(made.why), made.planned_on, clock.today())
            )
    return made


@transaction.atomic
def edit(user: User, found: Transition, plan: Plan, *, version: int) -> Transition:
    """Change what is agreed; open steps follow the day. `Changed` when somebody else did so meanwhile."""
    require_end(user, found)
    tidy = _checked(whose(found), plan, now=found.planned_on)
    with change(user, "overgang ændret", "transition.changed"):
        held = _held(found)
        _still_on(held)
        if held.version != version:
            raise Changed(held)
        before = held.planned_on
        for name, value in tidy.items():
            setattr(held, name, value)
        held.version += 1
        held.save()
        if held.planned_on != before and held.happened_on is None:
            _move_steps(held, before, held.planned_on)
    return held


@transaction.atomic
def happened(user: User, found: Transition, day: dt.date) -> Transition:
    """Write the day it happened; open steps to come follow it. Refusal for a day to come."""
    require_end(user, found)
    if day > clock.today():
        raise Refusal(_("Dagen er ikke kommet endnu. Skriv den, når det er sket."), "happened_on")
    with change(user, "overgangen er sket", "transition.happened"):
        held = _held(found)
        _still_on(held)
        before = held.happened_on or held.planned_on
        held.happened_on = day
        held.version += 1
        held.save()
        _move_steps(held, before, day)
    return held


@transaction.atomic
def cancel(user: User, found: Transition, reason: str) -> Transition:
    """Say that it came to nothing, and why; what was sent of it is no longer read at the other end."""
    require_end(user, found)
    tidy = _line(reason, "reason", _("Skriv kort, hvorfor det ikke bliver til noget."))
    with change(user, "overgang opgivet", "transition.cancelled"):
        held = _held(found)
        if held.happened_on is not None:
            raise Refusal(_("Overgangen er sket den %(day)s.") % {"day": in_words(held.happened_on)})
        _still_on(held)
        held.cancelled_on, held.cancelled_reason = clock.today(), tidy
        held.version += 1
        held.save()
    return held


@transaction.atomic
def add_step(
    user: User,
    found: Transition,
    *,
    phase: str,
    title: str,
    kind: str = TransitionStep.Kind.STEP,
    side: str = TransitionStep.Side.FROM,
    who: str = "",
    due_on: dt.date | None = None,
    key: UUID | None = None,
) -> TransitionStep:
    """Add something to see to. Refusal for no title, or a phase or kind there is not."""
    require_end(user, found, receiving_too=True)
    _still_on(found)
    tidy = _line(title, "title", _("Skriv, hvad der skal ske."))
    for value, known, field in (
        (phase, TransitionStep.Phase.values, "phase"),
        (kind, TransitionStep.Kind.values, "kind"),
        (side, TransitionStep.Side.values, "side"),
    ):
        if value not in known:
            raise Refusal(_("Vælg en af mulighederne."), field)
    with change(user, "skridt i overgang", "transition.step_added"):
        made, _new = write_once(
            user,
            TransitionStep,
            key,
            citizen=whose(found),
            transition=found,
            phase=phase,
            kind=kind,
            title=tidy,
            side=side,
            who=" ".join(words.cleaned(who).split())[:120],
            due_on=due_on,
        )
    return made


@transaction.atomic
def settle(
    user: User, step: TransitionStep, *, done: bool, note: str = "", held: str = "", reason: str = ""
) -> TransitionStep:
    """Say that a step is done (and of a follow-up, whether it holds), or that it will not be, and why.

    Said again, the later counts. Refusal without the answer or the reason.
    """
    require_end(user, step.transition, receiving_too=True)
    follow_up = step.kind == TransitionStep.Kind.FOLLOW_UP
    why = "" if done else _line(reason, "reason", _("Skriv kort, hvorfor det ikke blev gjort."))
    if done and follow_up and held not in TransitionStep.Held.values:
        raise Refusal(_("Vælg, om det holder."), "held")
    text = words.cleaned(note).strip()
    if len(text) > rules.LONGEST_TEXT:
        raise Refusal(_("Teksten må højst fylde %(most)s tegn.") % {"most": rules.LONGEST_TEXT}, "note")
    today = clock.today()
    with change(user, "skridt i overgang", "transition.step_settled"):
        row = TransitionStep.objects.select_for_update().get(pk=step.pk)
        row.done_on, row.dropped_on = (today, None) if done else (None, today)
        row.dropped_reason = why
        row.held = held if done and follow_up else ""
        row.note = text or row.note
        row.settled_by = user
        row.save()
    return row


@transaction.atomic
def reopen(user: User, step: TransitionStep) -> TransitionStep:
    """Take back that a step is settled; what was written of it stays in the history."""
    require_end(user, step.transition, receiving_too=True)
    with change(user, "skridt åbnet igen", "transition.step_reopened"):
        row = TransitionStep.objects.select_for_update().get(pk=step.pk)
        row.done_on = row.dropped_on = row.settled_by = None
        row.dropped_reason = row.held = ""
        row.save()
    return row


@transaction.atomic
def add_tie(
    user: User, found: Transition, *, name: str, what: str, how: str = "", key: UUID | None = None
) -> TransitionTie:
    """Write down somebody to say goodbye to, keep, or get to know."""
    require_end(user, found, receiving_too=True)
    _still_on(found)
    tidy = _line(name, "name", _("Skriv, hvem det er."), most=120)
    if what not in TransitionTie.What.values:
        raise Refusal(_("Vælg, om borgeren vil sige farvel, beholde eller lære at kende."), "what")
    with change(user, "et menneske i overgangen", "transition.tie_added"):
        made, _new = write_once(
            user,
            TransitionTie,
            key,
            citizen=whose(found),
            transition=found,
            name=tidy,
            what=what,
            how=_line(how, "how", "", most=300),
        )
    return made


@transaction.atomic
def tie_done(user: User, tie: TransitionTie, *, done: bool) -> TransitionTie:
    """Say that the goodbye was said, or the first meeting held; or take it back."""
    require_end(user, tie.transition, receiving_too=True)
    with change(user, "et menneske i overgangen", "transition.tie_done"):
        row = TransitionTie.objects.select_for_update().get(pk=tie.pk)
        row.done_on = clock.today() if done else None
        row.save()
    return row


def whose(found: Transition) -> Citizen:
    """The citizen as a row's owner, without reading a row that those at the other end may not see."""
    return Citizen(pk=found.citizen_id)


def _checked(citizen: Citizen, plan: Plan, now: dt.date | None = None) -> dict[str, object]:
    """The plan as columns; `now` is the day that stands, which may be past."""
    if plan.why not in Transition.Why.values:
        raise Refusal(_("Vælg, hvad for en overgang det er."), "why")
    if plan.words not in Transition.Words.values:
        raise Refusal(_("Vælg, hvis ord det er."), "words")
    from_outside, to_outside = (
        _line(text, field, "", most=120)
        for text, field in ((plan.from_outside, "from_outside"), (plan.to_outside, "to_outside"))
    )
    rules.check_ends(
        from_unit=plan.from_unit.pk if plan.from_unit else None,
        from_outside=from_outside,
        to_unit=plan.to_unit.pk if plan.to_unit else None,
        to_municipality=plan.to_municipality.pk if plan.to_municipality else None,
        to_outside=to_outside,
    )
    today = clock.today()
    if plan.planned_on > today + FARTHEST:
        raise Refusal(_("Dagen ligger mere end tre år frem. Vælg en tidligere."), "planned_on")
    if plan.planned_on < today - rules.BOTH_ENDS_READ and plan.planned_on != now:
        raise Refusal(_("Dagen ligger for langt tilbage. Vælg en senere."), "planned_on")
    if plan.wish is not None and plan.wish.citizen_id != citizen.pk:
        raise Refusal(_("Ønsket er en anden borgers."), "wish")
    reason, own_words = (words.cleaned(text).strip() for text in (plan.reason, plan.own_words))
    for text, most, field in ((reason, 2_000, "reason"), (own_words, rules.LONGEST_TEXT, "own_words")):
        if len(text) > most:
            raise Refusal(_("Teksten må højst fylde %(most)s tegn.") % {"most": most}, field)
    return {
        "why": plan.why,
        "planned_on": plan.planned_on,
        "from_unit": plan.from_unit,
        "from_outside": from_outside,
        "to_unit": plan.to_unit,
        "to_municipality": plan.to_municipality,
        "to_outside": to_outside,
        "reason": reason,
        "from_responsible": plan.from_responsible,
        "to_responsible": plan.to_responsible,
        "contact": _line(plan.contact, "contact", ""),
        "own_words": own_words,
        "words": plan.words,
        "wish": plan.wish,
    }


def _line(text: str, field: str, missing: str, most: int = rules.LONGEST_LINE) -> str:
    """The text as one tidy line; Refusal when it is too long, or missing and must not be."""
    tidy = " ".join(words.cleaned(text).split())
    if missing and not tidy:
        raise Refusal(missing, field)
    if len(tidy) > most:
        raise Refusal(_("Det må højst fylde %(most)s tegn.") % {"most": most}, field)
    return tidy


def _held(found: Transition) -> Transition:
    return Transition.objects.select_for_update().get(pk=found.pk)


def _still_on(found: Transition) -> None:
    if found.cancelled_on is not None:
        raise Refusal(_("Overgangen blev ikke til noget. Begynd en ny."))


def _move_steps(held: Transition, before: dt.date, now: dt.date) -> None:
    """Move the days of the steps nobody has settled. Two SQL statements."""
    today = clock.today()
    open_steps = TransitionStep.objects.filter(
        transition=held, done_on__isnull=True, dropped_on__isnull=True, due_on__isnull=False
    )
    rows = list(open_steps)
    for step in rows:
        step.due_on = rules.moved(step.due_on, before, now, today)
    TransitionStep.objects.bulk_update(rows, ["due_on"])
