"""`/api/v1/notes`: what was seen, done and said about a citizen; and searching it."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from roedtraad.access import lookups
from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import READ, CitizenQuery, caller, opened, opened_row
from roedtraad.citizens.models import Citizen
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    WRITE_REFUSALS,
    After,
    Day,
    Error,
    Limit,
    Moment,
    Page,
    Text,
    Version,
    example,
)
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Goal, Note
from roedtraad.practice.queries.notes import cursor_of, page_of_notes, read_cursor, whole_notes
from roedtraad.practice.queries.search import search_notes
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.notes import correct_note, write_note

router = Router(tags=["journal"])
PART = "notater"
LONGEST_SEARCH = 120

NotePath = Annotated[UUID, Path(description="Notatets id.")]
Kind = Literal["daily", "observation", "relatives", "phone", "meeting"]
Goals = Annotated[list[UUID], Field(max_length=50, description="De mål, notatet handler om.")]
Tags = Annotated[list[Text], Field(max_length=50)]


class NoteOut(Schema):
    """A note as it stands. `version` is what a correction must build on."""

    id: UUID
    citizen: UUID
    kind: str
    text: str
    occurred_at: dt.datetime
    goals: list[UUID]
    tags: list[str]
    important: bool
    sticky_until: dt.date | None
    shared_with_citizen: bool
    shared_with_relatives: bool
    version: int
    written_by: str
    written_at: dt.datetime
    corrected_by: str | None
    corrected_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000050",
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        kind="daily",
        text="Vi lavede frikadeller. Hun rørte selv farsen.",
        occurred_at="2026-06-15T18:30:00+02:00",
        goals=["0190f5fe-7c00-7a00-8000-000000000020"],
        tags=["madlavning"],
        important=False,
        sticky_until=None,
        shared_with_citizen=True,
        shared_with_relatives=False,
        version=1,
        written_by="Mette Holm",
        written_at="2026-06-15T18:40:00+02:00",
        corrected_by=None,
        corrected_at=None,
        withdrawn_at=None,
        withdrawn_reason="",
    )


class NoteIn(Schema):
    """A note to write."""

    citizen: UUID
    text: Text
    kind: Kind = "daily"
    occurred_at: Annotated[Moment | None, Field(description="Hvornår det skete. Uden den: nu.")] = None
    goals: Goals = []
    tags: Tags = []
    important: Annotated[bool, Field(description="Skal med i overleveringen.")] = False
    sticky_until: Annotated[Day | None, Field(description="Hænger på tavlen til og med den dag.")] = None
    shared_with_citizen: bool = False
    shared_with_relatives: bool = False

    model_config = example(
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        text="Vi lavede frikadeller. Hun rørte selv farsen.",
        kind="daily",
        tags=["madlavning"],
        shared_with_citizen=True,
    )


class NoteCorrection(Schema):
    """A note's new text; what is not named stays as it is."""

    version: Version
    text: Text
    kind: Kind | None = None
    occurred_at: Moment | None = None
    tags: Tags | None = None
    important: bool | None = None
    goals: Goals | None = None

    model_config = example(
        version=1, text="Vi lavede frikadeller. Hun rørte selv farsen og stegte de første."
    )


class NoteClash(Error):
    """Somebody corrected the note meanwhile: both texts. Nothing was written, and none is lost."""

    current: NoteOut | None = Field(default=None, description="Notatet, som det står nu.")
    yours: str | None = Field(default=None, description="Teksten i kaldet.")


class HitOut(Schema):
    """A note that was found, and the piece of it that shows why, the words marked by « and »."""

    note: UUID
    citizen: UUID
    citizen_name: str
    kind: str
    occurred_at: dt.datetime
    excerpt: str

    model_config = example(
        note="0190f5fe-7c00-7a00-8000-000000000050",
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        citizen_name="Ane Prøve",
        kind="daily",
        occurred_at="2026-06-15T18:30:00+02:00",
        excerpt="Vi lavede »frikadeller«. Hun rørte selv farsen.",
    )


def note_out(note: Note, citizen: Citizen) -> NoteOut:
    """A note of the citizen, read by `whole_notes`."""
    return NoteOut(
        id=note.key,
        citizen=citizen.key,
        kind=note.kind,
        text=note.text,
        occurred_at=note.occurred_at,
        goals=[goal.key for goal in note.goals.all()],
        tags=note.tags,
        important=note.important,
        sticky_until=note.sticky_until,
        shared_with_citizen=note.shared_with_citizen,
        shared_with_relatives=note.shared_with_relatives,
        version=note.version,
        written_by=str(note.written_by),
        written_at=note.written_at,
        corrected_by=str(note.corrected_by) if note.corrected_by else None,
        corrected_at=note.corrected_at,
        withdrawn_at=note.withdrawn_at,
        withdrawn_reason=note.withdrawn_reason,
    )


