"""The forms of the strategy staff. What may be changed is decided by the services; this only reads the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.organisation.models import UnitVersion


class ReasonForm(forms.Form):
    """Why something is changed."""

    reason = forms.CharField(
        label=_("Hvorfor ændrer du det?"),
        max_length=300,
        help_text=_("Begrundelsen står i historikken."),
    )


def _short(label: Any, longest: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required)


def _long(label: Any, longest: int, *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=longest, required=required, widget=area)


class PlanForm(ReasonForm):
    """A plan's texts."""

    name = _short(_("Navn"), 160)
    vision = _long(_("Vision"), 200)
    field_order = ["name", "vision", "reason"]


class NamedForm(ReasonForm):
    """The texts of a track or a goal."""

    name = _short(_("Navn"), 120)
    summary = _long(_("Kort sagt"), 300, required=False)
    field_order = ["name", "summary", "reason"]


class MarkForm(ReasonForm):
    """A pejlemærke's texts."""

    heading = _short(_("Overskrift"), 120)
    title = _short(_("Titel"), 120)
    summary = _long(_("Kort sagt"), 300)
    field_order = ["heading", "title", "summary", "reason"]


class TextForm(ReasonForm):
    """One text."""

    text = _long(_("Tekst"), 200)
    field_order = ["text", "reason"]


class TimetableForm(TextForm):
    """A new line of the timetable."""

    year = forms.IntegerField(label=_("År"), min_value=2000, max_value=2100)
    field_order = ["year", "text", "reason"]


class PeriodForm(ReasonForm):
    """A target's value and period."""

    value = forms.DecimalField(label=_("Mål"), max_digits=12, decimal_places=2, localize=True)
    start = forms.DateField(
        label=_("Gælder fra"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Til og med"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Lad feltet stå tomt, når målet gælder indtil videre."),
    )
    field_order = ["value", "start", "last", "reason"]


class TargetForm(PeriodForm):
    """A new target."""

    unit = forms.ChoiceField(label=_("Enhed"), required=False)
    field_order = ["unit", "value", "start", "last", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = UnitVersion.objects.filter(valid__contains=clock.today()).order_by("sort_key")
        named = units.values_list("unit_id", "name")
        self.fields["unit"].choices = [("", _("Alle enheder")), *((str(pk), name) for pk, name in named)]  # type: ignore[attr-defined]  # a ChoiceField


def period_of(target: Any) -> dict[str, Any]:
    """A target's value and period as the form shows them."""
    held = Period.from_range(target.valid)
    return {"value": target.value, "start": held.start, "last": held.last}
