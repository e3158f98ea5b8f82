"""The tables, a file for each of the two rights."""

from roedtraad.rights.models.requests import Download, LeftOut, RequestPart, SubjectRequest
from roedtraad.rights.models.retention import (
    DeletionItem,
    DeletionList,
    ErasedCitizen,
    ErasedSeal,
    LegalHold,
    Receipt,
    RetentionRule,
)

__all__ = [
    "DeletionItem",
    "DeletionList",
    "Download",
    "ErasedCitizen",
    "ErasedSeal",
    "LeftOut",
    "LegalHold",
    "Receipt",
    "RequestPart",
    "RetentionRule",
    "SubjectRequest",
]
