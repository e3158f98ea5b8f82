"""People who log in, their second factors, the devices they use, and the tries that failed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pghistory
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.federation.models import LinkedIdentity, UsedAssertion  # noqa: F401  Django looks here
from roedtraad.accounts.rules import Kind
from roedtraad.accounts.tablets.models import PersonalPin, SharedTablet, TabletVisit  # noqa: F401  and here
from roedtraad.core.encrypted import EncryptedTextField


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
    password_is_first = models.BooleanField(
        _("adgangskoden er den første"),
        default=False,
        help_text=_("Den er givet af en administrator og skal skiftes, før kontoen kan bruges."),
    )
    password_changed_at = models.DateTimeField(_("adgangskoden er skiftet"), null=True, blank=True)
    session_round = models.PositiveIntegerField(
        _("runde af logins"), default=0, help_text=_("Tælles op for at logge alle steder ud.")
    )

    class Meta:
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must carry: it changes with the password and with the round of logins."""
        return self._with_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secret keys that are on their way out."""
        for older in super().get_session_auth_fallback_hash():
            yield self._with_round(older)

    def _with_round(self, digest: str) -> str:
        return salted_hmac(
            "roedtraad.session", f"{digest}:{self.session_round}", algorithm="sha256"
        ).hexdigest()


@pghistory.track(exclude=["data", "last_used_at"])
class SecondFactor(Authenticator):
    """The library's authenticators, so that adding and removing one stands in the history – without its secret."""

    class Meta:
        proxy = True
        verbose_name = _("anden faktor")
        verbose_name_plural = _("andre faktorer")


class FactorSecret(models.Model):
    """What an app or the recovery codes are made from. The library's row keeps only its number here.

    A column of its own, so that changing the field keys reaches it (`roedtraad keys rotate`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret = EncryptedTextField(_("hemmelighed"))
    made_at = models.DateTimeField(_("lavet"))

    class Meta:
        verbose_name = _("hemmelighed bag en anden faktor")
        verbose_name_plural = _("hemmeligheder bag andre faktorer")

    def __str__(self) -> str:
        return str(self.pk)


class KnownDevice(models.Model):
    """A browser a user has logged in from. Tries from it are counted apart from everybody else's."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices")
    # A fingerprint of what the browser's cookie says; the cookie itself cannot be made from it.
    device = models.CharField(_("enhed"), max_length=64)
    name = models.CharField(_("navn"), max_length=80)
    first_seen = models.DateTimeField(_("første login"))
    last_seen = models.DateTimeField(_("seneste login"), db_index=True)

    class Meta:
        verbose_name = _("kendt enhed")
        verbose_name_plural = _("kendte enheder")
        constraints = [models.UniqueConstraint(fields=["user", "device"], name="known_device_once")]

    def __str__(self) -> str:
        return self.name


class LoginTries(models.Model):
    """Failures in a row of one bucket (`rules.Bucket`), shared by all server processes.

    Account and place are fingerprints: a name that was typed wrongly may be a password, and an address is
    personal data.
    """

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    account = models.CharField(max_length=64)
    place = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("forsøg på login")
        verbose_name_plural = _("forsøg på login")
        constraints = [
            models.UniqueConstraint(fields=["kind", "account", "place"], name="login_tries_once"),
            models.CheckConstraint(
                name="login_tries_kind", condition=models.Q(kind__in=[kind.value for kind in Kind])
            ),
        ]
        indexes = [models.Index(fields=["kind", "place", "last"])]

    def __str__(self) -> str:
        return f"{self.kind}: {self.failures}"
