"""Two hundred signed-in users for two minutes: nine pages read for one written, on the region's world.

Users are made and logged in before the clock starts. Each thinks a while between two pages, as people do; the time
is drawn, with `--think` seconds as its mean. Errors are answers of 400 and above, and broken connections.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.faulthouse import BOOK, Browser, House
from benchmarks.faults import WHO_AND_WHERE
from benchmarks.machine import described

USERS = 200
SECONDS = 120
WRITES = 0.1
# Beyond the days that benchmarks/faults.py books.
FIRST_DAY = dt.date(2050, 1, 1)
DAYS_EACH = 100
MIB = 2**20

# Leaders who book, and others who only read; each with a session of its own.
MAKE_USERS = """
import json
from django.test import Client
from roedtraad.access import rows
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
rows.process_is("måling")
model = {name: Grant.objects.get(user__username=name) for name in ("leder", "medarbejder", "oekonom", "strateg")}
made = []
for n in range(COUNT):
    name = "leder" if n % 2 == 0 else ("medarbejder", "oekonom", "strateg")[n // 2 % 3]
    user, new = User.objects.get_or_create(username=f"last-{n}", defaults={"full_name": f"Last Prøve {n}"})
    grant = model[name]
    if new:
        user.set_unusable_password()
        user.save()
        Grant.objects.create(user=user, role=grant.role, unit=grant.unit, valid=grant.valid)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    made.append([name, {key: morsel.value for key, morsel in browser.cookies.items()}])
print(json.dumps(made))
"""
PAGES = {
    "leder": (
        "/",
        "/kapacitet/",
        "/kapacitet/enhed/tangkaer/",
        "/kapacitet/borgere/",
        "/organisation/",
        BOOK,
    ),
    "medarbejder": ("/", "/kapacitet/enhed/tangkaer/", "/kapacitet/borgere/", "/organisation/"),
    "oekonom": ("/", "/kapacitet/", "/maalbillede/?aar=2019", "/organisation/"),
    "strateg": ("/", "/maalbillede/?aar=2019", "/maalbillede/?aar=2019&enhed=sau", "/organisation/"),
}


@dataclass
class Visitor:
    """One user: reads, and books when a leader."""

    number: int
    role: str
    browser: Browser
    place: str
    citizen: str
    think: float
    times: list[tuple[str, float]] = field(default_factory=list)
    written: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def visit(self, until: float) -> None:
        """Until the moment (on the clock that never turns back)."""
        chance = random.Random(self.number)
        pages = PAGES[self.role]
        # Half of the users are leaders, so each of them writes twice as often as the share that is wanted.
        writes = 2 * WRITES if self.role == "leder" else 0.0
        time.sleep(chance.uniform(0, self.think))
        while time.monotonic() < until:
            if chance.random() < writes:
                self._book()
            else:
                path = chance.choice(pages)
                self._timed("læs " + path, "GET", path, {})
            time.sleep(chance.expovariate(1 / self.think))

    def _book(self) -> None:
        page = self._timed("læs " + BOOK, "GET", BOOK, {})
        form = self.browser.hidden(page, 'value="book"')
        if not form:
            return
        day = FIRST_DAY + dt.timedelta(days=self.number * DAYS_EACH + self.written)
        self.written += 1
        order = {
            "ordered_start": day.isoformat(),
            "ordered_end": day.isoformat(),
            "paying_municipality": "0751",
        }
        who = {"who": "known", "citizen": self.citizen, "place": self.place, "act": "book"}
        self._timed("skriv " + BOOK, "POST", BOOK, form | order | who)

    def _timed(self, name: str, method: str, path: str, form: dict[str, str]) -> str:
        began = time.perf_counter()
        try:
            answer = self.browser.post(path, form) if method == "POST" else self.browser.get(path)
        except OSError as error:
            self.errors[f"{name}: {error}"] += 1
            return ""
        self.times.append((name, time.perf_counter() - began))
        if answer.status != (302 if method == "POST" else 200):
            self.errors[f"{name}: {answer.status}"] += 1
        return answer.text


def run() -> None:
    """The measurement as `make bench` makes it."""
    main([])


def main(arguments: list[str]) -> None:
    """Make the world and the users, let them loose, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="a folder with a demo already made")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--think", type=float, default=8.0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="roedtraad-") as scratch:
        Path(scratch).chmod(0o711)
        house = House(given.data or Path(scratch) / "var", workers=2)
        house.data.mkdir(exist_ok=True)
        done = house.run("demo", "--no-serve")
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        try:
            house.start()
            _measure(house, given.users, given.seconds, given.think)
        finally:
            house.stop()


