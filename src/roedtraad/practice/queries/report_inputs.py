"""The thread as a status report reads it: everything up to the last day of a period, in plain values.

For many citizens at once in the same number of SQL statements as for one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from roedtraad.citizens.models import Citizen, Consent, MunicipalityRelation, NetworkMap
from roedtraad.core import clock
from roedtraad.journeys.models import StayDays
from roedtraad.organisation.tree import tree
from roedtraad.practice import attendance
from roedtraad.practice.models import Assessment, AssessmentScore, Effort, FollowUp, Goal, GoalRating, Wish
from roedtraad.practice.queries.delivered import delivered_of, minutes, planned_minutes
from roedtraad.practice.queries.goals import rules_ratings
from roedtraad.practice.rules import assessments as rules
from roedtraad.practice.rules.goals import LEVELS, GoalKind
from roedtraad.practice.rules.goals import FollowUp as Decision
from roedtraad.practice.rules.report_thread import (
    About,
    Assessed,
    AssessmentLine,
    Attendance,
    ConsentLine,
    EffortLine,
    GoalLine,
    NetworkIndex,
    Thread,
)
from roedtraad.practice.rules.report_thread import Wish as WishLine

Lines = dict[int, list[Any]]


def thread_of(citizen: Citizen, first: dt.date, last: dt.date) -> Thread:
    """What a report about the citizen is drawn from. At most 15 SQL statements."""
    return threads([citizen], first, last)[citizen.pk]


def threads(citizens: Sequence[Citizen], first: dt.date, last: dt.date) -> dict[int, Thread]:
    """What reports about the citizens are drawn from, by the citizen's number. At most 15 SQL statements.

    The caller has opened the records, and logs that.
    """
    ids = [citizen.pk for citizen in citizens]
    wishes = _wishes(ids, last)
    goals, goal_keys = _goals(ids, first, last)
    efforts = _efforts(goal_keys, first, last)
    assessed, changes = _assessments(ids, last)
    networks = _networks(ids, first, last)
    consents = _consents(ids, first, last)
    away = attendance.away(ids, first, last)
    about = _about(citizens, last)
    return {
        one.pk: Thread(
            key=str(one.key),
            name=one.first_name,
            first=first,
            last=last,
            wishes=tuple(wishes[one.pk]),
            goals=tuple(goals[one.pk]),
            efforts=tuple(efforts[one.pk]),
            changes=tuple(changes[one.pk]),
            networks=tuple(networks[one.pk]),
            assessed=assessed.get(one.pk),
            attendance=None if away is None else _attendance(one, away.get(one.pk)),
            consents=tuple(consents[one.pk]),
            about=about[one.pk],
        )
        for one in citizens
    }


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.COPENHAGEN)


def _attendance(citizen: Citizen, found: attendance.Away | None) -> Attendance:
    return Attendance(str(citizen.key), found.days, found.kinds) if found else Attendance(str(citizen.key), 0)


def _wishes(ids: list[int], last: dt.date) -> Lines:
    """The wishes that were the citizen's on the last day."""
    end = _end_of(last)
    rows = Wish.objects.filter(citizen__in=ids, what=Wish.What.WISH, written_at__lt=end).exclude(
        followed_by__written_at__lt=end
    )
    found: Lines = defaultdict(list)
    for wish in rows.order_by("written_at", "pk"):
        found[wish.citizen_id].append(
            WishLine(
                str(wish.key),
                wish.text,
                wish.written_at.astimezone(clock.COPENHAGEN).date(),
                with_help=wish.words == Wish.Words.HELPED,
                interpreted=wish.words == Wish.Words.INTERPRETED,
            )
        )
    return found


def _goals(ids: list[int], first: dt.date, last: dt.date) -> tuple[Lines, dict[int, Goal]]:
    """The goals of the period with their ratings and the latest decision; sub-goals where their steps are described."""
    running = Q(starts_on__lte=last) & (Q(closed_on__isnull=True) | Q(closed_on__gte=first))
    whole = Q(parent__isnull=True) | Q(levels__len=5)
    goals = list(Goal.objects.filter(running, whole, citizen__in=ids).order_by("starts_on", "pk"))
    by_id = {goal.pk: goal for goal in goals}
    ratings: Lines = defaultdict(list)
    for rating in GoalRating.objects.filter(
        goal__in=by_id, withdrawn_at__isnull=True, rated_at__lt=_end_of(last)
    ).order_by("rated_at", "pk"):
        ratings[rating.goal_id].append(rating)
    decisions: dict[int, FollowUp] = {}
    for held in FollowUp.objects.filter(goal__in=by_id, held_on__lte=last).order_by("held_on", "pk"):
        decisions[held.goal_id] = held
    found: Lines = defaultdict(list)
    for goal in goals:
        found[goal.citizen_id].append(
            GoalLine(
                str(goal.key),
                goal.title,
                GoalKind(goal.kind),
                tuple(rules_ratings(ratings[goal.pk])),
                None,
                dict(zip(LEVELS, goal.levels, strict=True)) if goal.levels else {},
                goal.follow_up_on,
                _decision(goal, decisions.get(goal.pk), last),
                goal.municipal_goal,
            )
        )
    return found, by_id


def _decision(goal: Goal, held: FollowUp | None, last: dt.date) -> Decision | None:
    if goal.closed_on is not None and goal.closed_on <= last:
        referred = held is not None and held.decision == FollowUp.Decision.END_AND_REFER
        return Decision.END_AND_REFER if referred else Decision.END
    return Decision.CONTINUE if held is not None and held.decision == FollowUp.Decision.CONTINUE else None


