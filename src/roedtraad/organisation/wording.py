"""How the organisation is said in a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.core import danish
from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.rules import ChangeKind

_SMALL = ("nul", "ét", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv")

# In the order a sentence names them: singular and plural.
KINDS_IN_WORDS: dict[str, tuple[str, str]] = {
    UnitKind.REGION: ("region", "regioner"),
    UnitKind.EXECUTIVE: ("direktion", "direktioner"),
    UnitKind.TRACK: ("spor", "spor"),
    UnitKind.OPERATION: ("driftsfunktion", "driftsfunktioner"),
    UnitKind.SHARED_FUNCTION: ("fællesfunktion", "fællesfunktioner"),
    UnitKind.AREA: ("specialområde", "specialområder"),
    UnitKind.OFFER: ("tilbud", "tilbud"),
    UnitKind.STAFF: ("stab", "stabe"),
    UnitKind.SOCIAL_STAFF: ("socialstab", "socialstabe"),
    UnitKind.OFFICE: ("kontor", "kontorer"),
    UnitKind.TEAM: ("team", "team"),
    UnitKind.DEPARTMENT: ("afdeling", "afdelinger"),
    UnitKind.HOUSE: ("hus", "huse"),
}
_COMMON_GENDER = {
    UnitKind.REGION,
    UnitKind.EXECUTIVE,
    UnitKind.OPERATION,
    UnitKind.SHARED_FUNCTION,
    UnitKind.STAFF,
    UnitKind.SOCIAL_STAFF,
    UnitKind.DEPARTMENT,
}

CHANGES_IN_WORDS: dict[ChangeKind, Any] = {
    ChangeKind.APPEARED: gettext_lazy("kommet til"),
    ChangeKind.DISAPPEARED: gettext_lazy("forsvundet"),
    ChangeKind.RENAMED: gettext_lazy("andet navn"),
    ChangeKind.MOVED: gettext_lazy("hører under en anden"),
    ChangeKind.OTHER_KIND: gettext_lazy("anden art"),
    ChangeKind.OTHER_MANAGER: gettext_lazy("anden ledertitel"),
    ChangeKind.OTHER_MUNICIPALITY: gettext_lazy("anden kommune"),
}


def in_words(number: int, *, common: bool = False) -> str:
    """Numbers to twelve as words, larger ones as figures: "otte", "39"; one is "én" of common gender."""
    if number == 1 and common:
        return "én"
    return _SMALL[number] if 0 <= number < len(_SMALL) else danish.number(number)


def of_kind(number: int, kind: str) -> str:
    """How many of a kind: "otte specialområder", "én driftsfunktion"."""
    one, many = KINDS_IN_WORDS[kind]
    return f"{in_words(number, common=kind in _COMMON_GENDER)} {one if number == 1 else many}"


def kinds_listed(counts: dict[str, int]) -> str:
    """Several kinds in one phrase: "otte specialområder, 39 tilbud og én socialstab"; "ingen enheder"."""
    phrases = [of_kind(counts[kind], kind) for kind in KINDS_IN_WORDS if counts.get(kind)]
    return danish.joined(phrases) or _("ingen enheder")


def capital(sentence: str) -> str:
    """The sentence with a capital first letter, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
