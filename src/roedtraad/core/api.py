"""What every part of the REST API shares: the shape of an error, the shape of a list, and paging by key.

A list is asked for with ``?limit=`` (at most 500) and ``?after=``, the cursor of the previous answer. The
cursor holds the sort values of the last row shown, so a page neither skips nor repeats rows when others are
added meanwhile. It is opaque to the caller and may change form between releases.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
# No sort value comes near this; a longer cursor was not made here.
_CURSOR_LENGTH = 2000
_LARGEST_NUMBER = 2**63 - 1

Row = TypeVar("Row")
Item = TypeVar("Item")
Table = TypeVar("Table", bound=Model)
SortValue = str | int

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Højst så mange rækker i svaret.")]
After = Annotated[
    str | None,
    Query(max_length=_CURSOR_LENGTH, description="»next« fra det forrige svar: fortsæt efter den række."),
]


def _storable_text(text: str) -> str:
    if not _storable(text):
        raise ValueError("a sign that no text holds")
    return text


#: What is written to the API: a text the database takes, a day and a moment somebody alive may mean, a row's version.
Text = Annotated[str, AfterValidator(_storable_text)]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2999, 12, 31))]
Moment = Annotated[
    AwareDatetime,
    Field(ge=dt.datetime(1900, 1, 1, tzinfo=dt.UTC), le=dt.datetime(2999, 12, 31, tzinfo=dt.UTC)),
]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="Den udgave, ændringen bygger på.")]


def example(**values: Any) -> ConfigDict:
    """The configuration of a schema that shows one example in the API's description."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Error(Schema):
    """Why the request was refused, as a Danish sentence."""

    detail: str


#: The refusals of an operation that reads, and of one that writes.
REFUSALS: dict[int, type[Schema]] = {400: Error, 401: Error, 403: Error, 404: Error, 422: Error}
WRITE_REFUSALS: dict[int, type[Schema]] = {**REFUSALS, 409: Error}


class Page(Schema, Generic[Item]):
    """One page of a list. `next` is the cursor of the following page, null on the last."""

    items: list[Item]
    next: str | None = Field(default=None, description="Sendes som »after« for at få næste side.")


def encode_cursor(values: Sequence[SortValue]) -> str:
    """The sort values of a row as an opaque text."""
    raw = json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The sort values of a cursor, one of each of `kinds` (str or int).

    HttpError 400 with a sentence when the text is not a cursor of this list.
    """
    try:
        raw = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
        values = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        values = None
    fits = (
        isinstance(values, list)
        and len(values) == len(kinds)
        and all(type(value) is kind for value, kind in zip(values, kinds, strict=True))
        and all(_storable(value) for value in values)
    )
    if not fits:
        raise HttpError(
            400, _("»after« er ikke en markør fra denne liste. Brug »next« fra det forrige svar.")
        )
    return list(values)


def page_of_rows(
    rows: Sequence[Row], key: Callable[[Row], Sequence[SortValue]], after: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """The page after the cursor of rows that are in memory, and the next cursor.

    The rows are sorted by `key`, whose values must be unique and all of one form.
    """
    ordered = sorted(rows, key=lambda row: tuple(key(row)))
    if after:
        kinds = [type(value) for value in key(ordered[0])] if ordered else []
        start = tuple(decode_cursor(after, kinds)) if ordered else ()
        ordered = [row for row in ordered if tuple(key(row)) > start]
    shown = ordered[:limit]
    return shown, encode_cursor(key(shown[-1])) if len(ordered) > limit else None


def page_of(
    queryset: QuerySet[Table], fields: Sequence[tuple[str, type]], after: str | None, limit: int
) -> tuple[list[Table], str | None]:
    """The page after the cursor of a queryset, and the next cursor. One SQL statement.

    `fields` are the sort columns with their type (`[("sort_key", str), ("id", int)]`); together they must be
    unique and never null, and text columns must have the collation in which the list is to be sorted.
    """
    names = [name for name, _kind in fields]
    if after:
        values = decode_cursor(after, [kind for _name, kind in fields])
        beyond = Q(pk__in=[])
        for position, name in enumerate(names):
            same = dict(zip(names[:position], values[:position], strict=True))
            beyond |= Q(**same, **{f"{name}__gt": values[position]})
        queryset = queryset.filter(beyond)
    found = list(queryset.order_by(*names)[: limit + 1])
    shown = found[:limit]
    if len(found) <= limit:
        return shown, None
    return shown, encode_cursor([_value_at(shown[-1], name) for name in names])


def install_refusals(api: NinjaAPI) -> None:
    """Make every refusal of `api` an `Error`: one sentence, also for values that could not be read."""

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, exc: ValidationError) -> HttpResponse:
        return api.create_response(request, {"detail": _sentence(exc)}, status=422)

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
        detail = _("Nøglen mangler, er ukendt eller er udløbet. Send den som »Authorization: Bearer …«.")
        return api.create_response(request, {"detail": detail}, status=401)


def _sentence(exc: ValidationError) -> str:
    """The values that could not be read, by name; never the value itself, it may be personal."""
    for error in exc.errors:
        expected = (error.get("ctx") or {}).get("expected")
        if expected and error.get("type") in {"enum", "literal_error"}:
            name = str(error["loc"][-1])
            return _("%(name)s skal være en af disse: %(expected)s.") % {
                "name": name,
                "expected": str(expected).replace("'", "").replace(" or ", ", "),
            }
    names = sorted({str(error["loc"][-1]) for error in exc.errors if error.get("loc")})
    if not names:
        return _("Forespørgslen kan ikke læses. Se beskrivelsen i /api/v1/openapi.json.")
    return _("Værdien af %(names)s kan ikke bruges her. Se beskrivelsen i /api/v1/openapi.json.") % {
        "names": ", ".join(names)
    }


def _storable(value: SortValue) -> bool:
    # The database takes neither a NUL nor half a letter in a text, nor a number beyond bigint.
    if isinstance(value, int):
        return abs(value) <= _LARGEST_NUMBER
    return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _value_at(row: Model, name: str) -> SortValue:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value if isinstance(value, int) else str(value)
