"""A piece of sound that somebody sends: what it is, its content says.

Sound is kept as it came; it is only ever given to a player, as sound, by an address that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _

LARGEST = 2 * 1024 * 1024
# What browsers record: the kinds as the content is known by, and what they are called when played.
_KINDS = (
    ("webm", "audio/webm"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("mp4", "audio/mp4"),
    ("m4a", "audio/mp4"),
)


class SoundRefused(ValueError):
    """The file is no sound that can be kept; the message is a Danish sentence."""


@dataclass(frozen=True)
class Sound:
    """A piece of sound: its bytes, and what they are."""

    content: bytes
    media_type: str


def checked(file: BinaryIO) -> Sound:
    """The sound in `file`, at most 2 MB (about two minutes as a browser records them).

    SoundRefused with a sentence for what is no WebM, Ogg or MP4, and for what is too large.
    """
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise SoundRefused(_("Optagelsen er for lang. Lav en på højst to minutter."))
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(raw)} if raw else set()
    except (puremagic.PureError, ValueError):
        found = set()
    kind = next((media_type for ending, media_type in _KINDS if ending in found), "")
    if not kind:
        raise SoundRefused(_("Filen er ikke en lydoptagelse, der kan afspilles. Prøv at optage igen."))
    return Sound(raw, kind)
