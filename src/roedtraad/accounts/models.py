"""People who log in."""

from __future__ import annotations

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """An account. What it may do follows from its grants (`access.Grant`), never from flags here."""

    full_name = models.CharField(_("navn"), max_length=120, blank=True)
    active_role = models.CharField(
        _("aktuel rolle"),
        max_length=20,
        blank=True,
        help_text=_("Den rolle, forsiden vises for, når man har flere."),
    )

    class Meta:
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")

    def __str__(self) -> str:
        return self.full_name or self.username
