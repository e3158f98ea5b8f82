"""What must hold for a row that comes from an old system, and how it tells where it comes from. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from roedtraad.citizens.relations.rules import LONGEST_NAME, Person, checked_person
from roedtraad.citizens.relations.rules import LONGEST_NOTE as LONGEST_REMARK
from roedtraad.core.danish import day as in_words
from roedtraad.core.danish import number
from roedtraad.core.refusal import Refusal
from roedtraad.exchange.rules import in_order
from roedtraad.practice.rules import kl_ffb
from roedtraad.practice.rules.notes import LONGEST_TAG, checked_tags, checked_text
from roedtraad.practice.rules.notes import LONGEST_TEXT as LONGEST_NOTE

__all__ = ["LONGEST_NAME", "LONGEST_NOTE", "LONGEST_REMARK", "LONGEST_TAG"]

LONGEST_DESCRIPTION = 4000
Values = Mapping[str, Any]


def came_from(row: Values) -> str:
    """Where a text was written first: the line it ends with here."""
    author = row.get("author")
    return f"Overført fra {row['system']}{f', skrevet af {author}' if author else ''}."


def with_origin(text: str, row: Values) -> str:
    """The text with a last line that says where it comes from."""
    return f"{text}\n\n{came_from(row)}" if text else came_from(row)


def relation_faults(row: Values) -> list[str]:
    """What is wrong with a row about somebody in a citizen's life."""
    faults = in_order(row["valid_from"], row.get("valid_last"), "gælder fra", "gælder til og med")
    try:
        checked_person(Person(*(row.get(name) or "" for name in ("name", "phone", "email", "note"))))
    except Refusal as refusal:
        faults.append(str(refusal))
    return faults


def goal_faults(row: Values, today: dt.date) -> list[str]:
    """What is wrong with a row about a goal. KL's own rules are told as remarks: old data may break them."""
    starts, follow_up, closed = row["starts_on"], row.get("follow_up_on"), row.get("closed_on")
    faults = in_order(starts, follow_up, "begynder", "følges op") + in_order(
        starts, closed, "begynder", "afsluttet den"
    )
    if closed is not None and closed > today:
        faults.append(f"»afsluttet den« ({in_words(closed)}) er ikke kommet endnu.")
    if row.get("closed_note") and closed is None:
        faults.append("»hvorfor afsluttet« er udfyldt, men »afsluttet den« er tom.")
    return faults + _room(row.get("description") or "", row, LONGEST_DESCRIPTION, "beskrivelse")


def note_faults(row: Values, now: dt.datetime) -> list[str]:
    """What is wrong with a row about a note."""
    faults = []
    if row["occurred_at"] > now:
        faults.append(f"»skete« ({in_words(row['occurred_at'].date())}) er ikke kommet endnu.")
    try:
        # The reader has tidied the text; a sign that can be read is nearly always the first one.
        if not any(sign.isalnum() for sign in row["text"]):
            checked_text(row["text"])
        checked_tags(row.get("tags") or ())
    except Refusal as refusal:
        faults.append(str(refusal))
    return faults + _room(row["text"], row, LONGEST_NOTE, "notat")


def _room(text: str, row: Values, longest: int, heading: str) -> list[str]:
    whole = len(with_origin(text, row))
    if whole <= longest:
        return []
    return [
        f"»{heading}« må sammen med linjen om, hvor det kommer fra, højst have {number(longest)} tegn, men har"
        f" {number(whole)}. Del teksten i to rækker."
    ]


def goal_remarks(theme: str, *, is_condition: bool, is_activity: bool) -> list[str]:
    """What KL's rules say about a goal with this theme ("" for none): why it cannot be reported as it is."""
    conditions = (
        (kl_ffb.Condition("1", theme, kl_ffb.Area.ACTIVITY if is_activity else kl_ffb.Area.FUNCTIONS),)
        if theme and is_condition
        else ()
    )
    goal = kl_ffb.GoalFacts("1", tuple(kl_ffb.Addressed(condition.key, 1) for condition in conditions))
    plan = kl_ffb.Plan("1", None, conditions=conditions, goals=(goal,))
    return [fault.sentence for fault in kl_ffb.faults(plan) if fault.where == "goal:1"]
