"""What can happen to shared tablets and PINs. Whether the one who enrols or revokes may is asked a floor above.

A try is counted before it is judged, in a transaction of its own, as `accounts.lockout` does with passwords: twenty
tries at once are then twenty tries.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any
from uuid import UUID

import structlog
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from roedtraad.accounts import second_factor, sessions
from roedtraad.accounts.models import User
from roedtraad.accounts.tablets import pins, rules
from roedtraad.accounts.tablets.models import PersonalPin, SharedTablet, TabletVisit
from roedtraad.accounts.tablets.ports import works_at
from roedtraad.accounts.tablets.rules import Closed
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal

log = structlog.get_logger("roedtraad.login")

# The cookie outlives shifts; revoking the tablet ends it at once.
ENROLLED_FOR = dt.timedelta(days=365)
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_FOUND = "_shared_tablet"


def shift() -> dt.timedelta:
    """How long after a full login a PIN may be used."""
    return dt.timedelta(hours=settings.TABLET_HOURS)


def tablet_of(request: HttpRequest) -> SharedTablet | None:
    """The shared tablet that this browser is, or None. One SQL when it has the cookie, once a request."""
    if not hasattr(request, _FOUND):
        token = request.COOKIES.get(settings.TABLET_COOKIE_NAME, "")
        this = SharedTablet.objects.filter(digest=digest_of(token), revoked_at__isnull=True)
        setattr(request, _FOUND, this.first() if token else None)
    tablet: SharedTablet | None = getattr(request, _FOUND)
    return tablet


def visit_of_session(request: HttpRequest) -> TabletVisit | None:
    """What the request's PIN session rests on, or None when it no longer holds. One SQL; `tablet_of` then costs none.

    The browser must still be the tablet, the shift on, and the PIN not removed.
    """
    token, number = request.COOKIES.get(settings.TABLET_COOKIE_NAME, ""), request.session.get(sessions.PIN)
    if not token or number is None:
        return None
    found = (
        TabletVisit.objects.select_related("user", "tablet")
        .filter(
            pk=number,
            tablet__digest=digest_of(token),
            tablet__revoked_at__isnull=True,
            user__pin__isnull=False,
        )
        .first()
    )
    if found is None or not is_open(found):
        return None
    setattr(request, _FOUND, found.tablet)
    return found


@transaction.atomic
def enrol(unit_id: int, name: str, by: User) -> tuple[SharedTablet, str]:
    """Make a browser the unit's shared tablet; with it the token for its cookie, which is not kept.

    Refusal when the unit has one of that name.
    """
    name = " ".join(name.split())
    if SharedTablet.objects.filter(unit_id=unit_id, name=name, revoked_at__isnull=True).exists():
        raise Refusal(_("Enheden har allerede en tablet med det navn. Giv den et andet navn."), "name")
    token = secrets.token_urlsafe(32)
    with change(by, "tilmeldte en fælles tablet"):
        tablet = SharedTablet.objects.create(
            unit_id=unit_id, name=name, digest=digest_of(token), enrolled_by=by, enrolled_at=clock.running()
        )
    return tablet, token


def give_cookie(response: HttpResponse, token: str) -> None:
    """The browser is told who it is."""
    response.set_cookie(
        settings.TABLET_COOKIE_NAME,
        token,
        max_age=ENROLLED_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


@transaction.atomic
def revoke(tablet: SharedTablet, by: User) -> None:
    """It is no shared tablet any more; whoever is at it with a PIN is logged out with the next page."""
    with change(by, "afmeldte en fælles tablet"):
        tablet.revoked_at = clock.running()
        tablet.save(update_fields=["revoked_at"])


@transaction.atomic
def set_pin(user: User, pin: str) -> None:
    """Choose a PIN, or another one. Refusal with a sentence when it is too easy to guess."""
    weak = rules.weakness(pin, user.username)
    if weak:
        raise Refusal(_weak_in_words(weak), "pin")
    with change(user, "valgte en PIN-kode"):
        PersonalPin.objects.update_or_create(
            user=user, defaults={"digest": pins.hashed(pin), "set_at": clock.running(), "wrong": 0}
        )


@transaction.atomic
def remove_pin(user: User) -> bool:
    """No PIN any more; sessions made with it end. False when there was none."""
    with change(user, "fjernede sin PIN-kode"):
        return bool(PersonalPin.objects.filter(user=user).delete()[0])


def on_login(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Django's signal: a full login at a shared tablet of one's unit lets one come back there with the PIN.

    It opens a PIN and a tablet that too many wrong tries have closed.
    """
    tablet = tablet_of(request)
    if tablet is None or not _is_full(request, user) or not works_at(user, tablet.unit_id):
        return
    now = clock.running()
    TabletVisit.objects.update_or_create(
        tablet=tablet, user=user, defaults={"logged_in_at": now, "mark": _mark(user)}
    )
    PersonalPin.objects.filter(user=user, wrong__gt=0).update(wrong=0)
    SharedTablet.objects.filter(pk=tablet.pk).update(wrong_pins=0, last_used_at=now)


def leave(request: HttpRequest, user: Any) -> None:
    """Logging out is to be done with the tablet: the PIN works there only after the next full login."""
    tablet = tablet_of(request)
    if tablet is not None and user.pk:
        TabletVisit.objects.filter(tablet=tablet, user_id=user.pk).delete()


