"""Grants, the log of look-ups and API tokens."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.access.roles import LABELS, Role
from roedtraad.core import clock
from roedtraad.core.encrypted import EncryptedTextField

ROLE_CHOICES = [(role.value, label) for role, label in LABELS.items()]


class GrantQuerySet(models.QuerySet["Grant"]):
    """Questions about grants."""

    def in_force(self) -> GrantQuerySet:
        """Grants that count today."""
        return self.filter(valid__contains=clock.today())


@pghistory.track()
class Grant(models.Model):
    """Who has which role, for what, from when to when, and who said so. It ends by itself.

    The scope is exactly one of a unit (and all below it), a municipality or a citizen. The foreign keys
    point up the house by name only: this floor never imports what it scopes (docs/decisions/0003).
    """

    class Source(models.TextChoices):
        HAND = "hand", _("givet her")
        FEDERATION = "federation", _("givet af login")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", verbose_name=_("bruger")
    )
    role = models.CharField(_("rolle"), max_length=20, choices=ROLE_CHOICES)
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed")
    )
    municipality = models.ForeignKey(
        "organisation.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    citizen = models.ForeignKey(
        "citizens.Citizen", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("borger")
    )
    valid = DateRangeField(_("gælder"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("givet af"),
    )
    granted_at = models.DateTimeField(_("givet"), auto_now_add=True)
    source = models.CharField(_("hvorfra"), max_length=12, choices=Source, default=Source.HAND)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("adgang")
        verbose_name_plural = _("adgange")
        constraints = [
            models.CheckConstraint(
                name="grant_one_scope",
                condition=(
                    Q(unit__isnull=False, municipality__isnull=True, citizen__isnull=True)
                    | Q(unit__isnull=True, municipality__isnull=False, citizen__isnull=True)
                    | Q(unit__isnull=True, municipality__isnull=True, citizen__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="grant_known_role", condition=Q(role__in=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="grant_valid_bounded", condition=Q(valid__isempty=False, valid__startswith__isnull=False)
            ),
            models.CheckConstraint(name="grant_known_source", condition=Q(source__in=["hand", "federation"])),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


def _append_only(model: type[models.Model]) -> type[models.Model]:
    """Rows are added and never changed, removed or emptied out."""
    return pgtrigger.register(
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'Cannot empty the table %', TG_TABLE_NAME;",
        ),
    )(model)


@_append_only
class LookupLog(models.Model):
    """One row for every opening of a person's data: who, whom, when, what part, why. Append-only.

    The database seals each row when the transaction that wrote it is committed (`LookupSeal`).
    """

    class Actor(models.TextChoices):
        USER = "user", _("bruger")
        TOKEN = "token", _("API-nøgle")
        SYSTEM = "system", _("system")

    at = models.DateTimeField(_("tidspunkt"), db_default=models.functions.Now(), db_index=True)
    actor = models.CharField(max_length=10, choices=Actor, default=Actor.USER)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hvem"),
    )
    actor_name = models.CharField(_("hvem, i ord"), max_length=120)
    role = models.CharField(_("rolle"), max_length=20, blank=True)
    citizen = models.ForeignKey(
        "citizens.Citizen", models.PROTECT, related_name="+", verbose_name=_("borger")
    )
    part = models.CharField(_("hvad"), max_length=60)
    purpose = models.CharField(_("hvorfor"), max_length=200)
    emergency = models.ForeignKey(
        "access.EmergencyAccess",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lookups",
        verbose_name=_("nødadgang"),
    )

    class Meta:
        verbose_name = _("opslag")
        verbose_name_plural = _("opslag")
        indexes = [models.Index(fields=["citizen", "-at"]), models.Index(fields=["user", "-at"])]

    def __str__(self) -> str:
        return f"{self.actor_name} · {self.part} · {self.at:%d.%m.%Y %H.%M}"


@_append_only
class LookupSeal(models.Model):
    """A look-up's place in the chain: its hash covers the row and the hash of the row before it.

    Written by the database alone, when the transaction is committed (access/migrations/0009). `access.seals`
    verifies the chain; docs/access.md says what it shows and what it cannot.
    """

    log = models.OneToOneField(LookupLog, models.PROTECT, primary_key=True, related_name="seal")
    position = models.BigIntegerField(unique=True)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("segl")
        verbose_name_plural = _("segl")

    def __str__(self) -> str:
        return f"{self.position} · {bytes(self.hash).hex()[:12]}"


@pghistory.track()
class EmergencyAccess(models.Model):
    """Somebody opened a citizen outside their own reach, said why, and may read until it runs out.

    It opens the citizen's page for reading and nothing else: no list, no search, no change (docs/access.md).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="emergencies", verbose_name=_("hvem")
    )
    citizen = models.ForeignKey(
        "citizens.Citizen", models.PROTECT, related_name="+", verbose_name=_("borger")
    )
    reason = models.CharField(_("begrundelse"), max_length=500)
    opened_at = models.DateTimeField(_("åbnet"))
    expires_at = models.DateTimeField(_("udløber"))

    class Meta:
        verbose_name = _("nødadgang")
        verbose_name_plural = _("nødadgange")
        constraints = [
            models.CheckConstraint(
                name="emergency_expires_later", condition=Q(expires_at__gt=models.F("opened_at"))
            ),
            models.CheckConstraint(name="emergency_reason_given", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["user", "expires_at"]),
            models.Index(fields=["citizen", "-opened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.opened_at:%d.%m.%Y %H.%M}"


@_append_only
class EmergencyAttempt(models.Model):
    """A try to open somebody outside one's reach, and whether it found anybody. What was typed is not kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("tidspunkt"))
    found = models.BooleanField(_("fandt nogen"))

    class Meta:
        verbose_name = _("forsøg på nødadgang")
        verbose_name_plural = _("forsøg på nødadgang")
        indexes = [models.Index(fields=["user", "-at"])]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.at:%d.%m.%Y %H.%M}"


@pghistory.track()
class EmergencyReview(models.Model):
    """What a leader or an administrator found when they looked at an emergency: it was right, or it is followed up."""

    class Outcome(models.TextChoices):
        OK = "ok", _("i orden")
        ASK = "ask", _("skal følges op")

    emergency = models.OneToOneField(
        EmergencyAccess, models.PROTECT, related_name="review", verbose_name=_("nødadgang")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set efter af")
    )
    outcome = models.CharField(_("resultat"), max_length=4, choices=Outcome)
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)
    at = models.DateTimeField(_("set efter"))

    class Meta:
        verbose_name = _("gennemsyn af nødadgang")
        verbose_name_plural = _("gennemsyn af nødadgange")
        constraints = [
            models.CheckConstraint(name="emergency_review_outcome", condition=Q(outcome__in=["ok", "ask"])),
        ]

    def __str__(self) -> str:
        return f"{self.emergency_id} · {self.get_outcome_display()}"


@pghistory.track()
class LookupReview(models.Model):
    """What came of controlling a look-up drawn in a sample: it was right, or somebody is to be asked."""

    class Outcome(models.TextChoices):
        OK = "ok", _("i orden")
        ASK = "ask", _("skal følges op")

    log = models.OneToOneField(LookupLog, models.PROTECT, related_name="review", verbose_name=_("opslag"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("kontrolleret af")
    )
    outcome = models.CharField(_("resultat"), max_length=4, choices=Outcome)
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)
    at = models.DateTimeField(_("kontrolleret"))

    class Meta:
        verbose_name = _("kontrol af opslag")
        verbose_name_plural = _("kontrol af opslag")
        constraints = [
            models.CheckConstraint(name="lookup_review_outcome", condition=Q(outcome__in=["ok", "ask"])),
        ]

    def __str__(self) -> str:
        return f"{self.log_id} · {self.get_outcome_display()}"


@pghistory.track(exclude=["last_used_at"])
class ApiToken(models.Model):
    """A machine's key to the API: only its hash is kept; it has scopes and an end."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("navn"), max_length=80)
    digest = models.BinaryField(unique=True, max_length=32)
    scopes = models.JSONField(_("omfang"), default=list)
    expires_at = models.DateTimeField(_("udløber"))
    revoked_at = models.DateTimeField(_("tilbagekaldt"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("sidst brugt"), null=True, blank=True)

    class Meta:
        verbose_name = _("API-nøgle")
        verbose_name_plural = _("API-nøgler")

    def __str__(self) -> str:
        return self.name


class SentRequest(models.Model):
    """A form that was sent and carried out, and the answer it got: sent again, it gets the same answer.

    Written in the transaction of the change itself. `content` is a keyed digest of what was typed, so that the
    same page with other words in it is another sending. Forgotten after some days.
    """

    request_id = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.BinaryField(max_length=32)
    route = models.CharField(max_length=200, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.TextField(blank=True)
    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)

    class Meta:
        verbose_name = _("afsendt formular")
        verbose_name_plural = _("afsendte formularer")
        constraints = [
            models.UniqueConstraint(fields=["request_id", "user", "content"], name="sent_request_once")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.status}"


class ApiAnswer(models.Model):
    """What a write to the API was answered, under the key it was sent with: sent again, it gets the same answer.

    Written in the transaction of the change itself (`access.idempotency`). `request` is a keyed digest of what was
    sent. The answer tells of persons, so it lies encrypted, is shown to its own user alone, and is forgotten after a
    day.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = EncryptedTextField()
    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)

    class Meta:
        verbose_name = _("besvaret API-kald")
        verbose_name_plural = _("besvarede API-kald")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]

    def __str__(self) -> str:
        return f"{self.token_id} · {self.status}"


class RequestCount(models.Model):
    """How often somebody has asked for one kind of thing in the current period. One row each, written over.

    `subject` is an account's or a key's number. The table is unlogged: counting costs no wait for the disk, and what
    is lost in a crash is a minute's counts.
    """

    kind = models.CharField(max_length=10)
    subject = models.BigIntegerField()
    period = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("antal forespørgsler")
        verbose_name_plural = _("antal forespørgsler")
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="request_count_once")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.count}"
