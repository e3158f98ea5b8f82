"""Who a form was made for: a signed mark inside the form itself.

When the session has ended, or somebody else has logged in meanwhile, only the form can tell whose typing it is. The
mark lets its holder leave a draft for that person and nothing else: it reads nothing and carries nothing out.
"""

from __future__ import annotations

from django.core.signing import BadSignature, TimestampSigner

from roedtraad.drafts.rules import KEPT

_SALT = "roedtraad.drafts.writer"


def mark(user_id: int) -> str:
    """The mark for this person."""
    return TimestampSigner(salt=_SALT).sign(str(user_id))


def read(text: str) -> int | None:
    """Whose mark it is; None for one we did not make, or too long ago."""
    try:
        return int(TimestampSigner(salt=_SALT).unsign(text, max_age=KEPT))
    except (BadSignature, ValueError):
        return None
