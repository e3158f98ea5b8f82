"""Kill -9 in turn while eight clients write: is every acknowledged write there, once, and whole?

`python -m benchmarks.faults --rounds 10`. Each round kills a web worker, the supervisor (which is then started
again) and the database server, with the clients writing all the time, and counts after each.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.faulthouse import Browser, Count, House, Writer, Writers, count, wait_for
from benchmarks.faults_other import FIRST_DAY
from benchmarks.machine import described

CLIENTS = 8
ROUNDS = 10
WRITES_BETWEEN = 24
# Places and citizens the leader may book for, one of each for every client.
WHO_AND_WHERE = """
import json
from roedtraad.access import rows, scope
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.demo.users import PASSWORD
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import Place
rows.process_is("måling")
user = User.objects.get(username="leder")
units = scope.reach(user, "stay.book").all_units
# Nobody may live there or have booked without an end.
open_ended = Stay.objects.booked().filter(planned__endswith=None)
terms = dict(terms__unit__in=units, terms__valid__endswith=None, category="residential")
places = Place.objects.filter(**terms).exclude(pk__in=open_ended.values("place")).order_by("code").distinct()
citizens = Citizen.objects.visible_to(user).exclude(pk__in=open_ended.values("citizen")).order_by("pk").distinct()
places = list(places.values_list("code", flat=True)[:8])
citizens = [str(key) for key in citizens.values_list("key", flat=True)[:8]]
print(json.dumps([places, citizens, PASSWORD]))
"""


def run() -> None:
    """One short run for `make bench`; the ten rounds are asked for by hand."""
    main(["--rounds", "1"])


def main(arguments: list[str]) -> None:
    """Make the world, break it, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--data", type=Path, help="a folder with a demo already made")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="roedtraad-") as scratch:
        Path(scratch).chmod(0o711)
        house = House(given.data or Path(scratch) / "var")
        house.data.mkdir(exist_ok=True)
        done = house.run("demo", "--no-serve")
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        _rounds(house, given.rounds)


def _rounds(house: House, rounds: int) -> None:
    try:
        house.start()
        _kill_and_count(house, rounds)
    finally:
        house.stop()


def _kill_and_count(house: House, rounds: int) -> None:
    places, citizens, password = house.shell(WHO_AND_WHERE)
    writers = Writers(
        [
            Writer(Browser(house.port), place, citizen, "0751", FIRST_DAY)
            for place, citizen in zip(places, citizens, strict=True)
        ]
    )
    for writer in writers.writers:
        writer.browser.login("leder", password)
    print(
        f"   {'runde':<7}{'dræbt':<20}{'tilbage, s':>11}{'kvitteret':>11}{'tabt':>6}{'dobbelt':>9}{'halvt':>7}{'ukendt':>8}"
    )
    clean, slowest = True, 0.0
    for number in range(1, rounds + 1):
        for name, kill in KILLS.items():
            seconds, counted = one_kill(house, writers, kill)
            clean, slowest = clean and counted.clean, max(slowest, seconds)
            print(
                f"   {number:<7}{name:<20}{seconds:>11.1f}{counted.acknowledged:>11}{counted.lost:>6}"
                f"{counted.doubled:>9}{counted.half:>7}{counted.unknown:>8}",
                flush=True,
            )
    checked = house.run("check")
    sent = sum(writer.attempts for writer in writers.writers)
    again = sum(writer.resent for writer in writers.writers)
    mute = sum(writer.unanswered for writer in writers.writers)
    closed = sum(writer.statuses.get(503, 0) for writer in writers.writers)
    print(
        f"   {sent} afsendelser, {again} først kvitteret efter gentagelse, {mute} uden svar, {closed} gange 503"
    )
    print(f"   Længste tid uden kvittering efter et drab: {slowest:.1f} s.")
    print(f"   roedtraad check: kode {checked.returncode}")
    print("   " + ("Intet tabt, intet dobbelt, intet halvt." if clean else "IKKE I ORDEN."))
    if not clean or checked.returncode:
        print(checked.stdout)
        raise SystemExit(1)


def kill_web_worker(house: House) -> None:
    """The process that answers."""
    house.web_worker().send_signal(signal.SIGKILL)


def kill_supervisor(house: House) -> None:
    """The command itself; everything goes with it, and it is started again at once."""
    below = house.everything()
    assert house.process is not None
    house.process.send_signal(signal.SIGKILL)
    house.process.wait()
    house.start(wait=False)
    left = psutil.wait_procs(below, timeout=30)[1]
    assert not left, f"left behind: {left}"


def kill_database(house: House) -> None:
    """The database server; its backends notice."""
    house.postmaster().send_signal(signal.SIGKILL)


KILLS: dict[str, Callable[[House], None]] = {
    "webarbejder": kill_web_worker,
    "supervisor": kill_supervisor,
    "databaseserver": kill_database,
}


def one_kill(
    house: House, writers: Writers, kill: Callable[[House], None], writes: int = WRITES_BETWEEN
) -> tuple[float, Count]:
    """Write, kill while writing, write on, stop, count. Returns the seconds until the next acknowledged write."""
    writers.start()
    writers.wait_for_more(writes)
    kill(house)
    killed = time.monotonic()
    writers.wait_for_more(len(writers.writers) + 1)  # each had at most one answer under way
    seconds = time.monotonic() - killed
    writers.wait_for_more(writes)
    writers.stop()
    wait_for(house.ready, "the house to be ready")
    with house.database() as connection:
        return seconds, count(connection, writers.acknowledged, FIRST_DAY)


if __name__ == "__main__":
    print(f"Maskine: {described()}")
    main(sys.argv[1:])
