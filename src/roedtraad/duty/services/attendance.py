"""A citizen goes away, comes back, or it was a mistake."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Absence
from roedtraad.duty.rules.moments import moment_words
from roedtraad.duty.services.common import (
    CLOCK_ERROR,
    constraint_of,
    line_of,
    once,
    require_citizen,
)

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

# So far back an absence may be written afterwards.
EARLIEST = dt.timedelta(days=366)


@transaction.atomic
def register_absence(
    user: User,
    citizen: Citizen,
    kind: str,
    from_at: dt.datetime | None = None,
    *,
    expected_back: dt.datetime | None = None,
    back_at: dt.datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Absence:
    """Write that the citizen is away from `from_at` (now); with `back_at` it is already over.

    The same user sending the same key again gets the row that is there. Refusal for a moment in the future (planned
    absence is an appointment), times in the wrong order, and where another absence covers the time; AccessDenied
    out of reach.
    """
    require_citizen(user, citizen)
    now = clock.now()
    begins = from_at or now
    if kind not in Absence.Kind.values:
        raise Refusal(_("Vælg, hvor borgeren er."), "kind")
    if begins > now + CLOCK_ERROR:
        raise Refusal(
            _(
                "Fraværet er ikke begyndt endnu. Læg det i kalenderen, og skriv fraværet, når borgeren tager af sted."
            ),
            "from_at",
        )
    if begins < now - EARLIEST:
        raise Refusal(_("Tidspunktet ligger mere end et år tilbage. Ret det."), "from_at")
    if expected_back is not None and expected_back <= begins:
        raise Refusal(_("Borgeren kan ikke ventes tilbage, før borgeren er taget af sted."), "expected_back")
    if back_at is not None:
        _check_back(begins, back_at, now)
    words = line_of(note, 400, "note")

    def make(new_key: UUID) -> Absence:
        with change(user, "fravær skrevet"):
            return _written(
                Absence(
                    key=new_key,
                    citizen=citizen,
                    kind=kind,
                    from_at=min(begins, now),
                    expected_back=expected_back,
                    back_at=back_at,
                    note=words,
                    recorded_by=user,
                    recorded_at=now,
                    returned_by=user if back_at else None,
                ),
                now,
            )

    return once(Absence, user, key, "recorded_by", make, citizen=citizen)


@transaction.atomic
def register_return(user: User, absence: Absence, back_at: dt.datetime | None = None) -> Absence:
    """Write that the citizen came back at `back_at` (now). The same moment twice changes nothing; another corrects it.

    Refusal for a moment before the citizen left or in the future, and for an absence that was taken back.
    """
    held = _held(user, absence)
    now = clock.now()
    back = back_at or held.back_at or now
    if held.cancelled_at is not None:
        raise Refusal(_("Fraværet er taget tilbage. Skriv et nyt."))
    _check_back(held.from_at, back, now)
    if held.back_at == back:
        return held
    held.back_at, held.returned_by = min(back, now), user
    with change(user, "tilbagekomst skrevet"):
        return _written(held, now)


@transaction.atomic
def reopen_absence(user: User, absence: Absence) -> Absence:
    """Take a written return back: the citizen is away after all. Nothing to do while they are away."""
    held = _held(user, absence)
    if held.back_at is None:
        return held
    held.back_at = held.returned_by = None
    with change(user, "tilbagekomst taget tilbage"):
        return _written(held, clock.now())


@transaction.atomic
def cancel_absence(user: User, absence: Absence) -> Absence:
    """Take the absence back: it was a mistake. The row stays, and counts no longer. Twice changes nothing."""
    held = _held(user, absence)
    if held.cancelled_at is None:
        held.cancelled_at, held.cancelled_by = clock.now(), user
        with change(user, "fravær taget tilbage"):
            held.save(update_fields=["cancelled_at", "cancelled_by"])
    return held


@transaction.atomic
def restore_absence(user: User, absence: Absence) -> Absence:
    """Undo `cancel_absence`. Refusal when another absence has come in its place."""
    held = _held(user, absence)
    if held.cancelled_at is None:
        return held
    held.cancelled_at = held.cancelled_by = None
    with change(user, "fravær gælder igen"):
        return _written(held, clock.now())


def _held(user: User, absence: Absence) -> Absence:
    require_citizen(user, absence.citizen)
    return Absence.objects.select_for_update(of=("self",)).select_related("citizen").get(pk=absence.pk)


def _check_back(begins: dt.datetime, back: dt.datetime, now: dt.datetime) -> None:
    if back <= begins:
        raise Refusal(_("Borgeren kan ikke være kommet tilbage, før borgeren tog af sted."), "back_at")
    if back > now + CLOCK_ERROR:
        raise Refusal(_("Tidspunktet ligger i fremtiden. Skriv, hvornår borgeren kom tilbage."), "back_at")


def _written(absence: Absence, now: dt.datetime) -> Absence:
    """Save; what overlaps becomes a sentence that names the other absence."""
    try:
        with transaction.atomic():
            absence.save()
    except IntegrityError as error:
        if not constraint_of(error, "absence_no_overlap"):
            raise
        others = Absence.objects.counting().filter(
            Q(back_at__isnull=True) | Q(back_at__gt=absence.from_at), citizen=absence.citizen
        )
        if absence.back_at is not None:
            others = others.filter(from_at__lt=absence.back_at)
        other = others.exclude(pk=absence.pk).order_by("from_at").first()
        if other is None:
            raise
        if other.back_at is None:
            words = _(
                "Borgeren er allerede skrevet væk (%(kind)s, fra %(from)s). Skriv først, at borgeren er tilbage."
            )
        else:
            words = _("I den tid er borgeren allerede skrevet væk (%(kind)s, fra %(from)s). Ret tidspunktet.")
        raise Refusal(
            words % {"kind": other.get_kind_display(), "from": moment_words(other.from_at, now)}, "from_at"
        ) from error
    return absence
