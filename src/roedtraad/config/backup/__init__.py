"""Copies of the whole house: made from one snapshot, encrypted, tried out, and put back.

`docs/decisions/0007-backup-and-keys.md` tells why it is built this way; `docs/backup.md` how it is used.
"""

from .errors import BackupFailed

__all__ = ["BackupFailed"]
