"""A picture that somebody sends, made anew: only the dots are kept.

What is stored and shown is never the file that came but one drawn from it, so whatever else was in it (where and when
it was taken, a page or a script behind the dots, a second picture) is gone. What a file is, its content says.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST = 15 * 1024 * 1024
# A telephone's camera takes 50 million dots; each takes four bytes while it is worked on.
MOST_DOTS = 60_000_000
# What is kept is for a screen.
LONGEST_SIDE = 2400
_TAKEN = ("JPEG", "PNG", "WEBP")
_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_QUALITY = 85


class PictureRefused(ValueError):
    """The file is no picture that can be kept; the message is a Danish sentence."""


@dataclass(frozen=True)
class Picture:
    """A picture made anew: its bytes, what they are, and how large it is in dots."""

    content: bytes
    media_type: str
    ending: str
    width: int
    height: int


def remade(file: BinaryIO) -> Picture:
    """The picture in `file`, drawn anew in its own format, upright and at most 2400 dots on its longest side.

    PictureRefused with a sentence for what is no still JPEG, PNG or WebP, what is broken, and what is too large.
    """
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise PictureRefused(
            _("Billedet fylder mere end %(most)s MB. Vælg et mindre.") % {"most": LARGEST // 1024 // 1024}
        )
    try:
        with warnings.catch_warnings():
            # The library only warns of a picture that is suspiciously large.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=_TAKEN) as opened:
                return _drawn(opened)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise PictureRefused(_too_many_dots()) from None
    except Exception as error:  # the library raises whatever a broken file made it stumble over
        raise PictureRefused(
            _("Filen er ikke et billede, der kan læses. Vælg et billede i JPEG, PNG eller WebP.")
        ) from error


def _drawn(opened: Image.Image) -> Picture:
    if opened.width * opened.height > MOST_DOTS:
        raise PictureRefused(_too_many_dots())
    if getattr(opened, "n_frames", 1) > 1:
        raise PictureRefused(_("Billedet bevæger sig. Vælg et, der står stille."))
    kind = opened.format or ""
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    transparent = kind != "JPEG" and upright.has_transparency_data
    dots = upright.convert("RGBA" if transparent else "RGB")
    dots.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # A new picture with the dots and nothing else: no notes, no profiles, no place.
    bare = Image.new(dots.mode, dots.size)
    bare.paste(dots)
    out = io.BytesIO()
    if kind == "PNG":
        bare.save(out, "PNG", optimize=True)
    else:
        bare.save(out, kind, quality=_QUALITY)
    return Picture(out.getvalue(), Image.MIME[kind], _ENDINGS[kind], bare.width, bare.height)


def _too_many_dots() -> str:
    return _("Billedet har for mange punkter. Gør det mindre, eller tag det i en lavere opløsning.")
