"""Shared tablets, personal PINs, and who has logged in at which tablet."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.core.encrypted import EncryptedTextField
from roedtraad.core.ids import new_id


@pghistory.track(exclude=["digest", "last_used_at", "wrong_pins"])
class SharedTablet(models.Model):
    """A browser that stands in a unit and is used by all who work there. Only a fingerprint of its cookie is kept."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("enhed"))
    name = models.CharField(_("navn"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("tilmeldt af")
    )
    enrolled_at = models.DateTimeField(_("tilmeldt"))
    revoked_at = models.DateTimeField(_("afmeldt"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("sidst brugt"), null=True, blank=True)
    # In a row, by whoever; a full login at the tablet begins anew.
    wrong_pins = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("fælles tablet")
        verbose_name_plural = _("fælles tablets")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(revoked_at__isnull=True), name="shared_tablet_one_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["digest", "wrong"])
class PersonalPin(models.Model):
    """What somebody types to go on at a tablet where they have logged in. It opens nothing else.

    The digest is Argon2's and lies encrypted: six digits are soon tried out by whoever has the table alone.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pin", verbose_name=_("bruger")
    )
    digest = EncryptedTextField(_("aftryk"))
    set_at = models.DateTimeField(_("valgt"))
    wrong = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("PIN-kode")
        verbose_name_plural = _("PIN-koder")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.set_at:%d.%m.%Y}"


class TabletVisit(models.Model):
    """Somebody's latest full login at a tablet. While it is recent they may come back there with their PIN."""

    key = models.UUIDField(default=new_id, unique=True, editable=False)
    tablet = models.ForeignKey(SharedTablet, models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    logged_in_at = models.DateTimeField(db_index=True)
    # Of the password and the round of logins then: "log out everywhere" and a new password end it.
    mark = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("login på en fælles tablet")
        verbose_name_plural = _("logins på fælles tablets")
        constraints = [models.UniqueConstraint(fields=["tablet", "user"], name="tablet_visit_once")]

    def __str__(self) -> str:
        return f"{self.tablet_id} · {self.user_id}"
