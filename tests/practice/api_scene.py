"""The record's small world as programs meet it: a key for each of its people, and one thing of every kind about Ane."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.test import Client

from roedtraad.access.tokens import EVERYTHING, WRITES, issue
from roedtraad.accounts.models import User
from roedtraad.citizens.network.services import Someone, add_person, draw_map
from roedtraad.core import clock
from roedtraad.duty import defaults
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.services.risk import set_risk
from roedtraad.practice.services.efforts import EffortText, plan_effort
from roedtraad.practice.services.goals import GoalText, rate_goal, set_goal
from roedtraad.practice.services.notes import write_note
from roedtraad.practice.services.tasks import plan_task
from roedtraad.practice.services.wishes import record_wish
from tests.practice.scene import Record

LEVELS = {-2: "Slet ikke.", -1: "Lidt.", 0: "Halvt.", 1: "Næsten.", 2: "Helt."}
ALL = (EVERYTHING, *sorted(WRITES))


class ApiRecord(Record):
    """Ane's record, with a wish, a goal, a rating, an effort, a note, a task, a network map and a risk."""

    def __init__(self) -> None:
        super().__init__()
        # Tests that empty the tables take the defaults of the migration along.
        defaults.write(lambda name: apps.get_model("duty", name))
        self.secrets: dict[tuple[int, tuple[str, ...]], str] = {}
        self.wish = record_wish(self.worker, self.ane, text="Jeg vil lave mad.", words="own")
        text = GoalText("Jeg laver aftensmad", "develop", clock.today(), LEVELS, wish=self.wish)
        self.goal = set_goal(self.worker, self.ane, text, level_now=-1)
        self.rating = rate_goal(self.colleague, self.goal, 1, text="Det går frem.")
        effort = EffortText("Madlavning sammen", 2, "week", 45, clock.today())
        self.effort = plan_effort(self.worker, self.goal, effort)
        self.note = write_note(
            self.worker, self.ane, text="Vi stegte frikadeller sammen.", goals=[self.goal], tags=["mad"]
        )
        self.task = plan_task(self.worker, due_at=clock.now(), effort=self.effort)
        self.map = draw_map(self.worker, self.ane, drawn_with="Mette")
        self.mona = add_person(
            self.worker, self.map, Someone("Mona", "søster", "family_friends", 1, "primary")
        )
        scale = scale_for(self.offer.pk)
        assert scale is not None
        set_risk(self.worker, self.ane, scale.levels.all()[0], text="Sov godt.")

    @property
    def things(self) -> dict[str, Any]:
        """What the addresses and bodies of the API name."""
        return {
            "citizen": self.ane.key,
            "goal": self.goal.key,
            "note": self.note.key,
            "task": self.task.key,
            "person": self.mona.key,
            "unit": self.offer.pk,
        }

    def secret(self, user: User, *scopes: str) -> str:
        """A key of the user, with all scopes unless some are named."""
        known = (user.pk, scopes)
        if known not in self.secrets:
            self.secrets[known] = issue(user, "prøve", list(scopes or ALL), 30)[1]
        return self.secrets[known]

    def get(self, path: str, user: User | None = None, **query: Any) -> Any:
        """GET under the API as the user, Mette unless said."""
        headers = {"Authorization": f"Bearer {self.secret(user or self.worker)}"}
        return Client().get(f"/api/v1/{path}", query, headers=headers)

    def write(
        self,
        path: str,
        body: dict[str, Any],
        user: User | None = None,
        *,
        key: str = "",
        method: str = "POST",
    ) -> Any:
        """POST (or another method) under the API, with a new idempotency key unless one is given."""
        headers = {
            "Authorization": f"Bearer {self.secret(user or self.worker)}",
            "Idempotency-Key": key or str(uuid4()),
        }
        return Client().generic(
            method, f"/api/v1/{path}", json.dumps(body, default=str), "application/json", headers=headers
        )
