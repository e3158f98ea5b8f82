"""The fault rounds in short: real processes, killed while clients write through the real pages.

The ten rounds and the long outages are measurements (`python -m benchmarks.faults`, `docs/faults.md`).
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import faults, faults_other
from benchmarks.faulthouse import House, wait_for
from benchmarks.faults_other import CannotHere, Seen, Template

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made() -> Iterator[Template]:
    with faults_other.template() as furnished:
        yield furnished


def check(fault: Callable[..., Seen], *arguments: Any) -> Seen:
    """Make the fault; nothing acknowledged may be lost, doubled or half there."""
    try:
        seen = fault(*arguments)
    except CannotHere as reason:
        pytest.skip(str(reason))
    assert seen.counted.clean, seen
    assert seen.counted.acknowledged > 0
    return seen


@pytest.fixture
def house(made: Template) -> Iterator[House]:
    with faults_other.folder() as scratch:
        copied = made.copy(scratch / "var", jobs=True)
        with faults_other.running(copied):
            yield copied


def test_what_was_acknowledged_survives_every_kill(made: Template, house: House) -> None:
    writers = made.writers(house.port)
    for name, kill in faults.KILLS.items():
        _seconds, counted = faults.one_kill(house, writers, kill, writes=8)
        assert counted.clean, (name, counted)
    assert "Databasen stoppede af sig selv. Den startes igen." in house.told()
    assert "Traceback" not in house.told()
    checked = house.run("check")
    assert checked.returncode == 0, checked.stdout


def test_the_servers_and_the_job_worker_are_started_again(house: House) -> None:
    wait_for(lambda: _other(house.job_worker, 0), "the job worker")
    for name, find in (
        ("Webserveren", house.web_server),
        ("Push-serveren", house.push_server),
        ("Arbejderen til baggrundsopgaver", house.job_worker),
    ):
        killed = find()
        below = killed.children()
        killed.send_signal(signal.SIGKILL)
        sentence = f"{name} stoppede af sig selv (signal 9). Startes igen."
        wait_for(lambda said=sentence: said in house.told(), sentence)
        wait_for(lambda who=find, old=killed.pid: _other(who, old), f"a new one of: {name}")
        assert not psutil.wait_procs(below, timeout=10)[1], "a worker outlived its parent"
    wait_for(house.ready, "the house to be ready")
    house.stop()
    assert house.process is not None
    assert house.process.returncode == 0
    assert house.told().rstrip().endswith("Stopper.")


def _other(find: Callable[[], Any], old: int) -> bool:
    try:
        return bool(find().pid != old)
    except IndexError:
        return False


def test_a_database_that_is_away_is_told_calmly_and_waited_for(made: Template) -> None:
    check(faults_other.database_away, made, 6)


def test_a_full_disk_closes_and_opens_the_house(made: Template) -> None:
    check(faults_other.disk_full, made)


def test_a_clock_that_turns_back_an_hour_changes_nothing(made: Template) -> None:
    check(faults_other.clock_back, made)


def test_two_houses_on_one_folder_share_and_succeed_each_other(made: Template) -> None:
    check(faults_other.two_houses, made)


def test_a_migration_that_was_cut_off_is_named_and_finished(made: Template) -> None:
    check(faults_other.migration_cut_off, made)


def test_two_migrations_take_turns(made: Template) -> None:
    assert "ventede" in faults_other.two_migrations(made)


def test_the_measurement_and_the_page_agree_on_what_is_broken() -> None:
    """Each fault that can be made is in the table of docs/faults.md."""
    page = (Path(__file__).parents[2] / "docs" / "faults.md").read_text()
    for name in (*faults.KILLS, *faults_other.OTHERS):
        assert name in page
