"""`/api/v1/citizens/{citizen}/access-log`: who has looked, for the citizen whose data it is."""

import datetime as dt

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from roedtraad.access.models import LookupLog
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenPath, caller, opened
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    After,
    Limit,
    Page,
    decode_cursor,
    encode_cursor,
    example,
)

router = Router(tags=["borgere"])


class LookupOut(Schema):
    """One look at the citizen's data."""

    at: dt.datetime
    who: str
    actor: str = Field(description="user: en person, token: en API-nøgle, system: Rødtråd selv.")
    role: str = Field(description="Den rolle, opslaget skete i; tom for maskiner.")
    part: str = Field(description="Hvad der blev åbnet.")
    purpose: str
    emergency_reason: str | None = Field(description="Begrundelsen, når det var en nødadgang.")

    model_config = example(
        at="2026-06-15T07:42:10+02:00",
        who="Mette Holm",
        actor="user",
        role="support_worker",
        part="tråden",
        purpose="arbejdet med borgeren",
        emergency_reason=None,
    )


@router.get(
    "/citizens/{citizen}/access-log",
    response={200: Page[LookupOut], **REFUSALS},
    summary="Hvem har set borgerens oplysninger",
    description=(
        "Alle andres opslag, det nyeste først. Kun borgerens egen bruger kan læse det. Omfang: lookup_log."
    ),
)
@api_action("lookup_log.own")
def get_access_log(
    request: HttpRequest, citizen: CitizenPath, limit: Limit = DEFAULT_LIMIT, after: After = None
) -> Page[LookupOut]:
    """A page of the log. The reader's own look-ups are left out, as on the citizen's page."""
    user = caller(request)
    person = opened(request, citizen, "hvem har set", action="lookup_log.own")
    rows = LookupLog.objects.filter(citizen=person).exclude(user=user).select_related("emergency")
    if after:
        rows = rows.filter(pk__lt=decode_cursor(after, [int])[0])
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    items = [
        LookupOut(
            at=log.at,
            who=log.actor_name,
            actor=log.actor,
            role=log.role,
            part=log.part,
            purpose=log.purpose,
            emergency_reason=log.emergency.reason if log.emergency else None,
        )
        for log in shown
    ]
    return Page(items=items, next=encode_cursor([shown[-1].pk]) if len(found) > limit else None)
