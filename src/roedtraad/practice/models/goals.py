"""Goals: what the citizen and those around agreed to work towards, and how far it has come."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.core import clock
from roedtraad.practice.models.assessments import Theme
from roedtraad.practice.models.base import Entry
from roedtraad.practice.models.wishes import Wish

LEVELS = (-2, -1, 0, 1, 2)


@pghistory.track()
class Goal(Entry):
    """A goal (indsatsmål), or a sub-goal (delmål) of one.

    `levels` are the five described steps of goal attainment, from −2 to +2; none while they are not described.
    What became of it is reckoned from the ratings, never typed (`practice.rules.goals`).
    """

    class Kind(models.TextChoices):
        DEVELOP = "develop", _("udvikle")
        MAINTAIN = "maintain", _("fastholde")
        LIMIT_LOSS = "limit_loss", _("begrænse tab")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subgoals", verbose_name=_("delmål af")
    )
    wish = models.ForeignKey(
        Wish, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("ønske")
    )
    title = models.CharField(_("mål"), max_length=200)
    description = models.TextField(_("beskrivelse"), max_length=4000, blank=True)
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    levels = ArrayField(
        models.CharField(max_length=300), verbose_name=_("fem trin"), default=list, blank=True
    )
    municipal_goal = models.CharField(_("mål i kommunens handleplan"), max_length=300, blank=True)
    agreed_with = ArrayField(
        models.CharField(max_length=20), verbose_name=_("aftalt med"), default=list, blank=True
    )
    agreed_note = models.CharField(_("hvem mere"), max_length=200, blank=True)
    pejlemaerke = models.CharField(_("pejlemærke"), max_length=100, blank=True)
    un_target = models.CharField(_("delmål under verdensmål"), max_length=8, blank=True)
    starts_on = models.DateField(_("begynder"))
    follow_up_on = models.DateField(_("følges op"), null=True, blank=True)
    closed_on = models.DateField(_("afsluttet den"), null=True, blank=True)
    closed_note = models.CharField(_("hvorfor afsluttet"), max_length=400, blank=True)
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        constraints = [
            models.CheckConstraint(name="goal_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="goal_levels_five_or_none", condition=Q(levels__len__in=[0, 5])),
            models.CheckConstraint(name="goal_not_its_own", condition=~Q(parent=F("id"))),
            models.CheckConstraint(
                name="goal_closed_after_start",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("starts_on")),
            ),
        ]
        indexes = [
            models.Index(name="goal_citizen", fields=["citizen", "-starts_on", "-id"]),
            models.Index(name="goal_follow_up", fields=["follow_up_on"], condition=Q(closed_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class GoalTheme(models.Model):
    """Which theme a goal addresses: rank 1 is the one it is about, rank 2 the others (KL's FFB reporting rules)."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="goal_themes")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("tema"))
    rank = models.PositiveSmallIntegerField(_("rang"), default=2)

    class Meta:
        verbose_name = _("tema for et mål")
        verbose_name_plural = _("temaer for mål")
        constraints = [
            models.UniqueConstraint(name="goal_theme_once", fields=["goal", "theme"]),
            models.UniqueConstraint(name="goal_theme_one_first", fields=["goal"], condition=Q(rank=1)),
            models.CheckConstraint(name="goal_theme_rank", condition=Q(rank__in=[1, 2])),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} · {self.theme_id}"


@pghistory.track()
class GoalRating(Entry):
    """Where a goal stands on its five steps, as the citizen or the staff sees it. Taken back, it stays readable."""

    class Rater(models.TextChoices):
        CITIZEN = "citizen", _("borgeren")
        STAFF = "staff", _("personalet")

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="ratings", verbose_name=_("mål"))
    level = models.SmallIntegerField(_("trin"))
    rater = models.CharField(_("hvem vurderer"), max_length=8, choices=Rater)
    rated_at = models.DateTimeField(_("vurderet"), default=clock.now)
    text = models.TextField(_("bemærkning"), max_length=4000, blank=True)
    withdrawn_at = models.DateTimeField(_("taget tilbage"), null=True, blank=True)

    class Meta:
        verbose_name = _("målvurdering")
        verbose_name_plural = _("målvurderinger")
        constraints = [models.CheckConstraint(name="rating_level", condition=Q(level__in=LEVELS))]
        indexes = [
            models.Index(name="rating_goal", fields=["goal", "rated_at"]),
            models.Index(name="rating_citizen", fields=["citizen", "-rated_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} · {self.level:+d}"


@pghistory.track()
class FollowUp(Entry):
    """A follow-up (opfølgning) of a goal: what was decided, with whom, and when next."""

    class Decision(models.TextChoices):
        CONTINUE = "continue", _("fortsæt")
        END = "end", _("afslut")
        END_AND_REFER = "end_and_refer", _("afslut og visitér til ny indsats")

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="follow_ups", verbose_name=_("mål"))
    held_on = models.DateField(_("holdt den"))
    decision = models.CharField(_("beslutning"), max_length=14, choices=Decision)
    with_whom = models.CharField(_("sammen med"), max_length=200, blank=True)
    text = models.TextField(_("hvad vi talte om"), max_length=20_000, blank=True)
    next_on = models.DateField(_("næste opfølgning"), null=True, blank=True)

    class Meta:
        verbose_name = _("opfølgning")
        verbose_name_plural = _("opfølgninger")
        constraints = [
            models.CheckConstraint(
                name="follow_up_next_later", condition=Q(next_on__isnull=True) | Q(next_on__gt=F("held_on"))
            ),
        ]
        indexes = [models.Index(name="follow_up_citizen", fields=["citizen", "-held_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.goal_id} · {self.held_on}"
