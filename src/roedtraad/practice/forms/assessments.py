"""The form of an assessment: one row a theme and a sub-theme. What may be written is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from roedtraad.core import clock
from roedtraad.journeys.forms import day_field
from roedtraad.practice.models import Assessment, AssessmentScore, Theme
from roedtraad.practice.queries.assessments import numbered
from roedtraad.practice.rules import assessments as rules
from roedtraad.practice.services.assessments import LONGEST, LONGEST_SUMMARY, ScoreText

LEVELS = [(str(int(level)), f"{int(level)} {words}") for level, words in rules.LEVEL_WORDS.items()]
NEEDS = [("", "—"), *((str(int(need)), words) for need, words in rules.SUPPORT_WORDS.items())]
PARTS = ("level", "support_need", "text", "citizen_level", "citizen_text")


def _level(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=LEVELS,
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Vælg et af de trin, der står på listen.")},
    )


def _text(label: Any, longest: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


@dataclass(frozen=True)
class Levels:
    """A row of levels: its field, and (value, words, chosen) for each level. Drawn by hand, as there are hundreds."""

    field: BoundField

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """The levels to choose among."""
        chosen = self.field.value()
        return [(value, words, str(chosen) == value) for value, words in LEVELS]


@dataclass(frozen=True)
class Row:
    """The fields of a theme, what was found last time, and the rows under it."""

    theme: Theme
    level: BoundField
    support_need: BoundField
    text: BoundField
    citizen_level: BoundField
    citizen_text: BoundField
    last: str
    subs: list[Row] = field(default_factory=list)

    @property
    def levels(self) -> Levels:
        """The professional's level."""
        return Levels(self.level)

    @property
    def citizen_levels(self) -> Levels:
        """The citizen's own level."""
        return Levels(self.citizen_level)

    @property
    def is_begun(self) -> bool:
        """Is anything typed here, or wrong here?"""
        fields = (self.level, self.support_need, self.text, self.citizen_level, self.citizen_text)
        return any(one.errors or one.value() not in (None, "") for one in fields)

    @property
    def subs_begun(self) -> bool:
        """Is anything typed for a sub-theme?"""
        return any(sub.is_begun for sub in self.subs)


class AssessmentForm(forms.Form):
    """A whole assessment. Everything may be left out: it is saved bit by bit."""

    use_required_attribute = False
    assessed_on = day_field(_("Vurderet den"), missing=_("Skriv, hvilken dag vurderingen gælder."))
    summary = _text(_("Sammenfatning"), LONGEST_SUMMARY, 5)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        themes: Sequence[tuple[Theme, list[Theme]]],
        last: Mapping[int, AssessmentScore],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.themes, self.last = themes, last
        for theme in self._everything():
            self.fields[f"{theme.pk}-level"] = _level(_("Vores vurdering"))
            self.fields[f"{theme.pk}-support_need"] = forms.TypedChoiceField(
                label=_("Støttebehov"), choices=NEEDS, required=False, coerce=int, empty_value=None
            )
            self.fields[f"{theme.pk}-text"] = _text(_("Beskrivelse"), LONGEST, 3)
            self.fields[f"{theme.pk}-citizen_level"] = _level(_("Borgerens egen vurdering"))
            self.fields[f"{theme.pk}-citizen_text"] = _text(_("Borgerens egne ord"), LONGEST, 2)

    def _everything(self) -> list[Theme]:
        return [one for theme, subs in self.themes for one in (theme, *subs)]

    def rows(self) -> list[Row]:
        """The themes with their fields, each with its sub-themes' rows."""
        return [self._row(theme, [self._row(sub) for sub in subs]) for theme, subs in self.themes]

    def _row(self, theme: Theme, subs: Sequence[Row] = ()) -> Row:
        score = self.last.get(theme.pk)
        level = rules.assessed(score.level) if score else None
        fields = {name: self[f"{theme.pk}-{name}"] for name in PARTS}
        return Row(theme=theme, last=numbered(level), subs=list(subs), **fields)

    def scores(self) -> dict[int, ScoreText]:
        """What is typed, by the theme's id."""
        typed = self.cleaned_data
        return {
            theme.pk: ScoreText(**{name: typed[f"{theme.pk}-{name}"] for name in PARTS})
            for theme in self._everything()
        }

    def differences(
        self, current: Assessment, scores: Mapping[int, AssessmentScore]
    ) -> list[tuple[str, str]]:
        """What stands there now where it is not what was typed: the field's words, and the text."""
        now = initial_of(current, scores)
        named = {theme.pk: theme.name for theme in self._everything()}
        found = []
        for name, one in self.fields.items():
            typed = self.cleaned_data.get(name)
            there = now.get(name)
            same = (typed is None or typed == "") if there in (None, "") else typed == there
            if name == "version" or same:
                continue
            theme, _dash, _part = name.partition("-")
            label = f"{named[int(theme)]}: {one.label}" if theme.isdigit() else str(one.label)
            words = dict(getattr(one, "choices", ())).get(str(there), there)
            found.append((label, str(words) if there not in (None, "") else "—"))
        return found


def initial_of(assessment: Assessment | None, scores: Mapping[int, AssessmentScore]) -> dict[str, Any]:
    """What the form shows of a draft; of none, today's date."""
    if assessment is None:
        return {"assessed_on": clock.today(), "version": 0}
    return {
        "assessed_on": assessment.assessed_on,
        "summary": assessment.summary,
        "version": assessment.version,
    } | {f"{pk}-{name}": getattr(score, name) for pk, score in scores.items() for name in PARTS}
