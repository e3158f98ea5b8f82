"""The forms of the organisation: they read what was typed; whether it can be done is the services' word."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models import Municipality, Unit
from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.queries.pictures import Picture, UnitOnDay
from roedtraad.organisation.services import Facts

DEEPEST = 12


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Skriv datoen som dag, måned og år.")},
        **more,
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Hvorfor"), max_length=200, help_text=_("Gemmes i historikken sammen med dit navn.")
    )


class UnitForm(forms.Form):
    """A unit's facts from a day on: for a new unit and for a change of one."""

    start = _date(_("Gælder fra"))
    name = forms.CharField(label=_("Navn"), max_length=160)
    short_name = forms.CharField(label=_("Kort navn"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Art"), choices=UnitKind.choices)
    parent = forms.TypedChoiceField(
        label=_("Hører under"), required=False, coerce=int, empty_value=None, choices=()
    )
    manager_title = forms.CharField(label=_("Lederens titel"), max_length=160, required=False)
    municipality = forms.ChoiceField(label=_("Kommune"), required=False, choices=())
    sites = forms.CharField(
        label=_("Placering"), max_length=160, required=False, help_text=_("Flere steder adskilles med |")
    )
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    tasks = forms.CharField(
        label=_("Opgaver"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = _reason()

    def __init__(self, *args: Any, whole: Picture, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(Municipality.objects.values_list("code", "name"))
        _offer(self.fields["parent"], [("", _("Ingen – øverst")), *_indented(whole)])
        _offer(self.fields["municipality"], [("", _("Ikke angivet")), *towns])

    def facts(self) -> Facts:
        """The facts as typed. Two SQL statements."""
        data = self.cleaned_data
        return Facts(
            kind=data["kind"],
            name=data["name"],
            short_name=data["short_name"],
            parent=Unit.objects.get(pk=data["parent"]) if data["parent"] else None,
            manager_title=data["manager_title"],
            municipality=Municipality.objects.get(pk=data["municipality"]) if data["municipality"] else None,
            sites=data["sites"],
            address=data["address"],
            tasks=data["tasks"],
        )

    @staticmethod
    def typed_from(unit: UnitOnDay, start: dt.date) -> dict[str, Any]:
        """What the form shows before anything is typed."""
        return {
            "start": start,
            "name": unit.name,
            "short_name": unit.short_name,
            "kind": unit.kind,
            "parent": unit.parent_id,
            "manager_title": unit.manager_title,
            "municipality": unit.municipality_code,
            "sites": unit.sites.replace(", ", "|"),
            "address": unit.address,
            "tasks": unit.tasks,
        }


class CloseForm(forms.Form):
    """When a unit closes, and why."""

    last_day = _date(_("Sidste dag (til og med)"))
    reason = _reason()


def _offer(field: forms.Field, choices: list[tuple[Any, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _indented(whole: Picture) -> list[tuple[int, str]]:
    """The units as a list one can choose from, each indented under what it hangs under."""
    under: dict[int | None, list[UnitOnDay]] = {}
    for unit in whole.units.values():
        under.setdefault(unit.parent_id if unit.parent_id in whole.units else None, []).append(unit)
    rows: list[tuple[int, str]] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in under.get(parent, ()):
            rows.append((unit.id, "\u2003" * depth + unit.name))
            if depth < DEEPEST:
                walk(unit.id, depth + 1)

    walk(None, 0)
    return rows
