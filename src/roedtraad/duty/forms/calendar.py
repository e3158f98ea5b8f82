"""What is typed about an appointment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.core.clock import COPENHAGEN
from roedtraad.duty.forms.fields import day_field, line_field, own_key, time_field
from roedtraad.duty.models import Appointment
from roedtraad.duty.queries.calendar import Occurrence
from roedtraad.duty.rules.recurrence import EVERY, every_of, rule_of
from roedtraad.duty.services.calendar import Agreed

REMINDERS = [
    ("", _("nej")),
    ("0", _("når den begynder")),
    ("15", _("et kvarter før")),
    ("60", _("en time før")),
    ("1440", _("dagen før")),
]
# How the form keeps a way of repeating that it does not offer itself.
AS_IT_IS = "as-it-is"


class AppointmentForm(forms.Form):
    """What, when, where, with whom, how often, and who sees it."""

    use_required_attribute = False

    title = line_field(_("Hvad"), 120, required=True, missing=_("Skriv, hvad aftalen er."))
    kind = forms.ChoiceField(label=_("Art"), choices=Appointment.Kind.choices)
    day = day_field(_("Dag"))
    all_day = forms.BooleanField(label=_("Hele dagen"), required=False)
    starts = time_field(_("Fra"), required=False)
    ends = time_field(_("Til"), required=False)
    last_day = day_field(_("Slutter dagen"), required=False, hint=_("Tom: samme dag."))
    place = line_field(_("Sted"), 120)
    with_whom = line_field(_("Med hvem"), 120)
    every = forms.ChoiceField(label=_("Gentages"), required=False)
    until = day_field(_("Gentages til og med"), required=False, hint=_("Tom: indtil videre."))
    reminder = forms.ChoiceField(label=_("Påmind"), choices=REMINDERS, required=False)
    shared_with_citizen = forms.BooleanField(label=_("Borgeren ser aftalen på sin egen side"), required=False)
    shared_with_relatives = forms.BooleanField(
        label=_("Pårørende ser aftalen"),
        required=False,
        help_text=_("Kun når borgeren har samtykket til at dele sin kalender."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = own_key()

    def __init__(
        self, *args: Any, of_citizen: bool, repeats: bool = True, rule: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        gone = [] if of_citizen else ["shared_with_citizen", "shared_with_relatives"]
        for name in [*gone, *([] if repeats else ["every", "until"])]:
            del self.fields[name]
        if repeats:
            kept = [(AS_IT_IS, _("som nu"))] if self.initial.get("every") == AS_IT_IS else []
            self.fields["every"].choices = [*EVERY.items(), *kept]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """A time of day unless it is the whole day."""
        cleaned = super().clean() or {}
        if not cleaned.get("all_day"):
            for name in ("starts", "ends"):
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, _("Skriv et klokkeslæt, eller vælg hele dagen."))
        return cleaned

    def agreed(self) -> Agreed:
        """What was typed, as the service takes it. Refusal for a way of repeating that is not there."""
        typed = self.cleaned_data
        first, last = typed["day"], typed["last_day"] or typed["day"]
        if typed["all_day"]:
            starts, ends = _moment(first, dt.time()), _moment(last + dt.timedelta(days=1), dt.time())
        else:
            starts, ends = _moment(first, typed["starts"]), _moment(last, typed["ends"])
        every = typed.get("every", "")
        return Agreed(
            title=typed["title"],
            kind=typed["kind"],
            starts_at=starts,
            ends_at=ends,
            all_day=typed["all_day"],
            place=typed["place"],
            with_whom=typed["with_whom"],
            rrule=self.rule if every == AS_IT_IS else rule_of(every, first),
            repeats_until=typed.get("until"),
            reminder_minutes=int(typed["reminder"]) if typed["reminder"] else None,
            shared_with_citizen=typed.get("shared_with_citizen", False),
            shared_with_relatives=typed.get("shared_with_relatives", False),
        )


def _moment(day: dt.date, at: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, at, COPENHAGEN)


def first_values(one: Occurrence, *, whole: bool) -> dict[str, Any]:
    """What the form shows at first: the series from its first time, or one time of it."""
    about = one.appointment
    starts, ends = (about.starts_at, about.ends_at) if whole else (one.starts, one.ends)
    starts, ends = starts.astimezone(COPENHAGEN), ends.astimezone(COPENHAGEN)
    last = (ends - dt.timedelta(days=1)).date() if about.all_day else ends.date()
    every = every_of(about.rrule, starts.date())
    minutes = about.reminder_minutes
    return {
        "title": about.title,
        "kind": about.kind,
        "day": starts.date(),
        "all_day": about.all_day,
        "starts": None if about.all_day else starts.time(),
        "ends": None if about.all_day else ends.time(),
        "last_day": None if last == starts.date() else last,
        "place": about.place,
        "with_whom": about.with_whom,
        "every": AS_IT_IS if every is None else every,
        "until": about.repeats_until,
        "reminder": "" if minutes is None else str(minutes),
        "shared_with_citizen": about.shared_with_citizen,
        "shared_with_relatives": about.shared_with_relatives,
        "version": about.version,
    }
