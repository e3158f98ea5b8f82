"""What is typed in a handover: a text for each line, and a few new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Citizen
from roedtraad.duty.models import HandoverLine
from roedtraad.duty.services.handover import LONGEST_LINE, Edit, NewLine

NEW_LINES = 2
_TOO_LONG = gettext_lazy("En linje må højst have %(limit_value)d tegn. Skriv det længere som et notat.")


@dataclass(frozen=True)
class Row:
    """A line on the page: its field, and what a colleague wrote in it meanwhile."""

    line: HandoverLine
    field: BoundField
    theirs: str


class HandoverForm(forms.Form):
    """The lines of a handover as they are written."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, lines: Sequence[HandoverLine], people: Sequence[Citizen], version: int
    ) -> None:
        super().__init__(data, initial={"version": version})
        self.lines, self.people = list(lines), list(people)
        for line in self.lines:
            self.fields[f"line-{line.key}"] = _text(
                str(line.citizen) if line.citizen else _("Enheden"), line.text
            )
        whose = [("", _("Enheden")), *((str(person.key), str(person)) for person in self.people)]
        for number in range(NEW_LINES):
            self.fields[f"new-{number}-about"] = forms.ChoiceField(
                label=_("Ny linje om"), choices=whose, required=False
            )
            self.fields[f"new-{number}-text"] = _text(_("Hvad skal den næste vagt vide"), "")

    def again(self, version: int, lines: Sequence[HandoverLine]) -> HandoverForm:
        """The same typed words, to be sent again on top of what stands there now."""
        sent = cast(QueryDict, self.data).copy()
        sent["version"] = str(version)
        for line in lines:
            # A line that came meanwhile was not on the page: it is not taken out by being silent about it.
            sent.setdefault(f"line-{line.key}", line.text)
        form = HandoverForm(sent, lines=lines, people=self.people, version=version)
        form.is_valid()
        return form

    def edits(self) -> list[Edit]:
        """What each line is to say; lines the page did not have are left alone."""
        names = {line.key: f"line-{line.key}" for line in self.lines}
        return [Edit(key, self.cleaned_data[name]) for key, name in names.items() if name in self.data]

    def new_lines(self) -> list[NewLine]:
        """The lines that were added."""
        by_key = {str(person.key): person for person in self.people}
        return [
            NewLine(
                by_key.get(self.cleaned_data[f"new-{number}-about"]), self.cleaned_data[f"new-{number}-text"]
            )
            for number in range(NEW_LINES)
            if self.cleaned_data[f"new-{number}-text"].strip()
        ]

    def rows(self, theirs: dict[UUID, str]) -> list[Row]:
        """The lines as the page shows them; `theirs` is what stands in the lines now, when somebody changed them."""
        made = []
        for line in self.lines:
            field = self[f"line-{line.key}"]
            now = theirs.get(line.key, "")
            made.append(Row(line, field, now if now.strip() != (field.value() or "").strip() else ""))
        return made

    @property
    def additions(self) -> list[tuple[BoundField, BoundField]]:
        """The fields of each new line."""
        return [(self[f"new-{number}-about"], self[f"new-{number}-text"]) for number in range(NEW_LINES)]


def _text(label: str, first: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=first,
        required=False,
        max_length=LONGEST_LINE,
        error_messages={"max_length": _TOO_LONG},
        widget=forms.Textarea(attrs={"rows": min(8, max(2, first.count("\n") + 2))}),
    )
