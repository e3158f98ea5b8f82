"""Pictures and sound that belong to a note or a wish."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.practice.models.base import Entry
from roedtraad.practice.models.notes import Note
from roedtraad.practice.models.wishes import Wish


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
@pghistory.track(exclude=["content"])
class Attachment(Entry):
    """A picture made anew (`core.images`) or a piece of sound. It lies in the database, so that it is guarded,
    backed up and restored with what it belongs to."""

    note = models.ForeignKey(Note, models.PROTECT, null=True, blank=True, related_name="attachments")
    wish = models.ForeignKey(Wish, models.PROTECT, null=True, blank=True, related_name="attachments")
    media_type = models.CharField(_("art"), max_length=40)
    description = models.CharField(_("hvad ser eller hører man"), max_length=200, blank=True)
    content = models.BinaryField(_("indhold"))
    size = models.PositiveIntegerField(_("størrelse i byte"))

    class Meta:
        verbose_name = _("vedhæftet")
        verbose_name_plural = _("vedhæftede")
        constraints = [
            models.CheckConstraint(
                name="attachment_one_owner",
                condition=Q(note__isnull=False, wish__isnull=True) | Q(note__isnull=True, wish__isnull=False),
            ),
        ]
        indexes = [models.Index(name="attachment_citizen", fields=["citizen", "-written_at"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.media_type}"
