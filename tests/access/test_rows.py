"""Row-level security: what the database itself refuses, whatever the Python above forgot."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection, transaction

import roedtraad.journeys
from roedtraad.access import rows
from roedtraad.access.lookups import record
from roedtraad.access.policies import roles_for
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.citizens.visibility import MAY_IN_EMERGENCY
from roedtraad.core.period import Period
from roedtraad.journeys import services
from roedtraad.journeys.models import Stay
from roedtraad.journeys.services.common import hold_stay
from tests import factories as make
from tests.access.scene import Scene

PROTECTED = (
    "citizens_citizen",
    "citizens_citizenevent",
    "citizens_municipalityrelation",
    "citizens_municipalityrelationevent",
    "journeys_stay",
    "journeys_stayevent",
    "access_lookuplog",
)


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", PROTECTED)
def test_a_connection_that_works_for_nobody_sees_no_row(scene: Scene, table: str) -> None:
    record(scene.user(Role.LEADER), [scene.ane.pk], "ophold")
    assert count(table) > 0
    with rows.as_user(None):
        assert count(table) == 0


@pytest.mark.parametrize("table", PROTECTED)
def test_the_table_is_bound_and_the_app_does_not_own_it(scene: Scene, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, pg_has_role(%s, relowner, 'USAGE') FROM pg_class WHERE relname = %s",
            [settings.ROWS_ROLE, table],
        )
        assert cursor.fetchone() == (True, False)


def test_every_table_with_a_way_to_a_citizen_is_bound_or_has_a_reason(db: None) -> None:
    open_because = {
        "access_grant": "who may what: read by the rules themselves",
        "access_grantevent": "the history of that",
        "access_emergencyaccess": "who opened whom, read by the rules themselves and by leaders",
        "access_emergencyaccessevent": "the history of that",
        "citizens_protection": "who is hidden: the rule itself must know",
        "citizens_protectionevent": "the history of that",
        "practice_goalfacts": "a view of goals without words and persons, for figures",
        "practice_methoduse": "a view of which methods are in use, for figures",
        "journeys_staydays": "a view of days without persons, for figures",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE a.attname = 'citizen_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'v') AND NOT c.relrowsecurity
              AND c.relnamespace = 'public'::regnamespace
            """
        )
        found = {row[0] for row in cursor.fetchall()}
    assert found <= set(open_because), found - set(open_because)


def test_the_roles_in_the_database_are_those_of_the_policy_table() -> None:
    text = (
        Path(roedtraad.journeys.__file__).parent / "migrations" / "0004_row_level_security.py"
    ).read_text()
    forward = text[: text.index("BACKWARD")]

    def named(function: str) -> set[str]:
        body = forward[forward.index(f"CREATE FUNCTION {function}") :]
        return set(re.findall(r"'([a-z_]+)'", body[: body.index("\n$$;")]))

    seen = named("journeys_units_always") | named("journeys_units_now") | named("journeys_municipalities")
    seen |= {"citizen", "relative"} & named("journeys_named_citizens")
    assert seen == {role.value for role in roles_for("citizen.view")}
    assert named("journeys_units_booked") == {role.value for role in roles_for("stay.book")}
    assert named("journeys_named_citizens") - {"citizen", "relative"} == {r.value for r in MAY_IN_EMERGENCY}


def test_a_write_in_another_area_is_refused(scene: Scene) -> None:
    leader = scene.user(Role.LEADER)
    theirs = Stay.objects.get(citizen=scene.bo)
    free = make.place("B2", scene.other)
    with rows.as_user(leader):
        assert Stay.objects.filter(pk=theirs.pk).update(agreed_day_rate=1) == 0
        assert Citizen.objects.filter(pk=scene.bo.pk).update(first_name="Ændret") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Stay.objects.create(
                key="smuglet",
                citizen=scene.ane,
                place=free,
                ordered_start=Stay.objects.get(citizen=scene.ane).ordered_start,
                paying_municipality=make.municipality("0751"),
            )
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            MunicipalityRelation.objects.create(
                citizen_id=scene.bo.pk,
                kind="residence",
                municipality_id="0751",
                valid=Period(make.BEGINNING).to_range(),
            )
        mine = Stay.objects.get(citizen=scene.ane)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Stay.objects.filter(pk=mine.pk).update(place=free)
        with pytest.raises(AccessDenied):
            hold_stay(leader, theirs)
        assert Stay.objects.filter(pk=mine.pk).update(agreed_day_rate=1) == 1
        with transaction.atomic():
            assert Stay.objects.filter(pk=mine.pk).delete()[0] == 0
    scene.bo.refresh_from_db()
    assert scene.bo.first_name == "Bo"


