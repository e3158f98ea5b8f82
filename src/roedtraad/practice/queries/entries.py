"""What the record itself puts into the line of time; read when Django starts (`apps`)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Left, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Citizen
from roedtraad.core.danish import day
from roedtraad.journeys.models import Stay, StayDays
from roedtraad.organisation.models import PlaceTerm
from roedtraad.practice.models import (
    Assessment,
    Effort,
    FollowUp,
    Goal,
    GoalRating,
    Note,
    NoteGoal,
    StatusReport,
    Task,
    TaskCitizen,
    Wish,
)
from roedtraad.practice.queries.timeline import Shown, Source, link, provide_entries

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

#: A line of time shows the beginning of a long text; the entry's own page the rest.
LONGEST = 600


def who(user: str) -> Coalesce:
    """The name of the one in the column `user`, as `User.__str__` says it."""
    return Coalesce(NullIf(f"{user}__full_name", Value("")), f"{user}__username", Value(""))


def _notes(_user: User, citizen: Citizen) -> QuerySet[Note]:
    return Note.objects.filter(citizen=citizen, withdrawn_at__isnull=True)


def _note(data: dict[str, Any]) -> Shown:
    return Shown(
        title=str(Note.Kind(data["kind"]).label).capitalize(),
        text=data["text"],
        who=data["who"],
        url=link("practice:note", data["citizen"].key, data["key"]),
        goals=tuple(data["goals"]),
        tone="attention" if data["important"] else "",
    )


def _wish(data: dict[str, Any]) -> Shown:
    words = {
        Wish.What.WISH: _("Et ønske, håb eller en drøm"),
        Wish.What.FULFILLED: _("Et ønske gik i opfyldelse"),
        Wish.What.LET_GO: _("Ikke længere et ønske"),
    }
    url = link("practice:wishes", data["citizen"].key)
    return Shown(words[Wish.What(data["what"])], data["text"], data["who"], url)


def _goal_url(data: dict[str, Any]) -> str:
    return link("practice:goal", data["citizen"].key, data["goal_key"])


def _goal_begun(data: dict[str, Any]) -> Shown:
    return Shown(_("Mål begyndt"), data["title"], data["who"], _goal_url(data), (data["title"],))


def _goal_closed(data: dict[str, Any]) -> Shown:
    return Shown(_("Mål afsluttet"), data["note"], "", _goal_url(data), (data["title"],))


def _rating(data: dict[str, Any]) -> Shown:
    level = f"{data['level']:+d}".replace("-", "−") if data["level"] else "0"
    by = GoalRating.Rater(data["rater"]).label
    return Shown(
        _("Målet står på %(level)s, siger %(who)s") % {"level": level, "who": by},
        data["text"],
        data["who"],
        _goal_url(data),
        (data["goal"],),
    )


def _follow_up(data: dict[str, Any]) -> Shown:
    decision = str(FollowUp.Decision(data["decision"]).label)
    return Shown(
        _("Opfølgning: %(decision)s") % {"decision": decision},
        data["text"],
        data["who"],
        _goal_url(data),
        (data["goal"],),
    )


def _effort_begun(data: dict[str, Any]) -> Shown:
    return Shown(_("Indsats begyndt"), data["title"], data["who"], _goal_url(data), (data["goal"],))


def _effort_ended(data: dict[str, Any]) -> Shown:
    return Shown(_("Indsats slut"), data["title"], "", _goal_url(data), (data["goal"],))


def _assessment(data: dict[str, Any]) -> Shown:
    url = link("practice:assessment", data["citizen"].key, data["key"]) or link(
        "practice:assessments", data["citizen"].key
    )
    return Shown(_("Udredning"), data["text"], data["who"], url)


def _own_tasks(_user: User, citizen: Citizen) -> QuerySet[Task]:
    return Task.objects.filter(_over(), citizen=citizen)


def _group_tasks(_user: User, citizen: Citizen) -> QuerySet[Task]:
    # The units come first, so that the index of a unit's tasks is walked and not all the citizen's tasks.
    lived = StayDays.objects.filter(citizen_id=citizen.pk, place__terms__valid__overlap=F("planned"))
    part = TaskCitizen.objects.filter(task=OuterRef("pk"), citizen=citizen)
    return Task.objects.filter(
        _over(), Exists(part), citizen__isnull=True, unit__in=lived.values("place__terms__unit")
    )


def _over() -> Q:
    return Q(ended_at__isnull=False) | Q(skipped_at__isnull=False)


def _task(data: dict[str, Any]) -> Shown:
    if data["skipped"]:
        return Shown(_("Opgave sprunget over"), f"{data['title']}: {data['why']}", data["skipper"])
    return Shown(_("Opgave udført"), data["title"], data["ender"])


def _stays(user: User, citizen: Citizen) -> QuerySet[Stay]:
    home = PlaceTerm.objects.filter(place=OuterRef("place"), valid__overlap=OuterRef("planned")).order_by(
        "valid"
    )
    return (
        Stay.objects.openable_by(user)
        .filter(citizen=citizen, withdrawn_at__isnull=True)
        .annotate(home=Subquery(home.values("unit__versions__name")[:1]))
    )


_STAY = {"where": Concat(Coalesce("home", Value("")), Value(", "), "place__code")}
_TASK = {
    "title": F("title"),
    "skipped": F("skipped_at"),
    "why": F("skipped_reason"),
    "ender": who("ended_by"),
    "skipper": who("skipped_by"),
}
_GOAL = {"title": F("title"), "goal_key": F("key"), "who": who("written_by"), "note": F("closed_note")}
_OF_GOAL = {"goal": F("goal__title"), "goal_key": F("goal__key"), "who": who("written_by")}
_EFFORT = {**_OF_GOAL, "title": F("title")}


def _report(data: dict[str, Any]) -> Shown:
    text = _("%(first)s til %(last)s, udgave %(n)s") % {
        "first": day(dt.date.fromisoformat(data["first"])),
        "last": day(dt.date.fromisoformat(data["last"])),
        "n": data["edition"],
    }
    url = link("practice:report", data["citizen"].key, data["key"])
    return Shown(_("Statusrapport godkendt"), text, data["approver"], url)


_GOALS, _TASKS = gettext_lazy("Mål"), gettext_lazy("Opgaver")
_EFFORTS, _STAYS = gettext_lazy("Indsatser"), gettext_lazy("Ophold")
_TITLES = NoteGoal.objects.filter(note=OuterRef("pk")).order_by("goal_id").values("goal__title")

SOURCES = (
    Source(
        name="note",
        kind="notater",
        label=gettext_lazy("Notater"),
        icon="edit",
        at="occurred_at",
        rows=_notes,
        data={
            "key": F("key"),
            "kind": F("kind"),
            "text": Left("text", LONGEST),
            "important": F("important"),
            "who": who("written_by"),
            "goals": ArraySubquery(_TITLES),
        },
        show=_note,
    ),
    Source(
        name="wish",
        kind="oensker",
        label=gettext_lazy("Ønsker"),
        icon="chat",
        at="written_at",
        rows=lambda _user, citizen: Wish.objects.filter(citizen=citizen),
        data={"what": F("what"), "text": Left("text", LONGEST), "who": who("written_by")},
        show=_wish,
    ),
    Source(
        name="goal-begun",
        kind="maal",
        label=_GOALS,
        icon="flag",
        at="starts_on",
        rows=lambda _user, citizen: Goal.objects.filter(citizen=citizen),
        data=_GOAL,
        show=_goal_begun,
    ),
    Source(
        name="goal-closed",
        kind="maal",
        label=_GOALS,
        icon="flag-fill",
        at="closed_on",
        rows=lambda _user, citizen: Goal.objects.filter(citizen=citizen, closed_on__isnull=False),
        data=_GOAL,
        show=_goal_closed,
    ),
    Source(
        name="rating",
        kind="maal",
        label=_GOALS,
        icon="analytics",
        at="rated_at",
        rows=lambda _user, citizen: GoalRating.objects.filter(citizen=citizen, withdrawn_at__isnull=True),
        data={**_OF_GOAL, "level": F("level"), "rater": F("rater"), "text": Left("text", LONGEST)},
        show=_rating,
    ),
    Source(
        name="follow-up",
        kind="maal",
        label=_GOALS,
        icon="checklist",
        at="held_on",
        rows=lambda _user, citizen: FollowUp.objects.filter(citizen=citizen),
        data={**_OF_GOAL, "decision": F("decision"), "text": Left("text", LONGEST)},
        show=_follow_up,
    ),
    Source(
        name="effort-begun",
        kind="indsatser",
        label=_EFFORTS,
        icon="construction",
        at="starts_on",
        rows=lambda _user, citizen: Effort.objects.filter(citizen=citizen),
        data=_EFFORT,
        show=_effort_begun,
    ),
    Source(
        name="effort-ended",
        kind="indsatser",
        label=_EFFORTS,
        icon="construction",
        at="ends_on",
        rows=lambda _user, citizen: Effort.objects.filter(citizen=citizen, ends_on__isnull=False),
        data=_EFFORT,
        show=_effort_ended,
    ),
    Source(
        name="assessment",
        kind="udredninger",
        label=gettext_lazy("Udredninger"),
        icon="assignment",
        at="assessed_on",
        rows=lambda _user, citizen: Assessment.objects.filter(citizen=citizen, finished_at__isnull=False),
        data={"key": F("key"), "text": Left("summary", LONGEST), "who": who("written_by")},
        show=_assessment,
    ),
    Source(
        name="task",
        kind="opgaver",
        label=_TASKS,
        icon="check",
        at="due_at",
        rows=_own_tasks,
        data=_TASK,
        show=_task,
    ),
    Source(
        name="task-of-group",
        kind="opgaver",
        label=_TASKS,
        icon="groups",
        at="due_at",
        rows=_group_tasks,
        data=_TASK,
        show=_task,
    ),
    Source(
        name="moved-in",
        kind="ophold",
        label=_STAYS,
        icon="home",
        at="actual_start",
        rows=lambda user, citizen: _stays(user, citizen).filter(actual_start__isnull=False),
        data=_STAY,
        show=lambda data: Shown(_("Flyttet ind"), data["where"]),
    ),
    Source(
        name="moved-out",
        kind="ophold",
        label=_STAYS,
        icon="home",
        at="actual_end",
        rows=lambda user, citizen: _stays(user, citizen).filter(actual_end__isnull=False),
        data=_STAY,
        show=lambda data: Shown(_("Sidste dag"), data["where"]),
    ),
    Source(
        name="report",
        kind="rapporter",
        label=gettext_lazy("Rapporter"),
        icon="summary",
        at="approved_at",
        rows=lambda _user, citizen: StatusReport.objects.filter(
            citizen=citizen, state=StatusReport.State.APPROVED
        ),
        data={
            "key": F("key"),
            "first": F("first_day"),
            "last": F("last_day"),
            "edition": F("edition"),
            "approver": F("approver"),
        },
        show=_report,
    ),
)


def provide() -> None:
    """Put them into the line of time."""
    for source in SOURCES:
        provide_entries(source)
