"""Undo the latest change of a stay, and everything that change did elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Min

from roedtraad.access.scope import require
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import rules, signals
from roedtraad.journeys.models import Stay
from roedtraad.journeys.services.common import STATE, Touched, hold_places, hold_stay, tell, write

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True)
class _Step:
    """A stay the change touched, and the state it had before (None: the change made it)."""

    stay: Stay
    before: Any

    def shrinks(self) -> bool:
        """Whether putting it back frees days; those go first, so that the others find room."""
        if self.before is None or self.before.withdrawn_at is not None:
            return True
        now = self.stay.actual_end or self.stay.ordered_end
        then = self.before.actual_end or self.before.ordered_end
        return self.stay.withdrawn_at is None and then is not None and (now is None or then < now)


@transaction.atomic
def undo_last(user: User, stay: Stay, *, reason: str = "fortrudt") -> Stay:
    """Put the stay back as it was before its latest change, with all stays that change touched.

    Only the one who made the change may, on the same day and while nothing came after it; Refusal otherwise,
    and when somebody else has taken the place meanwhile. A stay the change made is withdrawn, never deleted.
    """
    require(user, "stay.book")
    latest = _latest(stay)
    metadata = latest.pgh_context.metadata if latest is not None and latest.pgh_context is not None else {}
    steps = _steps(user, latest.pgh_context_id) if metadata else []
    rules.check_undo(
        made_by=metadata.get("user"),
        made_on=metadata.get("day", ""),
        user=user.pk,
        today=clock.today(),
        is_latest=bool(steps),
    )
    touched = Touched(step.stay for step in steps)
    with change(user, reason, "stay.undone"):
        for step in sorted(steps, key=lambda step: not step.shrinks()):
            _put_back(step)
            touched.add(step.stay)
        touched.refresh()
    for step in steps:
        tell(signals.stay_withdrawn if step.stay.withdrawn_at else signals.stay_changed, step.stay)
    return next(step.stay for step in steps if step.stay.pk == stay.pk)


def _events() -> Any:
    return apps.get_model("journeys", "StayEvent")._default_manager


def _latest(stay: Stay) -> Any:
    return _events().filter(pgh_obj=stay.pk).select_related("pgh_context").order_by("-pgh_id").first()


def _steps(user: User, context_id: Any) -> list[_Step]:
    """What the change did, stay by stay; empty when something has happened to one of them since."""
    events = _events()
    changed = (
        events.filter(pgh_context=context_id)
        .values("pgh_obj")
        .annotate(first=Min("pgh_id"), last=Max("pgh_id"))
    )
    spans = {row["pgh_obj"]: row for row in changed}
    stays = list(Stay.objects.filter(pk__in=spans).order_by("pk"))
    hold_places(*{stay.place_id for stay in stays})
    steps = []
    for stay in stays:
        span = spans[stay.pk]
        held = hold_stay(user, stay)
        history = events.filter(pgh_obj=stay.pk)
        if history.filter(pgh_id__gt=span["last"]).exists():
            return []
        steps.append(_Step(held, history.filter(pgh_id__lt=span["first"]).order_by("-pgh_id").first()))
    return steps


def _put_back(step: _Step) -> None:
    if step.before is None:
        step.stay.withdrawn_at = clock.now()
    else:
        for name in STATE:
            setattr(step.stay, name, getattr(step.before, name))
    try:
        write(step.stay)
    except Refusal as refusal:
        raise Refusal(f"Det kan ikke fortrydes. {refusal}") from refusal
