"""Second factors: who must have one, how the library keeps its secrets here, and that a code works only once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.models import FactorSecret, User
from roedtraad.core import clock

StaffQuestion = Callable[[Any], bool]
_is_staff: list[StaffQuestion] = []

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# In the session: this user has been seen to have a second factor. Removing one ends all other sessions.
SEEN = "second_factor_seen"
# A secret is kept a moment before the authenticator that names it.
_UNNAMED_FOR = dt.timedelta(hours=1)
_LAST_COUNTER = "last_counter"


class MfaAdapter(DefaultMFAAdapter):
    """The library's hooks: secrets lie in an encrypted column of our own, and words are ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Koden passer ikke. Skriv den, som appen viser nu, eller brug en anden kode."),
        "cannot_generate_recovery_codes": _("Tilføj først en app eller en adgangsnøgle."),
    }

    def encrypt(self, text: str) -> str:
        """Keep a secret; the number it is found by."""
        return str(FactorSecret.objects.create(secret=text, made_at=clock.running()).pk)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of a number. FieldKeyError when its key is not here."""
        return str(FactorSecret.objects.get(pk=encrypted_text).secret)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A name for a passkey that was given none."""
        return gettext("Adgangsnøgle %(n)d") % {
            "n": Authenticator.objects.filter(user=user, type=type).count() + 1
        }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom the passkey is for: this host, by the system's name."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Rødtråd"}


def use_staff_question(question: StaffQuestion) -> None:
    """Tell accounts how to know a member of staff; called once by access, which lies above."""
    _is_staff[:] = [question]


def has_one(user: User) -> bool:
    """Has the user an app or a passkey? Recovery codes alone are none. One SQL."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def is_missing(request: HttpRequest) -> bool:
    """Must this user set a second factor up before anything else? One SQL until it has been seen once.

    Somebody who came from an identity provider was checked there, and to the level we ask of it.
    """
    user = request.user
    if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User) or request.session.get(SEEN):
        return False
    if not any(question(user) for question in _is_staff):
        return False
    records = get_authentication_records(request, user)
    if any(record.get("method") == "socialaccount" for record in records):
        return False
    if has_one(user):
        request.session[SEEN] = True
        return False
    return True


@transaction.atomic
def use_code(user: User, code: str) -> Authenticator | None:
    """The authenticator that the code belongs to, and the code is used up; None when it fits none.

    A code of the app counts once: only those of a later half minute than the last one used are accepted, also
    by another server process (RFC 6238, 5.2). A recovery code counts once altogether.
    """
    typed = "".join(character for character in code if character.isalnum())
    manual = (
        Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    )
    for authenticator in manual.order_by("-type"):
        if authenticator.type == Authenticator.Type.TOTP:
            counter = fitting_counter(decrypt(authenticator.data["secret"]), typed)
            if counter is None or counter <= authenticator.data.get(_LAST_COUNTER, 0):
                continue
            authenticator.data[_LAST_COUNTER] = counter
            authenticator.save(update_fields=["data"])
        elif not authenticator.wrap().validate_code(typed):
            continue
        return authenticator
    return None


def fitting_counter(secret: str, code: str) -> int | None:
    """The half minute whose code this is: the present one, or one to either side for clocks that differ."""
    for counter in yield_hotp_counters_from_time():
        if code == format_hotp_value(hotp_value(secret, counter)):
            return counter
    return None


def mark_used(authenticator: Authenticator, counter: int) -> None:
    """The code that set an app up is used up too."""
    authenticator.data[_LAST_COUNTER] = counter
    authenticator.save(update_fields=["data"])


def delete_unnamed_secrets() -> int:
    """Delete secrets whose app or codes are gone. Returns the number of rows."""
    named = Authenticator.objects.annotate(totp=KT("data__secret"), codes=KT("data__seed")).filter(
        Q(totp=OuterRef("name")) | Q(codes=OuterRef("name"))
    )
    return (
        FactorSecret.objects.annotate(name=Cast("pk", TextField()))
        .filter(~Exists(named), made_at__lt=clock.running() - _UNNAMED_FOR)
        .delete()[0]
    )
