"""What can happen here, one function an event."""

from roedtraad.voices.services import messages, own

__all__ = ["messages", "own"]
