"""A record worth reporting, for the tests of status reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from roedtraad.access.roles import Role
from roedtraad.citizens.models import Consent, NetworkMap, NetworkPerson
from roedtraad.core import clock
from roedtraad.duty.models import Absence
from roedtraad.practice.models import FollowUp, Goal, GoalRating, StatusReport, Task, TaskCitizen, Wish
from roedtraad.practice.services.reports import approve, draft, send_for_approval
from tests import factories as make
from tests.practice.planned import TODAY, at, effort
from tests.practice.scene import Record
from tests.practice.test_assessments import finished

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 6, 14)


class Reported(Record):
    """Ane has a wish, a goal that goes well, an effort done twice, two assessments, two network maps, a consent and
    was in hospital for two nights. Aarhus decides and pays for her, Viborg's caseworker has nothing to do with her."""

    def __init__(self) -> None:
        super().__init__()
        self.caseworker = make.user_with(Role.CASEWORKER, make.municipality("0751"), "aksel")
        self.elsewhere = make.user_with(Role.CASEWORKER, make.municipality("0791"), "vibeke")
        self.wish = Wish.objects.create(
            citizen=self.ane,
            written_by=self.worker,
            text="Jeg vil spise sammen med de andre",
            words=Wish.Words.OWN,
            written_at=at(9, day=dt.date(2026, 2, 1)),
        )
        self.goal = Goal.objects.create(
            citizen=self.ane,
            written_by=self.worker,
            wish=self.wish,
            title="Spise med de andre",
            kind=Goal.Kind.DEVELOP,
            levels=["Aldrig", "Henter maden selv", "To aftener", "Fire aftener", "Hver aften"],
            municipal_goal="Deltage i fællesskabet",
            starts_on=dt.date(2026, 2, 1),
            follow_up_on=dt.date(2026, 9, 1),
        )
        rated = (
            (dt.date(2026, 2, 2), -1, "staff"),
            (dt.date(2026, 5, 4), 1, "staff"),
            (dt.date(2026, 5, 5), 0, "citizen"),
        )
        for rated_on, level, rater in rated:
            GoalRating.objects.create(
                citizen=self.ane,
                goal=self.goal,
                written_by=self.worker,
                level=level,
                rater=rater,
                rated_at=at(10, day=rated_on),
            )
        FollowUp.objects.create(
            citizen=self.ane,
            goal=self.goal,
            written_by=self.worker,
            held_on=dt.date(2026, 5, 4),
            decision=FollowUp.Decision.CONTINUE,
            next_on=dt.date(2026, 9, 1),
        )
        self.effort = effort(self.worker, self.ane, "Fælles madlavning", goal=self.goal, starts_on=FIRST)
        for day in (dt.date(2026, 4, 7), dt.date(2026, 4, 9)):
            task = Task.objects.create(
                citizen=self.ane,
                unit=self.offer,
                written_by=self.worker,
                title="Madlavning",
                due_at=at(17, day=day),
                started_at=at(17, day=day),
                ended_at=at(17, 35, day=day),
            )
            TaskCitizen.objects.create(task=task, citizen=self.ane, effort=self.effort)
        finished(self, dt.date(2025, 12, 1), mind=3)
        finished(self, dt.date(2026, 5, 1), mind=1, health=2)
        for day, near in ((dt.date(2026, 3, 2), 1), (dt.date(2026, 6, 1), 2)):
            drawn = NetworkMap.objects.create(citizen=self.ane, drawn_on=day, recorded_by=self.worker)
            for n in range(near):
                self._person(drawn, f"Ven {n}")
        Absence.objects.create(
            citizen=self.ane,
            kind=Absence.Kind.HOSPITAL,
            from_at=at(20, day=dt.date(2026, 4, 20)),
            back_at=at(12, day=dt.date(2026, 4, 22)),
            recorded_by=self.worker,
            recorded_at=clock.now(),
        )
        Consent.objects.create(
            citizen=self.ane,
            municipality=make.municipality("0751"),
            scopes=["goals", "network"],
            valid=(dt.date(2026, 2, 1), None),
            how=Consent.How.ORAL,
            recorded_by=self.worker,
            recorded_at=clock.now(),
        )

    def _person(self, drawn: NetworkMap, name: str) -> None:
        NetworkPerson.objects.create(
            map=drawn, name=name, sector="leisure", ring=1, angle=10.0, distance=0.1, tier="primary"
        )

    def drafted(self) -> StatusReport:
        """A draft for the spring."""
        return draft(self.worker, self.ane, FIRST, LAST)

    def waiting(self) -> StatusReport:
        """A report that waits for the leader."""
        made = self.drafted()
        return send_for_approval(self.worker, made, version=made.version)

    def approved(self) -> StatusReport:
        """A report that is approved and locked."""
        made = self.waiting()
        return approve(self.leader, made, version=made.version)


def text_of(report: StatusReport, key: str) -> str:
    """What stands in a part of the report."""
    found: Any = next(row for row in report.sections if row["key"] == key)
    return str(found["text"])


__all__ = ["FIRST", "LAST", "TODAY", "Reported", "text_of"]
