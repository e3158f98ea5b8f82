"""Questions about files that went in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from roedtraad.access.scope import may
from roedtraad.exchange.models import Transfer

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

SHOWN = 20
STATES = {
    Transfer.Status.DONE: "good",
    Transfer.Status.READY: "partly",
    Transfer.Status.FAILED_CHECK: "attention",
    Transfer.Status.FAILED: "attention",
}


@dataclass(frozen=True)
class Line:
    """A transfer as a list shows it."""

    transfer: Transfer
    state: str
    words: str


def latest(user: User, limit: int = SHOWN) -> list[Line]:
    """The latest files in, for those who import, and the user's own out. One SQL statement."""
    wanted = Q(direction=Transfer.Direction.OUT, created_by=user)
    if may(user, "import.run"):
        wanted |= Q(direction=Transfer.Direction.IN)
    found = (
        Transfer.objects.filter(wanted).select_related("created_by").order_by("-created_at", "-pk")[:limit]
    )
    return [Line(each, state_of(each), _words(each)) for each in found]


def _words(transfer: Transfer) -> str:
    """The status in words; work that has gone silent has stopped, whatever its row says."""
    silent = transfer.status in Transfer.RUNNING and not transfer.is_running
    return str(Transfer.Status.FAILED.label) if silent else transfer.get_status_display()


def state_of(transfer: Transfer) -> str:
    """The colour and shape of a transfer's status; silent work asks for attention."""
    if transfer.status in Transfer.RUNNING:
        return "none" if transfer.is_running else "attention"
    return STATES[Transfer.Status(transfer.status)]
