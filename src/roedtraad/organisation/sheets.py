"""The organisation's tables as they are exported: the same columns in CSV and Excel."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from roedtraad.organisation.queries.changes import Comparison
from roedtraad.organisation.queries.pictures import Picture, UnitOnDay
from roedtraad.organisation.wording import CHANGES_IN_WORDS

Table = tuple[list[str], list[list[Any]]]


def units_table(whole: Picture, units: list[UnitOnDay]) -> Table:
    """The units with their facts; `Gælder til` is the first day that is not included."""
    header = [
        _("Nøgle"),
        _("Art"),
        _("Navn"),
        _("Kort navn"),
        _("Hører under"),
        _("Hører under, nøgle"),
        _("Gælder fra"),
        _("Gælder til (ikke med)"),
        _("Leder"),
        _("Antal ansatte"),
        _("Antal, ordlyd"),
        _("Antal opgjort"),
        _("Kommune"),
        _("Kommunekode"),
        _("Placering"),
        _("Adresse"),
        _("Opgaver"),
        _("Kilde"),
        _("Grundlag"),
    ]
    rows = []
    for unit in units:
        parent = whole.units.get(unit.parent_id or 0)
        staff = unit.staff
        rows.append(
            [
                unit.key,
                unit.kind_label,
                unit.name,
                unit.short_name,
                parent.name if parent else "",
                parent.key if parent else "",
                unit.valid_from,
                unit.valid_to,
                unit.manager_title,
                staff.number if staff else None,
                staff.phrase if staff else "",
                staff.as_of if staff else None,
                unit.municipality,
                unit.municipality_code,
                unit.sites,
                unit.address,
                unit.tasks,
                unit.source,
                unit.basis_label,
            ]
        )
    return header, rows


def differences_table(comparison: Comparison) -> Table:
    """One row for each difference between the two days."""
    header = [_("Nøgle"), _("Enhed"), _("Art"), _("Forskel"), _("Før"), _("Efter")]
    rows = [
        [one.unit.key, one.unit.name, one.unit.kind_label, CHANGES_IN_WORDS[one.kind], one.before, one.after]
        for one in comparison.differences
    ]
    return header, rows
