"""A request for everything that is known about a citizen, from the day it was asked to the archive."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids

# How long a released archive can be fetched.
KEPT = dt.timedelta(days=30)
# Work that has said nothing for this long has stopped, whatever its status says.
SILENT = dt.timedelta(minutes=5)


class Work(models.Model):
    """Something made in the background: how far it is, and when it was last heard from."""

    phase = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(default=clock.now)
    message = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def is_silent(self) -> bool:
        """Has the work said nothing for so long that it must have stopped?"""
        return clock.now() - self.touched_at >= SILENT


WORK = ["phase", "done", "total", "touched_at", "message"]


@pghistory.track(exclude=WORK)
class SubjectRequest(Work):
    """Somebody asks for access to a citizen's data (indsigt, GDPR art. 15): by whom, when, until when, and what came of it.

    `stored` is the name of the encrypted archive in the data folder; empty while there is none, and when it is gone.
    """

    class AskedBy(models.TextChoices):
        CITIZEN = "citizen", _("borgeren selv")
        GUARDIAN = "guardian", _("værgen")
        AUTHORISED = "authorised", _("en med fuldmagt")

    class State(models.TextChoices):
        GATHERING = "gathering", _("tælles op")
        REVIEW = "review", _("klar til gennemsyn")
        MAKING = "making", _("arkivet laves")
        RELEASED = "released", _("klar til at hente")
        FAILED = "failed", _("gik i stå")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    asked_by = models.CharField(_("hvem beder om indsigt"), max_length=10, choices=AskedBy)
    asker = models.CharField(_("navn på den, der beder"), max_length=120, blank=True)
    received_on = models.DateField(_("modtaget"))
    due_on = models.DateField(_("svar senest"))
    extended_reason = models.CharField(_("hvorfor fristen er forlænget"), max_length=300, blank=True)
    state = models.CharField(_("tilstand"), max_length=9, choices=State, default=State.GATHERING)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    registered_at = models.DateTimeField(_("skrevet"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("givet fri af"),
    )
    released_at = models.DateTimeField(_("givet fri"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kan hentes til"), null=True, blank=True)
    stored = models.CharField(max_length=60, blank=True)
    size = models.BigIntegerField(_("størrelse i byte"), default=0)

    class Meta:
        verbose_name = _("anmodning om indsigt")
        verbose_name_plural = _("anmodninger om indsigt")
        constraints = [
            models.CheckConstraint(
                name="subjectrequest_asker_named", condition=Q(asked_by="citizen") | ~Q(asker="")
            ),
            models.CheckConstraint(name="subjectrequest_due_later", condition=Q(due_on__gt=F("received_on"))),
            models.CheckConstraint(
                name="subjectrequest_released_by_somebody",
                condition=~Q(state="released")
                | Q(released_by__isnull=False, released_at__isnull=False, expires_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="subjectrequest_due", fields=["due_on"])]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def is_running(self) -> bool:
        """Whether work is under way and has been heard from lately."""
        return self.state in (self.State.GATHERING, self.State.MAKING) and not self.is_silent

    @property
    def may_be_retried(self) -> bool:
        """Whether the work stopped without an answer: it failed, or has gone silent."""
        return self.state == self.State.FAILED or (
            self.state in (self.State.GATHERING, self.State.MAKING) and self.is_silent
        )

    @property
    def can_be_fetched(self) -> bool:
        """Is there an archive, and is it within its time?"""
        return bool(
            self.state == self.State.RELEASED
            and self.stored
            and self.expires_at
            and clock.now() < self.expires_at
        )


@pghistory.track()
class RequestPart(models.Model):
    """A part of what was found: how many rows, and who has looked through those that hold other people's data."""

    request = models.ForeignKey(SubjectRequest, models.CASCADE, related_name="parts")
    part = models.SlugField(_("del"), max_length=40)
    found = models.PositiveIntegerField(_("rækker"))
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set igennem af"),
    )
    seen_at = models.DateTimeField(_("set igennem"), null=True, blank=True)

    class Meta:
        verbose_name = _("del af en indsigt")
        verbose_name_plural = _("dele af en indsigt")
        constraints = [models.UniqueConstraint(name="requestpart_once", fields=["request", "part"])]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.part}"


@pghistory.track()
class LeftOut(models.Model):
    """A part, or one row of it, that is not given out, and after which rule."""

    class Basis(models.TextChoices):
        OTHERS = "art15_4", _("andres rettigheder (databeskyttelsesforordningen art. 15, stk. 4)")
        PRIVATE = (
            "dbl22_1",
            _("borgerens eget eller andre privates tarv (databeskyttelsesloven § 22, stk. 1)"),
        )
        PUBLIC = "dbl22_2", _("hensyn til det offentlige (databeskyttelsesloven § 22, stk. 2)")
        FILES = "dbl22_3", _("samme undtagelser som ved aktindsigt (databeskyttelsesloven § 22, stk. 3)")

    request = models.ForeignKey(SubjectRequest, models.CASCADE, related_name="left_out")
    part = models.SlugField(_("del"), max_length=40)
    row = models.CharField(_("række"), max_length=40, blank=True)
    basis = models.CharField(_("hjemmel"), max_length=8, choices=Basis)
    note = models.CharField(_("begrundelse"), max_length=400)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("udeladt af")
    )
    at = models.DateTimeField(_("udeladt"))

    class Meta:
        verbose_name = _("udeladt af en indsigt")
        verbose_name_plural = _("udeladt af indsigter")
        constraints = [
            models.UniqueConstraint(name="leftout_once", fields=["request", "part", "row"]),
            models.CheckConstraint(name="leftout_with_reason", condition=~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.part} · {self.row}"


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class Download(models.Model):
    """Somebody fetched an archive. Written once, never changed."""

    request = models.ForeignKey(SubjectRequest, models.PROTECT, related_name="downloads")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("hvem")
    )
    at = models.DateTimeField(_("hentet"))

    class Meta:
        verbose_name = _("hentning af en indsigt")
        verbose_name_plural = _("hentninger af indsigter")

    def __str__(self) -> str:
        return f"{self.request_id} · {self.user_id}"
