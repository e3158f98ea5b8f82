"""The other faults: a full disk, a database that is away, a clock that turns back, two houses on one folder, and
a migration that is cut off. Each is a function that breaks a house while clients write, and says what it saw.

The suite runs the same functions with shorter times (`tests/config/test_faults.py`).
"""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.faulthouse import Browser, Count, House, Writer, Writers, count, wait_for
from roedtraad.config.postgres import APP, SUPERUSER, Cluster

FIRST_DAY = dt.date(2041, 1, 1)
HOUR = 3600
# A unit with four places and four citizens, and a leader who is logged in four times.
SMALL_WORLD = """
import datetime as dt
import json
from django.test import Client
from roedtraad.access import rows
from roedtraad.config import environment
from roedtraad.config.cli.serve import static_files_ready
from roedtraad.core import clock
from roedtraad.journeys.occupancy import refresh
from tests import factories as make
rows.process_is("prøve")
with clock.fixed(dt.datetime(2026, 6, 15, 12)):
    unit = make.unit("tangkaer", name="Tangkær", parent=make.region_root())
    before = make.place("FOER-1", unit)
    places = [make.place(f"F-{n}", unit) for n in range(4)]
    citizens = [make.citizen(acting="0791", paying="0751") for _ in range(4)]
    for citizen in citizens:
        day = dt.date(2020, 1, 1) + dt.timedelta(days=10 * citizens.index(citizen))
        make.stay(citizen, before, day, ordered_end=day, moved_in=True)
    leader = make.user_with("leader", unit, username="leder")
    refresh()
cookies = []
for _ in places:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(leader)
    cookies.append({name: morsel.value for name, morsel in browser.cookies.items()})
static_files_ready(environment.data_folder())
print(json.dumps([[place.code for place in places], [str(c.key) for c in citizens], cookies]))
"""


class CannotHere(Exception):
    """The machine does not let this fault be made; the message says why."""


@dataclass(frozen=True)
class Seen:
    """What a fault did: the answers while it lasted, the seconds until writing went on, and the final count."""

    during: str
    back: float
    counted: Count


@contextmanager
def folder() -> Iterator[Path]:
    """A scratch folder that the database's user can walk through; clusters left in it are removed."""
    scratch = Path(tempfile.mkdtemp(prefix="roedtraad-"))
    scratch.chmod(0o711)
    try:
        yield scratch
    finally:
        for found in scratch.glob("*/postgres/cluster"):
            Cluster(found.parents[1]).remove()
        shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True)
class Template:
    """A furnished data folder at rest. Making it takes half a minute, copying it an instant."""

    data: Path
    places: list[str]
    citizens: list[str]
    cookies: list[dict[str, str]]

    def copy(self, target: Path, *, jobs: bool = False) -> House:
        """A house of its own on a copy of the data."""
        subprocess.run(["cp", "-a", str(self.data), str(target)], check=True)
        return House(target, jobs=jobs)

    def writers(self, port: int) -> Writers:
        """Clients that are logged in and book one place each."""
        each = zip(self.places, self.citizens, self.cookies, strict=True)
        return Writers(
            [
                Writer(Browser(port, cookie), place, citizen, "0751", FIRST_DAY)
                for place, citizen, cookie in each
            ]
        )


@contextmanager
def template() -> Iterator[Template]:
    """Tables, a small world and static files, made once, without promises against a power cut meanwhile."""
    with folder() as scratch:
        house = House(scratch / "var")
        house.data.mkdir()
        with Cluster(house.data, fast=True).ensure_running():
            done = house.run("manage", "migrate", "--noinput", "-v", "0")
            assert done.returncode == 0, done.stdout + done.stderr
            places, citizens, cookies = house.shell(SMALL_WORLD)
        yield Template(house.data, places, citizens, cookies)


@contextmanager
def running(house: House) -> Iterator[None]:
    """Serve for as long as this lasts."""
    try:
        house.start()
        yield
    finally:
        house.stop()


