"""What the shift puts into a handover package: the latest risk with its history, and the appointments coming."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Consent
from roedtraad.core import clock
from roedtraad.duty.models import RiskReading
from roedtraad.duty.queries.calendar import agenda_of
from roedtraad.practice.queries.handover_parts import Asked, Fact, PackageSource, line, provide_part
from roedtraad.practice.queries.timeline import link

#: How far the history of the risk goes back, and how far ahead appointments are told.
RISK_BACK, AHEAD = dt.timedelta(days=90), dt.timedelta(weeks=8)
SHOWN_READINGS, SHOWN_APPOINTMENTS = 3, 12


def _risk(asked: Asked) -> Iterator[Fact]:
    """The latest reading, those before it that were not the calm one, and how often each level was set. One SQL."""
    readings = list(
        RiskReading.objects.filter(citizen=asked.citizen, set_at__gte=clock.now() - RISK_BACK)
        .select_related("level", "set_by")
        .order_by("-set_at", "-pk")
    )
    if not readings:
        return
    url = link("duty:risk", asked.citizen.key)
    told = [readings[0], *[one for one in readings[1:] if one.level.tone != "good"][: SHOWN_READINGS - 1]]
    for one in told:
        level = one.level
        said = f"{level.shape} {level.name}: {one.text or level.meaning} {level.action}"
        day = one.set_at.astimezone(clock.COPENHAGEN).date()
        yield Fact(line(said), _("Dagens risiko, sat af %(who)s") % {"who": one.set_by}, day, url)
    counted = Counter(f"{one.level.shape} {one.level.name}" for one in readings)
    often = ", ".join(f"{name} {number} ×" for name, number in counted.most_common())
    said = _("De seneste %(days)s dage: %(often)s") % {"days": RISK_BACK.days, "often": often}
    yield Fact(said, _("Dagens risiko"), clock.today(), url)


def _appointments(asked: Asked) -> Iterator[Fact]:
    """What is in the calendar from today on. One SQL."""
    now = clock.now()
    url = link("duty:citizen-calendar", asked.citizen.key)
    for one in agenda_of(asked.citizen.pk, now, now + AHEAD)[:SHOWN_APPOINTMENTS]:
        appointment = one.appointment
        told = (appointment.title, one.span, appointment.with_whom, appointment.place)
        yield Fact(line(" · ".join(filter(None, told))), _("Kalender"), one.day, url)


def provide() -> None:
    """Put them into every package."""
    risk, appointments = gettext_lazy("Risiko"), gettext_lazy("Aftaler, der kommer")
    provide_part(PackageSource("risiko", risk, 50, Consent.Scope.NOTES, _risk))
    provide_part(PackageSource("aftaler", appointments, 90, Consent.Scope.CALENDAR, _appointments))
