"""A ticket to the stream of alarms: made without asking the database, good for a minute, and for one person.

The stream stands on another port or host, so the session's cookie shall not go there. The ticket carries the account's
number and a digest that changes with the password and with »log out everywhere«; which units it is about is looked up
when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "roedtraad.alarm"
#: Seconds a ticket is good for. The page asks for a new one each time it connects again.
GOOD_FOR = 60


@dataclass(frozen=True)
class Ticket:
    """Whose ticket it is, and the digest of their logins when it was made."""

    user: int
    digest: str

    def fits(self, user: AbstractBaseUser) -> bool:
        """Is the account still the one the ticket was made for, with the same password and round of logins?"""
        return user.pk == self.user and constant_time_compare(self.digest, _digest(user))


def issue(user: AbstractBaseUser) -> str:
    """A ticket for the user. No SQL."""
    return signing.dumps([user.pk, _digest(user)], salt=SALT)


def read(text: str) -> Ticket | None:
    """The ticket, or None for one that is too old or not ours."""
    try:
        user, digest = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ticket(user, digest)


def _digest(user: AbstractBaseUser) -> str:
    return salted_hmac(SALT, user.get_session_auth_hash(), algorithm="sha256").hexdigest()[:32]
