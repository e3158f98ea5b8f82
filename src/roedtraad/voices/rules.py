"""What a message and its topic must be. Pure: no Django."""

from __future__ import annotations

from roedtraad.core.refusal import Refusal

LONGEST_MESSAGE = 4_000
LONGEST_TOPIC = 120


def checked_text(text: str) -> str:
    """The message, tidied at its ends. Refusal for none, and for one that is too long."""
    tidy = text.strip()
    if not tidy:
        raise Refusal("Skriv en besked.", "text")
    if len(tidy) > LONGEST_MESSAGE:
        raise Refusal("Beskeden må højst fylde 4.000 tegn. Del den i to.", "text")
    return tidy


def checked_topic(topic: str, text: str) -> str:
    """What the conversation is about; without a word of it, the beginning of the first message.

    Refusal for a topic that is too long.
    """
    tidy = " ".join(topic.split())
    if len(tidy) > LONGEST_TOPIC:
        raise Refusal("Emnet må højst fylde 120 tegn.", "topic")
    return tidy or beginning(text)


def beginning(text: str, most: int = 60) -> str:
    """The first words of a text, cut between two words."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most].rsplit(" ", 1)[0]
    return f"{cut} …"
