"""What the pages of a record have in common: opening it (and saying so in the log), and its frame."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.access import lookups
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.practice.access import Opened, open_record
from roedtraad.practice.queries.homes import among_namesakes

# The tabs of a record, in order: the part of the address, and the word.
# Taken from the floors above and from parts not there yet: what has no address is left out.
TABS: list[tuple[str, Any]] = [
    ("practice:thread", gettext_lazy("Tråden")),
    ("practice:timeline", gettext_lazy("Tidslinje")),
    ("practice:notes", gettext_lazy("Notater")),
    ("practice:wishes", gettext_lazy("Ønsker")),
    ("practice:goals", gettext_lazy("Mål")),
    ("practice:assessments", gettext_lazy("Udredning")),
    ("practice:tasks", gettext_lazy("Opgaver")),
    ("duty:citizen-calendar", gettext_lazy("Kalender")),
    ("duty:risk", gettext_lazy("Risiko")),
    ("citizens:network", gettext_lazy("Netværk")),
    ("citizens:relations", gettext_lazy("Relationer")),
    ("voices:conversations", gettext_lazy("Beskeder")),
    ("practice:reports", gettext_lazy("Rapporter")),
    ("practice:transitions", gettext_lazy("Overgange")),
    ("exchange:plan", gettext_lazy("Udveksling")),
]


def visitor(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


def opened(request: HttpRequest, key: UUID, part: str, *, writing: bool = False) -> Opened:
    """The record with this key, and a line in the log that `part` of it was opened.

    Http404 for a record the visitor must not see; AccessDenied with a sentence when it is to be written in
    and may only be read.
    """
    record = open_record(visitor(request), key)
    if record is None:
        raise Http404
    if writing and not record.may_write:
        raise AccessDenied(_("Du kan læse denne journal, men ikke skrive i den."))
    lookups.record(
        visitor(request), [record.citizen.pk], part, action="record.view", emergency=record.emergency
    )
    if not getattr(record.citizen, "has_namesake", False):
        return record
    return replace(record, namesake=among_namesakes(visitor(request), record.citizen))


def frame(record: Opened, here: str, last: Any = "") -> dict[str, Any]:
    """What every page of a record shows around itself: the steps up, the tabs, and whose record it is.

    `here` is the tab's name (`practice:goals`); `last` a step below it.
    """
    citizen = record.citizen
    tabs = []
    for name, label in TABS:
        try:
            tabs.append((reverse(name, args=[citizen.key]), label, name == here))
        except NoReverseMatch:
            continue
    word = dict(TABS).get(here, "")
    url = next((url for url, label, current in tabs if current), "")
    steps = [
        (_("Borgere"), reverse("journeys:citizens")),
        (
            str(citizen),
            reverse("practice:thread", args=[citizen.key]) if here != "practice:thread" or last else "",
        ),
    ]
    if here != "practice:thread":
        steps.append((word, url if last else ""))
    if last:
        steps.append((last, ""))
    return {
        "citizen": citizen,
        "record": record,
        "may_write": record.may_write,
        "emergency": record.emergency,
        "tabs": tabs,
        "steps": steps,
    }
