"""Citizens and the municipalities that decide, pay and are lived in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.access.visibility import visible_q
from roedtraad.core import ids
from roedtraad.core.encrypted import EncryptedTextField
from roedtraad.organisation.models import Municipality
from roedtraad.organisation.models.base import bounded, no_overlap

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


class CitizenQuerySet(models.QuerySet["Citizen"]):
    """Questions about citizens. Every path to personal data starts at `visible_to`."""

    def visible_to(self, user: User) -> CitizenQuerySet:
        """The citizens the user's grants let them see, by unit (through stays), municipality or relation."""
        return self.filter(visible_q("citizens.Citizen", user))

    def openable_by(self, user: User) -> CitizenQuerySet:
        """Those, and the ones the user opened with a written reason: for one citizen's page, never for lists."""
        return self.filter(visible_q("citizens.Citizen", user, in_emergency=True))


@pghistory.track(exclude=["cpr"])
class Citizen(models.Model):
    """A person with a place, minimal for now.

    CPR number and address lie encrypted, the address in the history too; a number is looked up by its blind index.
    The history takes the same address encrypted anew for another one: nobody saves an address that did not change.
    """

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    first_name = models.CharField(_("fornavn"), max_length=80)
    last_name = models.CharField(_("efternavn"), max_length=80)
    sort_key = models.CharField(db_collation="C", max_length=320, db_index=True)
    cpr = EncryptedTextField(_("CPR-nummer"), blank=True, null=True)
    cpr_index = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    birth_date = models.DateField(_("fødselsdato"))
    address = EncryptedTextField(_("adresse"), blank=True)
    address_protected = models.BooleanField(_("adressebeskyttelse"), default=False)

    objects = CitizenQuerySet.as_manager()

    class Meta:
        verbose_name = _("borger")
        verbose_name_plural = _("borgere")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


@pghistory.track()
class MunicipalityRelation(models.Model):
    """Which municipality decides, pays or is lived in for a citizen, and when (domain rules § 1)."""

    class Kind(models.TextChoices):
        ACTING = "acting", _("handlekommune")
        PAYING = "paying", _("betalingskommune")
        RESIDENCE = "residence", _("bopælskommune")

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="municipality_relations", verbose_name=_("borger")
    )
    kind = models.CharField(_("rolle"), max_length=10, choices=Kind)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("kommunerelation")
        verbose_name_plural = _("kommunerelationer")
        constraints = [
            no_overlap("municipality_relation_no_overlap", "citizen", "kind"),
            bounded("municipality_relation_bounded"),
            models.CheckConstraint(
                name="municipality_relation_kind", condition=Q(kind__in=["acting", "paying", "residence"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen} · {self.get_kind_display()} · {self.municipality}"


@pghistory.track()
class Protection(models.Model):
    """A citizen hidden from all but the named: a colleague's relative, a known person. It ends by itself.

    The citizen, and relatives with a grant for the citizen, are named by their grant. Numbers still count them.
    """

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="protections", verbose_name=_("borger"))
    valid = DateRangeField(_("gælder"))
    reason = models.CharField(_("begrundelse"), max_length=300)

    class Meta:
        verbose_name = _("beskyttelse")
        verbose_name_plural = _("beskyttelser")
        constraints = [
            no_overlap("protection_no_overlap", "citizen"),
            bounded("protection_bounded"),
            models.CheckConstraint(name="protection_reason_given", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.valid}"


@pghistory.track()
class ProtectionMember(models.Model):
    """One of the named who may see a protected citizen, as far as their grants reach."""

    protection = models.ForeignKey(
        Protection, models.CASCADE, related_name="members", verbose_name=_("beskyttelse")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("hvem")
    )

    class Meta:
        verbose_name = _("navngiven")
        verbose_name_plural = _("navngivne")
        constraints = [
            models.UniqueConstraint(name="protection_member_once", fields=["protection", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.protection_id} · {self.user_id}"


@pghistory.track(exclude=["text"])
class SensitiveFact(models.Model):
    """Something about a citizen that few may read (`citizens.fields`): encrypted, never changed, only ended.

    To correct one is to end it and write another; history tells who and when, and never holds the text.
    """

    class Kind(models.TextChoices):
        SUBSTANCE = "substance", _("rusmidler")
        SEXUAL = "sexual", _("seksuelle forhold")

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="sensitive_facts", verbose_name=_("borger")
    )
    kind = models.CharField(_("art"), max_length=12, choices=Kind)
    text = EncryptedTextField(_("oplysning"))
    recorded_at = models.DateTimeField(_("skrevet"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    ended_at = models.DateTimeField(_("gælder ikke længere fra"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("afsluttet af"),
    )

    class Meta:
        verbose_name = _("særlig oplysning")
        verbose_name_plural = _("særlige oplysninger")
        constraints = [
            models.CheckConstraint(name="sensitive_fact_kind", condition=Q(kind__in=["substance", "sexual"])),
            models.CheckConstraint(
                name="sensitive_fact_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["citizen", "-recorded_at"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.get_kind_display()}"
