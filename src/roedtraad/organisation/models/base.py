"""What facts through time have in common."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """What a fact rests on."""

    DOCUMENT = "document", _("dokument")
    ASSUMPTION = "assumption", _("antagelse")
    DERIVED = "derived", _("udledt")
    REGISTERED = "registered", _("registreret her")


class SourcedFact(models.Model):
    """A fact that names where it comes from: document and section, or that it was registered here."""

    basis = models.CharField(_("grundlag"), max_length=12, choices=Basis, default=Basis.REGISTERED)
    source_document = models.CharField(_("dokument"), max_length=12, blank=True)
    source_section = models.CharField(_("afsnit"), max_length=160, blank=True)
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)

    class Meta:
        abstract = True


def no_overlap(
    name: str, *fields: str, period: str = "valid", condition: Q | None = None
) -> ExclusionConstraint:
    """A constraint: for the same `fields`, no two rows' periods share a day."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in fields), (period, RangeOperators.OVERLAPS)],
        condition=condition,
    )


def bounded(name: str, period: str = "valid") -> models.CheckConstraint:
    """A constraint: a period has a first day and at least one day."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{period}__isempty": False, f"{period}__startswith__isnull": False})
    )
