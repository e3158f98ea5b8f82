"""The tables of citizens, one file per subject."""

from roedtraad.citizens.models.citizen import (
    Citizen,
    CitizenQuerySet,
    MunicipalityRelation,
    Protection,
    ProtectionMember,
    SensitiveFact,
)
from roedtraad.citizens.models.network import NetworkMap, NetworkPerson
from roedtraad.citizens.models.relations import Consent, ContactPerson, Guardianship, Relation

__all__ = [
    "Citizen",
    "CitizenQuerySet",
    "Consent",
    "ContactPerson",
    "Guardianship",
    "MunicipalityRelation",
    "NetworkMap",
    "NetworkPerson",
    "Protection",
    "ProtectionMember",
    "Relation",
    "SensitiveFact",
]