def database_away(made: Template, seconds: float) -> Seen:
    """A database server of its own (`DATABASE_URL`) is stopped for some seconds while clients write."""
    with folder() as scratch:
        server = Cluster(made.copy(scratch / "elsewhere").data)
        server.start()
        house = House(scratch / "var", jobs=False, env={"DATABASE_URL": server.dsn(APP, "roedtraad")})
        # Keys and static files are the house's own, the database is elsewhere.
        shutil.copytree(made.data, house.data, ignore=shutil.ignore_patterns("postgres"))
        writers = made.writers(house.port)
        with running(house):
            writers.start()
            writers.wait_for_more(8)
            server.stop()
            stopped = time.monotonic()
            browser = Browser(house.port, dict(writers.writers[0].browser.cookies))
            wait_for(lambda: browser.get("/").status == 503, "the page that says so")
            answers = away_answers(browser)
            time.sleep(max(0.0, seconds - (time.monotonic() - stopped)))
            server.start()
            back = writers.wait_for_more(8)
            writers.stop()
            wait_for(house.ready, "the house to be ready")
            with psycopg.connect(server.dsn(SUPERUSER, "roedtraad")) as connection:
                counted = count(connection, writers.acknowledged, FIRST_DAY)
            assert house.process is not None
            assert house.process.poll() is None
    return Seen(answers, back, counted)


def away_answers(browser: Browser) -> str:
    """The answers while the database is away, asserted: a page, an API sentence, a note, and both health pages."""
    began = time.monotonic()
    page = browser.get("/")
    api = browser.get("/api/v1/units")
    note = browser.get("/", **{"HX-Request": "true"})
    ready = browser.get("/readyz")
    health = browser.get("/healthz")
    took = time.monotonic() - began
    assert page.status == 503, page.status
    assert "Vi er tilbage om lidt" in page.text
    assert "Traceback" not in page.text
    assert int(page.headers["retry-after"]) > 0
    assert api.status == 503, api.status
    assert api.headers["content-type"].startswith("application/json")
    assert '"detail"' in api.text
    assert (note.status, note.headers["hx-retarget"]) == (503, "#toasts")
    assert "<html" not in note.text
    assert (ready.status, health.status) == (503, 200), (ready.status, health.text)
    assert '"database": {"ok": false' in health.text
    return f"side, API og htmx 503, /readyz 503, /healthz 200; fem svar på {took:.1f} s"


def disk_full(made: Template) -> Seen:
    """The disk of the data folder fills up, first for tables, then for the database's own log; then there is room."""
    with folder() as scratch:
        disk = scratch / "disk"
        disk.mkdir(mode=0o711)
        mount = ["mount", "-t", "tmpfs", "-o", "size=420m,mode=0711", "tmpfs", str(disk)]
        if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
            raise CannotHere("et lille filsystem kan ikke monteres her, så ingen disk kan fyldes")
        house = made.copy(disk / "var")
        house.log = scratch / "serve.log"
        try:
            writers = made.writers(house.port)
            with running(house):
                writers.start()
                writers.wait_for_more(8)
                ballast = disk / "ballast"
                _fill(ballast)
                _force_new_segments(house)
                wait_for(lambda: "Disken er fuld" in house.told(), "the sentence about the disk", 180)
                closed = Browser(house.port).get("/konto/login/").status
                time.sleep(2)
                ballast.unlink()
                back = writers.wait_for_more(8)
                writers.stop()
                wait_for(house.ready, "the house to be ready")
                with house.database() as connection:
                    counted = count(connection, writers.acknowledged, FIRST_DAY)
                statuses = {status for writer in writers.writers for status in writer.statuses}
                assert statuses <= {200, 302, 503}, statuses
                assert closed == 503, closed
        finally:
            Cluster(house.data).stop()
            subprocess.run(["umount", str(disk)], check=True)
    return Seen("siderne 503; »Disken er fuld … prøver igen, til der er plads«", back, counted)


