"""`/api/v1/goals`: a citizen's goals, and where they stand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenQuery, caller, opened, opened_row
from roedtraad.citizens.models import Citizen
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    WRITE_REFUSALS,
    After,
    Day,
    Error,
    Limit,
    Page,
    Text,
    Version,
    example,
    page_of,
)
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Goal, GoalTheme, Theme, Wish
from roedtraad.practice.rules.goals import LEVELS
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.goals import GoalText, change_goal, set_goal

router = Router(tags=["journal"])
PART = "mål"

GoalPath = Annotated[UUID, Path(description="Målets id.")]
Kind = Literal["develop", "maintain", "limit_loss"]
Party = Literal["citizen", "relative", "guardian", "municipality", "staff"]
FiveLevels = Annotated[
    list[Text],
    Field(
        max_length=5,
        description="De fem trin −2, −1, 0, +1 og +2 i ord; tom, når de ikke er beskrevet endnu.",
    ),
]
ThemeNumbers = Annotated[list[Text], Field(max_length=70, description="Koder på de andre temaer.")]


class ThemeOut(Schema):
    """A theme a goal addresses; rank 1 is the one it is about."""

    list: str
    code: str
    name: str
    rank: int


class GoalOut(Schema):
    """A goal or a sub-goal. `version` is what a change must build on."""

    id: UUID
    citizen: UUID
    title: str
    kind: str = Field(description="develop (udvikle), maintain (fastholde) eller limit_loss (begrænse tab).")
    description: str
    levels: list[str] = Field(description="De fem trin −2 … +2 i ord; tom, når de ikke er beskrevet.")
    wish: UUID | None
    parent: UUID | None = Field(description="Målet ovenover, når dette er et delmål.")
    themes: list[ThemeOut]
    municipal_goal: str
    agreed_with: list[str]
    agreed_note: str
    pejlemaerke: str
    un_target: str
    starts_on: dt.date
    follow_up_on: dt.date | None
    closed_on: dt.date | None
    closed_note: str
    version: int
    written_by: str
    written_at: dt.datetime

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000020",
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        title="Jeg laver aftensmad",
        kind="develop",
        description="",
        levels=[
            "Går ikke i køkkenet.",
            "Sidder med ved bordet.",
            "Rører i gryden.",
            "Laver en ret med hjælp.",
            "Laver en ret alene.",
        ],
        wish="0190f5fe-7c00-7a00-8000-000000000010",
        parent=None,
        themes=[],
        municipal_goal="",
        agreed_with=["citizen", "staff"],
        agreed_note="",
        pejlemaerke="",
        un_target="",
        starts_on="2026-06-15",
        follow_up_on="2026-09-15",
        closed_on=None,
        closed_note="",
        version=1,
        written_by="Mette Holm",
        written_at="2026-06-15T10:20:00+02:00",
    )


class GoalIn(Schema):
    """A goal to set."""

    citizen: UUID
    title: Text
    kind: Kind
    starts_on: Day
    levels: FiveLevels = []
    level_now: Annotated[int | None, Field(ge=-2, le=2, description="Hvor målet står nu, −2 til +2.")] = None
    description: Text = ""
    wish: UUID | None = None
    parent: Annotated[UUID | None, Field(description="Målet ovenover, når dette er et delmål.")] = None
    municipal_goal: Text = ""
    theme: Annotated[Text, Field(description="Koden på det tema, målet handler om.")] = ""
    other_themes: ThemeNumbers = []
    agreed_with: list[Party] = []
    agreed_note: Text = ""
    pejlemaerke: Text = ""
    un_target: Text = ""
    follow_up_on: Day | None = None

    model_config = example(
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        title="Jeg laver aftensmad",
        kind="develop",
        starts_on="2026-06-15",
        levels=[
            "Går ikke i køkkenet.",
            "Sidder med ved bordet.",
            "Rører i gryden.",
            "Laver en ret med hjælp.",
            "Laver en ret alene.",
        ],
        level_now=-1,
        agreed_with=["citizen", "staff"],
        follow_up_on="2026-09-15",
    )


class GoalChange(Schema):
    """What is to be changed in a goal; what is not named stays as it is."""

    version: Version
    title: Text | None = None
    kind: Kind | None = None
    starts_on: Day | None = None
    levels: FiveLevels | None = None
    description: Text | None = None
    wish: UUID | None = None
    parent: UUID | None = None
    municipal_goal: Text | None = None
    theme: Text | None = None
    other_themes: ThemeNumbers | None = None
    agreed_with: list[Party] | None = None
    agreed_note: Text | None = None
    pejlemaerke: Text | None = None
    un_target: Text | None = None
    follow_up_on: Day | None = None

    model_config = example(version=1, title="Jeg laver aftensmad om tirsdagen", follow_up_on="2026-10-01")


class GoalClash(Error):
    """Somebody changed the goal meanwhile: both editions. Nothing was written, and none is lost."""

    current: GoalOut | None = Field(default=None, description="Målet, som det står nu.")
    yours: dict[str, Any] | None = Field(default=None, description="Det, kaldet ville ændre.")


def whole_goals() -> QuerySet[Goal]:
    """Goals with what `goal_outs` shows of them, but their themes."""
    return Goal.objects.select_related("wish", "parent", "written_by")


def goal_outs(goals: Sequence[Goal], citizen: Citizen) -> list[GoalOut]:
    """Goals of the citizen as the API shows them. One SQL statement, for their themes."""
    themes: dict[int, list[ThemeOut]] = defaultdict(list)
    for row in (
        GoalTheme.objects.filter(goal__in=[goal.pk for goal in goals])
        .select_related("theme")
        .order_by("rank", "theme__number")
    ):
        themes[row.goal_id].append(
            ThemeOut(list=row.theme.list, code=row.theme.code, name=row.theme.name, rank=row.rank)
        )
    return [_out(goal, citizen, themes[goal.pk]) for goal in goals]


def goal_out(goal: Goal, citizen: Citizen) -> GoalOut:
    """One goal as the API shows it."""
    return goal_outs([goal], citizen)[0]


@router.get(
    "/goals",
    response={200: Page[GoalOut], **REFUSALS},
    summary="En borgers mål",
    description="Borgerens mål og delmål, det ældste først; »open« giver kun dem, der løber. Omfang: record.",
)
@api_action("record.view")
def get_goals(
    request: HttpRequest,
    citizen: CitizenQuery,
    only_open: Annotated[bool, Query(alias="open", description="Kun mål, der ikke er afsluttet.")] = False,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[GoalOut]:
    """The goals in the order they were set."""
    person = opened(request, citizen, PART)
    rows = whole_goals().filter(citizen=person)
    if only_open:
        rows = rows.filter(closed_on__isnull=True)
    shown, following = page_of(rows, [("id", int)], after, limit)
    return Page(items=goal_outs(shown, person), next=following)


@router.get(
    "/goals/{goal}",
    response={200: GoalOut, **REFUSALS},
    summary="Et mål",
    description="Målet, som det står nu, med den udgave, en ændring skal bygge på. Omfang: record.",
)
@api_action("record.view")
def get_goal(request: HttpRequest, goal: GoalPath) -> GoalOut:
    """One goal."""
    found = opened_row(request, whole_goals(), goal, PART)
    return goal_out(found, found.citizen)


@router.post(
    "/goals",
    response={201: GoalOut, **WRITE_REFUSALS},
    summary="Sæt et mål",
    description="Sæt et mål eller et delmål; »level_now« vurderer det straks. Omfang: record.write.",
)
@api_write("record.write")
def post_goal(request: HttpRequest, goal: GoalIn) -> Write:
    """Set a goal."""
    person = opened(request, goal.citizen, PART)

    def write() -> Answer:
        typed = goal.model_dump(exclude={"citizen", "level_now"})
        made = set_goal(caller(request), person, _text(person, typed), level_now=goal.level_now)
        return Answer(201, goal_out(made, person))

    return write


@router.patch(
    "/goals/{goal}",
    response={200: GoalOut, **WRITE_REFUSALS, 409: GoalClash},
    summary="Ret et mål",
    description=(
        "Ret det, der er nævnt, og lad resten stå. »version« er den udgave, du har læst; har en anden rettet imens, er "
        "svaret 409 med begge udgaver, og intet er ændret. Omfang: record.write."
    ),
)
@api_write("record.write")
def patch_goal(request: HttpRequest, goal: GoalPath, change: GoalChange) -> Write:
    """Change a goal."""
    found = opened_row(request, whole_goals(), goal, PART)
    person = found.citizen

    def write() -> Answer:
        typed = change.model_dump(exclude={"version"}, exclude_unset=True)
        try:
            text = _text(person, typed, found)
            changed = change_goal(caller(request), found, text, version=change.version)
        except Changed as clash:
            yours = change.model_dump(mode="json", exclude={"version"}, exclude_unset=True)
            current = goal_out(clash.current, person)
            return Answer(409, GoalClash(detail=str(clash), current=current, yours=yours))
        return Answer(200, goal_out(changed, person))

    return write


def _text(person: Citizen, typed: dict[str, Any], held: Goal | None = None) -> GoalText:
    """What is agreed: as typed, and where nothing was typed as it stands. Refusal for what the citizen does not have."""
    values = (_as_held(held) if held else {}) | {
        name: value for name, value in typed.items() if value is not None or name in _MAY_BE_EMPTIED
    }
    if "wish" in typed:
        values["wish"] = _own(Wish.objects.filter(citizen=person), typed["wish"], "wish", _("Ønsket"))
    if "parent" in typed:
        values["parent"] = _own(
            Goal.objects.filter(citizen=person), typed["parent"], "parent", _("Målet ovenover")
        )
    if typed.get("theme") is not None:
        values["theme"] = next(iter(_themes([typed["theme"]], "theme")), None) if typed["theme"] else None
    if typed.get("other_themes") is not None:
        values["other_themes"] = tuple(_themes(typed["other_themes"], "other_themes"))
    if typed.get("levels") is not None:
        values["levels"] = _levels(typed["levels"])
    values["agreed_with"] = tuple(values.get("agreed_with", ()))
    return GoalText(**values)


# What is emptied by null; the rest is left as it is, and emptied by an empty text.
_MAY_BE_EMPTIED = {"wish", "parent", "follow_up_on"}


def _as_held(held: Goal) -> dict[str, Any]:
    same = (
        "title", "kind", "starts_on", "description", "wish", "parent", "municipal_goal", "agreed_with",
        "agreed_note", "pejlemaerke", "un_target", "follow_up_on",
    )  # fmt: skip
    themes = list(held.goal_themes.select_related("theme").order_by("rank", "theme__number"))
    return {name: getattr(held, name) for name in same} | {
        "levels": dict(zip(LEVELS, held.levels, strict=True)) if held.levels else {},
        "theme": next((row.theme for row in themes if row.rank == 1), None),
        "other_themes": tuple(row.theme for row in themes if row.rank != 1),
    }


def _levels(words: list[str]) -> dict[int, str]:
    if len(words) not in (0, len(LEVELS)):
        raise Refusal(_("Beskriv alle fem trin, eller ingen."), "levels")
    return dict(zip(LEVELS, words, strict=False))


def _themes(codes: list[str], field: str) -> list[Theme]:
    """Themes by their codes. Refusal for one that is not there, or no longer used."""
    found: dict[str, Theme] = {
        theme.code: theme
        for theme in Theme.objects.filter(code__in=codes, retired_on__isnull=True).order_by("-list")
    }
    if set(codes) - set(found):
        raise Refusal(_("Temaet er der ikke. Brug en kode fra listen over temaer."), field)
    return [found[code] for code in dict.fromkeys(codes)]


def _own(rows: QuerySet[Any], key: UUID | None, field: str, word: str) -> Any:
    if key is None:
        return None
    found = rows.filter(key=key).first()
    if found is None:
        raise Refusal(_("%(what)s hører ikke til denne borger.") % {"what": word}, field)
    return found


def _out(goal: Goal, citizen: Citizen, themes: list[ThemeOut]) -> GoalOut:
    return GoalOut(
        id=goal.key,
        citizen=citizen.key,
        title=goal.title,
        kind=goal.kind,
        description=goal.description,
        levels=goal.levels,
        wish=goal.wish.key if goal.wish else None,
        parent=goal.parent.key if goal.parent else None,
        themes=themes,
        municipal_goal=goal.municipal_goal,
        agreed_with=goal.agreed_with,
        agreed_note=goal.agreed_note,
        pejlemaerke=goal.pejlemaerke,
        un_target=goal.un_target,
        starts_on=goal.starts_on,
        follow_up_on=goal.follow_up_on,
        closed_on=goal.closed_on,
        closed_note=goal.closed_note,
        version=goal.version,
        written_by=str(goal.written_by),
        written_at=goal.written_at,
    )
