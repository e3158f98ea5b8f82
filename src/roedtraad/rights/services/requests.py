"""A request for access from the day it is asked to the day the archive is gone.

Each is one transaction, asks first whether the one who does it may, and leaves who and why in the history. The work
in the background is done by the system, which sees every row; what it may give out a person has decided.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from roedtraad.access import lookups, rows
from roedtraad.access.scope import AccessDenied, may, require
from roedtraad.citizens import reach
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, danish
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.rights import archive, files, rules
from roedtraad.rights.catalogue import BY_SLUG, GIVEN
from roedtraad.rights.models import Download, LeftOut, RequestPart, SubjectRequest
from roedtraad.rights.models.requests import KEPT
from roedtraad.rights.progress import told_outside
from roedtraad.rights.rows import row_of

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

GATHER, MAKE = "rights.gather", "rights.make"
SYSTEM = "indsigt"
State = SubjectRequest.State
LONGEST_NAME, LONGEST_REASON, LONGEST_NOTE = 120, 300, 400

_BROKEN = "Noget gik galt hos os. Prøv igen, eller bed administratoren se på baggrundsopgaverne."


def require_handler(user: User, citizen: Citizen) -> None:
    """AccessDenied unless the user may handle requests about this citizen."""
    require(user, "rights.handle")
    if not reach.within(user, citizen, "rights.handle"):
        raise AccessDenied(_("Du har ikke adgang til at behandle indsigt for denne borger."))


@transaction.atomic
def register(
    user: User, citizen: Citizen, *, asked_by: str, asker: str = "", received_on: dt.date
) -> SubjectRequest:
    """Write down that somebody asks for access, and begin to gather. Refusal beside the field that is wrong."""
    require_handler(user, citizen)
    if asked_by not in SubjectRequest.AskedBy.values:
        raise Refusal(_("Vælg, hvem der beder om indsigt."), "asked_by")
    name = " ".join(asker.split())
    if asked_by != SubjectRequest.AskedBy.CITIZEN and not name:
        raise Refusal(_("Skriv navnet på den, der beder om indsigt for borgeren."), "asker")
    if len(name) > LONGEST_NAME:
        raise Refusal(_("Navnet må højst have %(most)s tegn.") % {"most": LONGEST_NAME}, "asker")
    if received_on > clock.today():
        raise Refusal(_("Dagen er ikke kommet endnu. Skriv den dag, anmodningen kom."), "received_on")
    if SubjectRequest.objects.filter(citizen=citizen, state__in=_OPEN).exists():
        raise Refusal(_("Der er allerede en anmodning i gang for borgeren. Gør den færdig først."), "citizen")
    with change(user, "anmodning om indsigt skrevet", "rights.registered"):
        made = SubjectRequest.objects.create(
            citizen=citizen,
            asked_by=asked_by,
            asker="" if asked_by == SubjectRequest.AskedBy.CITIZEN else name,
            received_on=received_on,
            due_on=rules.due_on(received_on),
            registered_by=user,
            registered_at=clock.now(),
        )
    app.configure_task(GATHER).defer(request_id=made.pk)
    return made


_OPEN = (State.GATHERING, State.REVIEW, State.MAKING, State.FAILED)


@transaction.atomic
def prolong(user: User, request: SubjectRequest, reason: str) -> None:
    """Give the answer two months more, once, with a reason the one who asked is told (GDPR art. 12(3))."""
    held = _held(user, request)
    words = " ".join(reason.split())
    if held.state == State.RELEASED:
        raise Refusal(_("Indsigten er givet. Fristen kan ikke forlænges."))
    if held.extended_reason:
        raise Refusal(_("Fristen er allerede forlænget. Den kan kun forlænges én gang."), "reason")
    if clock.today() > held.due_on:
        raise Refusal(_("Fristen er overskredet. Den kan kun forlænges, inden den er gået."), "reason")
    if len(words) < 10:
        raise Refusal(_("Skriv kort, hvorfor svaret tager længere tid (mindst 10 tegn)."), "reason")
    if len(words) > LONGEST_REASON:
        raise Refusal(_("Begrundelsen må højst have %(most)s tegn.") % {"most": LONGEST_REASON}, "reason")
    held.extended_reason, held.due_on = words, rules.due_on(held.received_on, prolonged=True)
    with change(user, "frist for indsigt forlænget"):
        held.save(update_fields=["extended_reason", "due_on"])


@transaction.atomic
def mark_seen(user: User, request: SubjectRequest, slug: str) -> None:
    """Say that a part has been looked through. Said again it is the latest who said it."""
    _in_review(_held(user, request))
    with change(user, "del af indsigt set igennem"):
        seen = RequestPart.objects.filter(request=request, part=slug)
        if not seen.update(seen_by=user, seen_at=clock.now()):
            raise Refusal(_("Den del findes ikke i anmodningen."))


@transaction.atomic
def leave_out(user: User, request: SubjectRequest, slug: str, row: str, *, basis: str, note: str) -> LeftOut:
    """Keep a part, or one row of it, back, with the rule that allows it. Done again, the reason is replaced."""
    held = _in_review(_held(user, request))
    part = BY_SLUG.get(slug)
    if part is None or part.withheld:
        raise Refusal(_("Den del findes ikke i anmodningen."))
    if row and row_of(part, held.citizen_id, row) is None:
        raise Refusal(_("Den række findes ikke. Genindlæs siden."))
    if basis not in LeftOut.Basis.values:
        raise Refusal(_("Vælg den regel, der giver lov til at udelade."), "basis")
    words = " ".join(note.split())
    if len(words) < 10:
        raise Refusal(_("Skriv kort, hvorfor det udelades (mindst 10 tegn)."), "note")
    if len(words) > LONGEST_NOTE:
        raise Refusal(_("Begrundelsen må højst have %(most)s tegn.") % {"most": LONGEST_NOTE}, "note")
    with change(user, "udeladt af indsigt"):
        left, _new = LeftOut.objects.update_or_create(
            request=held,
            part=slug,
            row=row,
            defaults={"basis": basis, "note": words, "by": user, "at": clock.now()},
        )
    return left


@transaction.atomic
def take_in_again(user: User, request: SubjectRequest, slug: str, row: str) -> None:
    """Give out after all what was kept back. Asked twice changes nothing."""
    held = _in_review(_held(user, request))
    with change(user, "med i indsigt igen"):
        LeftOut.objects.filter(request=held, part=slug, row=row).delete()


def unseen(request: SubjectRequest) -> list[RequestPart]:
    """The parts with other people's data that nobody has looked through, and that are not kept back whole."""
    left = {one.part for one in request.left_out.all() if not one.row}
    return [
        part
        for part in request.parts.all()
        if part.found and part.seen_at is None and part.part not in left and BY_SLUG[part.part].others
    ]


