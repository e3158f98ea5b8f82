"""What can happen to an assessment: begun as a draft, filled in bit by bit, finished, or thrown away as a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import require_write
from roedtraad.practice.models import Assessment, AssessmentScore, Theme
from roedtraad.practice.models.assessments import LEVELS
from roedtraad.practice.rules import assessments as rules
from roedtraad.practice.services.common import Changed

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LONGEST = 4000
LONGEST_SUMMARY = 20_000


@dataclass(frozen=True, slots=True)
class ScoreText:
    """What is found for one theme, as it is typed; None and "" while nothing is."""

    level: int | None = None
    support_need: int | None = None
    text: str = ""
    citizen_level: int | None = None
    citizen_text: str = ""

    @property
    def is_empty(self) -> bool:
        """Is nothing written for the theme?"""
        return self == ScoreText()


def list_for(citizen: Citizen, day: dt.date) -> str:
    """The list an assessment on that day goes by: ICS for a child, else FFB when it is loaded, else the short one.

    One SQL statement for an adult.
    """
    loaded = Theme.objects.filter(list=Theme.List.FFB, retired_on__isnull=True)
    return rules.list_for(citizen.birth_date, day, ffb_loaded=loaded.exists)


@transaction.atomic
def begin(user: User, citizen: Citizen) -> Assessment:
    """The draft to write in: the one there is for the citizen and the list of today, else a new, empty one.

    Nothing is copied from an earlier assessment: its levels are shown beside, and everyone is looked at anew.
    """
    require_write(user, citizen)
    day = clock.today()
    name = list_for(citizen, day)
    there = Assessment.objects.filter(citizen=citizen, list=name, finished_at__isnull=True)
    if found := there.first():
        return found
    try:
        with transaction.atomic(), change(user, "udredning begyndt"):
            return Assessment.objects.create(citizen=citizen, written_by=user, list=name, assessed_on=day)
    except IntegrityError:
        # A colleague began the same draft in the same moment.
        return there.get()


@transaction.atomic
def save_scores(
    user: User,
    assessment: Assessment,
    scores: Mapping[int, ScoreText],
    *,
    version: int,
    assessed_on: dt.date | None = None,
    summary: str | None = None,
) -> Assessment:
    """Save a draft so far. `scores` maps a theme's id to what is typed; themes not named are left as they are.

    `Changed` when somebody else has saved the draft since `version` was read. Refusal for a finished one, for a level
    off the scale, for a theme of another list and for a day to come.
    """
    held = _held(user, assessment)
    if held.version != version:
        raise Changed(held)
    with change(user, "udredning gemt som kladde"):
        _write(held, scores, assessed_on=assessed_on, summary=summary)
    return held


@transaction.atomic
def finish(
    user: User,
    assessment: Assessment,
    *,
    version: int,
    assessed_on: dt.date,
    summary: str = "",
    scores: Mapping[int, ScoreText] | None = None,
) -> Assessment:
    """Finish a draft, with what is typed last: from now on it stands.

    Refusals as `save_scores`, and when no theme has a level.
    """
    held = _held(user, assessment)
    if held.version != version:
        raise Changed(held)
    with change(user, "udredning afsluttet"):
        _write(held, scores or {}, assessed_on=assessed_on, summary=summary)
        levels = held.scores.values_list("level", flat=True)
        if not any(rules.assessed(level) is not None for level in levels):
            raise Refusal(_("Vurder mindst ét tema, før du afslutter udredningen."))
        held.finished_at = clock.now()
        held.save(update_fields=["finished_at"])
    return held


@transaction.atomic
def discard(user: User, assessment: Assessment) -> None:
    """Throw a draft away. Only who began it may; what is finished is never removed. Refusal or AccessDenied else."""
    held = _held(user, assessment)
    if held.written_by_id != user.pk:
        raise AccessDenied(_("Kladden kan kun slettes af den, der begyndte på den."))
    with change(user, "kladde til udredning slettet"):
        held.scores.all().delete()
        held.delete()


def _held(user: User, assessment: Assessment) -> Assessment:
    """The draft, held until the transaction ends; refused when it may not be written in or is finished."""
    require_write(user, assessment.citizen)
    # A finished row may be read and no longer changed, so it cannot be held: `first` answers None.
    held = Assessment.objects.select_for_update(of=["self"]).filter(pk=assessment.pk).first()
    if held is None or held.finished_at is not None:
        raise Refusal(_("Udredningen er afsluttet og kan ikke rettes. Begynd på en ny."))
    return held


def _write(
    held: Assessment,
    scores: Mapping[int, ScoreText],
    *,
    assessed_on: dt.date | None,
    summary: str | None,
) -> None:
    if assessed_on is not None:
        if assessed_on > clock.today():
            raise Refusal(_("Udredningen kan ikke ligge i fremtiden. Ret datoen."), "assessed_on")
        if assessed_on < held.citizen.birth_date:
            raise Refusal(_("Datoen ligger, før borgeren er født. Ret datoen."), "assessed_on")
        held.assessed_on = assessed_on
    if summary is not None:
        if len(summary) > LONGEST_SUMMARY:
            raise Refusal(_("Sammenfatningen må højst fylde 20.000 tegn."), "summary")
        held.summary = summary.strip()
    _write_scores(held, scores)
    held.version += 1
    held.save(update_fields=["assessed_on", "summary", "version"])


def _write_scores(held: Assessment, scores: Mapping[int, ScoreText]) -> None:
    known = set(Theme.objects.filter(list=held.list, pk__in=scores).values_list("pk", flat=True))
    if known != set(scores):
        raise Refusal(_("Et af temaerne hører til en anden liste. Hent siden igen."))
    there = {row.theme_id: row for row in held.scores.all()}
    made, changed, emptied = [], [], []
    for theme_id, typed in scores.items():
        _refuse_odd(theme_id, typed)
        row = there.get(theme_id)
        if row is None:
            if not typed.is_empty:
                made.append(AssessmentScore(assessment=held, theme_id=theme_id, **_columns(typed)))
        elif typed.is_empty:
            emptied.append(row.pk)
        elif _columns(typed) != {name: getattr(row, name) for name in _columns(typed)}:
            for name, value in _columns(typed).items():
                setattr(row, name, value)
            changed.append(row)
    AssessmentScore.objects.bulk_create(made)
    AssessmentScore.objects.bulk_update(changed, list(_columns(ScoreText())))
    if emptied:
        AssessmentScore.objects.filter(pk__in=emptied).delete()


def _refuse_odd(theme_id: int, typed: ScoreText) -> None:
    for name, allowed in (
        ("level", LEVELS),
        ("citizen_level", LEVELS),
        ("support_need", tuple(rules.SupportNeed)),
    ):
        value = getattr(typed, name)
        if value is not None and value not in allowed:
            raise Refusal(_("Vælg et af de trin, der står på listen."), f"{theme_id}-{name}")
    for name in ("text", "citizen_text"):
        if len(getattr(typed, name)) > LONGEST:
            raise Refusal(_("Teksten må højst fylde 4.000 tegn."), f"{theme_id}-{name}")


def _columns(typed: ScoreText) -> dict[str, int | str | None]:
    return {
        "level": typed.level,
        "support_need": typed.support_need,
        "text": typed.text.strip(),
        "citizen_level": typed.citizen_level,
        "citizen_text": typed.citizen_text.strip(),
    }
