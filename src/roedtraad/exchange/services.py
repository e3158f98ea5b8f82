"""What can happen to a file: uploaded, checked, confirmed, written; ordered, made, fetched; deleted in time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, IntegrityError, transaction
from procrastinate.contrib.django import app

from roedtraad.access.scope import AccessDenied, require
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.exchange import exporting, files, pipeline
from roedtraad.exchange.formats import FORMATS
from roedtraad.exchange.models import KEPT, Transfer
from roedtraad.exchange.pipeline import Outcome
from roedtraad.exchange.progress import told_outside
from roedtraad.exchange.reading import LARGEST, FileRefused, opened

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

Status = Transfer.Status
# An export of more rows than this is made in the background.
AT_ONCE = 5_000
CHECK, APPLY, EXPORT = "exchange.check", "exchange.apply", "exchange.export"

MOVED_ON = "Nogen ændrede de samme data, mens filen blev indlæst. Intet er indlæst. Prøv igen."
_BROKEN = (
    "Noget gik galt hos os. Intet er indlæst. Prøv igen, eller bed administratoren se på baggrundsopgaverne."
)
_GONE = "Filen er slettet. Vælg den igen."


def clean_filename(name: str) -> str:
    """A file's own name without folders or odd signs, at most 120 signs."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    return re.sub(r"[^\w .()+-]", "_", bare)[-120:].strip(" .") or "fil"


def upload(user: User, kind: str, filename: str, chunks: Iterable[bytes]) -> Transfer:
    """Keep an uploaded file and ask for it to be checked. Refusal beside the field when it is no such file."""
    require(user, "import.run")
    form = FORMATS.get(kind)
    if form is None:
        raise Refusal("Vælg, hvad filen indeholder.", "kind")
    path = files.store(chunks, LARGEST)
    if path is None:
        raise Refusal(
            f"Filen fylder mere end {LARGEST // 1024 // 1024} MB. Del den i flere filer, eller gem den som CSV.",
            "file",
        )
    try:
        with opened(path, form), transaction.atomic():
            transfer = _new(user, Transfer.Direction.IN, kind, clean_filename(filename), stored=path.name)
            app.configure_task(CHECK).defer(transfer_id=transfer.pk)
    except FileRefused as refused:
        path.unlink()
        raise Refusal(str(refused), "file") from refused
    except BaseException:
        path.unlink()
        raise
    return transfer


@transaction.atomic
def confirm(user: User, transfer: Transfer) -> Transfer:
    """Ask for a checked file to be written. Refusal when it is not ready; asked twice is asked once."""
    require(user, "import.run")
    held = Transfer.objects.select_for_update().get(pk=transfer.pk, direction=Transfer.Direction.IN)
    if held.status in (Status.APPLYING, Status.DONE):
        return held
    if held.status != Status.READY:
        raise Refusal("Filen er ikke klar til at blive indlæst. Se den efter først.")
    _begin(held, Status.APPLYING)
    held.created_by = user
    held.save()
    app.configure_task(APPLY).defer(transfer_id=held.pk)
    return held


@transaction.atomic
def retry(user: User, transfer: Transfer) -> Transfer:
    """Do again what stopped without an answer. Refusal when nothing did, AccessDenied for another's export."""
    held = Transfer.objects.select_for_update().get(pk=transfer.pk)
    _require_for(user, held)
    if not held.may_be_retried:
        raise Refusal("Der er ikke noget at prøve igen.")
    if held.direction == Transfer.Direction.OUT:
        task, status = EXPORT, Status.APPLYING
    elif held.samples or held.counts:
        # It had been checked and confirmed.
        task, status = APPLY, Status.APPLYING
    else:
        task, status = CHECK, Status.UPLOADED
    _begin(held, status)
    held.save()
    app.configure_task(task).defer(transfer_id=held.pk)
    return held


def order_export(user: User, kind: str, options: dict[str, Any], *, at_once: int = AT_ONCE) -> Transfer:
    """Make an export: at once when it is small, else in the background. Returns it with its status.

    `options`: format (csv, xlsx), as_of (ISO date or ""), with_cpr.
    """
    require(user, "export.run")
    ending = options["format"]
    day = f"-{options['as_of']}" if options.get("as_of") else ""
    export = exporting.Export(kind, user, _day(options), bool(options.get("with_cpr")))
    with transaction.atomic():
        transfer = _new(user, Transfer.Direction.OUT, kind, f"{kind}{day}.{ending}", options=options)
        large = export.count() > at_once
        if large:
            _begin(transfer, Status.APPLYING)
            transfer.save()
            app.configure_task(EXPORT).defer(transfer_id=transfer.pk)
    if not large:
        run_export(transfer.pk)
        transfer.refresh_from_db()
    return transfer


def run_check(transfer_id: int) -> None:
    """See an uploaded file through without writing anything. Running it again gives the same."""
    transfer = Transfer.objects.select_related("created_by").get(pk=transfer_id)
    if transfer.status not in (Status.UPLOADED, Status.CHECKING, Status.FAILED):
        return
    _begin(transfer, Status.CHECKING)
    transfer.save()
    outcome = _guarded(transfer, write=False)
    if outcome is not None:
        _answer(transfer, outcome, Status.READY)


