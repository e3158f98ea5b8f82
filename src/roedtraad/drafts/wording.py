"""A draft in words: what the fields are called and what was chosen, and when it was saved."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from roedtraad.core import clock, danish
from roedtraad.drafts.rules import Typed

# What stands for something chosen, and what a calendar field sends.
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Line:
    """One thing somebody typed or chose."""

    label: str
    text: str


def when(moment: dt.datetime) -> str:
    """A moment as one says it: i dag kl. 14.05."""
    local = moment.astimezone(clock.COPENHAGEN)
    days = (clock.running().astimezone(clock.COPENHAGEN).date() - local.date()).days
    time = f"{local:%H.%M}"
    if days == 0:
        return _("i dag kl. %(time)s") % {"time": time}
    if days == 1:
        return _("i går kl. %(time)s") % {"time": time}
    return _("%(day)s kl. %(time)s") % {"day": danish.day(local.date()), "time": time}


def lines(fields: Sequence[Typed]) -> list[Line]:
    """What was typed, in words: the page's own where it told them, else those of the house's forms."""
    known = _form_of({one.name for one in fields})
    told = bool(known) or any(one.label for one in fields)
    return _gathered(
        (one.label or _label(known.get(one.name), one), one.shown or _shown(known.get(one.name), one.value))
        for one in fields
        if one.value and (one.label or not _is_hidden(known.get(one.name), told))
    )


def _gathered(pairs: Iterable[tuple[str, str]]) -> list[Line]:
    """Several values of one field on one line."""
    by_label: dict[str, list[str]] = {}
    for label, text in pairs:
        by_label.setdefault(label, []).append(text)
    return [Line(label, ", ".join(texts)) for label, texts in by_label.items()]


def _form_of(names: set[str]) -> dict[str, forms.Field]:
    """The fields of the house's form that has most of these names; nothing when none has any."""
    best: dict[str, forms.Field] = {}
    for form in _forms(forms.BaseForm):
        fields = form.base_fields
        # Of two with as many, the smaller one says it better.
        if (len(names & fields.keys()), -len(fields)) > (len(names & best.keys()), -len(best)):
            best = fields
    return best if names & best.keys() else {}


def _forms(base: type[Any]) -> Iterator[Any]:
    for form in base.__subclasses__():
        if form.__module__.startswith("roedtraad.") and form.base_fields:
            yield form
        yield from _forms(form)


def _is_hidden(field: forms.Field | None, told: bool) -> bool:
    """Not typed by anybody: a hidden field, or one nobody has a word for (a button, where to go next)."""
    return field.widget.is_hidden if field else told


def _label(field: forms.Field | None, one: Typed) -> str:
    return str(field.label or one.name) if field else one.name


def _shown(field: forms.Field | None, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Ja")
    for key, words in getattr(field, "choices", ()):
        if str(key) == value and isinstance(key, str):
            return str(words)
    if _KEY.fullmatch(value):
        return _("valgt på siden")
    try:
        return danish.day(dt.date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:
        return value
