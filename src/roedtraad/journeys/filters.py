"""What one can ask the capacity pages for, read from the address. What cannot be read becomes the default."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models import LegalBasis
from roedtraad.organisation.models.places import AgeGroup, Category, TargetGroup

AXIS_WORDS = [
    ("area", _("specialområde")),
    ("offer", _("tilbud")),
    ("paragraph", _("paragraf")),
    ("age", _("aldersgruppe")),
    ("municipality", _("tilbuddets kommune")),
    ("target", _("målgruppe")),
]
WEEKS_WORDS = [
    (0, _("i dag")),
    (4, _("inden 4 uger")),
    (12, _("inden 12 uger")),
    (26, _("inden et halvt år")),
]
ANY = [("", _("alle"))]


def read_day(text: str, first: dt.date, last: dt.date) -> tuple[dt.date, bool]:
    """The day asked for, held within [first, last], and whether it could be read. Nothing asked means `last`."""
    if not text:
        return last, True
    try:
        return min(max(dt.date.fromisoformat(text), first), last), True
    except ValueError:
        return last, False


class Filter(forms.Form):
    """Fields that always have a value, so none is marked as left out; the browser is not to insist on one."""

    use_required_attribute = False

    def __init__(self, data: Any, **defaults: Any) -> None:
        """Show what `data` asks for; a choice that does not exist counts as the default."""
        super().__init__(auto_id="filter_%s")
        self.complete()
        self.asked: dict[str, str] = {}
        for name, field in self.fields.items():
            text = str(data.get(name, ""))
            known = {str(value) for value, _words in getattr(field, "choices", [])}
            self.asked[name] = text if text in known else str(defaults.get(name, ""))
        self.initial = self.asked

    def complete(self) -> None:
        """Fill in the choices that are in the database."""


class AxisForm(Filter):
    """By what the places are told apart."""

    opdel = forms.ChoiceField(label=_("Opdel efter"), choices=AXIS_WORDS)


class FreeForm(Filter):
    """Which free places one looks for."""

    category = forms.ChoiceField(label=_("Døgn eller dag"), choices=[*ANY, *Category.choices])
    paragraph = forms.ChoiceField(label=_("Paragraf"))
    target_group = forms.ChoiceField(label=_("Målgruppe"), choices=[*ANY, *TargetGroup.choices])
    age_group = forms.ChoiceField(label=_("Alder"), choices=[*ANY, *AgeGroup.choices])
    weeks = forms.ChoiceField(label=_("Ledig"), choices=WEEKS_WORDS)

    def complete(self) -> None:
        """The paragraphs: one choice for each code, whatever periods of law it has."""
        bases = LegalBasis.objects.order_by("law", "paragraph").values_list("code", "law", "paragraph")
        known = {code: f"{law} {paragraph}" for code, law, paragraph in bases}
        self.fields["paragraph"] = forms.ChoiceField(label=_("Paragraf"), choices=[*ANY, *known.items()])
