"""An order as a municipality may send it, made up from end to end."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]

ORDER: Json = {
    "resourceType": "Bundle",
    "type": "message",
    "timestamp": "2026-06-10T13:05:37+02:00",
    "entry": [
        {
            "fullUrl": "MessageHeader/h",
            "resource": {
                "resourceType": "MessageHeader",
                "id": "h",
                "eventCoding": {"system": "http://example.dk/events", "code": "ffb-order"},
                "source": {"endpoint": "http://kommune.example.dk"},
                "sender": {"reference": "Organization/sender"},
                "destination": [
                    {
                        "endpoint": "http://tilbud.example.dk",
                        "receiver": {"reference": "Organization/receiver"},
                    }
                ],
                "focus": [
                    {"reference": "CarePlan/plan"},
                    {"reference": "Account/account"},
                    {"reference": "DocumentReference/doc"},
                ],
            },
        },
        {"resource": {"resourceType": "Organization", "id": "sender", "name": "Viborg Kommune"}},
        {"resource": {"resourceType": "Organization", "id": "receiver", "name": "Elmehuset"}},
        {
            "resource": {
                "resourceType": "Organization",
                "id": "owner",
                "identifier": [{"system": "urn:oid:1.3.88", "value": "5790000120420"}],
            }
        },
        {
            "resource": {
                "resourceType": "Account",
                "id": "account",
                "status": "active",
                "identifier": [{"system": "urn:accountno", "value": "K-77"}],
                "owner": {"reference": "Organization/owner"},
            }
        },
        {
            "resource": {
                "resourceType": "DocumentReference",
                "id": "doc",
                "status": "current",
                "description": "Udredning fra kommunen",
                "content": [{"attachment": {"contentType": "application/pdf"}}],
            }
        },
        {
            "resource": {
                "resourceType": "Patient",
                "id": "citizen",
                "identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": "1502799995"}],
                "name": [{"family": "Prøvesen", "given": ["Kaya", "Ø"]}],
                "address": [{"line": ["Bakkevej 1"], "postalCode": "8800", "city": "Viborg"}],
            }
        },
        {
            "resource": {
                "resourceType": "Condition",
                "id": "group",
                "code": {
                    "coding": [{"system": "urn:oid:1.2.208.176.2.22", "code": "g", "display": "Autisme"}]
                },
                "subject": {"reference": "Patient/citizen"},
            }
        },
        {
            "resource": {
                "resourceType": "Goal",
                "id": "wish",
                "lifecycleStatus": "accepted",
                "category": [{"coding": [{"code": "w", "display": "FFB borgers mål og ønsker"}]}],
                "description": {"text": "Jeg vil gerne bo et sted med en have."},
                "subject": {"reference": "Patient/citizen"},
            }
        },
        {
            "resource": {
                "resourceType": "Goal",
                "id": "goal",
                "lifecycleStatus": "accepted",
                "description": {"text": "Jeg laver mad sammen med de andre."},
                "target": [
                    {"detailCodeableConcept": {"coding": [{"code": "l"}]}, "measure": {"text": "niveau"}}
                ],
                "subject": {"reference": "Patient/citizen"},
            }
        },
        {
            "resource": {
                "resourceType": "RelatedPerson",
                "id": "guardian",
                "patient": {"reference": "Patient/citizen"},
                "name": [{"family": "Værge", "given": ["Ida"]}],
                "telecom": [{"system": "phone", "value": "12345678"}],
                "relationship": [{"coding": [{"code": "GUARD", "display": "værge"}]}],
                "extension": [
                    {
                        "url": "http://example.dk/StructureDefinition/kl-messaging-ffb-guardianshipForm",
                        "valueCoding": {"code": "vaergemaalslov-5", "display": "§ 5"},
                    }
                ],
            }
        },
        {
            "resource": {
                "resourceType": "CareTeam",
                "id": "team",
                "subject": {"reference": "Patient/citizen"},
                "participant": [
                    {
                        "member": {"reference": "Organization/sender"},
                        "role": [{"coding": [{"code": "koordinerende-myndighed"}]}],
                    },
                    {"member": {"reference": "RelatedPerson/guardian"}},
                ],
            }
        },
        {
            "resource": {
                "resourceType": "CarePlan",
                "id": "plan",
                "status": "active",
                "intent": "order",
                "subject": {"reference": "Patient/citizen"},
                "period": {"start": "2026-08-01"},
                "author": {"reference": "Organization/sender"},
                "careTeam": [{"reference": "CareTeam/team"}],
                "addresses": [{"reference": "Condition/group"}],
                "goal": [{"reference": "Goal/wish"}, {"reference": "Goal/goal"}],
                "extension": [
                    {
                        "url": "http://example.dk/StructureDefinition/kl-messaging-ffb-actingMunicipality",
                        "valueCoding": {"system": "http://example.dk/municipalities", "code": "0791"},
                    }
                ],
            }
        },
        {
            "resource": {
                "resourceType": "CarePlan",
                "id": "service",
                "status": "active",
                "intent": "order",
                "subject": {"reference": "Patient/citizen"},
                "basedOn": [{"reference": "CarePlan/plan"}],
                "activity": [
                    {
                        "detail": {
                            "status": "not-started",
                            "code": {"coding": [{"code": "s"}], "text": "Ophold"},
                        }
                    }
                ],
            }
        },
    ],
}


def order(**changes: Any) -> Json:
    """The order with elements of single resources changed: `Patient={"identifier": []}`; None takes one away."""
    made = copy.deepcopy(ORDER)
    for kind, elements in changes.items():
        resource = next(one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == kind)
        for name, value in elements.items():
            if value is None:
                del resource[name]
            else:
                resource[name] = value
    return made


def careplan(**elements: Any) -> Json:
    """The order with elements of the plan changed."""
    return order(CarePlan=elements)
