"""What the voices put into a citizen's line of time; read when Django starts (`apps`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Citizen
from roedtraad.practice.queries.entries import who
from roedtraad.practice.queries.timeline import Shown, Source, link, provide_entries
from roedtraad.voices.models import MoodReading

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def _moods(_user: User, citizen: Citizen) -> QuerySet[MoodReading]:
    return MoodReading.objects.filter(citizen=citizen)


def _mood(data: dict[str, Any]) -> Shown:
    return Shown(
        title=str(MoodReading.Mood(data["mood"]).label),
        who=data["who"],
        url=link("voices:conversations", data["citizen"].key),
    )


def provide() -> None:
    """Put how citizens say they are into the line of time."""
    provide_entries(
        Source(
            name="mood",
            kind="humoer",
            label=gettext_lazy("Humør"),
            icon="feedback",
            at="written_at",
            rows=_moods,
            data={"mood": F("mood"), "who": who("written_by")},
            show=_mood,
        )
    )
