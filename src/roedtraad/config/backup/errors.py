"""The one way a backup or a restore can refuse."""

from __future__ import annotations


class BackupFailed(Exception):
    """The backup or restore could not be done; the message is a Danish sentence without personal data."""