def _fill(path: Path) -> None:
    """Write until nothing more goes."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(2**16))


def _force_new_segments(house: House) -> None:
    """Make the database need new files for its log: without room it cannot go on, and stops."""
    with suppress(psycopg.Error), house.database() as connection:
        for _ in range(200):
            connection.execute("SELECT pg_logical_emit_message(true, 'ballast', repeat('x', 1000000))")


def clock_back(made: Template) -> Seen:
    """The clock of every process, the database's too, jumps back an hour while clients write."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise CannotHere("der er ingen C-oversætter, så uret kan ikke stilles for enkelte processer")
    with folder() as scratch:
        house = made.copy(scratch / "var")
        writers = made.writers(house.port)
        shift = scratch / "shift"
        shift.write_bytes(struct.pack("q", 0))
        shift.chmod(0o644)
        library = scratch / "clock.so"
        source = Path(__file__).with_name("faults_clock.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
        library.chmod(0o755)
        preload = {"LD_PRELOAD": str(library), "CLOCKSHIFT_FILE": str(shift)}
        house.env |= preload | {"ROEDTRAAD_PG_BIN": str(_shifted_programs(house, scratch, preload))}
        with running(house):
            writers.start()
            writers.wait_for_more(12)
            citizen = f"/kapacitet/borgere/{writers.writers[0].citizen}/"
            visitor = Browser(house.port, dict(writers.writers[0].browser.cookies))
            assert visitor.get(citizen).status == 200
            before = _database_time(house)
            jumped = time.monotonic()
            shift.write_bytes(struct.pack("q", -HOUR))
            back = writers.wait_for_more(12)
            after = _database_time(house)
            writers.stop()
            assert before - after > dt.timedelta(minutes=50), (before, after)
            assert visitor.get(citizen).status == 200
            with house.database() as connection:
                counted = count(connection, writers.acknowledged, FIRST_DAY)
                _assert_order(connection, writers)
            checked = house.run("check")
            assert checked.returncode == 0, checked.stdout
            assert time.monotonic() - jumped < HOUR
    return Seen("sessionerne holdt; numre, historik og opslagslog i orden", back, counted)


def _shifted_programs(house: House, scratch: Path, preload: dict[str, str]) -> Path:
    """PostgreSQL's programs, started with the shifted clock: the server is given no environment of ours."""
    with Cluster(house.data).ensure_running():
        real = Path(house.postmaster().exe()).parent
    shelf = scratch / "bin"
    shelf.mkdir(mode=0o755)
    assignments = " ".join(f"{name}='{value}'" for name, value in preload.items())
    for name in ("postgres", "initdb", "pg_config"):
        program = shelf / name
        shifted = f"env {assignments} " if name == "postgres" else ""
        program.write_text(f'#!/bin/sh\nexec {shifted}"{real / name}" "$@"\n')
        program.chmod(0o755)
    shelf.chmod(0o755)
    return shelf


def _database_time(house: House) -> dt.datetime:
    with house.database() as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return row[0]


def _assert_order(connection: psycopg.Connection[Any], writers: Writers) -> None:
    """Later numbers sort after earlier ones, history in the order of the changes, and the log of look-ups goes on."""
    for writer in writers.writers:
        numbers = [request_id for _key, request_id in writer.acknowledged]
        assert numbers == sorted(numbers), "a later form got an earlier number"
    rows = connection.execute(
        "SELECT s.place_id, s.id, e.pgh_id FROM journeys_stay s JOIN journeys_stayevent e ON e.key = s.key "
        "WHERE s.ordered_start >= %s ORDER BY s.place_id, s.id",
        [FIRST_DAY],
    ).fetchall()
    assert [(row[0], row[2]) for row in rows] == sorted((row[0], row[2]) for row in rows)
    times = connection.execute("SELECT pgh_created_at FROM journeys_stayevent ORDER BY pgh_id").fetchall()
    assert times != sorted(times), "the clock did not turn back"
    looked = connection.execute("SELECT at FROM access_lookuplog ORDER BY id").fetchall()
    assert looked != sorted(looked), "no look-up was written after the jump"


def two_houses(made: Template) -> Seen:
    """A second `serve` on the same folder says so and shares; when the first ends, it takes over the database."""
    with folder() as scratch:
        first = made.copy(scratch / "var")
        writers = made.writers(first.port)
        second = House(first.data, jobs=False)
        try:
            with running(first):
                second.start()
                told = second.told()
                assert "Rødtråd kører allerede på datamappen" in told, told
                refused = first.run("db", "stop")
                assert refused.returncode == 1
                assert "Stop »serve«" in refused.stderr
                for writer in writers.writers[::2]:
                    writer.browser = Browser(second.port, writer.browser.cookies)
                writers.start()
                writers.wait_for_more(12)
                for writer in writers.writers[1::2]:
                    writer.browser = Browser(second.port, writer.browser.cookies)
            back = writers.wait_for_more(12)
            writers.stop()
            with second.database() as connection:
                counted = count(connection, writers.acknowledged, FIRST_DAY)
        finally:
            second.stop()
        assert not Cluster(first.data).status().running
    return Seen("»Rødtråd kører allerede på datamappen …«; den anden overtog databasen", back, counted)


MIGRATE = [sys.executable, "-W", "ignore", "-m", "roedtraad", "manage", "migrate", "--noinput", "-v", "0"]


def migration_cut_off(made: Template) -> Seen:
    """`manage migrate` is killed half-way; the next start says what is missing, and migrating again finishes.

    Half-way is made exact: the table is made, but the note that it was made has to wait for a lock of ours.
    """
    with folder() as scratch:
        house = made.copy(scratch / "var")
        writers = made.writers(house.port)
        with Cluster(house.data).ensure_running():
            _take_back_a_migration(house)
            with house.database() as connection, connection.transaction():
                connection.execute("LOCK TABLE django_migrations IN SHARE ROW EXCLUSIVE MODE")
                migrating = subprocess.Popen(MIGRATE, env=house.env, stdout=subprocess.DEVNULL)
                wait_for(lambda: _waiting(house, "relation") == 1, "the migration to be half-way")
                migrating.send_signal(signal.SIGKILL)
                migrating.wait()
            with house.database() as connection:
                wait_for(lambda: _table(connection) is None, "the half-made table to be gone")
        refused = house.run("serve", "--port", str(house.port))
        assert refused.returncode == 1, refused.stdout + refused.stderr
        sentence = refused.stderr.strip().splitlines()[-1]
        assert sentence.startswith("Databasen mangler 1 "), sentence
        began = time.monotonic()
        done = house.run("manage", "migrate", "--noinput", "-v", "0")
        assert done.returncode == 0, done.stdout + done.stderr
        back = time.monotonic() - began
        with running(house):
            writers.start()
            writers.wait_for_more(8)
            writers.stop()
            with house.database() as connection:
                assert _table(connection) is not None
                counted = count(connection, writers.acknowledged, FIRST_DAY)
    return Seen(f"»{sentence.split('. ')[0]}.« Intet var halvt lavet", back, counted)


def two_migrations(made: Template) -> str:
    """Two that migrate at once take turns; both end well."""
    with folder() as scratch:
        house = made.copy(scratch / "var")
        with Cluster(house.data).ensure_running():
            _take_back_a_migration(house)
            with house.database() as connection, connection.transaction():
                connection.execute("LOCK TABLE django_migrations IN SHARE ROW EXCLUSIVE MODE")
                both = [
                    subprocess.Popen(
                        MIGRATE, env=house.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
                    )
                    for _ in range(2)
                ]
                wait_for(lambda: _waiting(house, "advisory") == 1, "the second to wait")
                wait_for(lambda: _waiting(house, "relation") == 1, "the first to be half-way")
            said = [process.communicate()[0] for process in both]
            assert [process.returncode for process in both] == [0, 0], said
            waited = [words for words in said if "Venter på den." in words]
            assert len(waited) == 1, said
    return "den ene sagde, at den ventede; begge endte godt"


def _take_back_a_migration(house: House) -> None:
    """As if a table of the newest release had not been made yet."""
    with house.database() as connection:
        connection.execute("DROP TABLE demo_demoworld")
        connection.execute("DELETE FROM django_migrations WHERE app = 'demo'")


def _table(connection: psycopg.Connection[Any]) -> str | None:
    row = connection.execute("SELECT to_regclass('demo_demoworld')::text").fetchone()
    return row[0] if row else None


def _waiting(house: House, kind: str) -> int:
    """How many connections wait for a lock of the kind."""
    with house.database() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = %s", [kind]
        ).fetchone()
    return int(row[0]) if row else 0


OTHERS: dict[str, Callable[[Template], Seen]] = {
    "disken fuld": disk_full,
    "databasen væk i 20 s": lambda made: database_away(made, 20),
    "uret en time tilbage": clock_back,
    "to på samme datamappe": two_houses,
    "migrering afbrudt": migration_cut_off,
}


def run() -> None:
    """Make each fault once and print what was seen."""
    heads = f"{'videre, s':>10}{'kvitteret':>11}{'tabt':>6}{'dobbelt':>9}{'halvt':>7}{'ukendt':>8}"
    print(f"   {'fejl':<24}{heads}   hvad der skete")
    with template() as made:
        for name, fault in OTHERS.items():
            try:
                seen = fault(made)
            except CannotHere as reason:
                print(f"   {name:<24}sprunget over: {reason}")
                continue
            counted = seen.counted
            print(
                f"   {name:<24}{seen.back:>10.1f}{counted.acknowledged:>11}{counted.lost:>6}{counted.doubled:>9}"
                f"{counted.half:>7}{counted.unknown:>8}   {seen.during}",
                flush=True,
            )
        print(f"   {'to migreringer':<24}{two_migrations(made)}")


if __name__ == "__main__":
    run()
