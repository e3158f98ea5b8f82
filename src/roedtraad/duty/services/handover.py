"""A shift's handover is proposed, written, finished and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Handover, HandoverLine, HandoverRead
from roedtraad.duty.queries.attendance import present
from roedtraad.duty.queries.shifts import kinds_for
from roedtraad.duty.rules import handover as rules
from roedtraad.duty.rules.shifts import Kind, Span, shift_after, shift_at
from roedtraad.duty.services.common import WORK
from roedtraad.duty.sources import ShiftFacts, facts_of
from roedtraad.organisation.models import Unit
from roedtraad.organisation.tree import tree

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LONGEST_LINE = 4_000
# A handover may be begun while its shift is on and so long after.
LATE = dt.timedelta(hours=24)


class HandoverChanged(Refusal):
    """Somebody else wrote in the handover meanwhile; `texts` are the lines as they stand, by key."""

    def __init__(self, texts: dict[UUID, str], version: int) -> None:
        self.texts, self.version = texts, version
        super().__init__(
            _(
                "En kollega har skrevet i overleveringen, siden du åbnede den. Begge tekster står herunder. "
                "Ret din, så den gælder for jer begge, og gem igen."
            )
        )


@dataclass(frozen=True)
class Edit:
    """What a line is to say; an empty text takes it out."""

    key: UUID
    text: str


@dataclass(frozen=True)
class NewLine:
    """A line somebody writes by hand: about a citizen, or about the unit. Sent again with its key it is one line."""

    citizen: Citizen | None
    text: str
    key: UUID | None = None


@transaction.atomic
def begin_handover(user: User, unit: Unit, at: dt.datetime | None = None) -> Handover:
    """Begin the handover of the shift that `at` (now) lies in, with lines proposed from what was registered.

    The one that is there is returned, with lines for what was registered since. AccessDenied out of reach; Refusal
    for a shift that is long over or has not begun.
    """
    require(user, WORK, unit_id=unit.pk)
    now, moment = clock.now(), at or clock.now()
    kinds = kinds_for(unit.pk, moment)
    span = shift_at(kinds, moment)
    if span.begins > now:
        raise Refusal(_("Vagten er ikke begyndt endnu."))
    known = Handover.objects.filter(unit=unit, shift_date=span.date, shift_code=span.code).first()
    if known is not None:
        return refresh_handover(user, known) if known.state == Handover.State.DRAFT else known
    if span.ends < now - LATE:
        raise Refusal(_("Vagten sluttede for mere end et døgn siden. Skriv et notat i stedet."))
    with change(user, "overlevering begyndt"):
        try:
            with transaction.atomic():
                made = Handover.objects.create(
                    unit=unit,
                    shift_code=span.code,
                    shift_name=span.name,
                    shift_date=span.date,
                    begins_at=span.begins,
                    ends_at=span.ends,
                    written_by=user,
                    made_at=now,
                )
        except IntegrityError:
            # A colleague began it at the same moment.
            return Handover.objects.get(unit=unit, shift_date=span.date, shift_code=span.code)
        _propose(user, made, kinds, span)
    return made


@transaction.atomic
def refresh_handover(user: User, handover: Handover) -> Handover:
    """Add lines for what was registered since the handover was begun. What is written there stays as it is."""
    held = _open(user, handover)
    kinds = kinds_for(held.unit_id, held.begins_at)
    span = Span(held.shift_code, held.shift_name, held.shift_date, held.begins_at, held.ends_at)
    with change(user, "overlevering foreslået"):
        if _propose(user, held, kinds, span):
            held.version += 1
            held.save(update_fields=["version"])
    return held


def _propose(user: User, handover: Handover, kinds: Sequence[Kind], span: Span) -> int:
    """Add the lines the facts propose that no line rests on yet, also none that was taken out. Their number."""
    units = frozenset(tree().below(handover.unit_id)) | {handover.unit_id}
    shift = ShiftFacts(
        user=user,
        unit_ids=units,
        citizen_ids=frozenset(one.citizen.pk for one in present(user, units)),
        begins=span.begins,
        ends=min(span.ends, max(clock.now(), span.begins)),
        next_ends=shift_after(kinds, span).ends,
    )
    lines = list(HandoverLine.objects.filter(handover=handover))
    already = {rules.Ref(ref["kind"], ref["key"]) for line in lines for ref in line.sources}
    last = max((line.position for line in lines), default=-1)
    proposed = rules.propose(facts_of(shift), already)
    for number, line in enumerate(proposed, last + 1):
        HandoverLine.objects.create(
            handover=handover,
            citizen_id=line.citizen_id,
            position=number,
            text=line.text[:LONGEST_LINE],
            sources=[{"kind": ref.kind, "key": ref.key} for ref in line.sources],
        )
    return len(proposed)


@transaction.atomic
def write_handover(
    user: User, handover: Handover, *, version: int, edits: Collection[Edit], new: Collection[NewLine] = ()
) -> Handover:
    """Change the lines' texts (an empty one takes its line out) and add new ones.

    A new line whose key is in the handover already is not added again, and a form sent again as it was, which finds
    all its new lines there, is answered with the handover as it stands. HandoverChanged when the handover is not the
    `version` the page showed; Refusal when it is finished or a text is too long; AccessDenied for a new line about
    somebody the user does not work with.
    """
    held = _open(user, handover)
    lines = {line.key: line for line in _lines_of(user, held)}
    written = [line for line in new if line.text.strip()]
    fresh = _not_there(held, written)
    if held.version != version:
        if written and not fresh and all(_stands(lines.get(edit.key), _checked(edit.text)) for edit in edits):
            return held
        raise HandoverChanged({key: line.text for key, line in lines.items()}, held.version)
    with change(user, "overlevering skrevet"):
        for edit in edits:
            _edit(lines.get(edit.key), _checked(edit.text))
        last = max((line.position for line in held.lines.all()), default=-1)
        for number, line in enumerate(fresh, last + 1):
            _add(user, held, line, number)
        held.version += 1
        held.save(update_fields=["version"])
    return held


def _not_there(handover: Handover, new: Sequence[NewLine]) -> list[NewLine]:
    """The new lines that were not written before. Refusal for a key that is another handover's."""
    keys = [line.key for line in new if line.key is not None]
    known = dict(HandoverLine.objects.filter(key__in=keys).values_list("key", "handover"))
    if set(known.values()) - {handover.pk}:
        raise Refusal(_("Det er allerede sendt som noget andet. Åbn siden igen, og prøv en gang til."))
    return [line for line in new if line.key not in known]


