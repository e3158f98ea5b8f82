"""How many notes a second the house takes: eight colleagues on two server processes, log and history on.

Each has logged in through the page and sends the form of the quick note, with its protection. It is sent in two ways:
the page first and then the form, as on a phone; and the form alone under a new number each time, as a phone does
that was without a net. About a citizen each, and all eight about the same one. Afterwards the tables are counted: each
acknowledged note must be there once, with its history and its kept answer.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.faulthouse import Browser, House, wait_for
from benchmarks.machine import described
from roedtraad.core.ids import new_id

CLIENTS = 8
SECONDS = 20
MARK = "Måling af notater"
TEXT = f"{MARK}. Gik en tur i skoven efter aftensmaden og talte om besøget på søndag. "

# Eight colleagues in the leader's units, and the citizens who live there.
MAKE = """
import json
from roedtraad.access import rows
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.demo.users import PASSWORD
from roedtraad.practice.queries.homes import residents
rows.process_is("måling")
model = Grant.objects.get(user__username="leder", role=Role.LEADER)
made = []
for n in range(COUNT):
    user, new = User.objects.get_or_create(username=f"notat-{n}", defaults={"full_name": f"Notat Prøve {n}"})
    if new:
        user.password = User.objects.get(username="leder").password
        user.save()
        Grant.objects.create(user=user, role=Role.SUPPORT_WORKER, unit=model.unit, valid=model.valid)
    made.append(user.username)
people = [str(one.key) for _unit, living in residents(User.objects.get(username="notat-0")) for one in living]
print(json.dumps([made, people[:COUNT], PASSWORD]))
"""
COUNTED = """
SELECT count(*), count(DISTINCT n.key),
       (SELECT count(*) FROM practice_noteevent e JOIN practice_note m ON m.id = e.pgh_obj_id WHERE m.text LIKE %s),
       (SELECT count(*) FROM access_sentrequest WHERE status = 302 AND route LIKE 'borgere/notat/%%')
FROM practice_note n WHERE n.text LIKE %s
"""


@dataclass
class Colleague:
    """One who writes note after note."""

    browser: Browser
    number: int
    reading: list[float] = field(default_factory=list)
    sending: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    form: dict[str, str] = field(default_factory=dict)

    def write(self, citizen: str, until: float, *, page_first: bool) -> None:
        """Until the moment (on the clock that never turns back)."""
        path = f"/borgere/notat/{citizen}/"
        self.form = {}
        while time.monotonic() < until:
            if page_first or not self.form:
                began = time.perf_counter()
                self.form = self.browser.hidden(self.browser.get(path).text, "quick-note")
                self.reading.append(time.perf_counter() - began)
                if not self.form:
                    self.errors["siden har ingen formular"] += 1
                    return
            else:
                self.form |= {name: str(new_id()) for name in ("request_id", "key") if name in self.form}
            began = time.perf_counter()
            answer = self.browser.post(path, self.form | {"text": TEXT + str(self.number), "kind": "daily"})
            self.sending.append(time.perf_counter() - began)
            self.number += 1
            if answer.status != 302:
                self.errors[f"svar {answer.status}"] += 1
                if answer.status >= 400:
                    return


def run() -> None:
    """The measurement as `make bench` makes it."""
    main([])


def main(arguments: list[str]) -> None:
    """Make the world and the colleagues, let them write, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="a folder with a demo already made")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="roedtraad-") as scratch:
        Path(scratch).chmod(0o711)
        house = House(given.data or Path(scratch) / "var", workers=2, env={"ROEDTRAAD_LOG_LEVEL": "INFO"})
        house.data.mkdir(exist_ok=True)
        done = house.run("demo", "--no-serve")
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        try:
            # On a busy machine it takes its time, and none of it is measured.
            house.start(wait=False)
            wait_for(house.ready_or_gone, "the house to be ready", 300)
            _measure(house, given.seconds)
        finally:
            house.stop()


def _measure(house: House, seconds: int) -> None:
    users, people, password = house.shell(MAKE.replace("COUNT", str(CLIENTS)))
    if len(people) < CLIENTS:
        raise SystemExit(f"Der bor kun {len(people)} i lederens enheder; der skal {CLIENTS} til.")
    browsers = [Browser(house.port, patience=60) for _user in users]
    for browser, user in zip(browsers, users, strict=True):
        browser.login(user, password)
    before = _counted(house)
    acknowledged = 0
    print(f"   {'':<40}{'notater':>8}{'pr. s':>7}{'svar/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'kerner':>9}")
    for words, citizens in (("hver sin borger", people), ("den samme borger", [people[0]] * CLIENTS)):
        for way, page_first in (("siden og så formularen", True), ("formularen alene", False)):
            colleagues = [Colleague(browser, 0) for browser in browsers]
            busy, spent = _let_loose(colleagues, citizens, seconds, page_first=page_first)
            _print(f"{way}, {words}", colleagues, spent, busy)
            acknowledged += sum(len(one.sending) - sum(one.errors.values()) for one in colleagues)
    notes, keys, events, answers = (now - was for now, was in zip(_counted(house), before, strict=True))
    print(
        f"   kvitteret {acknowledged}, i tabellen {notes} ({keys} nøgler), historik {events}, kvitteringer {answers}"
    )
    if len({acknowledged, notes, keys, events, answers}) > 1:
        raise SystemExit("Tallene er ikke ens: noget er tabt eller skrevet to gange.")


def _let_loose(
    colleagues: list[Colleague], citizens: list[str], seconds: int, *, page_first: bool
) -> tuple[float, float]:
    """How busy the machine's cores were in percent, and the seconds it took."""
    began = time.monotonic()
    threads = [
        threading.Thread(
            target=one.write, args=[citizen, began + seconds], kwargs={"page_first": page_first}, daemon=True
        )
        for one, citizen in zip(colleagues, citizens, strict=True)
    ]
    psutil.cpu_percent()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return psutil.cpu_percent(), time.monotonic() - began


def _counted(house: House) -> tuple[int, ...]:
    with house.database() as connection:
        row = connection.execute(COUNTED, [f"{MARK}%", f"{MARK}%"]).fetchone()
        assert row is not None
        return tuple(row)


def _print(words: str, colleagues: list[Colleague], seconds: float, busy: float) -> None:
    sent = sorted(spent for one in colleagues for spent in one.sending)
    answers = len(sent) + sum(len(one.reading) for one in colleagues)
    cuts = statistics.quantiles(sent, n=100)
    print(
        f"   {words:<40}{len(sent):>8}{len(sent) / seconds:>7.1f}{answers / seconds:>8.1f}"
        f"{cuts[49] * 1000:>8.0f}{cuts[98] * 1000:>8.0f}{busy:>7.0f} %"
    )
    for name, times in sum((one.errors for one in colleagues), Counter()).most_common(5):
        print(f"   FEJL {times} × {name}")


if __name__ == "__main__":
    print(f"Maskine: {described()}")
    main(sys.argv[1:])
