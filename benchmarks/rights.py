"""How long an archive takes and how much memory, for a citizen with 50 notes and with 50,000; and deleting the latter.

Each is measured in a process of its own, so that the memory is its own.
"""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.scratch import scratch

HEAVY, LIGHT = 50_000, 50


def run() -> None:
    """Print the figures, in processes of their own with a database of their own."""
    with scratch() as (_cluster, env):
        for step in ("fill", "idle", "light", "heavy", "delete"):
            subprocess.run([sys.executable, "-m", "benchmarks.rights", step], env=env, check=True)


def main(step: str) -> None:
    """One step: fill the database, or measure."""
    import django

    django.setup()
    {
        "fill": _fill,
        "idle": _idle,
        "light": lambda: _archive("light"),
        "heavy": lambda: _archive("heavy"),
        "delete": _delete,
    }[step]()


def _fill() -> None:
    from django.core.management import call_command
    from django.db import connection

    from roedtraad.access.models import Grant
    from roedtraad.accounts.models import User
    from roedtraad.citizens.models import Citizen
    from roedtraad.core import clock, danish
    from roedtraad.core.period import Period
    from roedtraad.journeys.models import Stay
    from roedtraad.organisation.models import LegalBasis, Municipality, Place, PlaceTerm, Unit, UnitVersion

    call_command("migrate", verbosity=0)
    first = dt.date(2015, 1, 1)
    ever = Period(first).to_range()
    unit = Unit.objects.create(key="tilbud")
    UnitVersion.objects.create(unit=unit, valid=ever, kind="tilbud", name="Tilbud", sort_key="tilbud")
    payer, _new = Municipality.objects.get_or_create(
        code="0751", defaults={"name": "Aarhus", "sort_key": danish.sort_key("Aarhus")}
    )
    basis, _new = LegalBasis.objects.get_or_create(
        code="SEL108",
        defaults={"law": "Serviceloven", "paragraph": "§ 108", "name": "Botilbud", "category": "residential",
                  "valid": ever},
    )  # fmt: skip
    users = {}
    for role in ("leader", "administrator"):
        for number in (1, 2):
            name = f"{role}{number}"
            users[name] = User.objects.create_user(username=name, password=None, full_name=name)
            Grant.objects.create(user=users[name], role=role, valid=ever, unit=unit)
    for name, many in (("heavy", HEAVY), ("light", LIGHT)):
        citizen = Citizen.objects.create(
            first_name=name, last_name="Prøve", sort_key=name, birth_date=dt.date(1970, 1, 1)
        )
        place = Place.objects.create(code=name, category="residential")
        PlaceTerm.objects.create(place=place, valid=ever, unit=unit, legal_basis=basis,
                                 target_group="developmental", age_group="adult")  # fmt: skip
        Stay.objects.create(key=name, citizen=citizen, place=place, paying_municipality=payer,
                            ordered_start=first, actual_start=first, actual_end=clock.today())  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO practice_note (key, citizen_id, written_by_id, written_at, kind, text, occurred_at, tags,
                       important, shared_with_citizen, shared_with_relatives, version, withdrawn_reason)
                   SELECT gen_random_uuid(), %s, %s, at, 'daily', 'Dag ' || n || ': ' || repeat(
                       'vi gik en tur ved søen, og bagefter var der kaffe i stuen med de andre. ', 4), at, '{}', false,
                       false, false, 1, '' FROM (SELECT n, now() - n * interval '1 hour' AS at
                       FROM generate_series(1, %s) n) t""",
                [citizen.pk, users["leader1"].pk, many],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _peak() -> float:
    """The most memory this process has had, in MB; with the process that sets the pages beside it."""
    return (
        sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )


def _idle() -> None:
    """What a process takes that has loaded everything and made one page."""
    from pathlib import Path

    from roedtraad.design.pdf import set_pdf
    from roedtraad.rights import archive

    page = {"title": "Prøve", "facts": [], "lines": [["", ""]], "words": {"page": "Side"}}
    set_pdf(Path(archive.__file__).with_name("kvittering.typ"), page, apart=True)
    print(f"   processerne selv, med en enkelt side: {_peak():.0f} MB")


def _archive(name: str) -> None:
    from roedtraad.access import rows
    from roedtraad.accounts.models import User
    from roedtraad.citizens.models import Citizen
    from roedtraad.core import clock
    from roedtraad.rights import files
    from roedtraad.rights.models import RequestPart
    from roedtraad.rights.services import requests

    leader = User.objects.get(username="leader1")
    citizen = Citizen.objects.get(sort_key=name)
    made = requests.register(leader, citizen, asked_by="citizen", received_on=clock.today())
    counting = _timed(lambda: requests.run_gather(made.pk))
    with rows.as_user(leader):
        for part in RequestPart.objects.filter(request=made, found__gt=0):
            requests.mark_seen(leader, made, part.part)
        requests.release(leader, made)
    making = _timed(lambda: requests.run_make(made.pk))
    made.refresh_from_db()
    size = files.path_of(made.stored).stat().st_size / 1024 / 1024
    found = sum(RequestPart.objects.filter(request=made).values_list("found", flat=True))
    print(
        f"   {found:>6} rækker: talt op på {counting:.1f} s, arkivet lavet på {making:.1f} s, "
        f"{size:.1f} MB, højst {_peak():.0f} MB hukommelse"
    )


def _delete() -> None:
    from roedtraad.accounts.models import User
    from roedtraad.core import clock
    from roedtraad.rights.models import RetentionRule
    from roedtraad.rights.services import retention

    RetentionRule.objects.exclude(category="record").update(deletes=False)
    with clock.fixed(clock.now() + dt.timedelta(days=365 * 12)):
        first, second = (User.objects.get(username=f"administrator{n}") for n in (1, 2))
        listed = retention.order_list(first)
        listing = _timed(lambda: retention.run_list(listed.pk))
        listed.refresh_from_db()
        retention.approve(second, listed, digest=listed.digest, archive_reference="prøve")
        erasing = _timed(lambda: retention.run_erase(listed.pk))
        listed.refresh_from_db()
    counts = listed.receipt.content["lines"][0]
    print(
        f"   slettet: {counts['rows']} rækker om {counts['states']['done']} borgere, listen på {listing:.1f} s, "
        f"sletningen på {erasing:.1f} s, højst {_peak():.0f} MB hukommelse"
    )


def _timed(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1])