def _stands(line: HandoverLine | None, text: str) -> bool:
    """Does the line say this already? One that is gone was taken out."""
    return line.text == text if line is not None else not text


def _edit(line: HandoverLine | None, text: str) -> None:
    if line is None or line.text == text:
        return
    if text:
        line.text = text
    else:
        line.removed_at = clock.now()
    line.save(update_fields=["text", "removed_at"])


def _add(user: User, handover: Handover, line: NewLine, position: int) -> None:
    if line.citizen is not None and not _worked_with(user, line.citizen):
        raise AccessDenied(_("Du har ikke adgang til at skrive om denne borger."))
    HandoverLine.objects.create(
        key=line.key or ids.new_id(),
        handover=handover,
        citizen=line.citizen,
        position=position,
        text=_checked(line.text),
    )


def _worked_with(user: User, citizen: Citizen) -> bool:
    return Citizen.objects.filter(visible_q("citizens.Citizen", user, WORK), pk=citizen.pk).exists()


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_LINE:
        raise Refusal(
            _("En linje må højst have %(most)s tegn. Skriv det længere som et notat.")
            % {"most": LONGEST_LINE}
        )
    return words


@transaction.atomic
def finish_handover(user: User, handover: Handover) -> Handover:
    """Hand it over: from now on it is read, not written. Twice changes nothing. Who finishes it has read it."""
    held = _held(user, handover)
    if held.state == Handover.State.DONE:
        return held
    held.state, held.done_at, held.done_by = Handover.State.DONE, clock.now(), user
    held.version += 1
    with change(user, "overlevering færdig"):
        held.save(update_fields=["state", "done_at", "done_by", "version"])
        HandoverRead.objects.get_or_create(handover=held, user=user, defaults={"at": clock.now()})
    return held


@transaction.atomic
def reopen_handover(user: User, handover: Handover) -> Handover:
    """Take it back to write on. Refusal when a colleague has read it, or somebody else finished it."""
    held = _held(user, handover)
    if held.state == Handover.State.DRAFT:
        return held
    if held.done_by_id != user.pk:
        raise Refusal(_("Kun den, der gjorde overleveringen færdig, kan åbne den igen."))
    if HandoverRead.objects.filter(handover=held).exclude(user=user).exists():
        raise Refusal(_("En kollega har læst overleveringen. Skriv det nye i den næste."))
    held.state, held.done_at, held.done_by = Handover.State.DRAFT, None, None
    held.version += 1
    with change(user, "overlevering åbnet igen"):
        held.save(update_fields=["state", "done_at", "done_by", "version"])
    return held


@transaction.atomic
def acknowledge(user: User, handover: Handover) -> HandoverRead:
    """Write that the user has read it. Twice changes nothing. Refusal while it is being written."""
    require(user, WORK, unit_id=handover.unit_id)
    if handover.state != Handover.State.DONE:
        raise Refusal(_("Overleveringen er ikke færdig endnu."))
    read, _made = HandoverRead.objects.get_or_create(
        handover=handover, user=user, defaults={"at": clock.now()}
    )
    return read


def _open(user: User, handover: Handover) -> Handover:
    """The handover, locked; Refusal when it is finished."""
    held = _held(user, handover)
    if held.state == Handover.State.DONE:
        raise Refusal(_("Overleveringen er færdig. Skriv det nye i den næste."))
    return held


def _held(user: User, handover: Handover) -> Handover:
    require(user, WORK, unit_id=handover.unit_id)
    held = Handover.objects.select_for_update(of=("self",)).filter(pk=handover.pk).first()
    if held is None:
        raise AccessDenied(_("Du har ikke adgang til denne overlevering."))
    return held


def _lines_of(user: User, handover: Handover) -> list[HandoverLine]:
    seen = Citizen.objects.filter(visible_q("citizens.Citizen", user, WORK))
    lines = HandoverLine.objects.filter(handover=handover, removed_at__isnull=True)
    return [*lines.filter(citizen__isnull=True), *lines.filter(citizen__in=seen)]
