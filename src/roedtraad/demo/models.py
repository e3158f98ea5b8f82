"""The mark that a database holds a synthetic world."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DemoWorld(models.Model):
    """The one synthetic world of a database: which it is, and what was counted when it was made."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    scale = models.CharField(_("størrelse"), max_length=12)
    seed = models.BigIntegerField(_("frø"))
    version = models.PositiveSmallIntegerField(_("udgave"))
    figures = models.JSONField(_("talt"), default=dict)
    made_at = models.DateTimeField(_("lavet"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("eksempelverden")
        verbose_name_plural = _("eksempelverdener")
        constraints = [models.CheckConstraint(name="demo_world_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.scale} · {self.seed}"
