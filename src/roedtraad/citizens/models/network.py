"""The network map of a citizen: one for each date it was drawn."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models.citizen import Citizen
from roedtraad.citizens.models.relations import Relation
from roedtraad.core import ids


@pghistory.track()
class NetworkMap(models.Model):
    """The people in a citizen's life on one day. The latest may be changed; a newer one locks those before it."""

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="network_maps", verbose_name=_("borger")
    )
    drawn_on = models.DateField(_("tegnet"))
    drawn_with = models.CharField(_("tegnet sammen med"), max_length=120, blank=True)
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )

    class Meta:
        verbose_name = _("netværkskort")
        verbose_name_plural = _("netværkskort")
        constraints = [models.UniqueConstraint(name="network_map_once_a_day", fields=["citizen", "drawn_on"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.drawn_on}"


@pghistory.track()
class NetworkPerson(models.Model):
    """Somebody on a map: an angle and a distance, from which sector and ring follow (`network.rules.Spot`).

    `key` is the same from map to map. `version` counts the changes, so that two at once do not overrun each other.
    """

    class Sector(models.TextChoices):
        FAMILY_FRIENDS = "family_friends", _("familie og venner")
        EDUCATION_WORK = "education_work", _("uddannelse og beskæftigelse")
        LEISURE = "leisure", _("fritid")
        HOME = "home", _("bolig")
        OTHER = "other", _("andet")

    class Tier(models.TextChoices):
        PRIMARY = "primary", _("primært netværk")
        SECONDARY = "secondary", _("sekundært netværk")
        TERTIARY = "tertiary", _("tertiært netværk")

    key = models.UUIDField(default=ids.new_id, editable=False)
    map = models.ForeignKey(NetworkMap, models.PROTECT, related_name="people", verbose_name=_("netværkskort"))
    name = models.CharField(_("navn"), max_length=120)
    what = models.CharField(_("hvad personen er for borgeren"), max_length=80, blank=True)
    sector = models.CharField(_("felt"), max_length=20, choices=Sector)
    ring = models.PositiveSmallIntegerField(_("hvor tæt"))
    angle = models.FloatField(_("retning"))
    distance = models.FloatField(_("afstand"))
    tier = models.CharField(_("lag"), max_length=10, choices=Tier)
    relation = models.ForeignKey(
        Relation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("relation")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("person på netværkskort")
        verbose_name_plural = _("personer på netværkskort")
        constraints = [
            models.UniqueConstraint(name="network_person_once", fields=["map", "key"]),
            models.CheckConstraint(name="network_person_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="network_person_on_the_map",
                condition=Q(
                    ring__range=(1, 5), angle__gte=0, angle__lt=360, distance__gte=0, distance__lte=1
                ),
            ),
            models.CheckConstraint(
                name="network_person_choices",
                condition=Q(
                    sector__in=["family_friends", "education_work", "leisure", "home", "other"],
                    tier__in=["primary", "secondary", "tertiary"],
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