def test_who_only_reads_changes_nothing(scene: Scene) -> None:
    for role in (Role.SUPPORT_WORKER, Role.INSPECTOR, Role.CASEWORKER, Role.CITIZEN, Role.RELATIVE):
        with rows.as_user(scene.user(role)):
            assert Citizen.objects.filter(pk=scene.ane.pk).exists(), role
            assert Citizen.objects.filter(pk=scene.ane.pk).update(first_name="Ændret") == 0
            assert Stay.objects.filter(citizen=scene.ane).update(agreed_day_rate=1) == 0


def test_history_is_written_by_the_triggers_only(scene: Scene) -> None:
    with (
        rows.as_user(scene.user(Role.LEADER)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """
            INSERT INTO journeys_stayevent SELECT (jsonb_populate_record(e, '{"pgh_id": 999999}')).*
            FROM journeys_stayevent e LIMIT 1
            """
        )


def test_nobody_logs_in_another_name(scene: Scene) -> None:
    leader, other = scene.user(Role.LEADER), scene.user(Role.SUPPORT_WORKER)
    with rows.as_user(leader):
        record(leader, [scene.ane.pk], "ophold")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            record(other, [scene.ane.pk], "ophold")
        assert count("access_lookuplog") == 1
    with rows.as_user(other):
        assert count("access_lookuplog") == 0
    with rows.as_user(scene.user(Role.CITIZEN)):
        assert count("access_lookuplog") == 1


def test_figures_read_every_stay_and_write_none(scene: Scene) -> None:
    everyone = Stay.objects.count()
    with rows.as_user(scene.user(Role.ECONOMIST)):
        assert count("journeys_stay") == 0
        assert count("journeys_staydays") == everyone
        for statement in (
            "UPDATE journeys_staydays SET agreed_day_rate = 1",
            "DELETE FROM journeys_staydays",
            "INSERT INTO journeys_staydays (citizen_id) VALUES (1)",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_service_still_registers_and_books(scene: Scene) -> None:
    from roedtraad.citizens.rules import NewCitizen
    from roedtraad.core import clock

    leader = scene.user(Role.LEADER)
    free = make.place("E9", scene.offer)
    with rows.as_user(leader):
        stay = services.register_and_book(
            leader,
            NewCitizen("Ny", "Borger", make.cpr_number(77)),
            place=free,
            ordered_start=clock.today(),
            acting_municipality=make.municipality("0751"),
        )
        assert Citizen.objects.get(pk=stay.citizen_id).first_name == "Ny"
        with pytest.raises(AccessDenied):
            services.register_and_book(
                leader,
                NewCitizen("Endnu", "En", make.cpr_number(78)),
                place=make.place("B9", scene.other),
                ordered_start=clock.today(),
                acting_municipality=make.municipality("0751"),
            )
    assert not Citizen.objects.filter(first_name="Endnu").exists()


def test_the_context_ends_with_its_block_also_when_it_fails(scene: Scene) -> None:
    leader = scene.user(Role.LEADER)
    with rows.as_user(leader):
        with pytest.raises(ZeroDivisionError), rows.as_system("et job"):
            assert count("citizens_citizen") == 4
            _ = 1 / 0
        assert count("citizens_citizen") == 3
        with pytest.raises(DatabaseError), transaction.atomic(), rows.as_system("et job"):
            connection.cursor().execute("SELECT 1/0")
        assert count("citizens_citizen") == 3
    with pytest.raises(ValueError, match="name"), rows.as_system(""):
        pass


@pytest.mark.django_db(transaction=True)
def test_another_thread_and_a_new_connection_inherit_nothing() -> None:
    scene = Scene()
    leader = scene.user(Role.LEADER)
    seen: list[Any] = []

    def elsewhere() -> None:
        with rows.as_user(None):
            seen.append(count("citizens_citizen"))
        connection.close()

    with rows.as_user(leader):
        assert count("citizens_citizen") == 3
        connection.close()
        # Taken anew, the connection is told again.
        assert count("citizens_citizen") == 3
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert seen == [0]


def test_a_raw_connection_of_the_app_role_sees_nothing(transactional_db: None) -> None:
    """What somebody with the app's password and psql would see."""
    Scene()
    where = connection.settings_dict
    with psycopg.connect(
        dbname=where["NAME"],
        user=where["USER"],
        password=where["PASSWORD"],
        host=where["HOST"],
        port=where["PORT"] or None,
    ) as raw:
        raw.execute(f"SET ROLE {settings.ROWS_ROLE}")
        for table in PROTECTED:
            assert raw.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,), table
