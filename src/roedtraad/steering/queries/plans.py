"""The plans whole: what the pages of a plan, a goal and a pejlemærke and the API show."""

from __future__ import annotations

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat

from roedtraad.steering.models import Goal, Pejlemaerke, Plan, Track, UnGoal


def all_plans() -> QuerySet[Plan]:
    """All plans, the newest first, each with its predecessor and its successors. Two SQL statements."""
    return (
        Plan.objects.select_related("successor_of").prefetch_related("successors").order_by("-valid", "name")
    )


def plan_with_all() -> QuerySet[Plan]:
    """Plans with everything under them in order. Ten SQL statements, however many there are."""
    tracks = Track.objects.order_by("number").prefetch_related(
        "statements",
        "goals",
        Prefetch("pejlemaerker", Pejlemaerke.objects.order_by("number").prefetch_related("efforts")),
        "un_goals__targets",
        "timetable",
    )
    return all_plans().prefetch_related(Prefetch("tracks", tracks))


def pejlemaerke(pk: int) -> Pejlemaerke:
    """One pejlemærke with its track, plan, efforts, timetable and UN goals (`target_texts` are their sub-goals).

    Four SQL statements. Pejlemaerke.DoesNotExist when there is none.
    """
    text = Concat("targets__code", Value(" "), "targets__text")
    sub_goals = ArrayAgg(text, order_by="targets__code", filter=Q(targets__isnull=False), default=[])
    un_goals = Prefetch("track__un_goals", UnGoal.objects.annotate(target_texts=sub_goals).order_by("number"))
    marks = Pejlemaerke.objects.select_related("track__plan")
    return marks.prefetch_related("efforts", "track__timetable", un_goals).get(pk=pk)


def goal(key: str) -> Goal:
    """One goal with its track and plan. One SQL statement. Goal.DoesNotExist when there is none."""
    return Goal.objects.select_related("track__plan").get(key=key)
