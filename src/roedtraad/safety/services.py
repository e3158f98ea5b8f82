"""What can happen to an alarm and to who works alone: one function an event, one transaction, access checked.

Times are those that pass (`clock.running`): in a demo whose day is held still, an alarm must still run out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied, require
from roedtraad.core import clock, ids
from roedtraad.core.history import change
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Unit
from roedtraad.safety import rules
from roedtraad.safety.models import (
    PLACE_LENGTH,
    WORDS_LENGTH,
    Alarm,
    AlarmNeighbour,
    AlarmSettings,
    AlarmStep,
    LoneWork,
)
from roedtraad.safety.queries import neighbours_of, settings_of
from roedtraad.safety.rules import Kind

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

#: The channel of PostgreSQL on which a new line of a log is told. It carries numbers and keys, never a word.
CHANNEL = "roedtraad_alarm"
# What a person may say an alarm is about; the system alone says that somebody has not checked in.
_TYPED = {Alarm.About.HELP, Alarm.About.FIRE, Alarm.About.OTHER}


@transaction.atomic
def raise_alarm(
    user: User, *, key: UUID, unit: Unit, about: str = Alarm.About.HELP, place: str = ""
) -> Alarm:
    """Raise an alarm in the unit. With the key of one the user has raised already, that one is given back.

    AccessDenied where the user does not work; Refusal for an unknown kind and a key that is somebody else's.
    """
    require(user, "duty.work", unit_id=unit.pk)
    if about not in _TYPED:
        raise Refusal(_("Vælg, hvad alarmen handler om."), "about")
    return _raise(key, unit.pk, user, about=about, place=_checked_place(place))


@transaction.atomic
def acknowledge(user: User, alarm: Alarm) -> None:
    """Say »jeg kommer«. Twice is once. Refusal for one's own alarm and for one that is ended."""
    held = _held(user, alarm)
    if held.raised_by_id == user.pk:
        raise Refusal(_("Det er din egen alarm. Dine kolleger svarer på den."))
    if held.ended_at is not None:
        raise Refusal(_("Alarmen er afsluttet."))
    with change(user, "svarede på en alarm"):
        _step(held, Kind.ACKNOWLEDGED, clock.running(), user_id=user.pk)


@transaction.atomic
def end_alarm(user: User, alarm: Alarm, *, what_happened: str, was_mistake: bool = False) -> None:
    """End the alarm and say what happened; no words are needed for one that was a mistake.

    Refusal without words, and when somebody has ended it otherwise: then the words are not kept.
    """
    held = _held(user, alarm)
    words = what_happened.strip()
    if len(words) > WORDS_LENGTH:
        raise Refusal(_("Skriv højst %(most)s tegn.") % {"most": WORDS_LENGTH}, "what_happened")
    if not words and not was_mistake:
        raise Refusal(_("Skriv kort, hvad der skete."), "what_happened")
    if held.ended_at is not None:
        if (held.ended_by_id, held.what_happened, held.was_mistake) == (user.pk, words, was_mistake):
            return
        raise Refusal(_("Alarmen er allerede afsluttet. Det, du har skrevet, er ikke gemt."))
    held.ended_at, held.ended_by = clock.running(), user
    held.what_happened, held.was_mistake = words, was_mistake
    with change(user, "afsluttede en alarm"):
        held.save(update_fields=["ended_at", "ended_by", "what_happened", "was_mistake"])
        _step(held, Kind.ENDED, held.ended_at, user_id=user.pk)


