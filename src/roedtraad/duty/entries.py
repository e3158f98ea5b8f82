"""What the shift puts into a citizen's line of time; read when Django starts (`apps`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Citizen
from roedtraad.duty.models import Absence, RiskReading
from roedtraad.practice.queries.entries import who
from roedtraad.practice.queries.timeline import Shown, Source, link, provide_entries

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def _risks(_user: User, citizen: Citizen) -> QuerySet[RiskReading]:
    return RiskReading.objects.filter(citizen=citizen)


def _risk(data: dict[str, Any]) -> Shown:
    title = _("Dagens risiko: %(shape)s %(level)s") % {"shape": data["shape"], "level": data["level"]}
    return Shown(title, data["text"], data["who"], link("duty:risk", data["citizen"].key))


def _absences(_user: User, citizen: Citizen) -> QuerySet[Absence]:
    return Absence.objects.counting().filter(citizen=citizen)


def _returns(_user: User, citizen: Citizen) -> QuerySet[Absence]:
    return Absence.objects.counting().filter(citizen=citizen, back_at__isnull=False)


def _away(data: dict[str, Any]) -> Shown:
    title = _("Væk: %(kind)s") % {"kind": Absence.Kind(data["kind"]).label}
    return Shown(title, data["note"], data["who"], link("duty:citizen-calendar", data["citizen"].key))


def _back(data: dict[str, Any]) -> Shown:
    title = _("Tilbage efter %(kind)s") % {"kind": Absence.Kind(data["kind"]).label}
    return Shown(title, "", data["who"], link("duty:citizen-calendar", data["citizen"].key))


def provide() -> None:
    """Put the day's risk, and who was away, into the line of time."""
    level = {"level": F("level__name"), "shape": F("level__shape"), "text": F("text"), "who": who("set_by")}
    away, risk = gettext_lazy("Fravær"), gettext_lazy("Risiko")
    provide_entries(Source("risk", "risiko", risk, "warning", "set_at", _risks, level, _risk))
    gone = {"kind": F("kind"), "note": F("note"), "who": who("recorded_by")}
    provide_entries(Source("away", "fravaer", away, "calendar-month", "from_at", _absences, gone, _away))
    back = {"kind": F("kind"), "who": who("returned_by")}
    provide_entries(Source("back", "fravaer", away, "calendar-month", "back_at", _returns, back, _back))
