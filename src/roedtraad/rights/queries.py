"""Questions about requests for access, rules, lists and receipts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext

from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.rights import rules
from roedtraad.rights.catalogue import BY_SLUG, GIVEN, Part
from roedtraad.rights.models import (
    DeletionItem,
    DeletionList,
    LeftOut,
    LegalHold,
    Receipt,
    RequestPart,
    RetentionRule,
    SubjectRequest,
)
from roedtraad.rights.models.retention import Category
from roedtraad.rights.rows import Row, rows_of

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

A_PAGE = 50
SHOWN = 100


@dataclass(frozen=True)
class RequestLine:
    """A request as a list shows it: its status in words and colour, and whether it is late."""

    request: SubjectRequest
    words: str
    state: str
    late: bool


def requests_of(user: User) -> list[RequestLine]:
    """The requests the user handles, the most urgent first, then those answered. One SQL beside the reach."""
    mine = Citizen.objects.filter(visible_q("citizens.Citizen", user, "rights.handle"))
    found = SubjectRequest.objects.filter(citizen__in=mine).select_related("citizen").order_by("due_on", "pk")
    lines = [line_of(request) for request in found]
    return sorted(lines, key=lambda line: line.request.state == SubjectRequest.State.RELEASED)[:SHOWN]


def line_of(request: SubjectRequest) -> RequestLine:
    """A request's status; work that has gone silent has stopped, whatever its row says."""
    state, answered = request.state, request.state == SubjectRequest.State.RELEASED
    late = not answered and request.due_on < clock.today()
    if request.may_be_retried:
        return RequestLine(request, str(SubjectRequest.State.FAILED.label), "attention", late)
    colour = {
        SubjectRequest.State.REVIEW: "attention" if late else "partly",
        SubjectRequest.State.RELEASED: "good" if request.can_be_fetched else "none",
    }.get(SubjectRequest.State(state), "none")
    words = request.get_state_display()
    if answered and not request.can_be_fetched:
        words = gettext("besvaret, arkivet er slettet")
    return RequestLine(request, words, colour, late)


def request_in(user: User, key: UUID) -> SubjectRequest | None:
    """A request the user handles; None for any other. One SQL beside the reach."""
    mine = Citizen.objects.filter(visible_q("citizens.Citizen", user, "rights.handle"))
    people = ("citizen", "registered_by", "released_by")
    return SubjectRequest.objects.filter(key=key, citizen__in=mine).select_related(*people).first()


def own_requests(user: User) -> list[SubjectRequest]:
    """The requests about the user's own data that have been answered, newest first. One SQL beside the reach."""
    mine = Citizen.objects.filter(visible_q("citizens.Citizen", user, "own.view"))
    answered = SubjectRequest.objects.filter(citizen__in=mine, state=SubjectRequest.State.RELEASED)
    return list(answered.select_related("citizen").order_by("-released_at"))


@dataclass(frozen=True)
class PartLine:
    """A part of a request: how much was found, whose data stand there too, what is left out, and who has seen it."""

    part: Part
    counted: RequestPart
    left_out: LeftOut | None
    rows_left_out: int

    @property
    def must_be_seen(self) -> bool:
        """Does it wait for somebody to look it through?"""
        return bool(
            self.part.others and self.counted.found and not self.counted.seen_at and self.left_out is None
        )


def parts_of(request: SubjectRequest) -> list[PartLine]:
    """The parts in the order of the archive. Two SQL statements."""
    counted = {each.part: each for each in request.parts.select_related("seen_by")}
    left = list(request.left_out.select_related("by"))
    whole = {one.part: one for one in left if not one.row}
    single: dict[str, int] = {}
    for one in left:
        if one.row:
            single[one.part] = single.get(one.part, 0) + 1
    return [
        PartLine(part, counted[part.slug], whole.get(part.slug), single.get(part.slug, 0))
        for part in GIVEN
        if part.slug in counted
    ]


@dataclass(frozen=True)
class RowLine:
    """A row for the reviewer, and why it is left out where it is."""

    row: Row
    left_out: LeftOut | None


