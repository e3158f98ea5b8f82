"""What federated login keeps: who is tied to which identity, and which assertions have been used."""

from __future__ import annotations

import pghistory
from allauth.socialaccount.models import SocialAccount
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(exclude=["last_login", "extra_data"])
class LinkedIdentity(SocialAccount):
    """An account's identity at a provider: the library's row, so that tying one stands in the history.

    `provider` is the provider's own name (its issuer or entity id), `uid` the persistent id it gives the person.
    """

    class Meta:
        proxy = True
        verbose_name = _("tilknyttet login")
        verbose_name_plural = _("tilknyttede login")


class UsedAssertion(models.Model):
    """A SAML assertion that has been used and must not be used again. Kept until it has expired by itself."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("brugt loginsvar")
        verbose_name_plural = _("brugte loginsvar")

    def __str__(self) -> str:
        return f"{self.expires_at:%d.%m.%Y %H.%M}"
