"""Wishes, hopes and dreams, in the citizen's own words."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.practice.models.base import Entry


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
@pghistory.track()
class Wish(Entry):
    """A wish (ønske, håb eller drøm). Never overwritten: a newer one follows it, or says that it came true.

    A wish nobody follows, and that is a wish, is the citizen's wish today.
    """

    class What(models.TextChoices):
        WISH = "wish", _("ønske")
        FULFILLED = "fulfilled", _("gået i opfyldelse")
        LET_GO = "let_go", _("ikke længere et ønske")

    class Words(models.TextChoices):
        OWN = "own", _("egne ord")
        HELPED = "helped", _("egne ord, skrevet ned med hjælp")
        INTERPRETED = "interpreted", _("tolket af andre")

    what = models.CharField(_("hvad"), max_length=10, choices=What, default=What.WISH)
    text = models.TextField(_("ønsket"), max_length=4000)
    words = models.CharField(_("hvis ord"), max_length=12, choices=Words)
    helped_by = models.CharField(_("hvem hjalp, eller hvem tolkede"), max_length=120, blank=True)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("afløser")
    )

    class Meta:
        verbose_name = _("ønske")
        verbose_name_plural = _("ønsker")
        constraints = [
            models.CheckConstraint(name="wish_has_words", condition=~Q(text="")),
            models.CheckConstraint(
                name="wish_what",
                condition=Q(what="wish") | Q(what__in=["fulfilled", "let_go"], follows__isnull=False),
            ),
            models.CheckConstraint(name="wish_helper_named", condition=Q(words="own") | ~Q(helped_by="")),
        ]
        indexes = [models.Index(name="wish_citizen", fields=["citizen", "-written_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.get_what_display()}"
