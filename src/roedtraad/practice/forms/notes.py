"""The forms of a note: what is typed, read into rows. The rules are in the service."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.journeys.forms import day_field
from roedtraad.practice.models import Goal, Note
from roedtraad.practice.models.notes import LONGEST_NOTE
from roedtraad.practice.queries.notes import running_goals
from roedtraad.practice.rules import words

MINUTE = "%Y-%m-%dT%H:%M"


class TypedField(forms.CharField):
    """A text without what cannot be seen; how long it may be the service says."""

    def to_python(self, value: Any) -> str:
        """The text, cleaned."""
        return super().to_python(words.cleaned(value) if isinstance(value, str) else value) or ""


class GoalsField(forms.ModelMultipleChoiceField):
    """Goals by their key, each a chip."""

    def label_from_instance(self, obj: Goal) -> str:
        """The goal's own words."""
        return obj.title


class NoteForm(forms.Form):
    """A new note, or a correction of `note`."""

    use_required_attribute = False

    text = TypedField(
        label=_("Notat"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "data-most": LONGEST_NOTE}),
        error_messages={"required": _("Skriv notatet.")},
    )
    goals = GoalsField(
        label=_("Handler om målet"),
        queryset=Goal.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        label=_("Art"), choices=Note.Kind.choices, initial=Note.Kind.DAILY, required=False
    )
    occurred_at = forms.DateTimeField(
        label=_("Skete"),
        required=False,
        widget=forms.DateTimeInput(format=MINUTE, attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("Tidspunktet kan ikke læses. Vælg en dag og et klokkeslæt.")},
    )
    tags = TypedField(
        label=_("Mærker"), required=False, help_text=_("Adskil med komma. For eksempel: søvn, tur.")
    )
    important = forms.BooleanField(label=_("Skal med i overleveringen"), required=False)
    sticky_until = day_field(
        _("Hæng på tavlen til og med"), required=False, hint=_("Så står det øverst til og med den dag.")
    )
    shared_with_citizen = forms.BooleanField(label=_("Del med borgeren"), required=False)
    shared_with_relatives = forms.BooleanField(
        label=_("Del med de pårørende, borgeren har sagt ja til"), required=False
    )
    picture = forms.FileField(
        label=_("Billede"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-scale": "1600"}),
        help_text=_("Stedet, det er taget, fjernes."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, citizen: Citizen, note: Note | None = None, **kwargs: Any) -> None:
        self.note = note
        if note is not None:
            kwargs.setdefault("initial", _initial(note))
        super().__init__(*args, **kwargs)
        goals = running_goals(citizen)
        if note is not None:
            # A goal closed since stays on the note.
            goals = (goals | Goal.objects.filter(note_goals__note=note)).distinct()
            for name in ("picture", "sticky_until", "shared_with_citizen", "shared_with_relatives"):
                del self.fields[name]
        self.fields["goals"].queryset = goals  # type: ignore[attr-defined]  # a field of choices

    def clean_tags(self) -> list[str]:
        """The tags, one by one."""
        return [tag for tag in self.cleaned_data["tags"].split(",") if tag.strip()]

    def values(self) -> dict[str, Any]:
        """What the service is given; the picture and the version apart."""
        typed = {
            name: value for name, value in self.cleaned_data.items() if name not in ("picture", "version")
        }
        typed["kind"] = typed["kind"] or (self.note.kind if self.note else Note.Kind.DAILY)
        typed["goals"] = list(typed["goals"])
        if self.note is not None and typed["occurred_at"] == _minute(self.note.occurred_at):
            # The field shows no seconds; a time nobody touched is not corrected.
            typed["occurred_at"] = None
        return typed


def _initial(note: Note) -> dict[str, Any]:
    return {
        "text": note.text,
        "goals": list(note.goals.values_list("key", flat=True)),
        "kind": note.kind,
        "occurred_at": _minute(note.occurred_at),
        "tags": ", ".join(note.tags),
        "important": note.important,
        "version": note.version,
    }


def _minute(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at, clock.COPENHAGEN).replace(second=0, microsecond=0)


class WithdrawForm(forms.Form):
    """Why a note is taken back."""

    use_required_attribute = False

    reason = TypedField(
        label=_("Hvorfor trækkes det tilbage"),
        help_text=_("For eksempel: Det handlede om en anden borger."),
        error_messages={"required": _("Skriv kort, hvorfor notatet trækkes tilbage.")},
    )


class BoardForm(forms.Form):
    """How long a note hangs on the board; empty takes it down."""

    sticky_until = day_field(_("Hæng på tavlen til og med"), required=False)
