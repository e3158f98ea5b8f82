"""The fixed words of the messages: systems, extensions and HL7's own codes. Facts of the guides; no list of KL's."""

from __future__ import annotations

CPR = "urn:oid:1.2.208.176.1.2"
STS_ORGANISATION = "https://www.kombit.dk/organisation"
SNOMED = "http://snomed.info/sct"
# The two concepts the guide fixes: a planned goal, and the status at a follow-up.
PLANNED_GOAL = "410518001"
FOLLOW_UP_STATUS = "712744002"

_REPORTING = "http://fhir.kl.dk/ffbreporting/StructureDefinition/"
_CORE = "http://fhir.kl.dk/core/StructureDefinition/"
CASE_NUMBER = f"{_REPORTING}kl-reporting-ffb-municipalityCaseNumber"
FOLLOW_UP_DATE = f"{_REPORTING}kl-reporting-ffb-follow-up-date-extension"
RANK = f"{_CORE}ConditionRank"
BASED_ON = f"{_CORE}BasedOnServiceRequest"
ASSERTED = f"{_CORE}ConditionLastAssertedDate"
MUNICIPALITY_SPECIFIC = "municipalitySpecific"

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
AT_HOME = "HH"


def same_extension(url: object, known: str) -> bool:
    """Is it that extension? The guides have moved theirs about; the last word has stayed."""
    return isinstance(url, str) and url.rsplit("/", 1)[-1].casefold() == known.rsplit("/", 1)[-1].casefold()
