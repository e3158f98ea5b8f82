"""What can happen to a user's own scenarios. The documents' scenarios are facts and stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from roedtraad.access.scope import require
from roedtraad.core import clock, ids
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import LeadershipRoom, Scenario, ScenarioLine, ScenarioPost
from roedtraad.organisation.models.base import Basis
from roedtraad.organisation.scenarios import rules

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True)
class Wanted:
    """A scenario as its maker wrote it."""

    name: str
    description: str
    base_key: str
    room_year: int
    published: bool
    posts: Sequence[rules.PostChange]
    lines: Sequence[tuple[str, str]]


@transaction.atomic
def save_scenario(user: User, wanted: Wanted, *, scenario: Scenario | None = None) -> Scenario:
    """Make a scenario, or replace what one's own scenario says.

    Refusal with a sentence: no posts, a base that is itself a variant, a year without a room, somebody who
    refers to themselves, or a scenario that is not one's own.
    """
    require(user, "scenario.edit")
    if scenario is not None:
        scenario = _own(user, scenario.pk)
    if not wanted.posts:
        raise Refusal("Skriv mindst én stilling, der oprettes, ændres eller nedlægges.")
    if not LeadershipRoom.objects.filter(year=wanted.room_year).exists():
        raise Refusal(f"Der er ikke registreret et råderum for {wanted.room_year}.", "room_year")
    base = Scenario.objects.filter(key=wanted.base_key).first() if wanted.base_key else None
    if wanted.base_key and base is None:
        raise Refusal("Det scenarie, der bygges på, findes ikke længere.", "base")
    if base is not None and (base.base_id or (scenario and base.pk == scenario.pk)):
        raise Refusal("Byg på en grundmodel, ikke på en variant.", "base")
    if scenario is not None and base is not None and scenario.variants.exists():
        raise Refusal("Andre scenarier bygger på dette, så det kan ikke selv bygge på et andet.", "base")
    base_lines = [(line.from_title, line.to_title) for line in base.lines.all()] if base else []
    try:
        rules.reference_levels(rules.lines_with_base(list(wanted.lines), base_lines))
    except ValueError as error:
        raise Refusal(str(error), "lines") from error
    with change(user, "ledelsesscenarie gemt"):
        saved = scenario or Scenario(key=f"eget-{ids.new_id()}", owner=user)
        saved.name, saved.description = wanted.name, wanted.description
        saved.base, saved.room_year, saved.published = base, wanted.room_year, wanted.published
        saved.save()
        saved.posts.all().delete()
        saved.lines.all().delete()
        ScenarioPost.objects.bulk_create(
            ScenarioPost(
                scenario=saved,
                action=post.action,
                title=post.title,
                from_title=post.from_title,
                count=post.count,
                yearly_pay=post.yearly_pay,
                basis=Basis.REGISTERED,
            )
            for post in wanted.posts
        )
        ScenarioLine.objects.bulk_create(
            ScenarioLine(scenario=saved, from_title=low, to_title=high)
            for low, high in dict.fromkeys(wanted.lines)
        )
    return saved


@transaction.atomic
def copy_scenario(user: User, scenario: Scenario) -> Scenario:
    """Make one's own copy of a scenario that one may see, as a start."""
    require(user, "scenario.edit")
    if not scenario.published and scenario.owner_id != user.pk:
        raise Refusal("Scenariet er ikke delt med dig.")
    with change(user, "ledelsesscenarie kopieret"):
        copied = Scenario.objects.create(
            key=f"eget-{ids.new_id()}",
            name=f"Kopi af {scenario.name}"[:120],
            description=scenario.description,
            base=scenario.base,
            owner=user,
            room_year=scenario.room_year,
            basis=Basis.REGISTERED,
        )
        ScenarioPost.objects.bulk_create(
            ScenarioPost(
                scenario=copied,
                action=post.action,
                title=post.title,
                from_title=post.from_title,
                count=post.count,
                yearly_pay=post.yearly_pay,
                basis=post.basis,
                note=post.note,
            )
            for post in scenario.posts.order_by("pk")
        )
        ScenarioLine.objects.bulk_create(
            ScenarioLine(scenario=copied, from_title=line.from_title, to_title=line.to_title)
            for line in scenario.lines.order_by("pk")
        )
    return copied


@transaction.atomic
def withdraw_scenario(user: User, pk: int) -> Scenario:
    """Take one's own scenario away; it can be put back."""
    scenario = _own(user, pk)
    with change(user, "ledelsesscenarie taget bort"):
        scenario.withdrawn_at = clock.now()
        scenario.save(update_fields=["withdrawn_at"])
    return scenario


@transaction.atomic
def restore_scenario(user: User, pk: int) -> Scenario:
    """Put a withdrawn scenario back."""
    scenario = _own(user, pk)
    with change(user, "ledelsesscenarie lagt tilbage"):
        scenario.withdrawn_at = None
        scenario.save(update_fields=["withdrawn_at"])
    return scenario


def _own(user: User, pk: int) -> Scenario:
    require(user, "scenario.edit")
    scenario = Scenario.objects.select_for_update().filter(pk=pk).first()
    if scenario is None or scenario.owner_id != user.pk:
        raise Refusal("Scenariet er ikke dit, så du kan ikke ændre det. Lav en kopi i stedet.")
    return scenario


def money(text: str) -> Decimal:
    """A yearly pay as people write it, in kr.: "1.100.000", "-700000". Refusal when it is not a whole amount."""
    plain = text.replace(".", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("−", "-")
    try:
        amount = Decimal(plain)
    except ArithmeticError as error:
        raise Refusal(f"»{text}« er ikke et beløb i hele kroner.", "yearly_pay") from error
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > 50_000_000:
        raise Refusal(f"»{text}« er ikke et beløb i hele kroner under 50 mio.", "yearly_pay")
    return amount
