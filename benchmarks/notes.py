"""How long it takes to search a million notes, and to open the record of a citizen with 50 or 50,000 of them.

1,500 citizens in 50 units. A worker reads the 30 of one unit, a leader the 300 of ten, an inspector all. The words are
made up and as unequal as those of a language; five more stand in known shares of the notes.
"""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks.scratch import scratch

NOTES, CITIZENS, UNITS = 1_000_000, 1_500, 50
HEAVY, LIGHT = 50_000, 50
WORDS, WORDS_A_NOTE = 40_000, 40
TIMES = 15
SHARES = (
    (2, " Solskin hele dagen."),
    (5, " Vi cyklede en tur."),
    (100, " Nye gummistøvler."),
    (10_000, " Plantede i drivhuset."),
)
ASKED = (
    ("hver anden note", "solskin"),
    ("hver hundrede", "gummistøvler"),
    ("hver titusinde", "drivhuset"),
    ("to ord, almindelige", "solskin cyklede"),
    ("almindeligt og sjældent", "solskin drivhus"),
    ("50.000 gange hos en anden", "fjerritslev"),
    ("skrevet forkert", "drivhuet"),
    ("findes ikke", "xylofonkvartet"),
)


def run() -> None:
    """Print the figures, in a process of its own with a database of its own."""
    with scratch() as (_cluster, env):
        subprocess.run([sys.executable, "-m", "benchmarks.notes"], env=env, check=True)


