"""What transitions put into a citizen's line of time; read when Django starts (`apps`)."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.practice.models import HandoverPackage, Transition, TransitionStep
from roedtraad.practice.queries.entries import who
from roedtraad.practice.queries.timeline import Shown, Source, link, provide_entries

_LABEL, _KIND = gettext_lazy("Overgange"), "overgange"


def _url(data: dict[str, Any], transition: str) -> str:
    return link("practice:transition", data["citizen"].key, data[transition])


def _happened(data: dict[str, Any]) -> Shown:
    why = str(Transition.Why(data["why"]).label)
    return Shown(_("Overgang: %(why)s") % {"why": why}, data["reason"], data["who"], _url(data, "key"))


def _sent(data: dict[str, Any]) -> Shown:
    to = data["head"].get("to", "")
    url = link("practice:package", data["citizen"].key, data["transition"], data["key"])
    return Shown(_("Overleveringspakke sendt til %(to)s") % {"to": to}, "", data["who"], url)


def _followed_up(data: dict[str, Any]) -> Shown:
    held = str(TransitionStep.Held(data["held"]).label)
    title = _("Opfølgning på overgangen: %(held)s") % {"held": held}
    return Shown(title, data["note"], data["who"], _url(data, "transition"))


SOURCES = (
    Source(
        name="transition",
        kind=_KIND,
        label=_LABEL,
        icon="home",
        at="happened_on",
        rows=lambda _user, citizen: Transition.objects.filter(
            citizen=citizen, happened_on__isnull=False, cancelled_on__isnull=True
        ),
        data={"key": F("key"), "why": F("why"), "reason": F("reason"), "who": who("written_by")},
        show=_happened,
    ),
    Source(
        name="package",
        kind=_KIND,
        label=_LABEL,
        icon="assignment",
        at="sent_at",
        rows=lambda _user, citizen: HandoverPackage.objects.filter(citizen=citizen, sent_at__isnull=False),
        data={
            "key": F("key"),
            "transition": F("transition__key"),
            "head": F("head"),
            "who": who("sent_by"),
        },
        show=_sent,
    ),
    Source(
        name="transition-followed-up",
        kind=_KIND,
        label=_LABEL,
        icon="checklist",
        at="done_on",
        rows=lambda _user, citizen: TransitionStep.objects.filter(
            citizen=citizen, kind=TransitionStep.Kind.FOLLOW_UP, done_on__isnull=False
        ),
        data={
            "transition": F("transition__key"),
            "held": F("held"),
            "note": F("note"),
            "who": who("settled_by"),
        },
        show=_followed_up,
    ),
)


def provide() -> None:
    """Put them into the line of time."""
    for source in SOURCES:
        provide_entries(source)
