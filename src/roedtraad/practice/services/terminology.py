"""Taking over a terminology: its themes become the list that assessments and goals go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.practice.models import Theme
from roedtraad.practice.rules.terminology import Concept


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the themes and conditions of a list, as counts; `themes` and `conditions` are those in use."""

    themes: int
    conditions: int
    new: int
    changed: int
    same: int
    retired: int


@transaction.atomic
def load_ffb(concepts: Sequence[Concept]) -> Loaded:
    """Make the FFB list exactly these, all or nothing; the same again changes nothing.

    What is no longer among them is retired today and stays for the assessments and goals that use it; what comes back
    is in use again. Themes come before their conditions, as `read_ffb` gives them.
    """
    there = {theme.code: theme for theme in Theme.objects.filter(list=Theme.List.FFB).select_for_update()}
    counts = {"new": 0, "changed": 0, "same": 0, "retired": 0}
    with change(None, "terminologi indlæst"):
        for number, concept in enumerate(concepts, start=1):
            values = {
                "number": number,
                "name": concept.name,
                "definition": concept.definition,
                "parent_id": there[concept.parent].pk if concept.parent else None,
                "is_activity": concept.is_activity,
                "retired_on": None,
            }
            theme = there.get(concept.code)
            if theme is None:
                made = Theme.objects.create(list=Theme.List.FFB, code=concept.code, **values)
                there[concept.code] = made
                counts["new"] += 1
            elif all(getattr(theme, name) == value for name, value in values.items()):
                counts["same"] += 1
            else:
                for name, value in values.items():
                    setattr(theme, name, value)
                theme.save()
                counts["changed"] += 1
        wanted = {concept.code for concept in concepts}
        for code, theme in there.items():
            if code not in wanted and theme.retired_on is None:
                theme.retired_on = clock.today()
                theme.save(update_fields=["retired_on"])
                counts["retired"] += 1
    themes = sum(1 for concept in concepts if not concept.parent)
    return Loaded(themes=themes, conditions=len(concepts) - themes, **counts)