def review_page(request: SubjectRequest, slug: str, after: int) -> tuple[list[RowLine], int]:
    """A page of a part's rows, and the number to go on from (0 at the end). One SQL a table that is pointed at."""
    left = {one.row: one for one in request.left_out.filter(part=slug)}
    found = list(rows_of(BY_SLUG[slug], request.citizen_id, after=after, limit=A_PAGE + 1))
    shown = found[:A_PAGE]
    on = shown[-1][0] if len(found) > A_PAGE else 0
    return [RowLine(row, left.get(row.id)) for _number, row in shown], on


@dataclass(frozen=True)
class RuleLine:
    """A category with the rule in force, None where nobody has made one."""

    category: Category
    rule: RetentionRule | None

    @property
    def kept(self) -> tuple[int, str]:
        """How long, in the largest whole measure."""
        months = self.rule.months if self.rule else 0
        return (months // 12, "years") if months % 12 == 0 else (months, "months")


def rules_now() -> list[RuleLine]:
    """Each category with its rule of today. One SQL statement."""
    held = {rule.category: rule for rule in RetentionRule.objects.filter(valid__contains=clock.today())}
    return [RuleLine(category, held.get(category.value)) for category in Category]


def rules_before(category: str) -> list[RetentionRule]:
    """The rules a category has had, the newest first. One SQL statement."""
    return list(RetentionRule.objects.filter(category=category).order_by("-valid"))


def holds_of(user: User) -> list[LegalHold]:
    """The holds in force on citizens within the user's reach, the oldest first. One SQL beside the reach."""
    mine = Citizen.objects.filter(visible_q("citizens.Citizen", user, "retention.hold"))
    found = LegalHold.objects.filter(citizen__in=mine, lifted_at__isnull=True)
    return list(found.select_related("citizen", "set_by").order_by("set_at")[:SHOWN])


def lists() -> list[DeletionList]:
    """The latest lists. One SQL statement."""
    people = ("made_by", "approved_by", "receipt")
    return list(DeletionList.objects.select_related(*people).order_by("-made_at")[:20])


@dataclass(frozen=True)
class ListLine:
    """What a list says of one category: the rule, how many lines, citizens and rows, and what became of them."""

    category: Category
    rule: dict[str, Any]
    before: dt.date
    lines: int
    citizens: int
    rows: int


def lines_of(listed: DeletionList) -> list[ListLine]:
    """The list by category. No SQL: it was added up when the list was made."""
    told = {rule["category"]: rule for rule in listed.rules}
    return [
        ListLine(
            Category(line["category"]),
            told[line["category"]],
            rules.cutoff(listed.as_of, told[line["category"]]["months"]),
            line["lines"],
            line["citizens"],
            line["rows"],
        )
        for line in listed.summary
    ]


def states_of(listed: DeletionList) -> dict[str, int]:
    """How many of the lines the reader may see are in each state. One SQL statement."""
    found = listed.items.values_list("state").annotate(many=Count("pk"))
    return {str(DeletionItem.State(state).label): many for state, many in found}


def people_on(user: User, listed: DeletionList, after: int = 0) -> tuple[list[DeletionItem], int]:
    """Lines about citizens the user leads, a page at a time, and the number to go on from. One SQL beside the reach."""
    mine = Citizen.objects.filter(visible_q("citizens.Citizen", user, "retention.hold"))
    found = list(
        listed.items.filter(citizen__in=mine, pk__gt=after)
        .select_related("citizen")
        .order_by("pk")[: A_PAGE + 1]
    )
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else 0


def receipt(number: int) -> Receipt | None:
    """A receipt by its number."""
    return Receipt.objects.filter(number=number).select_related("list").first()


def receipt_fits(found: Receipt) -> bool:
    """Is the receipt as it was written, and does it hang on the one before it? One SQL statement."""
    before = Receipt.objects.filter(number=found.number - 1).values_list("hash", flat=True).first() or ""
    return found.previous == before and rules.receipt_hash(found.previous, found.content) == found.hash