def _efforts(goals: dict[int, Goal], first: dt.date, last: dt.date) -> Lines:
    """The goals' efforts in the period, with planned and delivered minutes."""
    rows = Effort.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first), goal__in=goals, starts_on__lte=last
    )
    efforts = list(rows.order_by("starts_on", "pk"))
    delivered = delivered_of([effort.pk for effort in efforts], first, last)
    found: Lines = defaultdict(list)
    for effort in efforts:
        found[effort.citizen_id].append(
            EffortLine(
                str(effort.key),
                effort.title,
                (str(goals[effort.goal_id].key),),
                planned_minutes(effort, first, last),
                minutes(delivered.get(effort.pk)),
            )
        )
    return found


def _assessments(ids: list[int], last: dt.date) -> tuple[dict[int, Assessed], Lines]:
    """The latest finished assessment up to the last day, and what is different from the one before by the same list."""
    latest: dict[int, Assessment] = {}
    earlier: dict[int, Assessment] = {}
    rows = Assessment.objects.filter(citizen__in=ids, finished_at__isnull=False, assessed_on__lte=last)
    for one in rows.order_by("-assessed_on", "-pk"):
        now = latest.setdefault(one.citizen_id, one)
        if one is not now and one.list == now.list:
            earlier.setdefault(one.citizen_id, one)
    levels: dict[int, dict[str, int | None]] = defaultdict(dict)
    names: dict[tuple[str, str], str] = {}
    compared = [one.pk for citizen, one in latest.items() if citizen in earlier]
    scores = AssessmentScore.objects.filter(assessment__in=[*compared, *(one.pk for one in earlier.values())])
    for score in scores.select_related("theme").order_by("theme__number"):
        levels[score.assessment_id][score.theme.code] = score.level
        names[score.theme.list, score.theme.code] = score.theme.name
    seen, found = {}, defaultdict(list)
    for citizen, now in latest.items():
        before = earlier.get(citizen)
        seen[citizen] = Assessed(str(now.key), now.assessed_on, before.assessed_on if before else None)
        for change in rules.changes(levels[before.pk], levels[now.pk]) if before else []:
            found[citizen].append(AssessmentLine(str(now.key), names[now.list, change.theme], change))
    return seen, found


def _networks(ids: list[int], first: dt.date, last: dt.date) -> Lines:
    """The first and the last map of the period; with fewer than two in it, the latest two there are."""
    maps: Lines = defaultdict(list)
    tiers = {
        tier: Count("people", filter=Q(people__tier=tier)) for tier in ("primary", "secondary", "tertiary")
    }
    for row in (
        NetworkMap.objects.filter(citizen__in=ids, drawn_on__lte=last)
        .annotate(**tiers)
        .order_by("drawn_on", "pk")
        .values("citizen_id", "key", "drawn_on", *tiers)
    ):
        maps[row["citizen_id"]].append(row)
    found: Lines = defaultdict(list)
    for citizen, rows in maps.items():
        inside = [row for row in rows if row["drawn_on"] >= first]
        chosen = [inside[0], inside[-1]] if len(inside) > 1 else rows[-2:]
        found[citizen] = [
            NetworkIndex(str(row["key"]), row["drawn_on"], row["primary"], row["secondary"], row["tertiary"])
            for row in chosen
        ]
    return found


def _consents(ids: list[int], first: dt.date, last: dt.date) -> Lines:
    """What was agreed to share with a municipality on the last day."""
    found: Lines = defaultdict(list)
    rows = Consent.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=_end_of(last)),
        citizen__in=ids,
        municipality__isnull=False,
        valid__contains=last,
    )
    for one in rows.select_related("municipality", "relation").order_by("valid", "pk"):
        found[one.citizen_id].append(
            ConsentLine(
                str(one.key),
                one.receiver,
                one.valid.lower,
                tuple(one.shares),
                by_guardian=one.given_by == Consent.GivenBy.GUARDIAN,
            )
        )
    return found


def _about(citizens: Sequence[Citizen], last: dt.date) -> dict[int, About]:
    """Where they lived and which municipalities decided and paid on the last day."""
    ids = [citizen.pk for citizen in citizens]
    known = tree(last)
    homes: dict[int, str] = {}
    stays = StayDays.objects.booked().filter(
        citizen_id__in=ids, actual__contains=last, place__terms__valid__contains=last
    )
    # By day first, so that the place round the clock is what stays.
    for citizen_id, unit_id in stays.order_by("place__category", "pk").values_list(
        "citizen_id", "place__terms__unit_id"
    ):
        node = known.by_id.get(unit_id)
        offer = known.above(unit_id, "tilbud")
        homes[citizen_id] = offer.name if offer else node.name if node else ""
    relations = MunicipalityRelation.objects.filter(
        citizen__in=ids, kind__in=["acting", "paying"], valid__contains=last
    )
    names = {
        (one.citizen_id, one.kind): one.municipality.name for one in relations.select_related("municipality")
    }
    return {
        one.pk: About(
            name=str(one),
            born=one.birth_date,
            home=homes.get(one.pk, ""),
            acting=names.get((one.pk, "acting"), ""),
            paying=names.get((one.pk, "paying"), ""),
        )
        for one in citizens
    }
