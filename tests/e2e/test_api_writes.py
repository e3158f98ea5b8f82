"""A program writes in a record over HTTP, to the real server with its processes: once, however often it sends."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from .conftest import Site

AT_ONCE = 8
# A key that writes, and somebody it may write about. Printed on one line, after whatever the command says itself.
MAKE_KEY = """
from roedtraad.access import rows
from roedtraad.access.tokens import issue
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
user = User.objects.get(username="medarbejder")
with rows.as_user(user):
    whose = Citizen.objects.filter(visible_q("citizens.Citizen", user, "record.write")).order_by("pk")[0]
print("NØGLE", issue(user, "prøve", ["*", "record.write"], 2)[1], whose.key)
"""


@dataclass(frozen=True)
class Program:
    """What sends: its key and whom it writes about."""

    site: Site
    secret: str
    citizen: str

    def send(
        self, method: str, path: str, body: dict[str, Any] | None = None, key: str = ""
    ) -> tuple[int, bytes]:
        """Status and body."""
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        asked = urllib.request.Request(
            f"{self.site.url}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()


@pytest.fixture(scope="module")
def program(site: Site) -> Program:
    made = site.run("manage", "shell", "-c", MAKE_KEY)
    assert made.returncode == 0, made.stderr.decode()
    line = next(line for line in made.stdout.decode().splitlines() if line.startswith("NØGLE"))
    _word, secret, citizen = line.split()
    return Program(site, secret, citizen)


def test_eight_that_send_the_same_at_once_write_one_note(program: Program) -> None:
    mark = f"prøve{uuid4().hex[:10]}"
    body = {"citizen": program.citizen, "text": f"Otte på én gang {mark}", "tags": [mark]}
    key, start = str(uuid4()), threading.Barrier(AT_ONCE)
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        start.wait()
        for _attempt in range(100):
            answer = program.send("POST", "notes", body, key)
            if answer[0] != 409:
                answers.append(answer)
                return
            time.sleep(0.05)

    threads = [threading.Thread(target=send) for _n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == AT_ONCE
    assert {status for status, _body in answers} == {201}
    assert len({text for _status, text in answers}) == 1
    tag = urllib.parse.quote(mark)
    status, listed = program.send("GET", f"notes?citizen={program.citizen}&tag={tag}")
    assert status == 200
    assert [note["text"] for note in json.loads(listed)["items"]] == [body["text"]]


def test_the_way_from_wish_to_thread(program: Program) -> None:
    def make(path: str, body: dict[str, Any]) -> dict[str, Any]:
        status, text = program.send("POST", path, body, str(uuid4()))
        assert status in (200, 201), text
        found: dict[str, Any] = json.loads(text)
        return found

    wish = make("wishes", {"citizen": program.citizen, "text": "Jeg vil på museum."})
    goal = make(
        "goals",
        {
            "citizen": program.citizen,
            "title": "Jeg tager selv på museum",
            "kind": "develop",
            "starts_on": "2026-11-16",
            "levels": [
                "Bliver hjemme.",
                "Kommer med bussen.",
                "Går med ind.",
                "Køber billet.",
                "Tager alene afsted.",
            ],
            "level_now": -1,
            "wish": wish["id"],
        },
    )
    effort = make(
        "efforts",
        {"goal": goal["id"], "title": "Museumstur", "times": 1, "minutes": 90, "starts_on": "2026-11-16"},
    )
    task = make(
        "tasks",
        {"citizen": program.citizen, "effort": effort["id"], "due_at": "2026-11-16T09:00:00+01:00"},
    )
    ended = make(f"tasks/{task['id']}/end", {"minutes": 75})
    assert (ended["state"], ended["minutes"]) == ("done", 75)
    make(f"goals/{goal['id']}/ratings", {"level": 1})
    status, text = program.send("GET", f"citizens/{program.citizen}/thread")
    assert status == 200
    strand = next(one for one in json.loads(text)["strands"] if one["wish"] == wish["id"])
    (shown,) = strand["goals"]
    assert (shown["start_level"], shown["level"], shown["outcome"]) == (-1, 1, "reached")
    assert [(one["title"], one["delivered_minutes"]) for one in shown["efforts"]] == [("Museumstur", 75)]


def test_a_key_of_the_demo_only_reads(site: Site, program: Program) -> None:
    reader = Program(site, site.token, program.citizen)
    status, text = reader.send("POST", "notes", {"citizen": program.citizen, "text": "x"}, str(uuid4()))
    assert status == 403
    assert json.loads(text)["detail"].endswith(".")
