"""How long it takes, and how much memory, to check and import 100,000 stays, and 100,000 notes of an old system."""

from __future__ import annotations

import csv
import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.scratch import scratch

STAYS, CITIZENS, PLACES, NOTES = 100_000, 20_000, 5_000, 100_000
FIRST = dt.date(2006, 1, 1)
# Each place is used by twenty stays after each other.
DAYS, GAP = 340, 3


def run() -> None:
    """Print seconds and peak memory. The work is done in a process of its own, so that the peak is its own."""
    with scratch() as (_cluster, env):
        subprocess.run([sys.executable, "-m", "benchmarks.imports"], env=env, check=True)


def main() -> None:
    """Make the world, then measure."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ophold.csv"
        _world(path)
        print(
            f"   fil: {path.stat().st_size / 2**20:.1f} MiB, {STAYS} ophold, {CITIZENS} borgere, {PLACES} pladser"
        )
        before = _peak()
        _three_times(path, "ophold")
        notes = Path(folder) / "notater.csv"
        _notes(notes)
        print(f"   fil: {notes.stat().st_size / 2**20:.1f} MiB, {NOTES} notater")
        _three_times(notes, "notater")
        print(f"   højeste hukommelse: {_peak():.0f} MiB (før: {before:.0f} MiB)")


def _three_times(path: Path, kind: str) -> None:
    for words, write in (("forhåndsvisning", False), ("indlæsning", True), ("samme fil igen", True)):
        _measure(words, path, kind, write)


def _measure(words: str, path: Path, kind: str, write: bool) -> None:
    from roedtraad.accounts.models import User
    from roedtraad.exchange import pipeline

    phases: dict[str, float] = {}
    started = time.perf_counter()
    outcome = pipeline.run(
        path,
        kind,
        write=write,
        user=User.objects.get_or_create(username="bench")[0],
        filename=path.name,
        progress=lambda phase, _done, _total: phases.setdefault(phase, time.perf_counter() - started),
    )
    spent = time.perf_counter() - started
    begun = ", ".join(f"{phase} fra {at:.1f}" for phase, at in phases.items())
    print(f"   {words}: {spent:.1f} s ({begun}); {outcome.counts}")


def _peak() -> float:
    """MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _world(path: Path) -> None:
    """A unit with places, citizens, and a file of stays that fit them."""
    from roedtraad.citizens.models import Citizen
    from roedtraad.organisation.models import LegalBasis, Municipality, Place, PlaceTerm, Unit, UnitVersion

    life = (dt.date(2000, 1, 1), None)
    Municipality.objects.create(code="0751", name="Aarhus", sort_key="}rhus")
    unit = Unit.objects.create(key="bench")
    UnitVersion.objects.create(unit=unit, valid=life, kind="tilbud", name="Bench", sort_key="bench")
    basis = LegalBasis.objects.create(
        code="SEL108",
        law="Serviceloven",
        paragraph="§ 108",
        name="Botilbud",
        category="residential",
        valid=life,
    )
    places = Place.objects.bulk_create(
        [Place(code=f"B-{n}", category="residential") for n in range(PLACES)], batch_size=1000
    )
    PlaceTerm.objects.bulk_create(
        [
            PlaceTerm(
                place=place,
                valid=life,
                unit=unit,
                legal_basis=basis,
                target_group="autism",
                age_group="adult",
            )
            for place in places
        ],
        batch_size=1000,
    )
    citizens = Citizen.objects.bulk_create(
        [
            Citizen(
                first_name="Bo", last_name=f"Prøve {n}", sort_key=f"{n:06}", birth_date=dt.date(1980, 1, 1)
            )
            for n in range(CITIZENS)
        ],
        batch_size=1000,
    )
    keys = [str(citizen.key) for citizen in citizens]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_headings())
        writer.writerows(_row(n, keys) for n in range(STAYS))


def _notes(path: Path) -> None:
    """A file of notes about the citizens, each of about 250 signs."""
    from roedtraad.citizens.models import Citizen
    from roedtraad.exchange.formats import NOTES as FORM

    keys = [str(key) for key in Citizen.objects.values_list("key", flat=True)]
    words = "Gåtur i skoven efter frokost. Snakkede om ugens planer og om besøget på søndag. "
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(FORM.headings)
        for n in range(NOTES):
            day = FIRST + dt.timedelta(days=n % 5000)
            who = keys[n % CITIZENS]
            writer.writerow(
                [
                    "Bench",
                    f"n-{n}",
                    who,
                    "dagsnotat",
                    f"{day} 14.20",
                    f"{n} {words * 3}",
                    "gåtur",
                    "",
                    "Kim Prøve",
                ]
            )


def _headings() -> list[str]:
    from roedtraad.exchange.formats import STAYS as FORM

    return FORM.headings


def _row(n: int, keys: list[str]) -> list[Any]:
    turn = n // PLACES
    start = FIRST + dt.timedelta(days=turn * (DAYS + GAP))
    end = start + dt.timedelta(days=DAYS - 1)
    return [f"s-{n}", keys[n % CITIZENS], f"B-{n % PLACES}", "0751", start, end, start, end, "2831,50", ""]


if __name__ == "__main__":
    main()
