"""Writes the transitions, and drafts their packages from the records that are written by then."""

from __future__ import annotations

import datetime as dt
import itertools

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.demo.copy import copy_rows, reserve_ids
from roedtraad.demo.record_people import NOW
from roedtraad.demo.record_transitions import READ, REVIEWED, SENT, TransitionPlan
from roedtraad.demo.record_write import RecordWriter
from roedtraad.practice.models import (
    HandoverPackage,
    PackagePart,
    PackageQuestion,
    PackageReceipt,
    PassingRule,
    Transition,
    TransitionStep,
    TransitionTie,
)
from roedtraad.practice.queries.handover_parts import drafted, source_words
from roedtraad.practice.services.packages import fingerprint, head_of


def write_transitions(writer: RecordWriter) -> None:
    """The transitions with their steps, who is said goodbye to, and the packages."""
    numbers = writer.numbers
    plans = list(writer.found.transitions())
    both = list(zip(reserve_ids(Transition, len(plans)), plans, strict=True))
    writer.counts["transitions"] = copy_rows(
        Transition,
        [
            "id", "key", "citizen", "written_by", "written_at", "why", "from_unit", "from_outside", "to_unit",
            "to_municipality", "planned_on", "happened_on", "reason", "own_words", "from_responsible",
            "to_responsible",
        ],
        (
            (
                pk, t.key, numbers.citizens[str(t.citizen)], numbers.users[t.by], t.at, t.why,
                numbers.units.get(t.from_unit), t.from_outside, numbers.units.get(t.to_unit), t.to_municipality or None,
                t.planned_on, t.happened_on, t.reason, t.own_words, numbers.users[t.by] if t.from_unit else None,
                numbers.users[t.receiver] if t.receiver else None if t.from_unit else numbers.users[t.by],
            )
            for pk, t in both
        ),
    )  # fmt: skip
    copy_rows(
        TransitionStep,
        [
            "key", "citizen", "written_by", "written_at", "transition", "phase", "kind", "title", "side", "due_on",
            "done_on", "dropped_on", "dropped_reason", "settled_by", "note", "held",
        ],
        (
            (
                step.key, numbers.citizens[str(t.citizen)], numbers.users[t.by], t.at, pk, step.phase, step.kind,
                step.title, step.side, step.due_on, step.done_on, step.due_on if step.dropped_reason else None,
                step.dropped_reason, numbers.users[t.by] if step.done_on or step.dropped_reason else None, step.note,
                step.held,
            )
            for pk, t in both
            for step in t.steps
        ),
    )  # fmt: skip
    copy_rows(
        TransitionTie,
        ["key", "citizen", "written_by", "written_at", "transition", "name", "what", "how"],
        (
            (key, numbers.citizens[str(t.citizen)], numbers.users[t.by], t.at, pk, name, what, how)
            for pk, t in both
            for key, name, what, how in t.ties
        ),
    )
    # The packages are drafted from the records as they stand on the world's last day.
    with clock.fixed(NOW):
        for pk, t in both:
            if t.package is not None:
                _write_package(writer, pk, t)


def _write_package(writer: RecordWriter, transition_id: int, plan: TransitionPlan) -> None:
    """A package, its parts, and what the other end has said to it; the last thing is that it is sent."""
    told = plan.package
    if told is None:
        return
    users = writer.numbers.users
    found = Transition.objects.select_related("citizen", "to_municipality").get(pk=transition_id)
    citizen: Citizen = found.citizen
    receiver = "same_operator" if found.to_unit_id else "acting"
    package = HandoverPackage(
        key=told.key,
        citizen=citizen,
        written_by_id=users[plan.by],
        written_at=told.at - dt.timedelta(hours=2),
        transition=found,
        number=1,
        receiver=receiver,
        basis=PassingRule.objects.get(receiver=receiver, valid__contains=NOW.date()).sentence,
    )
    package.save()
    parts = PackagePart.objects.bulk_create(
        PackagePart(
            key=ids.stable_id("package-part", told.key, draft.source.name),
            package=package,
            citizen=citizen,
            name=draft.source.name,
            position=draft.source.position,
            title=str(draft.source.title),
            scope=str(draft.source.scope),
            text=draft.text,
            made_text=draft.text,
            sources=[
                {
                    "text": fact.text,
                    "source": source_words(fact),
                    "url": fact.url,
                    "day": fact.on.isoformat() if fact.on else "",
                }
                for fact in draft.facts
            ],
        )
        for draft in drafted(citizen, found)
    )
    if told.state in (REVIEWED, SENT, READ):
        # Another than the writer: the next of those who work there.
        others = itertools.chain(_colleagues(writer, plan), users)
        package.reviewed_by_id = next(users[name] for name in others if name != plan.by)
        package.reviewed_at = told.at - dt.timedelta(hours=1)
    if told.state in (SENT, READ):
        package.to_unit_id, package.to_municipality_id = found.to_unit_id, found.to_municipality_id
        package.head = head_of(citizen, found)
        package.informed_on, package.informed_how = told.at.date(), "Vi læste pakken igennem sammen."
        package.sent_by_id, package.sent_at = users[plan.by], told.at
        package.content_hash = fingerprint(package, parts)
    package.save()
    writer.counts["packages"] += 1
    if told.reader:
        reader, later = users[told.reader], min(told.at + dt.timedelta(hours=20), NOW)
        PackageReceipt.objects.create(package=package, citizen=citizen, user_id=reader, at=later)
        PackageQuestion.objects.create(
            package=package,
            citizen=citizen,
            text=told.question,
            asked_by_id=reader,
            asked_at=later,
            answer=told.answer,
            answered_by_id=users[plan.by] if told.answer else None,
            answered_at=later + dt.timedelta(minutes=50) if told.answer else None,
        )


def _colleagues(writer: RecordWriter, plan: TransitionPlan) -> list[str]:
    return [one.username for one in writer.found.colleagues if one.unit == plan.from_unit]


TABLES = tuple(
    model._meta.db_table
    for model in (
        Transition, TransitionStep, TransitionTie, HandoverPackage, PackagePart, PackageReceipt, PackageQuestion,
    )
)  # fmt: skip
