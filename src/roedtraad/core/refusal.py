"""A no in plain words: what rules and services raise when a wish cannot be met."""

from __future__ import annotations


class Refusal(ValueError):
    """What is wrong and what to do, as a Danish sentence; `field` names the input it belongs beside."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return self.sentence
