"""Files on their way through the queue: done by the real worker, against the real database."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from roedtraad.access.models import LookupLog
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.exchange import files, pipeline, services
from roedtraad.exchange.models import KEPT, SILENT, Transfer
from roedtraad.journeys.models import Stay
from tests import factories as make
from tests.exchange.worlds import World, stay_row

pytestmark = pytest.mark.django_db(transaction=True)
Status = Transfer.Status


def work() -> None:
    """Do everything in the queue, as `roedtraad worker` does."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]  # the Django connector's own
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never")


def failed_jobs(transfer: Transfer) -> int:
    return ProcrastinateJob.objects.filter(status="failed", args={"transfer_id": transfer.pk}).count()


@pytest.fixture
def uploaded(world: World, write: Callable[..., Path]) -> Transfer:
    path = write("ophold", [stay_row(world)])
    return services.upload(world.admin, "ophold", "C:\\Mine filer\\ophold juni.csv", [path.read_bytes()])


def test_upload_check_confirm_apply(world: World, uploaded: Transfer) -> None:
    assert (uploaded.status, uploaded.filename) == (Status.UPLOADED, "ophold juni.csv")
    stored = files.path_of(uploaded.stored)
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    work()
    uploaded.refresh_from_db()
    assert (uploaded.status, uploaded.counts["new"]) == (Status.READY, 1)
    assert not Stay.objects.exists()
    services.confirm(world.admin, uploaded)
    services.confirm(world.admin, uploaded)
    work()
    uploaded.refresh_from_db()
    assert uploaded.status == Status.DONE
    assert Stay.objects.count() == 1
    assert not stored.exists()
    services.run_apply(uploaded.pk)
    assert Stay.events.rel.related_model.objects.count() == 1


def test_a_faulty_file_cannot_be_confirmed(world: World, write: Callable[..., Path]) -> None:
    path = write("ophold", [stay_row(world), stay_row(world, key="o-2", place="T-9")])
    transfer = services.upload(world.admin, "ophold", "o.csv", [path.read_bytes()])
    work()
    transfer.refresh_from_db()
    assert (transfer.status, transfer.errors[0]["row"]) == (Status.FAILED_CHECK, 3)
    with pytest.raises(Refusal):
        services.confirm(world.admin, transfer)


def test_a_crash_leaves_nothing_and_a_retry_works(
    world: World, uploaded: Transfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    work()
    services.confirm(world.admin, uploaded)
    with monkeypatch.context() as patch:

        def breaks(*_args: Any) -> None:
            assert Stay.objects.count() == 1
            raise RuntimeError("power cut")

        patch.setattr(pipeline, "_log_lookups", breaks)
        work()
    uploaded.refresh_from_db()
    assert (uploaded.status, failed_jobs(uploaded)) == (Status.FAILED, 1)
    assert "Intet er indlæst" in uploaded.message
    assert not Stay.objects.exists()
    assert uploaded.may_be_retried
    services.retry(world.admin, uploaded)
    work()
    uploaded.refresh_from_db()
    assert (uploaded.status, Stay.objects.count()) == (Status.DONE, 1)


def test_work_that_went_silent_may_be_retried(world: World, uploaded: Transfer) -> None:
    """The process was killed: the status still says that it works."""
    work()
    services.confirm(world.admin, uploaded)
    with clock.fixed(clock.now() + SILENT):
        uploaded.refresh_from_db()
        assert (uploaded.status, uploaded.is_running) == (Status.APPLYING, False)
        services.retry(world.admin, uploaded)
        work()
    uploaded.refresh_from_db()
    assert (uploaded.status, Stay.objects.count()) == (Status.DONE, 1)


def test_data_that_changed_after_the_preview_are_found(world: World, uploaded: Transfer) -> None:
    work()
    services.confirm(world.admin, uploaded)
    make.stay(world.citizens[1], world.places[0], dt.date(2024, 5, 1), key="imens")
    work()
    uploaded.refresh_from_db()
    assert uploaded.status == Status.FAILED_CHECK
    assert "»imens«" in uploaded.errors[0]["sentence"]
    assert Stay.objects.count() == 1


def test_progress_is_seen_while_the_transaction_is_open(
    world: World, uploaded: Transfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(*_args: Any) -> None:
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT phase FROM exchange_transfer WHERE id = %s", [uploaded.pk])
            seen.extend(row[0] for row in cursor.fetchall())
        other.close()

    monkeypatch.setattr(pipeline, "_log_lookups", look)
    work()
    services.confirm(world.admin, uploaded)
    work()
    assert seen == [pipeline.COUNTING]


def test_a_large_export_is_made_in_the_background_for_its_maker(world: World) -> None:
    make.stay(world.citizens[0], world.places[0], dt.date(2024, 1, 1))
    options = {"format": "csv", "as_of": "", "with_cpr": True}
    transfer = services.order_export(world.leader, "borgere", options, at_once=0)
    assert (transfer.status, transfer.is_running) == (Status.APPLYING, True)
    work()
    transfer.refresh_from_db()
    assert (transfer.status, transfer.counts) == (Status.DONE, {"rows": 1})
    text = files.path_of(transfer.stored).read_text(encoding="utf-8-sig")
    assert make.cpr_number(1) in text
    assert LookupLog.objects.get().part == "udtræk med CPR-numre"
    services.require_download(world.leader, transfer)
    with pytest.raises(PermissionError):
        services.require_download(make.user_with("leader", world.root), transfer)


def test_files_are_deleted_after_a_week(world: World, uploaded: Transfer) -> None:
    stored = files.path_of(uploaded.stored)
    assert services.delete_expired() == 0
    with clock.fixed(clock.now() + KEPT):
        assert services.delete_expired() == 1
    uploaded.refresh_from_db()
    assert (stored.exists(), uploaded.stored, uploaded.status) == (False, "", Status.FAILED)
