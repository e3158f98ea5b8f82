"""Orders in the REST API: a message from a municipality becomes a draft that a person decides on."""

# Annotations are evaluated here and not later: the decorator's module, where the framework would look them
# up, does not know this one's names.
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.accounts.models import User
from roedtraad.core.api import Error
from roedtraad.exchange.fhir import orders
from roedtraad.exchange.fhir.order import outcome
from roedtraad.exchange.fhir.services import NotReadable

router = Router(tags=["fhir"])


class OrderOut(Schema):
    """An order that was received: its key here, whether it waits, and the unit it was sent on to."""

    key: UUID
    state: str
    unit: str


class IssueOut(Schema):
    """What is wrong, as a sentence."""

    severity: str
    code: str
    diagnostics: str
    details: dict[str, Any]


class OutcomeOut(Schema):
    """FHIR's OperationOutcome."""

    resourceType: str  # noqa: N815  FHIR's own name
    issue: list[IssueOut]


@router.post(
    "/fhir/order",
    response={201: OrderOut, 401: Error, 403: Error, 422: OutcomeOut | Error},
    summary="En bestilling fra en kommune (FHIR R4, Bundle af typen message)",
    description="Bestillingen bliver en kladde, som tilbuddets leder tager imod eller afviser. Den samme bestilling "
    "igen giver den samme kladde, også under en anden nøgle. Kan den ikke læses, svares der med et OperationOutcome.",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/fhir+json": {"schema": {"type": "object"}}},
        },
    },
)
@api_write("referral.send")
def post_order(request: HttpRequest) -> Write:
    """Receive an order."""

    def write() -> Answer:
        user = request.user
        if not isinstance(user, User):
            return Answer(422, OutcomeOut(**outcome([_("Nøglen har ingen bruger.")])))
        try:
            message = orders.receive(user, request.body)
        except NotReadable as refused:
            return Answer(422, OutcomeOut(**outcome(refused.sentences)))
        unit = message.unit.key if message.unit else ""
        return Answer(201, OrderOut(key=message.key, state=message.state, unit=unit))

    return write
