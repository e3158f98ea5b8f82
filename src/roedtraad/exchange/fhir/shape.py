"""Is it FHIR R4 at all? Reads the bytes and asks the library for the shape. Pure.

The library has R4B, which is R4 (4.0.1) with other medicines and subscriptions; none of these is in our messages.
"""

from __future__ import annotations

import json
from typing import Any

LARGEST = 2 * 1024 * 1024
_SHOWN = 20


class NotFhir(ValueError):
    """The message cannot be read; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def parsed(raw: bytes) -> dict[str, Any]:
    """The bundle as it is written. NotFhir with sentences for what is no FHIR bundle."""
    if len(raw) > LARGEST:
        raise NotFhir([f"Filen fylder mere end {LARGEST // 1024 // 1024} MB."])
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotFhir(["Filen kan ikke læses som JSON. FHIR skal være JSON i UTF-8."]) from None
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise NotFhir(["Filen er ikke en samling (Bundle) i FHIR."])
    if sentences := shape_faults(found):
        raise NotFhir(sentences)
    return found


def shape_faults(bundle: dict[str, Any]) -> list[str]:
    """What does not follow FHIR R4, one sentence a place; empty when it does."""
    # A second to load, and only for those who exchange.
    from fhir.resources.R4B.bundle import Bundle
    from pydantic import ValidationError

    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        places = dict.fromkeys(".".join(map(str, fault["loc"])) or "Bundle" for fault in error.errors())
        return [f"»{place[:120]}« følger ikke FHIR R4." for place in list(places)[:_SHOWN]]
    except RecursionError:
        return ["Samlingen er pakket for dybt ind i sig selv."]
    return []
