"""The tables of the organisation, one file per subject."""

from roedtraad.organisation.models.leadership import (
    LeadershipPost,
    LeadershipRoom,
    MedCommittee,
    MedCoverage,
    ReferenceLine,
    Scenario,
    ScenarioLine,
    ScenarioPost,
)
from roedtraad.organisation.models.municipality import Municipality, Region, RegionMembership
from roedtraad.organisation.models.places import (
    AgreedPlaces,
    LegalBasis,
    NationalPlaces,
    Place,
    PlaceTerm,
)
from roedtraad.organisation.models.unit import Headcount, Unit, UnitSuccession, UnitVersion

__all__ = [
    "AgreedPlaces",
    "Headcount",
    "LeadershipPost",
    "LeadershipRoom",
    "LegalBasis",
    "MedCommittee",
    "MedCoverage",
    "Municipality",
    "NationalPlaces",
    "Place",
    "PlaceTerm",
    "ReferenceLine",
    "Region",
    "RegionMembership",
    "Scenario",
    "ScenarioLine",
    "ScenarioPost",
    "Unit",
    "UnitSuccession",
    "UnitVersion",
]
