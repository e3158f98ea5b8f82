"""A citizen's assessments: one beside an earlier one, theme by theme, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from roedtraad.citizens.models import Citizen
from roedtraad.practice.models import Assessment, AssessmentScore, Theme
from roedtraad.practice.rules import assessments as rules

STEPS = tuple(rules.LEVEL_WORDS[level] for level in rules.Level if level != rules.Level.NOT_ASSESSED)


@dataclass(frozen=True)
class Line:
    """A theme or sub-theme in an assessment: what was found, what the level was before, and what is under it.

    `value` and `before` are levels, those of the sub-themes where the theme has none of its own.
    """

    theme: Theme
    score: AssessmentScore | None
    value: int | None
    before: int | None
    change: rules.Change | None
    difference: rules.Difference | None
    subs: list[Line] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The level in words."""
        return level_words(self.value)

    @property
    def before_words(self) -> str:
        """The earlier level in words."""
        return level_words(self.before)

    @property
    def citizen_words(self) -> str:
        """The citizen's own level in words."""
        return level_words(rules.assessed(self.score.citizen_level) if self.score else None)

    @property
    def support_words(self) -> str:
        """How much support is needed, in words."""
        if self.score is None or self.score.support_need is None:
            return ""
        return rules.SUPPORT_WORDS[rules.SupportNeed(self.score.support_need)]

    @property
    def went_from(self) -> str:
        """The level the theme went from, as »3 svært nedsat«."""
        return numbered(self.change.before if self.change else None)

    @property
    def went_to(self) -> str:
        """The level the theme went to."""
        return numbered(self.change.after if self.change else None)

    @property
    def own_view(self) -> str:
        """The citizen's level where the two views differ."""
        return numbered(self.difference.citizen if self.difference else None)

    @property
    def our_view(self) -> str:
        """The professional's level where the two views differ."""
        return numbered(self.difference.professional if self.difference else None)

    @property
    def is_described(self) -> bool:
        """Is anything found for the theme or under it?"""
        return self.score is not None or any(sub.is_described for sub in self.subs)

    @property
    def wide(self) -> rules.Difference | None:
        """The difference between the two views, when it is wide enough to talk about."""
        return next(iter(rules.to_talk_about([self.difference] if self.difference else [])), None)


@dataclass(frozen=True)
class Picture:
    """An assessment as it is shown, beside `earlier` if there is one to compare with."""

    assessment: Assessment
    earlier: Assessment | None
    lines: list[Line]

    def everything(self) -> Iterator[Line]:
        """The themes, each followed by its sub-themes."""
        for line in self.lines:
            yield line
            yield from line.subs

    def changed(self, direction: rules.Direction) -> list[Line]:
        """The themes and sub-themes whose level has gone that way."""
        return [line for line in self.everything() if line.change and line.change.direction == direction]

    @property
    def to_talk_about(self) -> list[Line]:
        """The themes that the citizen and the professional see widely differently, the widest first."""
        wide = [(line, line.wide) for line in self.everything()]
        found = [(line, difference) for line, difference in wide if difference is not None]
        return [line for line, _difference in sorted(found, key=lambda pair: -pair[1].steps)]


def level_words(level: int | None) -> str:
    """A level in words, "" for None."""
    return "" if level is None else rules.LEVEL_WORDS[rules.Level(level)]


def numbered(level: int | None) -> str:
    """A level as number and words, »3 svært nedsat«; "" for None."""
    return "" if level is None else f"{int(level)} {level_words(level)}"


def finished_of(citizen: Citizen) -> list[Assessment]:
    """The citizen's finished assessments, the newest first. One SQL statement."""
    found = Assessment.objects.filter(citizen=citizen, finished_at__isnull=False)
    return list(found.select_related("written_by").order_by("-assessed_on", "-pk"))


def draft_of(citizen: Citizen) -> Assessment | None:
    """The draft that is open, or None. One SQL statement."""
    found = Assessment.objects.filter(citizen=citizen, finished_at__isnull=True)
    return found.select_related("written_by", "citizen").order_by("-pk").first()


def scores_of(assessment: Assessment | None) -> dict[int, AssessmentScore]:
    """What was found, by the theme's id. One SQL statement, none for None."""
    if assessment is None:
        return {}
    return {score.theme_id: score for score in AssessmentScore.objects.filter(assessment=assessment)}


def themes_of(name: str, *, used: Sequence[int] = ()) -> list[tuple[Theme, list[Theme]]]:
    """The themes of a list with their sub-themes, in order: those in use, and those that `used` names. One SQL."""
    above = Theme.objects.filter(pk__in=used).values("parent_id")
    wanted = Q(retired_on__isnull=True) | Q(pk__in=used) | Q(pk__in=above)
    everything = list(Theme.objects.filter(wanted, list=name).order_by("number"))
    subs: dict[int, list[Theme]] = {}
    for theme in everything:
        if theme.parent_id is not None:
            subs.setdefault(theme.parent_id, []).append(theme)
    return [(theme, subs.get(theme.pk, [])) for theme in everything if theme.parent_id is None]


def picture(assessment: Assessment, earlier: Assessment | None) -> Picture:
    """The assessment beside the earlier one of the same list. At most three SQL statements."""
    now, before = scores_of(assessment), scores_of(earlier)
    themes = themes_of(assessment.list, used=[*now, *before])
    after_levels, before_levels = _levels(themes, now), _levels(themes, before)
    changed = {
        item.theme: item
        for item in (rules.changes(before_levels, after_levels) if earlier is not None else [])
    }
    differing = {
        item.theme: item for item in rules.differences(_levels(themes, now, "citizen_level"), after_levels)
    }
    sides = _sides(themes)
    values, earlier_values = _values(sides, after_levels), _values(sides, before_levels)

    def line(theme: Theme, subs: Sequence[Theme] = ()) -> Line:
        return Line(
            theme=theme,
            score=now.get(theme.pk),
            value=values[theme.code],
            before=earlier_values[theme.code],
            change=changed.get(theme.code),
            difference=differing.get(theme.code),
            subs=[line(sub) for sub in subs],
        )

    return Picture(assessment, earlier, [line(theme, subs) for theme, subs in themes])


def _sides(themes: Sequence[tuple[Theme, list[Theme]]]) -> list[rules.Theme]:
    """The themes and the sub-themes as the rules know them."""
    found = []
    for theme, subs in themes:
        parts = tuple(rules.SubTheme(sub.code, sub.name) for sub in subs)
        found.append(rules.Theme(theme.code, theme.name, theme.definition, parts))
        found.extend(rules.Theme(sub.code, sub.name, sub.definition) for sub in subs)
    return found


def _values(sides: Sequence[rules.Theme], levels: Mapping[str, int | None]) -> dict[str, int | None]:
    return {axis.key: axis.value for axis in rules.profile(sides, levels)}


def _levels(
    themes: Sequence[tuple[Theme, list[Theme]]], scores: Mapping[int, AssessmentScore], name: str = "level"
) -> dict[str, int | None]:
    """The levels by the themes' codes, in the order of the list."""
    everything = [one for theme, subs in themes for one in (theme, *subs)]
    return {one.code: getattr(scores[one.pk], name) for one in everything if one.pk in scores}
