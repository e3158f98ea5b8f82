"""Makes the synthetic world in a database, once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext as _

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import danish
from roedtraad.core.period import Period
from roedtraad.demo import (
    facts,
    privacy,
    record_bulk,
    record_circle_write,
    record_reports,
    record_shift_write,
    record_transitions_write,
    record_voices_write,
    record_write,
    users,
)
from roedtraad.demo.copy import Writer
from roedtraad.demo.models import DemoWorld
from roedtraad.demo.names import CprSeries
from roedtraad.demo.operators import SCALES, Scale
from roedtraad.demo.plan import SEED, VERSION, OperatorPlan, plan
from roedtraad.demo.record import RECORDS, RecordScale, records
from roedtraad.demo.users import PASSWORD, USERS, DemoUser
from roedtraad.journeys import occupancy
from roedtraad.organisation.loading import load_organisation
from roedtraad.organisation.models import LegalBasis
from roedtraad.organisation.models.base import Basis
from roedtraad.steering.loading import load_plans

REASON = "eksempeldata"
# First half of the advisory lock's key: two demos starting at once make one world.
_LOCK = 7_104_022
_FILLED = (
    "organisation_place", "organisation_placeterm", "organisation_agreedplaces", "organisation_unitversion",
    "citizens_citizen", "citizens_municipalityrelation", "journeys_stay", "journeys_occupancymonth",
    "people_position", "access_lookuplog", *record_write.TABLES,
    *record_circle_write.TABLES, *record_bulk.TABLES,
    *record_shift_write.TABLES, *record_transitions_write.TABLES,
)  # fmt: skip


class DemoRefusedError(Exception):
    """The database must not get a synthetic world; the message is a Danish sentence."""


@dataclass(frozen=True)
class Summary:
    """What the world holds. `made`: now, not earlier. `token` is None when it was shown earlier."""

    scale: str
    seed: int
    made: bool
    figures: dict[str, int]
    token: str | None
    seconds: float
    users: tuple[DemoUser, ...] = USERS
    password: str = PASSWORD

    def lines(self) -> list[str]:
        """The summary in Danish, line by line."""
        n = {name: danish.number(count) for name, count in self.figures.items()}
        told = [
            _(
                "Eksempelverdenen har {places} pladser, {citizens} borgere, {stays} ophold "
                "og {positions} stillinger."
            ).format(**n)
        ]
        if self.figures.get("notes"):
            told.append(
                _(
                    "Borgernes journaler har {wishes} ønsker, {goals} mål, {efforts} indsatser, {notes} notater "
                    "og {tasks} opgaver."
                ).format(**n)
            )
        if self.figures.get("without_cpr"):
            told.append(
                _(
                    "{without_cpr} borgere er uden CPR-nummer: den offentlige testserie dækker ikke deres "
                    "fødselsdag, og der opfindes ikke numre, der ligner rigtige."
                ).format(**n)
            )
        return told


def make_world(
    *,
    scale: Scale = "region",
    seed: int = SEED,
    say: Callable[[str], None] = print,
    record: RecordScale | None = None,
) -> Summary:
    """Make the synthetic world of the scale, all or nothing; a world that is there already is left as it is.

    `say` is told how it goes, one sentence at a time. `record` says how much of the citizens' records to make when it
    is another amount than the scale's own. DemoRefusedError when the database holds citizens that
    are not synthetic, or another synthetic world.
    """
    if scale not in SCALES:
        raise DemoRefusedError(
            _("Ukendt størrelse »{scale}«. Vælg {known}.").format(scale=scale, known=", ".join(SCALES))
        )
    started = time.monotonic()
    with transaction.atomic(), pghistory.context(reason=REASON):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_LOCK])
        world = DemoWorld.objects.first()
        if world is not None:
            _refuse_another(world, scale, seed)
            say(_("Eksempelverdenen er her allerede. Intet er ændret."))
            if world.version != VERSION:
                say(
                    _(
                        "Den er lavet af en anden udgave og har ikke det, der er kommet til siden. Peg "
                        "ROEDTRAAD_DATA på en ny mappe for at få den nye."
                    )
                )
            made = False
        else:
            if Citizen.objects.exists():
                raise DemoRefusedError(
                    _(
                        "Databasen rummer borgere, der ikke er eksempeldata. Eksempelverdenen kan kun "
                        "laves i en database uden borgere. Peg ROEDTRAAD_DATA eller DATABASE_URL på en anden."
                    )
                )
            world = _make(scale, seed, say, record or RECORDS[scale])
            made = True
        token = users.ensure_token()
    if made:
        analyse()
    return Summary(scale, seed, made, world.figures, token, time.monotonic() - started)


def _refuse_another(world: DemoWorld, scale: str, seed: int) -> None:
    if (world.scale, world.seed) == (scale, seed):
        return
    raise DemoRefusedError(
        _(
            "Databasen rummer allerede eksempelverdenen »{scale}« (frø {seed}). En anden kræver en tom "
            "database: peg ROEDTRAAD_DATA på en ny mappe."
        ).format(scale=world.scale, seed=world.seed)
    )


def _make(scale: Scale, seed: int, say: Callable[[str], None], record: RecordScale) -> DemoWorld:
    # The first statement under the history's context carries it to the rest of the transaction, COPY too.
    world = DemoWorld.objects.create(scale=scale, seed=seed, version=VERSION)
    say(_("Organisationen og planerne indlæses fra dokumenterne."))
    load_organisation()
    _load_legal_basis()
    load_plans()
    say(_("Pladser, borgere, ophold og stillinger lægges ind."))
    series = CprSeries()
    writer = Writer()
    home: OperatorPlan | None = None
    for part in plan(scale, seed, series):
        writer.write(part)
        # The users, their look-ups and the records belong to the operator of the documents.
        if not part.key:
            home = part
    if home is None:
        raise RuntimeError("The plan holds no operator of the documents.")
    say(_("Brugere og opslag lægges ind."))
    residents = users.residents_for(home.citizens, writer.citizens)
    made = users.make_users(writer.units, residents)
    areas = {place.code: place.area for place in home.places}
    writer.counts["lookups"] = users.write_lookups(made, home.citizens, writer.citizens, areas, seed)
    privacy.make_privacy(made, home.citizens, writer.citizens, residents["borger"][1])
    counts = _make_records(home, writer, made, seed=seed, say=say, record=record)
    say(_("Døgn pr. enhed og måned tælles."))
    occupancy.refresh()
    world.figures = {**writer.counts, **counts, "without_cpr": series.without}
    world.save(update_fields=["figures"])
    return world


def _make_records(
    home: OperatorPlan,
    written: Writer,
    made: dict[str, User],
    *,
    seed: int,
    say: Callable[[str], None],
    record: RecordScale,
) -> dict[str, int]:
    """The citizens' records, subject by subject. Returns the rows of each kind."""
    say(_("Borgernes tråde skrives: ønsker, mål, indsatser, vurderinger og netværk."))
    writer = record_write.RecordWriter(records(home, seed, record), written.units, written.citizens, made)
    writer.write_people()
    writer.write_threads()
    writer.write_assessments()
    record_circle_write.write_circles(writer)
    say(_("Årets notater og opgaver skrives."))
    record_bulk.write_notes(writer)
    record_bulk.write_tasks(writer)
    record_shift_write.write_shifts(writer)
    record_voices_write.write_voices(writer)
    # What follows asks of the rows written until now.
    analyse()
    record_reports.write_reports(writer)
    record_transitions_write.write_transitions(writer)
    return dict(writer.counts)


def _load_legal_basis() -> None:
    """The paragraphs the demo's places need and the organisation's files do not have."""
    for row in facts.rows("legal_basis", own=True):
        LegalBasis.objects.get_or_create(
            code=row["code"],
            defaults={
                **{name: row[name] for name in ("law", "paragraph", "name", "category", "note")},
                "valid": Period(dt.date.fromisoformat(row["valid_from"])).to_range(),
                "basis": Basis.ASSUMPTION,
                "source_document": "K",
            },
        )


def analyse() -> None:
    """Tell the query planner about the new rows now, rather than when the server's own round comes."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_FILLED)}")
