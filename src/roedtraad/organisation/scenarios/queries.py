"""The scenarios a user may see, with their cost, room and lines of reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from roedtraad.organisation.models import LeadershipRoom, Scenario, ScenarioPost
from roedtraad.organisation.scenarios import rules


@dataclass(frozen=True)
class Room:
    """The room of a year and what it is made of, kr."""

    year: int
    surplus_income: Decimal
    set_aside: Decimal
    source: str

    @property
    def amount(self) -> Decimal:
        """What may be used, kr."""
        return rules.room(self.surplus_income, self.set_aside)


@dataclass(frozen=True)
class ScenarioView:
    """A scenario as it is shown: all its changes (those of its base first) and the verdict."""

    id: int
    key: str
    name: str
    description: str
    base_name: str
    source: str
    mine: bool
    published: bool
    own_extra_pay: Decimal
    verdict: rules.Verdict
    room: Room
    posts: list[rules.PostChange] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    levels: list[list[str]] = field(default_factory=list)

    @property
    def has_derived(self) -> bool:
        """Does some amount rest on derivation rather than on a document's own figure?"""
        return any(post.basis == "derived" for post in self.posts)


def rooms() -> dict[int, Room]:
    """The room by year. One SQL statement."""
    return {
        row.year: Room(
            row.year, row.surplus_income, row.set_aside, f"{row.source_document} {row.source_section}".strip()
        )
        for row in LeadershipRoom.objects.order_by("year")
    }


def scenarios_for(user: Any) -> list[ScenarioView]:
    """Published scenarios and the user's own, the documents' first. Four SQL statements."""
    known_rooms = rooms()
    posts = Prefetch("posts", queryset=ScenarioPost.objects.order_by("pk"))
    shown = (
        Scenario.objects.filter(withdrawn_at__isnull=True)
        .filter(Q(published=True) | Q(owner=user))
        .prefetch_related(posts, "lines")
        .order_by("owner_id", "pk")
    )
    everything = {row.pk: row for row in shown}
    bases = {row.base_id for row in everything.values() if row.base_id is not None}
    hidden_bases = bases - set(everything)
    if hidden_bases:
        # A base that is withdrawn or another's own still counts in what builds on it.
        hidden = Scenario.objects.filter(pk__in=hidden_bases).prefetch_related(posts, "lines")
        everything |= {row.pk: row for row in hidden}
    return [
        _view(row, everything, known_rooms, user) for row in everything.values() if row.pk not in hidden_bases
    ]


def _view(row: Scenario, everything: dict[int, Scenario], known: dict[int, Room], user: Any) -> ScenarioView:
    base = everything.get(row.base_id) if row.base_id else None
    own = _posts(row, from_base=False)
    posts = [*(_posts(base, from_base=True) if base else []), *own]
    own_lines = [(line.from_title, line.to_title) for line in row.lines.all()]
    base_lines = [(line.from_title, line.to_title) for line in base.lines.all()] if base else []
    lines = rules.lines_with_base(own_lines, base_lines)
    room = known.get(row.room_year) or Room(row.room_year, Decimal(0), Decimal(0), "")
    return ScenarioView(
        id=row.pk,
        key=row.key,
        name=row.name,
        description=row.description,
        base_name=base.name if base else "",
        source=f"{row.source_document} {row.source_section}".strip(),
        mine=row.owner_id is not None and row.owner_id == getattr(user, "pk", None),
        published=row.published,
        own_extra_pay=rules.extra_pay(own),
        verdict=rules.Verdict(rules.extra_pay(posts), room.amount),
        room=room,
        posts=posts,
        lines=lines,
        levels=rules.reference_levels(lines),
    )


def _posts(row: Scenario, *, from_base: bool) -> list[rules.PostChange]:
    return [
        rules.PostChange(
            post.action, post.title, post.from_title, post.count, post.yearly_pay, post.basis, from_base
        )
        for post in row.posts.all()
    ]