@transaction.atomic
def change_settings(user: User, unit: Unit, *, seconds: int, neighbours: Collection[Unit]) -> AlarmSettings:
    """Set from today how long the unit's alarm waits and whom it is passed on to.

    AccessDenied outside the units the user leads; Refusal for a time out of bounds and for the unit as its own neighbour.
    """
    require(user, "duty.configure", unit_id=unit.pk)
    if not rules.FEWEST_SECONDS <= seconds <= rules.MOST_SECONDS:
        limits = {"least": rules.FEWEST_SECONDS, "most": rules.MOST_SECONDS}
        raise Refusal(_("Vælg fra %(least)s til %(most)s sekunder.") % limits, "seconds")
    if unit.pk in {one.pk for one in neighbours}:
        raise Refusal(_("Enheden kan ikke være sin egen nabo."), "neighbours")
    Unit.objects.select_for_update().get(pk=unit.pk)
    today = clock.today()
    with change(user, "alarmen indstillet"):
        current = AlarmSettings.objects.filter(unit=unit, valid__contains=today).first()
        if current is not None and current.valid.lower == today:
            current.seconds = seconds
            current.save(update_fields=["seconds"])
            current.neighbours.all().delete()
        else:
            if current is not None:
                current.valid = Period(current.valid.lower, today).to_range()
                current.save(update_fields=["valid"])
            current = AlarmSettings.objects.create(unit=unit, valid=Period(today).to_range(), seconds=seconds)
        for one in neighbours:
            AlarmNeighbour.objects.create(settings=current, unit=one)
    return current


@transaction.atomic
def start_lone_work(user: User, *, key: UUID, unit: Unit, minutes: int, place: str = "") -> LoneWork:
    """Begin to work alone, and promise to check in every so many minutes. With a key already used, that one.

    AccessDenied where the user does not work; Refusal when one is going on, and for minutes out of bounds.
    """
    require(user, "duty.work", unit_id=unit.pk)
    if not rules.FEWEST_MINUTES <= minutes <= rules.MOST_MINUTES:
        limits = {"least": rules.FEWEST_MINUTES, "most": rules.MOST_MINUTES}
        raise Refusal(_("Vælg fra %(least)s til %(most)s minutter.") % limits, "minutes")
    known = LoneWork.objects.filter(key=key, user=user).first()
    if known is not None:
        return known
    now = clock.running()
    try:
        with transaction.atomic(), change(user, "arbejder alene"):
            return LoneWork.objects.create(
                key=key,
                unit=unit,
                user=user,
                place=_checked_place(place),
                started_at=now,
                check_in_minutes=minutes,
                last_check_in=now,
            )
    except IntegrityError as error:
        raise Refusal(_("Du er allerede i gang. Meld dig, eller afslut det først.")) from error


@transaction.atomic
def check_in(user: User, work: LoneWork) -> LoneWork:
    """Say that all is well; the time begins anew. Refusal when it has ended, AccessDenied for somebody else's."""
    held = _held_work(user, work)
    if held.ended_at is not None:
        raise Refusal(_("Det er afsluttet. Begynd igen, hvis du stadig arbejder alene."))
    held.last_check_in = clock.running()
    with change(user, "meldte sig"):
        held.save(update_fields=["last_check_in"])
    return held


@transaction.atomic
def end_lone_work(user: User, work: LoneWork) -> None:
    """No longer alone. Twice is once. An alarm that was raised meanwhile goes on until somebody ends it."""
    held = _held_work(user, work)
    if held.ended_at is None:
        held.ended_at = clock.running()
        with change(user, "arbejder ikke længere alene"):
            held.save(update_fields=["ended_at"])


@transaction.atomic
def mark_delivered(alarm_id: int, users: Iterable[int]) -> None:
    """Write that the alarm was sent to these users' open pages. Told by the push process, for the system."""
    with rows.as_system("alarm"):
        alarm = Alarm.objects.select_for_update().get(pk=alarm_id)
        for user in sorted(set(users)):
            if user != alarm.raised_by_id:
                _step(alarm, Kind.DELIVERED, clock.running(), user_id=user)