def run_apply(transfer_id: int) -> None:
    """Write a confirmed file. Running it again after it is done does nothing; after a crash it begins anew."""
    transfer = Transfer.objects.select_related("created_by").get(pk=transfer_id)
    if transfer.status not in (Status.APPLYING, Status.FAILED):
        return
    _begin(transfer, Status.APPLYING)
    transfer.save()
    outcome = _guarded(transfer, write=True)
    if outcome is None:
        return
    if outcome.good:
        # The answer was written in the transaction that wrote the rows.
        files.remove(transfer.stored)
        Transfer.objects.filter(pk=transfer.pk).update(stored="")
    else:
        _answer(transfer, outcome, Status.FAILED_CHECK)


def run_export(transfer_id: int) -> None:
    """Make an ordered export's file. Running it again after it is done does nothing."""
    transfer = Transfer.objects.select_related("created_by").get(pk=transfer_id)
    if transfer.status == Status.DONE or transfer.created_by is None:
        return
    path = files.new_path(transfer.options["format"])
    export = exporting.Export(
        transfer.kind, transfer.created_by, _day(transfer.options), bool(transfer.options.get("with_cpr"))
    )
    try:
        require(transfer.created_by, "export.run")
        with told_outside(transfer.pk) as tell, transaction.atomic():
            rows = export.write(path, tell)
            former, transfer.stored = transfer.stored, path.name
            transfer.counts = {"rows": rows}
            _end(transfer, Status.DONE)
    except BaseException:
        path.unlink(missing_ok=True)
        transfer.stored = ""
        _end(transfer, Status.FAILED, "Udtrækket kunne ikke laves. Prøv igen.")
        raise
    files.remove(former)


def delete_expired() -> int:
    """Delete the files that are too old; the rows stay as a record. Returns how many."""
    expired = list(Transfer.objects.filter(expires_at__lte=clock.now()).exclude(stored=""))
    for transfer in expired:
        files.remove(transfer.stored)
        transfer.stored = ""
        # What stood in the file is not kept in the record either.
        transfer.errors, transfer.samples, transfer.remarks = [], [], {}
        if transfer.status in (Status.READY, *Transfer.RUNNING):
            transfer.status, transfer.message = Status.FAILED, _GONE
        transfer.save()
    files.sweep(clock.now() - 2 * KEPT)
    return len(expired)


def require_download(user: User, transfer: Transfer) -> None:
    """AccessDenied unless the user made this export and still may."""
    require(user, "export.run")
    if transfer.direction != Transfer.Direction.OUT or transfer.created_by_id != user.pk:
        raise AccessDenied("Kun den, der bestilte udtrækket, kan hente det.")


def _require_for(user: User, transfer: Transfer) -> None:
    if transfer.direction == Transfer.Direction.OUT:
        require_download(user, transfer)
    else:
        require(user, "import.run")


def _new(user: User | None, direction: str, kind: str, filename: str, **more: Any) -> Transfer:
    now = clock.now()
    return Transfer.objects.create(
        direction=direction,
        kind=kind,
        filename=filename,
        created_by=user,
        created_at=now,
        touched_at=now,
        expires_at=now + KEPT,
        **more,
    )


def _guarded(transfer: Transfer, *, write: bool) -> Outcome | None:
    """Run the pipeline; what goes wrong becomes a status and a sentence, and is raised on for the job's record."""
    try:
        if not transfer.stored or not files.path_of(transfer.stored).exists():
            raise FileRefused(_GONE)
        with told_outside(transfer.pk) as tell:
            return pipeline.run(
                files.path_of(transfer.stored),
                transfer.kind,
                write=write,
                user=transfer.created_by,
                filename=transfer.filename,
                progress=tell,
                before_commit=lambda outcome: _answer(transfer, outcome, Status.DONE),
            )
    except FileRefused as refused:
        _end(transfer, Status.FAILED_CHECK, str(refused))
        return None
    except BaseException as error:
        moved_on = isinstance(error, IntegrityError) or (isinstance(error, DatabaseError) and write)
        _end(transfer, Status.FAILED, MOVED_ON if moved_on else _BROKEN)
        raise


def _begin(transfer: Transfer, status: str) -> None:
    transfer.status = status
    transfer.message = transfer.phase = ""
    transfer.done = transfer.total = 0
    transfer.touched_at = clock.now()
    transfer.finished_at = None


def _answer(transfer: Transfer, outcome: Outcome, good: str) -> None:
    transfer.counts = outcome.counts
    transfer.errors = [{"row": fault.row, "sentence": fault.sentence} for fault in outcome.faults]
    transfer.samples = [vars(sample) for sample in outcome.samples]
    transfer.remarks = {
        "count": outcome.remarked,
        "rows": [{"row": remark.row, "sentence": remark.sentence} for remark in outcome.remarks],
    }
    _end(transfer, good if outcome.good else Status.FAILED_CHECK)


def _end(transfer: Transfer, status: str, message: str = "") -> None:
    transfer.status, transfer.message = status, message
    transfer.touched_at = transfer.finished_at = clock.now()
    transfer.save()


def _day(options: dict[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(options["as_of"]) if options.get("as_of") else None
