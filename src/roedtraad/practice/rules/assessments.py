"""The functional assessment: levels, themes, two views of them, and what has changed. Pure.

Levels and support needs are those of KL's Fælles Faglige Begreber. Where the terminology is not loaded the product
uses the short list below, in words of its own. Children are seen from the three sides of the ICS triangle (Integrated
Children's System): the child's development, the parents, and the family with what surrounds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How limited somebody is; NOT_ASSESSED is KL's own code for it."""

    NONE = 0
    LIGHT = 1
    MODERATE = 2
    SEVERE = 3
    COMPLETE = 4
    NOT_ASSESSED = 9


LEVEL_WORDS: Mapping[Level, str] = {
    Level.NONE: "ingen begrænsning",
    Level.LIGHT: "let nedsat",
    Level.MODERATE: "moderat nedsat",
    Level.SEVERE: "svært nedsat",
    Level.COMPLETE: "fuldstændigt nedsat",
    Level.NOT_ASSESSED: "ikke vurderet",
}


class SupportNeed(IntEnum):
    """How much support somebody needs, all in all."""

    NONE = 0
    LIGHT = 1
    MODERATE = 2
    HIGH = 3
    COMPLETE = 4


SUPPORT_WORDS: Mapping[SupportNeed, str] = {
    SupportNeed.NONE: "intet støttebehov",
    SupportNeed.LIGHT: "let støttebehov",
    SupportNeed.MODERATE: "moderat støttebehov",
    SupportNeed.HIGH: "højt støttebehov",
    SupportNeed.COMPLETE: "fuldstændigt støttebehov",
}


ADULT_FROM = 18
# From here the two views are so far apart that one should talk about it. The figure is ours.
TALK_FROM = 2


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A part of a theme that gets a level of its own."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the assessment; without sub-themes it gets its level itself."""

    key: str
    name: str
    hint: str
    sub_themes: tuple[SubTheme, ...] = ()


ADULT_THEMES: tuple[Theme, ...] = (
    Theme("everyday", "Hverdagen hjemme", "Mad, oprydning, tøjvask og indkøb."),
    Theme("self_care", "Krop og egenomsorg", "Bad, tøj, måltider og at passe på sig selv."),
    Theme("health", "Helbred", "Sygdom, medicin, tænder, motion og kontakt med læge."),
    Theme("mind", "Sind og følelser", "Humør, uro, angst og hvad der giver ro."),
    Theme("thinking", "Tanke og overblik", "At huske, planlægge, komme i gang og holde fast."),
    Theme("communication", "At forstå og blive forstået", "Tale, tegn, billeder, skrift og hjælpemidler."),
    Theme("relations", "Mennesker omkring mig", "Familie, venner, kæreste og naboer."),
    Theme("getting_about", "At komme omkring", "Gå, køre, tage bussen og finde vej."),
    Theme("occupation", "Skole, arbejde og aktivitet", "Dagens indhold og det, man kan bidrage med."),
    Theme("leisure", "Fritid og interesser", "Det, der giver glæde, alene og sammen med andre."),
    Theme("money_home", "Penge, post og bolig", "Økonomi, breve fra det offentlige og at bo."),
    Theme("sleep_habits", "Søvn og vaner", "Døgnrytme, tobak, alkohol og stoffer."),
)

CHILD_THEMES: tuple[Theme, ...] = (
    Theme(
        "development",
        "Barnets udvikling",
        "Hvordan barnet trives og udvikler sig.",
        (
            SubTheme("child_health", "Sundhed"),
            SubTheme("child_learning", "Skole og læring"),
            SubTheme("child_feelings", "Følelser og adfærd"),
            SubTheme("child_identity", "Identitet"),
            SubTheme("child_relations", "Familie og venner"),
            SubTheme("child_appearance", "At møde andre"),
            SubTheme("child_independence", "At klare sig selv"),
        ),
    ),
    Theme(
        "parenting",
        "Forældrenes kompetencer",
        "Hvad forældrene kan give barnet.",
        (
            SubTheme("parent_care", "Omsorg i hverdagen"),
            SubTheme("parent_safety", "Sikkerhed"),
            SubTheme("parent_warmth", "Varme og nærhed"),
            SubTheme("parent_stimulation", "At vække nysgerrighed"),
            SubTheme("parent_guidance", "Vejledning og grænser"),
            SubTheme("parent_stability", "Stabilitet"),
        ),
    ),
    Theme(
        "family",
        "Familie og omgivelser",
        "Hvad der er omkring barnet og forældrene.",
        (
            SubTheme("family_history", "Familiens historie"),
            SubTheme("family_wider", "Den øvrige familie"),
            SubTheme("family_housing", "Bolig"),
            SubTheme("family_work", "Arbejde"),
            SubTheme("family_money", "Økonomi"),
            SubTheme("family_belonging", "Venner og naboer"),
            SubTheme("family_area", "Muligheder i nærområdet"),
        ),
    ),
)


