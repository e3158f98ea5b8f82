"""What can happen to a goal: set, changed, rated, followed up, closed and opened again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import require
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice import compass
from roedtraad.practice.access import is_own, require_write
from roedtraad.practice.models import FollowUp, Goal, GoalRating, GoalTheme, Theme, Wish
from roedtraad.practice.rules import goals as rules
from roedtraad.practice.services.common import Changed, write_once

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LATEST_BACKDATING = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class GoalText:
    """What is agreed about a goal, as it is typed. `levels` maps −2 … +2 to words, empty while not described."""

    title: str
    kind: str
    starts_on: dt.date
    levels: dict[int, str] = field(default_factory=dict)
    description: str = ""
    wish: Wish | None = None
    parent: Goal | None = None
    municipal_goal: str = ""
    theme: Theme | None = None
    other_themes: tuple[Theme, ...] = ()
    agreed_with: tuple[str, ...] = ()
    agreed_note: str = ""
    pejlemaerke: str = ""
    un_target: str = ""
    follow_up_on: dt.date | None = None


AGREED_WITH = ("citizen", "relative", "guardian", "municipality", "staff")


@transaction.atomic
def set_goal(
    user: User,
    citizen: Citizen,
    text: GoalText,
    *,
    level_now: int | None = None,
    key: UUID | None = None,
) -> Goal:
    """Set a goal or a sub-goal; with `level_now` (−2 … +2) its start is rated by staff at once.

    Refusal, beside the field it belongs to, for what `_checked` refuses and for a start that does not fit the kind.
    """
    require_write(user, citizen)
    values = _checked(citizen, text)
    if level_now is not None:
        _refuse_no_levels(values["levels"])
        rules.checked_start(rules.GoalKind(text.kind), level_now)
    with change(user, "mål sat"):
        goal, new = write_once(user, Goal, key, citizen=citizen, **values)
        if new:
            _write_themes(goal, text)
            if level_now is not None:
                GoalRating.objects.create(
                    citizen=citizen, goal=goal, level=level_now, rater=GoalRating.Rater.STAFF, written_by=user
                )
    return goal


@transaction.atomic
def change_goal(user: User, goal: Goal, text: GoalText, *, version: int) -> Goal:
    """Change what is agreed. `Changed` when somebody else has changed the goal since `version` was read."""
    require_write(user, goal.citizen)
    held = Goal.objects.select_for_update().get(pk=goal.pk)
    if held.version != version:
        raise Changed(held)
    if held.closed_on is not None:
        raise Refusal(_("Målet er afsluttet. Åbn det igen, før du retter det."))
    values = _checked(held.citizen, text, held)
    with change(user, "mål rettet"):
        for name, value in values.items():
            setattr(held, name, value)
        held.version += 1
        held.save()
        _write_themes(held, text)
    return held


@transaction.atomic
def rate_goal(
    user: User,
    goal: Goal,
    level: int,
    *,
    rater: str = GoalRating.Rater.STAFF,
    text: str = "",
    rated_at: dt.datetime | None = None,
    key: UUID | None = None,
) -> GoalRating:
    """Write where the goal stands. The citizen rates as the citizen; staff may also write down the citizen's view.

    `rated_at` may be given by a phone that was offline: not later than now, at most 31 days back.
    """
    if is_own(user, goal.citizen):
        require(user, "own.write")
        rater = GoalRating.Rater.CITIZEN
    else:
        require_write(user, goal.citizen)
    if rater not in GoalRating.Rater.values:
        raise Refusal(_("Vælg, om det er borgerens eller personalets vurdering."), "rater")
    if level not in rules.LEVELS:
        raise Refusal(_("Vælg et trin mellem −2 og +2."), "level")
    if goal.closed_on is not None:
        raise Refusal(_("Målet er afsluttet. Åbn det igen, før I vurderer det."), "level")
    _refuse_no_levels(goal.levels)
    at = checked_moment(rated_at)
    with change(user, "mål vurderet"):
        rating, _new = write_once(
            user,
            GoalRating,
            key,
            citizen=goal.citizen,
            goal=goal,
            level=level,
            rater=rater,
            rated_at=at,
            text=text.strip()[:4000],
        )
    return rating


@transaction.atomic
def withdraw_rating(user: User, rating: GoalRating) -> GoalRating:
    """Take a rating back: it leaves the curve and stays in the history. Taking it back twice changes nothing."""
    require_write(user, rating.citizen)
    held = GoalRating.objects.select_for_update().get(pk=rating.pk)
    if held.withdrawn_at is None:
        held.withdrawn_at = clock.now()
        with change(user, "målvurdering taget tilbage"):
            held.save(update_fields=["withdrawn_at"])
    return held


@transaction.atomic
def follow_up(
    user: User,
    goal: Goal,
    *,
    held_on: dt.date,
    decision: str,
    with_whom: str = "",
    text: str = "",
    next_on: dt.date | None = None,
    key: UUID | None = None,
) -> FollowUp:
    """Write what a follow-up decided; the goal takes over the next day, or is closed.

    Refusal for a day to come, for a decision that does not fit the next day, and for a goal that is closed.
    """
    require_write(user, goal.citizen)
    held = Goal.objects.select_for_update().get(pk=goal.pk)
    known = FollowUp.objects.filter(key=key, written_by=user).first() if key else None
    if known is not None:
        return known
    if decision not in FollowUp.Decision.values:
        raise Refusal(_("Vælg, hvad I besluttede."), "decision")
    if held_on > clock.today():
        raise Refusal(_("Opfølgningen kan ikke være holdt i fremtiden. Ret datoen."), "held_on")
    if held_on < held.starts_on:
        raise Refusal(_("Opfølgningen kan ikke ligge, før målet begynder. Ret datoen."), "held_on")
    if held.closed_on is not None:
        raise Refusal(_("Målet er afsluttet. Åbn det igen, før I følger op."))
    rules.checked_follow_up(rules.FollowUp(decision), next_on, held_on)
    with change(user, "mål fulgt op"):
        made, _new = write_once(
            user,
            FollowUp,
            key,
            citizen=held.citizen,
            goal=held,
            held_on=held_on,
            decision=decision,
            with_whom=" ".join(with_whom.split())[:200],
            text=text.strip(),
            next_on=next_on,
        )
        held.follow_up_on = next_on
        if decision != FollowUp.Decision.CONTINUE:
            held.closed_on = held_on
            held.closed_note = str(FollowUp.Decision(decision).label).capitalize()
        held.version += 1
        held.save(update_fields=["follow_up_on", "closed_on", "closed_note", "version"])
    return made


@transaction.atomic
def reopen_goal(user: User, goal: Goal) -> Goal:
    """Open a closed goal again. What was decided stays in the follow-ups."""
    require_write(user, goal.citizen)
    held = Goal.objects.select_for_update().get(pk=goal.pk)
    if held.closed_on is not None:
        with change(user, "mål åbnet igen"):
            held.closed_on, held.closed_note = None, ""
            held.version += 1
            held.save(update_fields=["closed_on", "closed_note", "version"])
    return held


def checked_moment(at: dt.datetime | None) -> dt.datetime:
    """When it happened: now, or what a phone that was offline says. Refusal for the future and for long ago."""
    now = clock.now()
    if at is None:
        return now
    if at > now + dt.timedelta(minutes=5):
        raise Refusal(
            _("Tidspunktet ligger i fremtiden. Se efter, om telefonens ur går rigtigt."), "rated_at"
        )
    if at < now - LATEST_BACKDATING:
        raise Refusal(_("Det er mere end en måned siden. Skriv det i et notat i stedet."), "rated_at")
    return min(at, now)


def _refuse_no_levels(levels: list[str]) -> None:
    if not levels:
        raise Refusal(_("Beskriv de fem trin, før målet kan vurderes."), "level_now")


def _checked(citizen: Citizen, text: GoalText, goal: Goal | None = None) -> dict[str, Any]:
    """The columns of a goal, tidied. Refusal for what is missing, too long, or belongs to another citizen."""
    title = " ".join(text.title.split())
    if not title:
        raise Refusal(_("Skriv målet."), "title")
    if len(title) > 200:
        raise Refusal(_("Målet må højst fylde 200 tegn. Skriv resten i beskrivelsen."), "title")
    if text.kind not in Goal.Kind.values:
        raise Refusal(_("Vælg, om målet er at udvikle, fastholde eller begrænse et tab."), "kind")
    if text.wish is not None and text.wish.citizen_id != citizen.pk:
        raise Refusal(_("Ønsket hører til en anden borger."), "wish")
    _check_parent(citizen, text.parent, goal)
    if text.follow_up_on is not None and text.follow_up_on < text.starts_on:
        raise Refusal(_("Opfølgningen ligger, før målet begynder. Ret en af datoerne."), "follow_up_on")
    if any(item.pk == (text.theme.pk if text.theme else None) for item in text.other_themes):
        raise Refusal(_("Det tema, målet handler om, skal ikke også stå blandt de andre."), "other_themes")
    if text.other_themes and text.theme is None:
        raise Refusal(_("Vælg først det ene tema, målet handler om."), "theme")
    if not compass.knows(text.pejlemaerke):
        raise Refusal(_("Det pejlemærke er der ikke. Vælg et af listen."), "pejlemaerke")
    if not compass.knows_target(text.un_target):
        raise Refusal(_("Det delmål er der ikke. Vælg et af listen."), "un_target")
    levels = rules.checked_levels(text.levels, draft=True)
    return {
        "title": title,
        "kind": text.kind,
        "starts_on": text.starts_on,
        "levels": [levels[level] for level in rules.LEVELS] if levels else [],
        "description": text.description.strip()[:4000],
        "wish": text.wish,
        "parent": text.parent,
        "municipal_goal": " ".join(text.municipal_goal.split())[:300],
        "agreed_with": [who for who in AGREED_WITH if who in text.agreed_with],
        "agreed_note": " ".join(text.agreed_note.split())[:200],
        "pejlemaerke": text.pejlemaerke,
        "un_target": text.un_target,
        "follow_up_on": text.follow_up_on,
    }


def _check_parent(citizen: Citizen, parent: Goal | None, goal: Goal | None) -> None:
    if parent is None:
        return
    if parent.citizen_id != citizen.pk:
        raise Refusal(_("Målet ovenover hører til en anden borger."), "parent")
    if parent.parent_id is not None:
        raise Refusal(_("Et delmål kan ikke selv have delmål. Vælg målet ovenover."), "parent")
    if goal is not None and (parent.pk == goal.pk or goal.subgoals.exists()):
        raise Refusal(_("Målet har selv delmål og kan ikke blive delmål af et andet."), "parent")


def _write_themes(goal: Goal, text: GoalText) -> None:
    """Make the goal's themes exactly these: one of rank 1, the others of rank 2."""
    wanted = {item.pk: 2 for item in text.other_themes}
    if text.theme is not None:
        wanted[text.theme.pk] = 1
    there = {row.theme_id: row for row in GoalTheme.objects.filter(goal=goal)}
    for theme_id, row in there.items():
        if wanted.get(theme_id) != row.rank:
            row.delete()
    for theme_id, rank in wanted.items():
        if theme_id not in there or there[theme_id].rank != rank:
            GoalTheme.objects.create(goal=goal, theme_id=theme_id, rank=rank)
