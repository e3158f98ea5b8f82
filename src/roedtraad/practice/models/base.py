"""What the rows of the record have in common."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids


class Entry(models.Model):
    """Something written about a citizen: whose it is, who wrote it and when.

    The key may be made by the phone that wrote it, so that the same entry sent twice is written once.
    """

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    written_at = models.DateTimeField(_("skrevet"), default=clock.now, editable=False)

    class Meta:
        abstract = True