@transaction.atomic
def release(user: User, request: SubjectRequest) -> None:
    """Let the archive be made and given out. Refusal while a part with other people's data has not been seen."""
    held = _in_review(_held(user, request))
    waiting = unseen(held)
    if waiting:
        names = ", ".join(str(BY_SLUG[part.part].title) for part in waiting)
        raise Refusal(
            _("Se først de dele igennem, hvor der står noget om andre: %(parts)s.") % {"parts": names}
        )
    held.released_by = user
    with change(user, "indsigt givet fri", "rights.released"):
        _begin(held, State.MAKING)
    app.configure_task(MAKE).defer(request_id=held.pk)


@transaction.atomic
def retry(user: User, request: SubjectRequest) -> None:
    """Do again what stopped without an answer. Refusal when nothing did."""
    held = _held(user, request)
    if not held.may_be_retried:
        raise Refusal(_("Der er ikke noget at prøve igen."))
    task, state = (MAKE, State.MAKING) if held.released_by_id else (GATHER, State.GATHERING)
    with change(user, "indsigt prøvet igen"):
        _begin(held, state)
    app.configure_task(task).defer(request_id=held.pk)


@transaction.atomic
def fetch(user: User, request: SubjectRequest) -> str:
    """Write that the archive is fetched, and return the name it is stored under.

    AccessDenied for who neither handles the citizen's requests nor is the citizen; Refusal when its time has run out.
    """
    citizen = request.citizen
    own = may(user, "own.view") and reach.within(user, citizen, "own.view")
    if not own:
        require_handler(user, citizen)
    if not request.can_be_fetched or not files.path_of(request.stored).exists():
        raise Refusal(_("Arkivet er slettet. Bed om indsigt igen, hvis du har brug for det."))
    Download.objects.create(request=request, user=user, at=clock.now())
    lookups.record(user, [citizen.pk], "indsigt hentet", action="own.view" if own else "rights.handle")
    return request.stored


