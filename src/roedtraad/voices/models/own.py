"""What a citizen says with one press, and how somebody likes their pages."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.practice.models.base import Entry


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
@pghistory.track()
class MoodReading(Entry):
    """How the citizen says they are, on five faces. Said again, it stands beside what was said before."""

    class Mood(models.IntegerChoices):
        VERY_BAD = 1, _("Rigtig dårligt")
        BAD = 2, _("Dårligt")
        SO_SO = 3, _("Midt imellem")
        GOOD = 4, _("Godt")
        VERY_GOOD = 5, _("Rigtig godt")

    mood = models.PositiveSmallIntegerField(_("hvordan det går"), choices=Mood)

    class Meta:
        verbose_name = _("humør")
        verbose_name_plural = _("humør")
        constraints = [models.CheckConstraint(name="mood_five_faces", condition=Q(mood__range=(1, 5)))]
        indexes = [models.Index(name="mood_citizen", fields=["citizen", "-written_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.mood}"


class ReadingChoice(models.Model):
    """How somebody likes to read their own pages, and whether they are moved through with one switch."""

    class Level(models.TextChoices):
        PLAIN = "plain", _("kun ord")
        PICTOGRAM = "pictogram", _("billeder og ord")
        ALOUD = "aloud", _("læst højt")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("bruger")
    )
    level = models.CharField(_("sådan vil jeg læse"), max_length=9, choices=Level, default=Level.PICTOGRAM)
    scanning = models.BooleanField(_("en kontakt"), default=False)
    seconds = models.PositiveSmallIntegerField(_("sekunder ved hvert felt"), default=3)

    class Meta:
        verbose_name = _("læsemåde")
        verbose_name_plural = _("læsemåder")
        constraints = [
            models.CheckConstraint(
                name="reading_level", condition=Q(level__in=["plain", "pictogram", "aloud"])
            ),
            models.CheckConstraint(name="reading_seconds", condition=Q(seconds__range=(1, 10))),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.level}"