@transaction.atomic
def escalate_due(now: dt.datetime | None = None) -> int:
    """Pass on what nobody has answered, and say where nobody answers at all. Returns how many lines were written.

    Safe to call twice, at once or later: each alarm is held while it is looked at, and its log says what was done.
    """
    moment, written = now or clock.running(), 0
    with rows.as_system("alarm"), change(None, "ubesvaret alarm"):
        waiting = Alarm.objects.going_on().filter(
            raised_at__lte=moment - dt.timedelta(seconds=rules.FEWEST_SECONDS)
        )
        for alarm in waiting.select_for_update(of=("self",)).order_by("pk").prefetch_related("steps"):
            found = rules.due(
                [step.as_rule() for step in alarm.steps.all()],
                raised_at=alarm.raised_at,
                seconds=alarm.seconds,
                unit=alarm.unit_id,
                neighbours=neighbours_of(alarm.unit_id),
                now=moment,
            )
            for one in found:
                written += _step(alarm, one.kind, moment, unit_id=one.unit)
    return written


@transaction.atomic
def raise_overdue(now: dt.datetime | None = None) -> int:
    """Raise an alarm for each who works alone and has not checked in. Returns how many were raised.

    Safe to call twice: a missed check-in has one key, and so one alarm.
    """
    moment, raised = now or clock.running(), 0
    with rows.as_system("alene"):
        alone = LoneWork.objects.filter(ended_at__isnull=True).select_related("user")
        # Who is checking in at this very moment holds the row, and is not late.
        for work in alone.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
            if not rules.is_overdue(work.last_check_in, work.check_in_minutes, moment):
                continue
            key = ids.stable_id("lone-work", work.key, work.last_check_in.isoformat())
            if not Alarm.objects.filter(key=key).exists():
                _raise(key, work.unit_id, work.user, about=Alarm.About.LONE, place=work.place, work=work)
                raised += 1
    return raised


def _raise(
    key: UUID, unit_id: int, user: User, *, about: str, place: str, work: LoneWork | None = None
) -> Alarm:
    known = Alarm.objects.filter(key=key, raised_by=user).first()
    if known is not None:
        return known
    settings, now = settings_of(unit_id), clock.running()
    try:
        with transaction.atomic(), change(user, "alarm slået"):
            alarm = Alarm.objects.create(
                key=key,
                unit_id=unit_id,
                raised_by=user,
                raised_at=now,
                about=about,
                place=place,
                seconds=settings.seconds if settings else rules.SECONDS,
                lone_work=work,
            )
            _step(alarm, Kind.RAISED, now, user_id=user.pk)
    except IntegrityError:
        # The same key at the same time, from the same phone: the first one counts.
        again = Alarm.objects.filter(key=key, raised_by=user).first()
        if again is None:
            raise Refusal(_("Alarmen kunne ikke sendes. Hent siden igen, og prøv igen.")) from None
        return again
    return alarm


def _step(
    alarm: Alarm, kind: Kind, at: dt.datetime, *, user_id: int | None = None, unit_id: int | None = None
) -> bool:
    """Write the line unless it stands there, and tell those who listen once the change is done."""
    known = AlarmStep.objects.filter(Q(user_id=user_id), Q(unit_id=unit_id), alarm=alarm, kind=kind)
    if known.exists():
        return False
    step = AlarmStep.objects.create(alarm=alarm, kind=kind, at=at, user_id=user_id, unit_id=unit_id)
    with connection.cursor() as cursor:
        told = {"step": step.pk, "alarm": str(alarm.key), "unit": alarm.unit_id}
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told)])
    return True


def _held(user: User, alarm: Alarm) -> Alarm:
    """The alarm's row, locked, when the user is one of those it calls."""
    require(user, "duty.work")
    held = Alarm.objects.select_for_update(of=("self",)).visible_to(user).filter(pk=alarm.pk).first()
    if held is None:
        raise AccessDenied(_("Du har ikke adgang til denne alarm."))
    return held


def _held_work(user: User, work: LoneWork) -> LoneWork:
    require(user, "duty.work")
    held = LoneWork.objects.select_for_update().filter(pk=work.pk, user=user).first()
    if held is None:
        raise AccessDenied(_("Kun den, der arbejder alene, kan melde sig."))
    return held


def _checked_place(text: str) -> str:
    place = " ".join(text.split())
    if len(place) > PLACE_LENGTH:
        raise Refusal(_("Skriv højst %(most)s tegn om stedet.") % {"most": PLACE_LENGTH}, "place")
    return place
