"""Places: what was agreed with the municipalities, and the single places through time."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models.base import SourcedFact, bounded, no_overlap
from roedtraad.organisation.models.unit import Unit


class Category(models.TextChoices):
    """Round the clock or by day."""

    RESIDENTIAL = "residential", _("døgn")
    DAY = "day", _("dag")


class AgeGroup(models.TextChoices):
    """Children and young, or adults."""

    CHILD = "child", _("børn og unge")
    ADULT = "adult", _("voksne")


class TargetGroup(models.TextChoices):
    """Whom a place is meant for: the short built-in list, until a terminology is loaded."""

    AUTISM = "autism", _("autisme")
    BRAIN_INJURY = "brain_injury", _("erhvervet hjerneskade")
    SOCIAL_PSYCHIATRY = "social_psychiatry", _("socialpsykiatri")
    DEVELOPMENTAL = "developmental", _("udviklingshæmning og ADHD")
    DISABILITY = "disability", _("fysisk handicap og udviklingsforstyrrelse")
    CRIME = "crime", _("kriminalitetstruede og dømte")
    COMMUNICATION = "communication", _("kommunikation og undervisning")


@pghistory.track()
class LegalBasis(SourcedFact):
    """The paragraph an offer is given under, with the period the law is in force."""

    code = models.SlugField(_("kode"), max_length=20)
    law = models.CharField(_("lov"), max_length=60)
    paragraph = models.CharField(_("paragraf"), max_length=30)
    name = models.CharField(_("navn"), max_length=120)
    category = models.CharField(_("døgn eller dag"), max_length=12, choices=Category)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("lovgrundlag")
        verbose_name_plural = _("lovgrundlag")
        constraints = [
            no_overlap("legal_basis_no_overlap", "code"),
            bounded("legal_basis_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.law} {self.paragraph}"


@pghistory.track()
class AgreedPlaces(SourcedFact):
    """Places agreed in the framework agreement (rammeaftale) for a unit in a period, normally a year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="agreed_places", verbose_name=_("enhed"))
    category = models.CharField(_("døgn eller dag"), max_length=12, choices=Category)
    places = models.PositiveIntegerField(_("pladser"))
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("aftalte pladser")
        verbose_name_plural = _("aftalte pladser")
        constraints = [
            no_overlap("agreed_places_no_overlap", "unit", "category"),
            bounded("agreed_places_bounded"),
            models.CheckConstraint(name="agreed_places_category", condition=Q(category__in=Category.values)),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.places}"


@pghistory.track()
class NationalPlaces(SourcedFact):
    """How many places the country has, as a source states it for a year; and our own as the same source states them."""

    year = models.PositiveSmallIntegerField(_("år"))
    age_group = models.CharField(_("aldersgruppe"), max_length=8, choices=AgeGroup)
    category = models.CharField(_("døgn eller dag"), max_length=12, choices=Category)
    places = models.PositiveIntegerField(_("pladser i hele landet"))
    stated_own_places = models.PositiveIntegerField(_("egne pladser ifølge kilden"), null=True, blank=True)

    class Meta:
        verbose_name = _("pladser i hele landet")
        verbose_name_plural = _("pladser i hele landet")
        constraints = [
            models.UniqueConstraint(name="national_places_once", fields=["year", "age_group", "category"])
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.get_age_group_display()} · {self.places}"


@pghistory.track()
class Place(models.Model):
    """One place: a bed round the clock or a seat by day. Where it belongs through time is in its terms."""

    code = models.CharField(_("pladsnummer"), max_length=40, unique=True)
    category = models.CharField(_("døgn eller dag"), max_length=12, choices=Category)

    class Meta:
        verbose_name = _("plads")
        verbose_name_plural = _("pladser")
        constraints = [
            models.CheckConstraint(name="place_category", condition=Q(category__in=Category.values))
        ]

    def __str__(self) -> str:
        return self.code


@pghistory.track()
class PlaceTerm(models.Model):
    """Where a place belonged and for whom it was meant, in a period. Together the terms are the place's life."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="terms", verbose_name=_("plads"))
    valid = DateRangeField(_("gælder"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="place_terms", verbose_name=_("enhed"))
    legal_basis = models.ForeignKey(
        LegalBasis, models.PROTECT, related_name="+", verbose_name=_("lovgrundlag")
    )
    target_group = models.CharField(_("målgruppe"), max_length=20, choices=TargetGroup)
    age_group = models.CharField(_("aldersgruppe"), max_length=8, choices=AgeGroup)

    class Meta:
        verbose_name = _("plads i en periode")
        verbose_name_plural = _("pladser i perioder")
        constraints = [no_overlap("place_term_no_overlap", "place"), bounded("place_term_bounded")]
        indexes = [models.Index(fields=["unit"])]

    def __str__(self) -> str:
        return f"{self.place} · {self.unit}"
