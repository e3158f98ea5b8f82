"""Writes the thread of each citizen by COPY: wishes, goals, efforts and assessments, and who writes in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.core.danish import sort_key
from roedtraad.demo import distributions as d
from roedtraad.demo.copy import copy_rows, period, reserve_ids
from roedtraad.demo.draws import stream
from roedtraad.demo.phrases.methods import METHODS
from roedtraad.demo.record import OWN, CitizenRecord, Records
from roedtraad.demo.record_people import ColleaguePlan
from roedtraad.practice import compass
from roedtraad.practice.models import (
    Assessment,
    AssessmentScore,
    Effort,
    FollowUp,
    Goal,
    GoalRating,
    GoalTheme,
    Method,
    MethodQualification,
    Theme,
    Wish,
)

QUALIFIED_EACH = (1, 3)


@dataclass
class Numbers:
    """The numbers of rows that later rows point at."""

    units: dict[str, int]
    citizens: dict[str, int]
    users: dict[str, int]
    methods: dict[str, int] = field(default_factory=dict)
    goals: dict[tuple[int, int], int] = field(default_factory=dict)  # (citizen's number, place in the list)
    efforts: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def of(self, one: CitizenRecord) -> int:
        """The citizen's number."""
        return self.citizens[str(one.resident.key)]