def change_user(request: HttpRequest, visit_key: UUID, pin: str) -> User:
    """Begin the session of somebody who has logged in here this shift. Nothing of the earlier session is left.

    Refusal with a sentence when this is no shared tablet, the shift is over, the PIN is wrong, or too many were.
    """
    tablet = tablet_of(request)
    if tablet is None:
        raise Refusal(_("Browseren er ikke en fælles tablet. Log ind på den sædvanlige måde."))
    visit = visit_at(tablet, visit_key)
    if visit is None or not works_at(visit.user, tablet.unit_id):
        raise Refusal(_("Du kan ikke bruge din PIN-kode her nu. Log helt ind."))
    kept = _count(tablet, visit.user)
    if not pins.fits(pin, kept):
        log.info("pin_wrong", user=visit.user_id, tablet=tablet.pk)
        raise Refusal(_("PIN-koden passer ikke. Prøv igen, eller log helt ind."), "pin")
    PersonalPin.objects.filter(user=visit.user).update(wrong=0)
    # The tablet forgets this try alone: one's own PIN must not buy more tries at those of others.
    SharedTablet.objects.filter(pk=tablet.pk).update(
        wrong_pins=Greatest(F("wrong_pins") - 1, 0), last_used_at=clock.running()
    )
    request.session.flush()
    login(request, visit.user, backend=_BACKEND)
    request.session[sessions.PIN] = visit.pk
    # The full login had what is asked for.
    request.session[second_factor.SEEN] = True
    log.info("pin_login", user=visit.user_id, tablet=tablet.pk)
    return visit.user


def visit_at(tablet: SharedTablet, key: UUID) -> TabletVisit | None:
    """The visit, while it lets one come back. One SQL."""
    found = TabletVisit.objects.select_related("user").filter(tablet=tablet, key=key).first()
    return found if found is not None and is_open(found) else None


def is_open(visit: TabletVisit) -> bool:
    """Is it of this shift, and has its owner neither been closed nor logged out everywhere since?"""
    return (
        visit.user.is_active
        and rules.on_shift(visit.logged_in_at, clock.running(), shift())
        and constant_time_compare(visit.mark, _mark(visit.user))
    )


def delete_old() -> int:
    """Delete visits of shifts that are over. Returns the number of rows."""
    return TabletVisit.objects.filter(logged_in_at__lt=clock.running() - shift()).delete()[0]


@transaction.atomic
def _count(tablet: SharedTablet, user: User) -> str:
    """Count a try and return what is kept of the PIN. Refusal when none may be tried."""
    held = SharedTablet.objects.select_for_update().get(pk=tablet.pk)
    pin = PersonalPin.objects.select_for_update().filter(user=user).first()
    closed = rules.closed(pin.wrong if pin else None, held.wrong_pins)
    if closed or pin is None:
        log.warning("pin_closed", why=(closed or Closed.NO_PIN).value, user=user.pk, tablet=tablet.pk)
        raise Refusal(_closed_in_words(closed or Closed.NO_PIN))
    PersonalPin.objects.filter(pk=pin.pk).update(wrong=F("wrong") + 1)
    SharedTablet.objects.filter(pk=held.pk).update(wrong_pins=F("wrong_pins") + 1)
    return str(pin.digest)


def _is_full(request: HttpRequest, user: User) -> bool:
    """Was it a login with two factors, or with all that is asked for here? A PIN leaves no record of a method."""
    if user.password_is_first:
        return False
    methods = {record.get("method") for record in get_authentication_records(request, user)}
    return bool(methods & {"mfa", "socialaccount"}) or (
        "password" in methods and not settings.SECOND_FACTOR_REQUIRED
    )


def digest_of(token: str) -> str:
    """What is kept of a tablet's cookie. The token is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mark(user: User) -> str:
    return salted_hmac("roedtraad.tablet", user.get_session_auth_hash(), algorithm="sha256").hexdigest()


def _weak_in_words(weak: rules.Weakness) -> str:
    return {
        rules.Weakness.NOT_DIGITS: _("Brug kun tal."),
        rules.Weakness.LENGTH: _("Brug fra %(least)d til %(most)d tal.")
        % {"least": rules.SHORTEST, "most": rules.LONGEST},
        rules.Weakness.FEW_DIGITS: _("Brug mindst tre forskellige tal."),
        rules.Weakness.ROW: _("Tal på række er lette at gætte. Vælg en anden."),
        rules.Weakness.REPEATED: _("Det samme om igen er let at gætte. Vælg en anden."),
        rules.Weakness.DATE: _("Den kan læses som en dato, og dem gætter man først. Vælg en anden."),
        rules.Weakness.OWN: _("Den står i dit brugernavn. Vælg en anden."),
    }[weak]


def _closed_in_words(closed: Closed) -> str:
    return {
        Closed.NO_PIN: _("Du har ingen PIN-kode. Log helt ind, og vælg en under Min sikkerhed."),
        Closed.PERSON: _(
            "Din PIN-kode er lukket efter for mange forkerte forsøg. Log helt ind for at åbne den."
        ),
        Closed.TABLET: _(
            "Tabletten tager ikke imod PIN-koder efter for mange forkerte forsøg. Log helt ind."
        ),
    }[closed]
