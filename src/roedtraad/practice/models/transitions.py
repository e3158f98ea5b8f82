"""Transitions: what goes before, during and after a citizen's change of place, and who is to be told goodbye or kept."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import Municipality, Unit
from roedtraad.organisation.models.base import bounded
from roedtraad.practice.models.base import Entry
from roedtraad.practice.models.wishes import Wish
from roedtraad.practice.rules import transitions as rules


@pghistory.track()
class PassingRule(models.Model):
    """What the law says of passing on to a kind of receiver, while it is the law (domain rules § 6)."""

    class Receiver(models.TextChoices):
        SAME_OPERATOR = "same_operator", _("et andet tilbud hos samme driftsherre")
        ACTING = "acting", _("borgerens egen kommune")
        OTHER = "other", _("en anden")

    receiver = models.CharField(_("modtager"), max_length=14, choices=Receiver)
    needs_consent = models.BooleanField(_("kræver samtykke"))
    sentence = models.CharField(_("grundlag"), max_length=400)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("regel for videregivelse")
        verbose_name_plural = _("regler for videregivelse")
        constraints = [
            bounded("passing_rule_bounded"),
            models.CheckConstraint(name="passing_rule_has_sentence", condition=~Q(sentence="")),
            ExclusionConstraint(
                name="passing_rule_one_at_a_time",
                expressions=[("receiver", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} · {self.valid}"


@pghistory.track()
class Transition(Entry):
    """A citizen's change of place (overgang), from one of our offers, to one, or both.

    Where it is (before, during, after) is counted from the days and the steps (`rules.transitions.phase_of`).
    """

    class Why(models.TextChoices):
        MOVE = "move", _("flytning til et andet af vores tilbud")
        PROVIDER = "provider", _("skift til et sted uden for regionen")
        HOME = "home", _("til egen bolig")
        ADULT = "adult", _("fra barn til voksen")
        HEALTH = "health", _("til eller fra sygehus og psykiatri")
        COMING = "coming", _("flytter ind hos os")

    class Words(models.TextChoices):
        OWN = "own", _("egne ord")
        HELPED = "helped", _("egne ord, skrevet ned med hjælp")
        INTERPRETED = "interpreted", _("tolket af andre")

    why = models.CharField(_("hvad for en overgang"), max_length=8, choices=Why)
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fra tilbud")
    )
    from_outside = models.CharField(_("fra et andet sted"), max_length=120, blank=True)
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("til tilbud")
    )
    to_municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("til kommune")
    )
    to_outside = models.CharField(_("til et andet sted"), max_length=120, blank=True)
    stay = models.ForeignKey(
        Stay, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ophold")
    )
    planned_on = models.DateField(_("planlagt dag"))
    happened_on = models.DateField(_("skete den"), null=True, blank=True)
    reason = models.TextField(_("hvorfor"), max_length=2_000, blank=True)
    from_responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig, hvor borgeren kommer fra"),
    )
    to_responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig, hvor borgeren skal hen"),
    )
    contact = models.CharField(_("kontakt det andet sted"), max_length=200, blank=True)
    own_words = models.TextField(_("borgerens egne ønsker for flytningen"), max_length=4_000, blank=True)
    words = models.CharField(_("hvis ord"), max_length=12, choices=Words, default=Words.OWN)
    wish = models.ForeignKey(
        Wish, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hører til ønsket")
    )
    cancelled_on = models.DateField(_("blev ikke til noget den"), null=True, blank=True)
    cancelled_reason = models.CharField(_("hvorfor ikke"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("overgang")
        verbose_name_plural = _("overgange")
        constraints = [
            models.CheckConstraint(
                name="transition_from_one",
                condition=Q(from_unit__isnull=False, from_outside="")
                | (Q(from_unit__isnull=True) & ~Q(from_outside="")),
            ),
            models.CheckConstraint(
                name="transition_to_one",
                condition=Q(to_unit__isnull=False, to_municipality__isnull=True, to_outside="")
                | Q(to_unit__isnull=True, to_municipality__isnull=False, to_outside="")
                | (Q(to_unit__isnull=True, to_municipality__isnull=True) & ~Q(to_outside="")),
            ),
            models.CheckConstraint(
                name="transition_ours",
                condition=Q(from_unit__isnull=False) | Q(to_unit__isnull=False),
            ),
            models.CheckConstraint(
                name="transition_cancelled_with_reason",
                condition=Q(cancelled_on__isnull=True, cancelled_reason="")
                | (Q(cancelled_on__isnull=False) & ~Q(cancelled_reason="")),
            ),
        ]
        indexes = [
            models.Index(name="transition_citizen", fields=["citizen", "-planned_on", "-id"]),
            models.Index(name="transition_from", fields=["from_unit", "planned_on"]),
            models.Index(name="transition_to", fields=["to_unit", "planned_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.planned_on}"

    @property
    def day(self) -> dt.date:
        """The day of the change: the day it happened, else the planned one."""
        return self.happened_on or self.planned_on


@pghistory.track()
class TransitionStep(Entry):
    """Something to see to in a transition: a step, a visit or a follow-up; done, or not done and why."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("før")
        DURING = "during", _("under")
        AFTER = "after", _("efter")

    class Kind(models.TextChoices):
        STEP = "step", _("skridt")
        VISIT = "visit", _("besøg")
        FOLLOW_UP = "follow_up", _("opfølgning")

    class Side(models.TextChoices):
        FROM = "from", _("der, hvor borgeren kommer fra")
        TO = "to", _("der, hvor borgeren skal hen")
        BOTH = "both", _("begge steder")

    class Held(models.TextChoices):
        YES = "yes", _("ja, det holder")
        PARTLY = "partly", _("delvis")
        NO = "no", _("nej")

    transition = models.ForeignKey(
        Transition, models.PROTECT, related_name="steps", verbose_name=_("overgang")
    )
    phase = models.CharField(_("hvornår"), max_length=6, choices=Phase)
    kind = models.CharField(_("art"), max_length=9, choices=Kind, default=Kind.STEP)
    title = models.CharField(_("hvad"), max_length=rules.LONGEST_LINE)
    side = models.CharField(_("hvem"), max_length=4, choices=Side, default=Side.FROM)
    who = models.CharField(_("navn"), max_length=120, blank=True)
    due_on = models.DateField(_("senest"), null=True, blank=True)
    done_on = models.DateField(_("gjort den"), null=True, blank=True)
    dropped_on = models.DateField(_("fravalgt den"), null=True, blank=True)
    dropped_reason = models.CharField(_("hvorfor ikke"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("af"),
    )
    note = models.TextField(_("hvad kom der ud af det"), max_length=4_000, blank=True)
    held = models.CharField(_("holder det"), max_length=6, choices=Held, blank=True)

    class Meta:
        verbose_name = _("skridt i en overgang")
        verbose_name_plural = _("skridt i overgange")
        constraints = [
            models.CheckConstraint(name="transition_step_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="transition_step_done_or_dropped",
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True),
            ),
            models.CheckConstraint(
                name="transition_step_dropped_with_reason",
                condition=Q(dropped_on__isnull=True, dropped_reason="")
                | (Q(dropped_on__isnull=False) & ~Q(dropped_reason="")),
            ),
            models.CheckConstraint(
                name="transition_step_settled_by_somebody",
                condition=Q(done_on__isnull=True, dropped_on__isnull=True, settled_by__isnull=True)
                | Q(settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="transition_step_held_answers_a_follow_up",
                condition=Q(held="") | Q(kind="follow_up", done_on__isnull=False),
            ),
        ]
        indexes = [models.Index(name="transition_step_of", fields=["transition", "due_on"])]

    def __str__(self) -> str:
        return self.title

    @property
    def settled(self) -> bool:
        """Is it done, or not to be done?"""
        return self.done_on is not None or self.dropped_on is not None


@pghistory.track()
class TransitionTie(Entry):
    """Somebody the citizen wants to say goodbye to, keep or get to know when moving."""

    class What(models.TextChoices):
        GOODBYE = "goodbye", _("sige farvel til")
        KEEP = "keep", _("beholde")
        MEET = "meet", _("lære at kende")

    transition = models.ForeignKey(
        Transition, models.PROTECT, related_name="ties", verbose_name=_("overgang")
    )
    name = models.CharField(_("hvem"), max_length=120)
    what = models.CharField(_("hvad"), max_length=7, choices=What)
    how = models.CharField(_("hvordan"), max_length=300, blank=True)
    done_on = models.DateField(_("sket den"), null=True, blank=True)

    class Meta:
        verbose_name = _("et menneske i en overgang")
        verbose_name_plural = _("mennesker i en overgang")
        constraints = [models.CheckConstraint(name="transition_tie_named", condition=~Q(name=""))]
        indexes = [models.Index(name="transition_tie_of", fields=["transition"])]

    def __str__(self) -> str:
        return self.name
