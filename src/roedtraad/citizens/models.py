"""Citizens and the municipalities that decide, pay and are lived in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
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


@pghistory.track(exclude=["cpr"])
class Citizen(models.Model):
    """A person with a place, minimal for now. The CPR number lies encrypted; look-up is by its blind index."""

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    first_name = models.CharField(_("fornavn"), max_length=80)
    last_name = models.CharField(_("efternavn"), max_length=80)
    sort_key = models.CharField(db_collation="C", max_length=320, db_index=True)
    cpr = EncryptedTextField(_("CPR-nummer"), blank=True, null=True)
    cpr_index = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    birth_date = models.DateField(_("fødselsdato"))
    address = models.CharField(_("adresse"), max_length=200, blank=True)
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
