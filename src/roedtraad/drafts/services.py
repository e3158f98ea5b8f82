"""What can happen to a draft. Every function works for one person, and the database checks that it does."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from roedtraad.access import rows
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.encrypted import blind_index
from roedtraad.core.ids import new_id
from roedtraad.drafts import rules
from roedtraad.drafts.models import Draft
from roedtraad.drafts.rules import Content

# Nothing for a closed account, nothing of a form that has been carried out, and nothing older than what is there.
_KEEP = """
INSERT INTO drafts_draft (key, user_id, place, content, sent, writing, version, saved_at)
SELECT %(key)s, u.id, %(place)s, %(content)s, %(sent)s, %(writing)s, %(version)s, %(now)s
FROM accounts_user u
WHERE u.id = %(user)s AND u.is_active AND NOT EXISTS (
    SELECT 1 FROM access_sentrequest s WHERE s.request_id = %(writing)s AND s.user_id = u.id AND s.status <> 0)
ON CONFLICT (user_id, place) DO UPDATE
SET content = EXCLUDED.content, sent = EXCLUDED.sent, writing = EXCLUDED.writing,
    version = EXCLUDED.version, saved_at = EXCLUDED.saved_at
WHERE drafts_draft.writing IS DISTINCT FROM EXCLUDED.writing OR EXCLUDED.sent
   OR (drafts_draft.sent AND drafts_draft.saved_at < %(late)s)
   OR (NOT drafts_draft.sent AND drafts_draft.version < EXCLUDED.version)
RETURNING key
"""
_TRIM = """
DELETE FROM drafts_draft WHERE user_id = %s AND key NOT IN (
    SELECT key FROM drafts_draft WHERE user_id = %s ORDER BY saved_at DESC, key DESC LIMIT %s)
"""


class TooLarge(ValueError):
    """More than a draft may hold."""


def place_of(action: str) -> bytes:
    """The fingerprint of where a form is sent."""
    return blind_index(rules.canonical(action), "drafts.place")


def keep(
    user_id: int, content: Content, *, writing: UUID | None = None, version: int = 0, sent: bool = False
) -> UUID | None:
    """Keep what this person has typed, in place of what was kept of the same form; returns the draft's key.

    None when there is nothing to keep: the account is closed, the form has been carried out, or something newer is
    kept already. TooLarge when it is more than `rules.LARGEST`. The oldest go when there are more than `rules.MOST`.
    """
    with rows.as_user(User(pk=user_id)), transaction.atomic():
        place = place_of(content.action)
        if sent:
            content = _with_words(user_id, place, content)
        text = content.dump()
        if len(text.encode()) > rules.LARGEST:
            raise TooLarge
        now = clock.running()
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP,
                {
                    "key": new_id(),
                    "user": user_id,
                    "place": place,
                    "content": Draft._meta.get_field("content").get_prep_value(text),
                    "sent": sent,
                    "writing": writing,
                    "version": version,
                    "now": now,
                    "late": now - rules.LATE,
                },
            )
            row = cursor.fetchone()
            if row:
                cursor.execute(_TRIM, [user_id, user_id, rules.MOST])
    return row[0] if row else None


def carried_out(user_id: int, action: str) -> None:
    """The form was accepted: nothing is left of its draft. One SQL."""
    Draft.objects.filter(user=user_id, place=place_of(action)).delete()


def throw_away(user_id: int, key: UUID) -> bool:
    """The person does not want it. False when there is no such draft of theirs."""
    return bool(Draft.objects.filter(user=user_id, key=key).delete()[0])


def forget_old() -> int:
    """Delete the drafts nobody came back for. Returns how many."""
    return Draft.objects.filter(saved_at__lt=clock.running() - rules.KEPT).delete()[0]


def _with_words(user_id: int, place: bytes, content: Content) -> Content:
    before = Draft.objects.filter(user=user_id, place=place).first()
    if before is None:
        return content
    known = Content.load(str(before.content))
    fields: Sequence[rules.Typed] = rules.with_words_of(content.fields, known.fields)
    return Content(
        content.page, content.action, content.title or known.title, tuple(fields), content.has_files
    )