def run_gather(request_id: int) -> None:
    """Count what there is, part by part, and make it ready for review. Running it again gives the same."""
    with rows.as_system(SYSTEM):
        request = SubjectRequest.objects.select_related("registered_by").get(pk=request_id)
        if request.state not in (State.GATHERING, State.FAILED) or request.released_by_id:
            return
        try:
            with told_outside(SubjectRequest, request.pk) as tell, transaction.atomic():
                for place, part in enumerate(GIVEN):
                    tell(str(part.title), place, len(GIVEN))
                    found = part.rows(request.citizen_id).order_by().count()
                    RequestPart.objects.update_or_create(
                        request=request, part=part.slug, defaults={"found": found}
                    )
                _begin(request, State.REVIEW)
        except BaseException:
            _begin(request, State.FAILED, _BROKEN)
            raise


def run_make(request_id: int) -> None:
    """Make the archive of a released request. Running it again after it is done does nothing."""
    with rows.as_system(SYSTEM):
        request = SubjectRequest.objects.select_related("citizen").get(pk=request_id)
        if request.state not in (State.MAKING, State.FAILED) or not request.released_by_id:
            return
        name = files.new_name()
        try:
            with told_outside(SubjectRequest, request.pk) as tell, transaction.atomic():
                request.size = archive.make(files.path_of(name), archive.Contents.of(request), tell)
                request.stored, request.released_at = name, clock.now()
                request.expires_at = clock.now() + KEPT
                lookups.record_system(
                    _("indsigt"), [request.citizen_id], "alt, som indsigt", _("anmodning om indsigt")
                )
                _begin(request, State.RELEASED)
        except BaseException:
            files.remove(name)
            request.stored, request.released_at, request.expires_at = "", None, None
            _begin(request, State.FAILED, _BROKEN)
            raise


def delete_expired() -> int:
    """Delete the archives whose time has run out, and those a crash left. Returns how many requests lost theirs."""
    with rows.as_system(SYSTEM):
        expired = list(SubjectRequest.objects.filter(expires_at__lte=clock.now()).exclude(stored=""))
        for request in expired:
            files.remove(request.stored)
            request.stored = ""
            with change(None, "arkivets tid er gået"):
                request.save(update_fields=["stored"])
        known = set(SubjectRequest.objects.exclude(stored="").values_list("stored", flat=True))
        files.sweep(clock.now() - dt.timedelta(days=1), known)
        return len(expired)


def _held(user: User, request: SubjectRequest) -> SubjectRequest:
    """The request, locked, when the user may handle it."""
    require_handler(user, request.citizen)
    return SubjectRequest.objects.select_for_update().get(pk=request.pk)


def _in_review(request: SubjectRequest) -> SubjectRequest:
    if request.state != State.REVIEW:
        raise Refusal(_("Anmodningen er ikke til gennemsyn nu: den er %(state)s.") % {
            "state": request.get_state_display()
        })  # fmt: skip
    return request


def _begin(request: SubjectRequest, state: str, message: str = "") -> None:
    request.state, request.message, request.phase = state, message, ""
    request.done = request.total = 0
    request.touched_at = clock.now()
    request.save()


def deadline_words(request: SubjectRequest) -> str:
    """How long is left for the answer, in words."""
    left = (request.due_on - clock.today()).days
    if request.state == State.RELEASED:
        return ""
    if left < 0:
        return _("Fristen er overskredet")
    return _("Frist %(day)s") % {"day": danish.day(request.due_on)}
