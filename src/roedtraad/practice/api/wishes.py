"""`/api/v1/wishes`: a citizen's wishes, hopes and dreams."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenQuery, caller, opened
from roedtraad.citizens.models import Citizen
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    WRITE_REFUSALS,
    After,
    Error,
    Limit,
    Page,
    Text,
    example,
    page_of,
)
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Wish
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.wishes import record_wish

router = Router(tags=["journal"])
PART = "ønsker"


class WishOut(Schema):
    """A wish as it was written. What nobody `follows` and is a wish is the citizen's wish today."""

    id: UUID
    citizen: UUID
    text: str
    what: str = Field(description="wish, fulfilled (gået i opfyldelse) eller let_go (ikke længere et ønske).")
    words: str = Field(description="own, helped eller interpreted: hvis ord det er.")
    helped_by: str
    follows: UUID | None = Field(description="Det ønske, dette afløser.")
    written_by: str
    written_at: dt.datetime

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000010",
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        text="Jeg vil lave mad til mine venner.",
        what="wish",
        words="helped",
        helped_by="Mette Holm",
        follows=None,
        written_by="Mette Holm",
        written_at="2026-06-15T10:15:00+02:00",
    )


class WishIn(Schema):
    """A wish to write down."""

    citizen: UUID
    text: Text
    words: Literal["own", "helped", "interpreted"] = "own"
    helped_by: Annotated[
        Text, Field(description="Hvem hjalp eller tolkede; kræves, når det ikke er egne ord.")
    ] = ""
    what: Literal["wish", "fulfilled", "let_go"] = "wish"
    follows: Annotated[UUID | None, Field(description="Det ønske, der skrives videre på.")] = None

    model_config = example(
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        text="Jeg vil lave mad til mine venner.",
        words="helped",
        helped_by="Mette Holm",
    )


class WishClash(Error):
    """Somebody has written on the same wish meanwhile; null while the very same call is being carried out."""

    current: WishOut | None = None


def wish_out(wish: Wish, citizen: Citizen) -> WishOut:
    """A wish of the citizen, read with its writer and the one it follows."""
    return WishOut(
        id=wish.key,
        citizen=citizen.key,
        text=wish.text,
        what=wish.what,
        words=wish.words,
        helped_by=wish.helped_by,
        follows=wish.follows.key if wish.follows else None,
        written_by=str(wish.written_by),
        written_at=wish.written_at,
    )


@router.get(
    "/wishes",
    response={200: Page[WishOut], **REFUSALS},
    summary="En borgers ønsker",
    description="Alle borgerens ønsker, det ældste først; et ønske ændres aldrig, men kan afløses. Omfang: record.",
)
@api_action("record.view")
def get_wishes(
    request: HttpRequest, citizen: CitizenQuery, limit: Limit = DEFAULT_LIMIT, after: After = None
) -> Page[WishOut]:
    """The wishes in the order they were written."""
    person = opened(request, citizen, PART)
    rows = Wish.objects.filter(citizen=person).select_related("written_by", "follows")
    shown, following = page_of(rows, [("id", int)], after, limit)
    return Page(items=[wish_out(wish, person) for wish in shown], next=following)


@router.post(
    "/wishes",
    response={201: WishOut, **WRITE_REFUSALS, 409: WishClash},
    summary="Skriv et ønske",
    description=(
        "Skriv et ønske, eller hvad der blev af det ønske, det følger. Er der allerede skrevet videre på det, er svaret "
        "409 med det nyeste. Omfang: record.write."
    ),
)
@api_write("record.write")
def post_wish(request: HttpRequest, wish: WishIn) -> Write:
    """Write a wish."""
    person = opened(request, wish.citizen, PART)

    def write() -> Answer:
        follows = None
        if wish.follows is not None:
            follows = Wish.objects.filter(citizen=person, key=wish.follows).first()
            if follows is None:
                raise Refusal(_("Ønsket hører ikke til denne borger."), "follows")
        try:
            made = record_wish(
                caller(request),
                person,
                text=wish.text,
                words=wish.words,
                helped_by=wish.helped_by,
                what=wish.what,
                follows=follows,
            )
        except Changed as clash:
            return Answer(409, WishClash(detail=str(clash), current=wish_out(clash.current, person)))
        return Answer(201, wish_out(made, person))

    return write
