"""The calendar of a unit and of a citizen: a week or a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from roedtraad.access import lookups
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.duty.queries.calendar import (
    Occurrence,
    agenda,
    agenda_of,
    day_bounds,
    due_reminders,
)
from roedtraad.duty.rules.moments import week_start, week_words, weekday_words
from roedtraad.duty.views.common import WORK, home_address, opened, sections, visitor, where
from roedtraad.practice.rules.recurrence import WEEKDAYS

# Calendars are looked at within these years; outside them the address is read as today.
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)


@dataclass(frozen=True)
class Day:
    """One day of the page and what takes place on it."""

    date: dt.date
    weekday: str
    is_today: bool
    occurrences: list[Occurrence]


@dataclass(frozen=True)
class Shown:
    """Which days the page shows, and the addresses of those before and after."""

    first: dt.date
    days: int
    view: str

    @classmethod
    def of(cls, request: HttpRequest) -> Shown:
        """The week the asked day lies in, or that day alone."""
        day = read_day(request.GET.get("dag", "")) or clock.today()
        if request.GET.get("vis") == "dag":
            return cls(day, 1, "dag")
        return cls(week_start(day), 7, "uge")

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """The moments it spans."""
        return day_bounds(self.first, self.days)

    @property
    def words(self) -> str:
        """The week by its number and days, or the day."""
        return weekday_words(self.first) if self.days == 1 else week_words(self.first)

    def laid_out(self, occurrences: list[Occurrence]) -> list[Day]:
        """The days with what touches each."""
        today = clock.today()
        days = [self.first + dt.timedelta(days=number) for number in range(self.days)]
        return [
            Day(day, WEEKDAYS[day.weekday()], day == today, [one for one in occurrences if one.touches(day)])
            for day in days
        ]

    def links(self, request: HttpRequest) -> dict[str, str]:
        """The addresses of the time before and after, of today, and of the other view."""
        step = dt.timedelta(days=self.days)
        here = clock.today() if self.first <= clock.today() < self.first + step else self.first
        return {
            "before": _address(request, dag=self.first - step, vis=self.view),
            "after": _address(request, dag=self.first + step, vis=self.view),
            "today": _address(request, dag=clock.today(), vis=self.view),
            "other": _address(request, dag=here, vis="uge" if self.days == 1 else "dag"),
        }


@requires("duty.work")
@never_cache
@require_GET
def unit_calendar(request: HttpRequest) -> HttpResponse:
    """The unit's appointments and those of who lives there, and what one is reminded of."""
    user, place, shown = visitor(request), where(request), Shown.of(request)
    found = agenda(user, place.unit_ids, *shown.bounds)
    reminders = due_reminders(user)
    people = {one.citizen.pk for one in [*found, *reminders] if one.citizen}
    lookups.record(user, people, "kalender", action=WORK)
    context = {
        "where": place,
        "reminders": reminders,
        "new_url": f"{reverse('duty:appointment-new')}?enhed={place.unit.key}&dag={shown.first}"
        if place.unit
        else "",
        "sections": sections(request, "duty:calendar", place.unit),
        **_page(request, shown, found),
    }
    return render(request, "duty/calendar.html", context)


@requires("record.view")
@never_cache
@require_GET
def citizen_calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's appointments."""
    record = opened(request, key, "kalender")
    shown, citizen = Shown.of(request), record.citizen
    new = f"{reverse('duty:appointment-new')}?borger={citizen.key}&dag={shown.first}"
    context = {
        "citizen": citizen,
        "record": record,
        "new_url": new if record.may_write else "",
        "steps": [
            (_("Kalender"), home_address("duty:calendar", citizen) if record.may_write else ""),
            (str(citizen), ""),
        ],
        **_page(request, shown, agenda_of(citizen.pk, *shown.bounds)),
    }
    return render(request, "duty/calendar.html", context)


def _page(request: HttpRequest, shown: Shown, found: list[Occurrence]) -> dict[str, Any]:
    return {
        "shown": shown,
        "days": shown.laid_out(found),
        "count": len(found),
        "links": shown.links(request),
    }


def read_day(text: str) -> dt.date | None:
    """The day an address asks for; None when it asks for none that can be read."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day < LATEST else None


def _address(request: HttpRequest, **changed: object) -> str:
    asked = request.GET.copy()
    for name, value in changed.items():
        asked[name] = str(value)
    return f"?{asked.urlencode()}"
