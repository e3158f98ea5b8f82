"""The forms of a status report. What may be done is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from roedtraad.journeys.forms import day_field
from roedtraad.practice.models import StatusReport
from roedtraad.practice.rules.report_text import News, Part
from roedtraad.practice.services.reports import LONGEST


class PeriodForm(forms.Form):
    """The days a report covers."""

    use_required_attribute = False
    first = day_field(_("Fra og med"), missing=_("Skriv, hvilken dag perioden begynder."))
    last = day_field(_("Til og med"), missing=_("Skriv, hvilken dag perioden slutter."))


class ReportForm(forms.Form):
    """A text for each part, and whether the citizen may read the report."""

    use_required_attribute = False
    shared_with_citizen = forms.BooleanField(
        label=_("Borgeren kan læse rapporten på Min side, når den er godkendt"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            rows = min(24, 3 + len(part.text) // 80 + part.text.count("\n"))
            self.fields[part.key] = forms.CharField(
                label=part.heading,
                required=False,
                max_length=LONGEST,
                strip=False,
                widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "lang": "da"}),
            )

    def texts(self) -> dict[str, str]:
        """What is typed, by the part's key."""
        return {part.key: self.cleaned_data[part.key] for part in self.parts}

    def field_of(self, part: Part) -> BoundField:
        """The part's field."""
        return self[part.key]


def report_initial(report: StatusReport, parts: Sequence[Part]) -> dict[str, Any]:
    """What the form shows of a draft."""
    return {part.key: part.text for part in parts} | {
        "shared_with_citizen": report.shared_with_citizen,
        "version": report.version,
    }


@dataclass(frozen=True)
class Choice:
    """A part with news, and the field in which an edited text is given up for them; None for an unedited one."""

    news: News
    field: BoundField | None


class RefreshForm(forms.Form):
    """Drawing anew: the period, and which edited parts are given up for what the thread says now."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, news: Sequence[News], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.news = news
        for one in news:
            if one.edited:
                self.fields[f"take-{one.key}"] = forms.BooleanField(
                    label=_("Brug trådens tekst i stedet for den, vi har skrevet"), required=False
                )

    def choices(self) -> list[Choice]:
        """The parts with news, each with its field."""
        return [Choice(one, self[f"take-{one.key}"] if one.edited else None) for one in self.news]

    def take(self) -> set[str]:
        """The keys of the parts that are given up."""
        return {one.key for one in self.news if self.cleaned_data.get(f"take-{one.key}")}


class ReturnForm(forms.Form):
    """Why a report is sent back."""

    use_required_attribute = False
    comment = forms.CharField(
        label=_("Hvad skal rettes?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Skriv, hvad der skal rettes.")},
    )