def main(many: int = NOTES) -> None:
    """Make the world, then measure."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    people = _world(many)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), pg_size_pretty(pg_total_relation_size('practice_note')) FROM practice_note"
        )
        notes, size = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM practice_noteword")
        words = cursor.fetchone()[0]
    print(
        f"   {notes:,} notater ({size}), {words:,} ord, lavet på {time.perf_counter() - started:.0f} s".replace(
            ",", "."
        )
    )
    _searches(people)
    _pages(people)


def _world(many: int) -> dict[str, Any]:
    from django.db import connection

    from roedtraad.access.models import Grant
    from roedtraad.accounts.models import User
    from roedtraad.citizens.models import Citizen
    from roedtraad.core import clock, danish
    from roedtraad.core.period import Period
    from roedtraad.journeys.models import Stay
    from roedtraad.organisation.models import LegalBasis, Municipality, Place, PlaceTerm, Unit, UnitVersion

    first = dt.date(2015, 1, 1)
    ever = Period(first, None).to_range()

    def unit(key: str, kind: str, parent: Any = None) -> Any:
        made = Unit.objects.create(key=key)
        UnitVersion.objects.create(unit=made, valid=ever, kind=kind, name=key, sort_key=key, parent=parent)
        return made

    root = unit("region", "region")
    areas = [unit(f"omraade-{n}", "specialomraade", root) for n in range(UNITS // 10)]
    units = [unit(f"tilbud-{n}", "tilbud", areas[n // 10]) for n in range(UNITS)]
    payer, _new = Municipality.objects.get_or_create(
        code="0751", defaults={"name": "Aarhus", "sort_key": danish.sort_key("Aarhus")}
    )
    basis, _new = LegalBasis.objects.get_or_create(
        code="SEL108",
        defaults={
            "law": "Serviceloven",
            "paragraph": "§ 108",
            "name": "Længerevarende botilbud",
            "category": "residential",
            "valid": ever,
        },
    )
    citizens = Citizen.objects.bulk_create(
        Citizen(first_name=f"Borger{n}", last_name="Prøve", sort_key=f"prove {n:05}", birth_date=first)
        for n in range(CITIZENS)
    )
    places = Place.objects.bulk_create(Place(code=f"P{n}", category="residential") for n in range(CITIZENS))
    PlaceTerm.objects.bulk_create(
        PlaceTerm(
            place=place,
            valid=ever,
            unit=units[n * UNITS // CITIZENS],
            legal_basis=basis,
            target_group="developmental",
            age_group="adult",
        )
        for n, place in enumerate(places)
    )
    Stay.objects.bulk_create(
        Stay(
            key=f"s{n}",
            citizen=citizen,
            place=places[n],
            paying_municipality=payer,
            ordered_start=first,
            actual_start=first,
        )
        for n, citizen in enumerate(citizens)
    )
    users = {}
    for role, where in (("support_worker", units[0]), ("leader", areas[0]), ("inspector", root)):
        users[role] = User.objects.create_user(username=role, password=None, full_name=role)
        Grant.objects.create(user=users[role], role=role, valid=ever, unit=where)

    with connection.cursor() as cursor:
        _fill(cursor, many, [citizen.pk for citizen in citizens], users["support_worker"].pk, clock.now())
    return {"users": users, "heavy": citizens[0], "light": citizens[1]}


def _fill(cursor: Any, many: int, citizens: list[int], writer: int, now: dt.datetime) -> None:
    """The notes by COPY, and the indexes that are quicker made afterwards."""
    chance = random.Random(7)
    heads = [a + b for a in "bdfghklmnprstv" for b in ("a", "e", "i", "o", "u", "y", "æ", "ø", "å")]
    tails = ["", "ning", "hed", "ende", "skab", "er", "el", "sel", "lig", "bar"]
    made: set[str] = set()
    while len(made) < WORDS:
        made.add("".join(chance.choices(heads, k=chance.randint(2, 3))) + chance.choice(tails))
    words = sorted(made)
    # As unequal as the words of a language: the n-th is used 1/n as often as the first.
    shares = list(accumulate(1 / n for n in range(1, WORDS + 1)))
    heavy = min(HEAVY, many // 20)
    cursor.execute("ALTER TABLE practice_note DISABLE TRIGGER USER")
    cursor.execute("DROP INDEX note_search")
    columns = (
        "key, citizen_id, written_by_id, written_at, kind, text, occurred_at, tags, important, shared_with_citizen, "
        "shared_with_relatives, version, withdrawn_reason"
    )
    with cursor.copy(f"COPY practice_note ({columns}) FROM STDIN") as copy:
        for n in range(many):
            # The first and the last citizen have the many, the second 50, the others as many each.
            if n < 2 * heavy:
                citizen, days = citizens[0 if n < heavy else -1], 1825.0
            else:
                citizen, days = citizens[1 if n < 2 * heavy + LIGHT else 2 + n % (CITIZENS - 3)], 730.0
            at = now - dt.timedelta(days=chance.random() * days)
            text = " ".join(chance.choices(words, cum_weights=shares, k=WORDS_A_NOTE))
            text += "".join(words for every, words in SHARES if n % every == 0)
            if citizen == citizens[-1]:
                text += " Fjerritslev."
            copy.write_row((
                str(uuid4()), citizen, writer, at, "daily", text, at, "{}", "f", "f", "f", 1, ""
            ))  # fmt: skip
    cursor.execute("CREATE INDEX note_search ON practice_note USING gin (search)")
    cursor.execute("ALTER TABLE practice_note ENABLE TRIGGER USER")
    said = " ".join((*words, *(words for _every, words in SHARES), "fjerritslev"))
    cursor.execute("SELECT practice_learn(ARRAY(SELECT practice_words(%s)))", [said])
    cursor.execute("ANALYZE")


def _times(act: Callable[[], Any]) -> tuple[float, float]:
    """The median and the longest of several times, in milliseconds; the first, which fills the caches, apart."""
    act()
    taken = []
    for _n in range(TIMES):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken), max(taken)


def _searches(people: dict[str, Any]) -> None:
    from roedtraad.access import rows
    from roedtraad.accounts.models import User
    from roedtraad.practice.queries.search import search_notes

    print(f"\n   {'søgning, ms (median / længste)':<34}" + "".join(f"{name:>24}" for name in people["users"]))
    for label, asked in ASKED:
        cells = []
        for known in people["users"].values():
            found: list[int] = []

            def ask(pk: int = known.pk, found: list[int] = found, asked: str = asked) -> None:
                # A new object each time, as a request has: what it may is read anew.
                user = User.objects.get(pk=pk)
                with rows.as_user(user):
                    found[:] = [len(search_notes(user, asked).hits)]

            middle, longest = _times(ask)
            cells.append(f"{middle:>7.1f} /{longest:>7.1f} ({found[0]:>2})")
        print(f"   {label:<34}" + "".join(f"{cell:>24}" for cell in cells))


def _pages(people: dict[str, Any]) -> None:
    from django.test import Client

    client = Client()
    client.force_login(people["users"]["support_worker"])
    print(f"\n   {'side, ms (median / længste)':<34}{'50 notater':>24}{'50.000 notater':>24}")
    for label, page in (("tidslinje", "tidslinje/"), ("notater", "notater/"), ("tråden", "")):
        cells = []
        for citizen in (people["light"], people["heavy"]):
            address = f"/borgere/{citizen.key}/{page}"
            assert client.get(address).status_code == 200, address
            middle, longest = _times(partial(client.get, address))
            cells.append(f"{middle:>7.1f} /{longest:>7.1f}")
        print(f"   {label:<34}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
