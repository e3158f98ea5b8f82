"""What a citizen does on their own page: says how they are, attaches sound or a picture to a wish, chooses how to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.citizens.models import Citizen
from roedtraad.core import images, sounds
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import is_own
from roedtraad.practice.models import Attachment, Wish
from roedtraad.practice.services.common import write_once
from roedtraad.voices.models import MoodReading, ReadingChoice

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

MOST_ATTACHED = 6
SECONDS = range(1, 11)


@transaction.atomic
def say_mood(user: User, citizen: Citizen, mood: int, *, key: UUID | None = None) -> MoodReading:
    """The citizen says how they are, from 1 (rigtig dårligt) to 5 (rigtig godt). Refusal for another number."""
    _require_own(user, citizen)
    if mood not in MoodReading.Mood.values:
        raise Refusal(_("Vælg et af de fem ansigter."), "mood")
    with change(user, "humør sagt"):
        reading, _new = write_once(user, MoodReading, key, citizen=citizen, mood=mood)
    return reading


@transaction.atomic
def attach_to_wish(
    user: User,
    wish: Wish,
    *,
    picture: BinaryIO | None = None,
    sound: BinaryIO | None = None,
    key: UUID | None = None,
) -> Attachment:
    """Put a picture (made anew) or a piece of sound to a wish of one's own.

    Refusal for what is neither, for too much, and when the wish already has six.
    """
    _require_own(user, wish.citizen)
    if Attachment.objects.filter(wish=wish).count() >= MOST_ATTACHED:
        raise Refusal(_("Der er allerede seks billeder eller optagelser ved ønsket."), "picture")
    try:
        if picture is not None:
            kept = images.remade(picture)
            media_type, content = kept.media_type, kept.content
        elif sound is not None:
            heard = sounds.checked(sound)
            media_type, content = heard.media_type, heard.content
        else:
            raise Refusal(_("Vælg et billede, eller optag lyd."), "picture")
    except images.PictureRefused as refused:
        raise Refusal(str(refused), "picture") from refused
    except sounds.SoundRefused as refused:
        raise Refusal(str(refused), "sound") from refused
    with change(user, "vedhæftet et ønske"):
        made, _new = write_once(
            user,
            Attachment,
            key,
            citizen=wish.citizen,
            wish=wish,
            media_type=media_type,
            content=content,
            size=len(content),
        )
    return made


@transaction.atomic
def choose_reading(user: User, *, level: str, scanning: bool, seconds: int) -> ReadingChoice:
    """How the user likes to read, and whether one switch moves through the page. Refusal for what cannot be chosen."""
    if level not in ReadingChoice.Level.values:
        raise Refusal(_("Vælg, hvordan du vil læse."), "level")
    if seconds not in SECONDS:
        raise Refusal(_("Vælg mellem 1 og 10 sekunder."), "seconds")
    chosen, _new = ReadingChoice.objects.update_or_create(
        user=user, defaults={"level": level, "scanning": scanning, "seconds": seconds}
    )
    return chosen


def _require_own(user: User, citizen: Citizen) -> None:
    require(user, "own.write")
    if not is_own(user, citizen):
        raise AccessDenied(_("Det gør man fra sin egen side."))
