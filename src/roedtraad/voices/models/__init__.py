"""The tables of voices, one file per subject."""

from roedtraad.voices.models.messages import Conversation, Message, MessageRead, Participant, Side
from roedtraad.voices.models.own import MoodReading, ReadingChoice

__all__ = ["Conversation", "Message", "MessageRead", "MoodReading", "Participant", "ReadingChoice", "Side"]
