"""The no of a login. Pure."""

from __future__ import annotations

from roedtraad.core.refusal import Refusal


class Refused(Refusal):
    """Nobody is let in. `code` goes in the log, the sentence on the page; neither tells who it was."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def not_trusted(code: str) -> Refused:
    """The answer from the identity provider does not hold; why stands in the log only."""
    return Refused(
        code,
        "Svaret fra login kunne ikke godkendes, så du er ikke logget ind. Prøv igen fra loginsiden. "
        "Sker det igen, så sig det til din administrator.",
    )
