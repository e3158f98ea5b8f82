"""Drafts of forms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from roedtraad.core.encrypted import EncryptedTextField
from roedtraad.core.ids import new_id


class Draft(models.Model):
    """What one person typed into one form, the latest only. Row-level security shows it to nobody else.

    `place` is a keyed fingerprint of where the form is sent: addresses can name a citizen. `writing` is the form's
    own number (`access.sent`), and `version` counts within it, so that saves that arrive in the wrong order do no harm.
    """

    key = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.BinaryField(max_length=32)
    content = EncryptedTextField()
    # The person pressed the button, and the house could not take it.
    sent = models.BooleanField(default=False)
    writing = models.UUIDField(null=True)
    version = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("kladde")
        verbose_name_plural = _("kladder")
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="draft_once")]

    def __str__(self) -> str:
        return str(self.key)