def _measure(house: House, users: int, seconds: int, think: float) -> None:
    places, citizens, _password = house.shell(WHO_AND_WHERE)
    logged_in = house.shell(MAKE_USERS.replace("COUNT", str(users)))
    visitors = [
        Visitor(
            number,
            role,
            Browser(house.port, cookies, patience=60),
            places[number % len(places)],
            citizens[number % len(citizens)],
            think,
        )
        for number, (role, cookies) in enumerate(logged_in)
    ]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=visitor.visit, args=[until], daemon=True) for visitor in visitors]
    psutil.cpu_percent()
    for thread in threads:
        thread.start()
    peak, parts = _watch_memory(house, until)
    busy = psutil.cpu_percent()
    for thread in threads:
        thread.join(120)
    _print(visitors, seconds, busy, peak, parts)


def _watch_memory(house: House, until: float) -> tuple[float, dict[str, float]]:
    """The highest sum seen, and its parts, in MiB; shared pages are counted once (PSS)."""
    peak, parts = 0.0, {}
    while time.monotonic() < until:
        seen: dict[str, float] = defaultdict(float)
        for process in house.everything():
            try:
                words = " ".join(process.cmdline())
                seen[_kind(words)] += process.memory_full_info().pss / MIB
            except psutil.Error:
                continue  # it ended between the listing and the reading
        if sum(seen.values()) > peak:
            peak, parts = sum(seen.values()), dict(seen)
        time.sleep(2)
    return peak, parts


def _kind(words: str) -> str:
    if "config.pushed" in words:
        return "push-server"
    if "granian" in words:
        return "webserver"
    if "postgres" in words:
        return "database"
    return "opgaver" if " worker" in words else "supervisor"


def _print(visitors: list[Visitor], seconds: int, busy: float, peak: float, parts: dict[str, float]) -> None:
    times = [pair for visitor in visitors for pair in visitor.times]
    errors: Counter[str] = sum((visitor.errors for visitor in visitors), Counter())
    written = [spent for name, spent in times if name.startswith("skriv")]
    print(
        f"   {len(visitors)} brugere i {seconds} s: {len(times)} svar ({len(times) / seconds:.1f} pr. sekund), "
        f"heraf {len(written)} skrevet; {sum(errors.values())} fejl"
    )
    print(f"   {'':<40}{'antal':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    by_name: dict[str, list[float]] = defaultdict(list)
    for name, spent in times:
        by_name[name].append(spent)
        by_name["alle"].append(spent)
    for name, spent in sorted(by_name.items(), key=lambda item: (item[0] != "alle", item[0])):
        cuts = statistics.quantiles(spent, n=100) if len(spent) > 1 else spent * 99
        print(
            f"   {name:<40}{len(spent):>7}{cuts[49] * 1000:>9.0f}{cuts[94] * 1000:>9.0f}{cuts[98] * 1000:>9.0f}"
        )
    shares = ", ".join(f"{name} {size:.0f}" for name, size in sorted(parts.items()))
    print(f"   højeste hukommelse: {peak:.0f} MiB ({shares}); maskinens kerner {busy:.0f} % i brug")
    for words, times_seen in errors.most_common(10):
        print(f"   FEJL {times_seen} × {words}")


if __name__ == "__main__":
    print(f"Maskine: {described()}")
    main(sys.argv[1:])