class RecordWriter:
    """Writes the records; `counts` are the rows of each kind."""

    def __init__(
        self, found: Records, units: dict[str, int], citizens: dict[str, int], users: dict[str, User]
    ) -> None:
        self.found = found
        self.counts: Counter[str] = Counter()
        self.numbers = Numbers(units, citizens, {name: user.pk for name, user in users.items()})

    def write_people(self) -> None:
        """The colleagues with their grants, and the methods with who is trained in them."""
        self._write_colleagues(self.found.colleagues)
        self._write_methods(self.found.colleagues)

    def _write_colleagues(self, plans: Sequence[ColleaguePlan]) -> None:
        ids = reserve_ids(User, len(plans))
        self.numbers.users |= zip((plan.username for plan in plans), ids, strict=True)
        # Nobody can log in as one of these.
        closed = make_password(None)
        self.counts["colleagues"] = copy_rows(
            User,
            ["id", "username", "full_name", "password"],
            ((pk, plan.username, plan.full_name, closed) for pk, plan in zip(ids, plans, strict=True)),
        )
        at = dt.datetime.combine(d.WORLD_START, dt.time(8), dt.UTC)
        copy_rows(
            Grant,
            ["user", "role", "unit", "valid", "granted_at"],
            (
                (
                    pk,
                    Role.SUPPORT_WORKER.value,
                    self.numbers.units[plan.unit],
                    period(d.WORLD_START, None),
                    at,
                )
                for pk, plan in zip(ids, plans, strict=True)
            ),
        )

    def _write_methods(self, plans: Sequence[ColleaguePlan]) -> None:
        for each in METHODS:
            method, _ = Method.objects.get_or_create(
                key=each.key.replace("_", "-"),
                defaults={
                    "name": each.name,
                    "sort_key": sort_key(each.name),
                    "description": each.description,
                    "evidence": each.evidence,
                    "evidence_note": each.evidence_note,
                },
            )
            self.numbers.methods[each.key] = method.pk
        rows = []
        for plan in plans:
            rng = stream(self.found.seed, "qualified", plan.username)
            for each in rng.sample(METHODS, rng.randint(*QUALIFIED_EACH)):
                start = d.CUT_DAY - dt.timedelta(days=rng.randint(200, 2500))
                rows.append(
                    (self.numbers.methods[each.key], self.numbers.users[plan.username], period(start, None))
                )
        copy_rows(MethodQualification, ["method", "user", "valid"], rows)

    def _by(self, username: str, one: CitizenRecord) -> int:
        """The account behind a name; "" is the citizen's own."""
        return self.numbers.users[username or OWN]

    def each(self) -> Iterator[tuple[CitizenRecord, int]]:
        """The records with the citizens' numbers."""
        for one in self.found.citizens:
            yield one, self.numbers.of(one)

    # -- the thread -----------------------------------------------------------------------------------

    def write_threads(self) -> None:
        """Wishes, goals and what hangs on them."""
        wishes = self._write_wishes()
        self._write_goals(wishes)
        self._write_ratings()
        self._write_efforts()

    def _write_wishes(self) -> dict[tuple[int, int], int]:
        plans = [
            (one, citizen, i, wish)
            for one, citizen in self.each()
            for i, wish in enumerate(one.thread.wishes)
        ]
        ids = reserve_ids(Wish, len(plans))
        number = {(citizen, i): pk for pk, (_, citizen, i, _) in zip(ids, plans, strict=True)}
        self.counts["wishes"] = copy_rows(
            Wish,
            ["id", "key", "citizen", "written_by", "written_at", "what", "text", "words", "helped_by", "follows"],
            (
                (
                    number[citizen, i], w.key, citizen, self._by(w.by, one), w.at, w.what, w.text, w.words, w.helped_by,
                    None if w.follows is None else number[citizen, w.follows],
                )
                for one, citizen, i, w in plans
            ),
        )  # fmt: skip
        return number

    def _write_goals(self, wishes: dict[tuple[int, int], int]) -> None:
        plans = [
            (one, citizen, i, goal) for one, citizen in self.each() for i, goal in enumerate(one.thread.goals)
        ]
        ids = reserve_ids(Goal, len(plans))
        self.numbers.goals = {(citizen, i): pk for pk, (_, citizen, i, _) in zip(ids, plans, strict=True)}
        themes = dict(Theme.objects.filter(list=Theme.List.SHORT).values_list("code", "pk"))
        points = {code: compass.suggest([code]) for code in themes}
        names = [
            "id", "key", "citizen", "written_by", "written_at", "wish", "title", "kind", "levels", "municipal_goal",
            "agreed_with", "agreed_note", "pejlemaerke", "un_target", "starts_on", "follow_up_on", "closed_on",
            "closed_note", "version",
        ]  # fmt: skip
        self.counts["goals"] = copy_rows(
            Goal,
            names,
            (
                (
                    self.numbers.goals[citizen, i], g.key, citizen, self._by(g.by, one), g.at,
                    None if g.wish is None else wishes[citizen, g.wish], g.bundle.title, g.bundle.kind,
                    list(g.bundle.levels), g.bundle.municipal, list(g.agreed_with), g.agreed_note,
                    *points[g.bundle.themes[0]], g.starts_on, g.follow_up_on, g.closed_on, g.closed_note,
                    1 + len(g.follow_ups),
                )
                for one, citizen, i, g in plans
            ),
        )  # fmt: skip
        subs = [(one, citizen, i, goal, sub) for one, citizen, i, goal in plans for sub in goal.sub_goals]
        self.counts["sub_goals"] = copy_rows(
            Goal,
            ["key", "citizen", "written_by", "written_at", "parent", "title", "kind", "agreed_with", "starts_on", "closed_on"],
            (
                (
                    key, citizen, self._by(g.by, one), g.at, self.numbers.goals[citizen, i], title, g.bundle.kind,
                    ["citizen", "staff"], g.starts_on, g.closed_on,
                )
                for one, citizen, i, g, (key, title) in subs
            ),
        )  # fmt: skip
        copy_rows(
            GoalTheme,
            ["goal", "theme", "rank"],
            (
                (self.numbers.goals[citizen, i], themes[code], 1 if n == 0 else 2)
                for _, citizen, i, goal in plans
                for n, code in enumerate(goal.bundle.themes)
            ),
        )

    def _goals(self) -> Iterator[tuple[CitizenRecord, int, int, Any]]:
        for one, citizen in self.each():
            for i, goal in enumerate(one.thread.goals):
                yield one, citizen, i, goal

    def _write_ratings(self) -> None:
        self.counts["ratings"] = copy_rows(
            GoalRating,
            ["key", "citizen", "written_by", "written_at", "goal", "level", "rater", "rated_at", "text", "withdrawn_at"],
            (
                (
                    r.key, citizen, self._by(r.by, one), r.at, self.numbers.goals[citizen, i], r.level, r.rater, r.at,
                    r.text, r.withdrawn_at,
                )
                for one, citizen, i, goal in self._goals()
                for r in goal.ratings
            ),
        )  # fmt: skip
        self.counts["follow_ups"] = copy_rows(
            FollowUp,
            ["key", "citizen", "written_by", "written_at", "goal", "held_on", "decision", "with_whom", "text", "next_on"],
            (
                (
                    f.key, citizen, self._by(f.by, one), f.at, self.numbers.goals[citizen, i], f.held_on, f.decision,
                    f.with_whom, f.text, f.next_on,
                )
                for one, citizen, i, goal in self._goals()
                for f in goal.follow_ups
            ),
        )  # fmt: skip

    def _write_efforts(self) -> None:
        plans = [
            (one, citizen, i, n, effort)
            for one, citizen, i, goal in self._goals()
            for n, effort in enumerate(goal.efforts)
        ]
        ids = reserve_ids(Effort, len(plans))
        self.numbers.efforts = {
            (citizen, i, n): pk for pk, (_, citizen, i, n, _) in zip(ids, plans, strict=True)
        }
        self.counts["efforts"] = copy_rows(
            Effort,
            [
                "id", "key", "citizen", "written_by", "written_at", "goal", "method", "title", "times", "per",
                "minutes", "responsible", "service_package", "starts_on", "ends_on", "version",
            ],
            (
                (
                    self.numbers.efforts[citizen, i, n], e.key, citizen, self._by(e.by, one), e.at,
                    self.numbers.goals[citizen, i], self.numbers.methods[e.method], e.title, e.times_a_week, "week",
                    e.minutes, self.numbers.users[e.responsible], e.package, e.starts_on, e.ends_on,
                    2 if e.ends_on else 1,
                )
                for one, citizen, i, n, e in plans
            ),
        )  # fmt: skip

    # -- the view of how it goes ----------------------------------------------------------------------

    def write_assessments(self) -> None:
        """Assessments with what was found for each theme."""
        plans = [(one, citizen, look) for one, citizen in self.each() for look in one.assessments]
        ids = reserve_ids(Assessment, len(plans))
        themes = {(of, code): pk for of, code, pk in Theme.objects.values_list("list", "code", "pk")}
        self.counts["assessments"] = copy_rows(
            Assessment,
            [
                "id",
                "key",
                "citizen",
                "written_by",
                "written_at",
                "list",
                "assessed_on",
                "summary",
                "finished_at",
            ],
            (
                (
                    pk,
                    a.key,
                    citizen,
                    self._by(a.by, one),
                    a.at,
                    a.list,
                    a.assessed_on,
                    a.summary,
                    a.finished_at,
                )
                for pk, (one, citizen, a) in zip(ids, plans, strict=True)
            ),
        )
        self.counts["scores"] = copy_rows(
            AssessmentScore,
            ["assessment", "theme", "level", "support_need", "text", "citizen_level", "citizen_text"],
            (
                (
                    pk,
                    themes[a.list, s.theme],
                    s.level,
                    s.support_need,
                    s.text,
                    s.citizen_level,
                    s.citizen_text,
                )
                for pk, (_, _, a) in zip(ids, plans, strict=True)
                for s in a.scores
            ),
        )


TABLES = tuple(
    model._meta.db_table
    for model in (
        User, Grant, Method, Wish, Goal, GoalTheme, GoalRating, FollowUp, Effort, Assessment, AssessmentScore,
    )
)  # fmt: skip