@router.get(
    "/notes",
    response={200: Page[NoteOut], **REFUSALS},
    summary="En borgers notater",
    description=(
        "Borgerens notater, det nyeste først. De, der er trukket tilbage, er kun med, når der spørges til dem. "
        "Omfang: record."
    ),
)
@api_action("record.view")
def get_notes(
    request: HttpRequest,
    *,
    citizen: CitizenQuery,
    kind: Annotated[Kind | None, Query(description="Kun notater af den art.")] = None,
    tag: Annotated[str, Query(max_length=40, description="Kun notater med det mærke.")] = "",
    goal: Annotated[UUID | None, Query(description="Kun notater om det mål.")] = None,
    withdrawn: Annotated[bool, Query(description="Kun dem, der er trukket tilbage.")] = False,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[NoteOut]:
    """A page of notes, newest first."""
    _known_place(after)
    person = opened(request, citizen, PART)
    page = page_of_notes(
        person,
        kind=kind or "",
        tag=tag,
        goal=goal,
        withdrawn=withdrawn,
        after=after or "",
        limit=limit,
        pictures=False,
    )
    return Page(items=[note_out(note, person) for note in page.notes], next=page.next or None)


@router.get(
    "/notes/{note}",
    response={200: NoteOut, **REFUSALS},
    summary="Et notat",
    description="Notatet, som det står nu, med den udgave, en rettelse skal bygge på. Omfang: record.",
)
@api_action("record.view")
def get_note(request: HttpRequest, note: NotePath) -> NoteOut:
    """One note."""
    found = opened_row(request, Note.objects.defer("search"), note, PART)
    return _whole(found)


@router.post(
    "/notes",
    response={201: NoteOut, **WRITE_REFUSALS},
    summary="Skriv et notat",
    description="Skriv et notat om en borger, der bor i din enhed nu. Omfang: record.write.",
)
@api_write("record.write")
def post_note(request: HttpRequest, note: NoteIn) -> Write:
    """Write a note."""
    person = opened(request, note.citizen, PART)

    def write() -> Answer:
        typed = note.model_dump(exclude={"citizen", "goals"})
        made = write_note(caller(request), person, goals=_goals(person, note.goals), **typed)
        return Answer(201, _whole(made))

    return write


@router.post(
    "/notes/{note}/corrections",
    response={201: NoteOut, **WRITE_REFUSALS, 409: NoteClash},
    summary="Ret et notat",
    description=(
        "Ret teksten; den gamle bliver i historikken. »version« er den udgave, du har læst; har en anden rettet imens, er "
        "svaret 409 med begge tekster, og intet er ændret. Omfang: record.write."
    ),
)
@api_write("record.write")
def post_correction(request: HttpRequest, note: NotePath, correction: NoteCorrection) -> Write:
    """Correct a note."""
    found = opened_row(request, Note.objects.defer("search"), note, PART)

    def write() -> Answer:
        typed = correction.model_dump(exclude={"goals"})
        goals = None if correction.goals is None else _goals(found.citizen, correction.goals)
        try:
            corrected = correct_note(caller(request), found, goals=goals, **typed)
        except Changed as clash:
            current = _whole(clash.current)
            return Answer(409, NoteClash(detail=str(clash), current=current, yours=correction.text))
        return Answer(201, _whole(corrected))

    return write


@router.get(
    "/search",
    response={200: Page[HitOut], **REFUSALS},
    summary="Søg i notater",
    description=(
        "Notater, hvor alle ordene står, i enhver bøjning, det nyeste først, hos de borgere, nøglens bruger må læse. "
        "Hver borger i svaret får en linje i sin opslagslog. Adresser kan stå i logge undervejs: søg på indhold, og brug "
        "»citizen« i stedet for et navn. Omfang: record."
    ),
)
@api_action("record.view")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_SEARCH, description="Ordene, der søges efter.")],
    citizen: Annotated[UUID | None, Query(description="Kun hos denne borger.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Højst så mange rækker i svaret.")] = 20,
    after: After = None,
) -> Page[HitOut]:
    """A page of what was found."""
    _known_place(after)
    person = opened(request, citizen, "søgning") if citizen else None
    found = search_notes(
        caller(request), q, before=read_cursor(after) if after else None, limit=limit, citizen=person
    )
    if found.hits and person is None:
        lookups.record(caller(request), [hit.note.citizen_id for hit in found.hits], "søgning", action=READ)
    items = [
        HitOut(
            note=hit.note.key,
            citizen=hit.note.citizen.key,
            citizen_name=str(hit.note.citizen),
            kind=hit.note.kind,
            occurred_at=hit.note.occurred_at,
            excerpt="".join(f"»{piece.text}«" if piece.hit else piece.text for piece in hit.pieces),
        )
        for hit in found.hits
    ]
    return Page(items=items, next=cursor_of(*found.next) if found.next else None)


def _whole(note: Note) -> NoteOut:
    """The note read anew with all that is shown of it."""
    found = whole_notes(note.citizen, pictures=False).get(pk=note.pk)
    return note_out(found, note.citizen)


def _goals(person: Citizen, keys: list[UUID]) -> list[Goal]:
    found = list(Goal.objects.filter(citizen=person, key__in=keys).order_by("pk"))
    if len(found) < len(set(keys)):
        raise Refusal(_("Målet hører ikke til denne borger."), "goals")
    return found


def _known_place(after: str | None) -> None:
    if after and read_cursor(after) is None:
        raise HttpError(
            400, _("»after« er ikke en markør fra denne liste. Brug »next« fra det forrige svar.")
        )