class Direction(StrEnum):
    """Which way a level has gone. A lower level is better: somebody is less limited."""

    BETTER = "better"
    WORSE = "worse"
    NEW = "new"
    GONE = "gone"


DIRECTION_WORDS: Mapping[Direction, str] = {
    Direction.BETTER: "bedre",
    Direction.WORSE: "sværere",
    Direction.NEW: "nyt",
    Direction.GONE: "ikke vurderet denne gang",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a theme went from and to; None where it was not assessed."""

    theme: str
    before: Level | None
    after: Level | None
    direction: Direction


@dataclass(frozen=True, slots=True)
class Difference:
    """A theme that the citizen and the professional see differently."""

    theme: str
    citizen: Level
    professional: Level

    @property
    def steps(self) -> int:
        """How far apart they are."""
        return abs(self.citizen - self.professional)


@dataclass(frozen=True, slots=True)
class Axis:
    """A spoke of the profile: 0 to 4, or None when the theme is not assessed."""

    key: str
    name: str
    value: int | None


def list_for(born: dt.date, day: dt.date, *, ffb_loaded: Callable[[], bool]) -> str:
    """The list an assessment of somebody born then goes by on a day: »ics« until 18, else »ffb« or »short«.

    `ffb_loaded` is only asked about adults. Somebody born on 29 February is 18 on 1 March in a common year.
    """
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age < ADULT_FROM:
        return "ics"
    return "ffb" if ffb_loaded() else "short"


def to_talk_about(found: Iterable[Difference]) -> list[Difference]:
    """Of the differences between the two views, those wide enough to be worth a talk."""
    return [item for item in found if item.steps >= TALK_FROM]


def assessed(level: int | None) -> Level | None:
    """The level, or None when it says that nothing was assessed. Raises ValueError for one off the scale."""
    if level is None or level == Level.NOT_ASSESSED:
        return None
    try:
        return Level(level)
    except ValueError:
        raise ValueError("Vælg et niveau fra 0 til 4, eller 9 for ikke vurderet.") from None


def theme_score(sub_levels: Iterable[int | None]) -> Level | None:
    """A theme's level from those of its sub-themes: the highest that is assessed, None when none is.

    The highest and not the mean, so that one area where somebody needs much help is not hidden by many where they
    need none. The choice is ours; KL lets the professional judge.
    """
    known = [level for level in map(assessed, sub_levels) if level is not None]
    return max(known, default=None)


def differences(
    citizen: Mapping[str, int | None], professional: Mapping[str, int | None]
) -> list[Difference]:
    """The themes both have assessed and see differently, the widest apart first (then by the citizen's order)."""
    found = []
    for theme, own in citizen.items():
        first, second = assessed(own), assessed(professional.get(theme))
        if first is not None and second is not None and first != second:
            found.append(Difference(theme, first, second))
    return sorted(found, key=lambda item: -item.steps)


def changes(earlier: Mapping[str, int | None], later: Mapping[str, int | None]) -> list[Change]:
    """What is different from one assessment to a later one, in the order of the later; unchanged themes are left out."""
    found = []
    for theme in dict.fromkeys([*later, *earlier]):
        before, after = assessed(earlier.get(theme)), assessed(later.get(theme))
        if before == after:
            continue
        if before is None:
            direction = Direction.NEW
        elif after is None:
            direction = Direction.GONE
        else:
            direction = Direction.BETTER if after < before else Direction.WORSE
        found.append(Change(theme, before, after, direction))
    return found


def profile(themes: Sequence[Theme], levels: Mapping[str, int | None]) -> list[Axis]:
    """The spokes of the radar, one for each theme in order.

    A theme with sub-themes is their score; a level given to the theme itself goes before it.
    """
    return [Axis(theme.key, theme.name, _value(theme, levels)) for theme in themes]


def _value(theme: Theme, levels: Mapping[str, int | None]) -> int | None:
    own = assessed(levels.get(theme.key))
    score = own if own is not None else theme_score(levels.get(sub.key) for sub in theme.sub_themes)
    return None if score is None else int(score)
