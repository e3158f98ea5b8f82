"""The forms of tasks: what is typed, read into moments, rules and rows. The rules are elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys.forms import day_field
from roedtraad.organisation.models import Unit
from roedtraad.practice import occurrences
from roedtraad.practice.models import Effort, TaskSeries
from roedtraad.practice.rules import recurrence, tasks
from roedtraad.practice.services.planning import Part

REPEATS = [
    ("", _("Nej, kun den dag")),
    ("daily", _("Hver dag")),
    ("workdays", _("Alle hverdage")),
    ("weekly", _("Hver uge")),
    ("fortnightly", _("Hver anden uge")),
    ("monthly", _("Hver måned på samme dato")),
    ("monthly_on", _("Hver måned på samme ugedag")),
]
AS_NOW = "as_now"
_WEEKS = {"weekly": 1, "fortnightly": 2}
LAST_NTH = 5


def rule_from(repeat: str, days: Sequence[int], first_on: dt.date) -> recurrence.Rule:
    """The rule that a choice means, seen from its first day. Refusal for parts that make no rule."""
    match repeat:
        case "daily":
            return recurrence.daily()
        case "workdays":
            return recurrence.workdays()
        case "monthly":
            return recurrence.monthly(first_on.day)
        case "monthly_on":
            nth = (first_on.day - 1) // 7 + 1
            return recurrence.monthly_on(-1 if nth == LAST_NTH else nth, first_on.weekday())
    return recurrence.weekly(days or [first_on.weekday()], _WEEKS[repeat])


def choice_of(rule: recurrence.Rule) -> tuple[str, list[str]]:
    """The choice that a rule came from, and its weekdays; `AS_NOW` for one that the form does not offer."""
    if rule == recurrence.daily():
        return "daily", []
    if rule == recurrence.workdays():
        return "workdays", []
    repeat = next((name for name, n in _WEEKS.items() if rule.interval == n), None)
    if rule.every is recurrence.Every.WEEK and repeat:
        return repeat, [str(day) for day in rule.days]
    return AS_NOW, []


def _time_field() -> forms.TimeField:
    return forms.TimeField(
        label=_("Klokken"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("Skriv et klokkeslæt."), "invalid": _("Skriv klokken som 18:00.")},
    )


def _minutes_field(*, required: bool = False, hint: Any = "") -> forms.IntegerField:
    wrong = _("Skriv et antal minutter mellem 1 og 1440.")
    return forms.IntegerField(
        label=_("Minutter"),
        required=required,
        min_value=1,
        max_value=tasks.LONGEST_MINUTES,
        help_text=hint,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Skriv, hvor mange minutter opgaven tog."),
            "invalid": wrong,
            "min_value": wrong,
            "max_value": wrong,
        },
    )


class WhenFields(forms.Form):
    """What is to be done, when, and whether it comes again."""

    use_required_attribute = False

    title = forms.CharField(label=_("Hvad skal gøres"), max_length=160)
    instruction = forms.CharField(
        label=_("Sådan gør du"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = _minutes_field(hint=_("Så mange minutter er planen. Bruges også, når nogen trykker »Gjort«."))
    at = _time_field()
    repeat = forms.ChoiceField(label=_("Gentages"), required=False, choices=REPEATS)
    days = forms.MultipleChoiceField(
        label=_("På disse ugedage"),
        required=False,
        choices=[(str(n), name) for n, name in enumerate(recurrence.WEEKDAYS)],
        help_text=_("Bruges, når opgaven gentages hver uge eller hver anden uge."),
        widget=forms.CheckboxSelectMultiple,
    )
    last_on = day_field(_("Sidste gang"), required=False, hint=_("Tom: indtil nogen afslutter den."))

    def rule(self, first_on: dt.date) -> recurrence.Rule:
        """The rule that is chosen, seen from its first day."""
        return rule_from(
            self.cleaned_data["repeat"], [int(day) for day in self.cleaned_data["days"]], first_on
        )


class PlanForm(WhenFields):
    """Plan a task, or one that comes again: for an effort of the citizen's, or without."""

    effort = forms.ChoiceField(
        label=_("Indsats"),
        required=False,
        help_text=_("Minutterne tæller for indsatsens mål."),
    )
    first_on = day_field(_("Dag"), missing=_("Skriv, hvilken dag det skal ske."))
    field_order: tuple[str, ...] = (
        "effort",
        "title",
        "first_on",
        "at",
        "minutes",
        "repeat",
        "days",
        "last_on",
        "instruction",
    )

    def __init__(self, *args: Any, efforts: list[Effort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.efforts = {str(effort.key): effort for effort in efforts}
        cast(forms.ChoiceField, self.fields["effort"]).choices = [
            ("", _now("Uden indsats")),
            *((key, f"{effort.title} · {effort.goal.title}") for key, effort in self.efforts.items()),
        ]
        self.fields["title"].required = False
        self.fields["title"].help_text = _now("Tom: indsatsens navn.")

    def clean(self) -> dict[str, Any]:
        """Words of its own, or those of an effort."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("title") and not cleaned.get("effort"):
            self.add_error("title", _now("Vælg en indsats, eller skriv, hvad der skal gøres."))
        return cleaned

    @property
    def effort_row(self) -> Effort | None:
        """The chosen effort."""
        return self.efforts.get(self.cleaned_data.get("effort", ""))

    def preview(self) -> tuple[str, list[dt.datetime]]:
        """The rule in words and its first five times; nothing while it cannot be read."""
        typed = self.cleaned_data
        if not typed.get("repeat") or not typed.get("first_on") or not typed.get("at"):
            return "", []
        try:
            rule = self.rule(typed["first_on"])
        except Refusal:
            return "", []
        times = occurrences.coming(rule, typed["first_on"], typed["at"], typed.get("last_on"))
        return recurrence.in_words(rule, typed["at"]), times


class UnitPlanForm(PlanForm):
    """Plan a task of a unit: for nobody in particular, or for a group of those who live there."""

    unit = forms.ChoiceField(label=_("Enhed"), error_messages={"required": _("Vælg en enhed.")})
    group = forms.MultipleChoiceField(
        label=_("Hvem er med"),
        required=False,
        help_text=_("Vælg ingen, når opgaven er for hele enheden. Minutterne tæller for hver, der er med."),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("title", "unit", "group", *PlanForm.field_order[2:])

    def __init__(
        self,
        *args: Any,
        units: list[tuple[Unit, str]],
        people: list[tuple[Citizen, list[Effort]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, efforts=[], **kwargs)
        del self.fields["effort"]
        self.fields["title"].required = True
        self.fields["title"].help_text = _now("Skriv ingen navne: hele enheden læser det.")
        self.units = {unit.key: unit for unit, _name in units}
        self.parts: dict[str, Part] = {}
        labels: list[tuple[str, str]] = []
        for citizen, efforts in people:
            for effort in [*efforts, None]:
                value = f"{citizen.key} {effort.key if effort else ''}"
                self.parts[value] = Part(citizen, effort)
                words = effort.title if effort else _now("uden indsats")
                labels.append((value, f"{citizen} – {words}"))
        cast(forms.ChoiceField, self.fields["unit"]).choices = [(unit.key, name) for unit, name in units]
        cast(forms.MultipleChoiceField, self.fields["group"]).choices = labels

    def chosen(self) -> list[Part]:
        """Those who take part, with the effort it delivers."""
        return [self.parts[value] for value in self.cleaned_data["group"]]


class SeriesForm(WhenFields):
    """Change a series from a day on."""

    from_day = day_field(_("Fra og med"), missing=_("Skriv, fra hvilken dag det skal være anderledes."))
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = (
        "from_day",
        "title",
        "at",
        "minutes",
        "repeat",
        "days",
        "last_on",
        "instruction",
        "version",
    )

    def __init__(self, data: Any = None, *, series: TaskSeries) -> None:
        self.now = recurrence.parse(series.rule)
        repeat, days = choice_of(self.now)
        today = clock.today()
        first = {
            "from_day": max(today, series.first_on),
            "title": series.title,
            "instruction": series.instruction,
            "minutes": series.minutes,
            "at": series.at,
            "repeat": repeat,
            "days": days,
            "last_on": series.last_on,
            "version": series.version,
        }
        super().__init__(data, initial=first)
        as_now = [(AS_NOW, _now("Som nu: %(rule)s") % {"rule": recurrence.in_words(self.now)})]
        cast(forms.ChoiceField, self.fields["repeat"]).choices = [
            *(as_now if repeat == AS_NOW else []),
            *REPEATS[1:],
        ]

    def on_top_of(self, version: int) -> None:
        """What was typed now stands on another version: sent again, it is meant to take its place."""
        typed = cast(QueryDict, self.data).copy()
        typed["version"] = str(version)
        self.data = typed

    def rule(self, first_on: dt.date) -> recurrence.Rule:
        """The rule that is chosen; the one there is when it is not changed."""
        return self.now if self.cleaned_data["repeat"] in ("", AS_NOW) else super().rule(first_on)


class LastDayForm(forms.Form):
    """End a series."""

    use_required_attribute = False
    last_day = day_field(_("Sidste dag"), missing=_("Skriv den sidste dag."))


class SkipForm(forms.Form):
    """Why a task is not done: one tap, or in words."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("En anden grund"),
        max_length=300,
        error_messages={"required": _("Skriv eller vælg, hvorfor opgaven ikke blev til noget.")},
    )


class MinutesForm(forms.Form):
    """How many minutes a task took, said by the one who did it."""

    use_required_attribute = False
    minutes = _minutes_field(required=True)


class ColleagueForm(forms.Form):
    """Who takes the task."""

    use_required_attribute = False
    colleague = forms.ChoiceField(label=_("Kollega"), error_messages={"required": _("Vælg en kollega.")})

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["colleague"]).choices = [("", _now("Vælg")), *people]
