"""What the phrase bank is made of: phrases that know whom they fit, wishes, goals, methods, people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from roedtraad.demo.distributions import ADULT, CHILD, DAY, RESIDENTIAL

DAY_SHIFT, EVENING, NIGHT = "day", "evening", "night"
SHIFTS = (DAY_SHIFT, EVENING, NIGHT)
PROGRESS, STANDSTILL, SETBACK = "progress", "standstill", "setback"
BY_DAY, BY_EVENING, BY_NIGHT, IN_BED = (DAY_SHIFT,), (EVENING,), (NIGHT,), (EVENING, NIGHT)
TRENDS = (PROGRESS, STANDSTILL, SETBACK)
DEVELOP, MAINTAIN, LIMIT_LOSS = "develop", "maintain", "limit_loss"
GOAL_KINDS = (DEVELOP, MAINTAIN, LIMIT_LOSS)
EVIDENCE = ("none", "some", "good")
# Below and from the age when one speaks of trades, exams and going out alone.
SMALL, YOUNG, YOUNG_FROM = "small", "young", 13
# How heavy a risk or a support need is.
CALM, WATCH, HIGH = "green", "yellow", "red"
RISK_LEVELS = (CALM, WATCH, HIGH)
LIGHT, HEAVY = "light", "heavy"
CITIZEN, RELATIVE, STAFF, PROFESSIONAL = "citizen", "relative", "staff", "professional"
ABSENCES = ("holiday", "hospital", "home", "ill")
PHASES = ("before", "during", "after")
# The codes of the short list of themes, and the sectors of the network map, as the record knows them.
THEMES = (
    "everyday", "self_care", "health", "mind", "thinking", "communication",
    "relations", "getting_about", "occupation", "leisure", "money_home", "sleep_habits",
)  # fmt: skip
SECTORS = ("family_friends", "education_work", "leisure", "home", "other")
TIERS = ("primary", "secondary", "tertiary")
TARGET_GROUPS = (
    "autism", "brain_injury", "social_psychiatry", "developmental", "disability", "crime", "communication",
)  # fmt: skip
# How a wish came onto paper. The empty key: written by the citizen alone.
HELP = {
    "": "Skrevet selv",
    "dictated": "Sagt højt og skrevet ned af en medarbejder",
    "pictures": "Vist med billeder og sat i ord sammen",
    "relative": "Fortalt sammen med en pårørende",
    "tablet": "Talt ind på tavlen og rettet sammen",
    "signs": "Vist med tegn og gentaget, til det var rigtigt",
}

# Each word a phrase may be limited by, and the question it answers. A word of one question can't be mistaken
# for a word of another: what is told of the moment carries its question's name.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "age": (CHILD, ADULT),
    "years": (SMALL, YOUNG),
    "category": (RESIDENTIAL, DAY),
    "group": tuple(f"for:{group}" for group in TARGET_GROUPS),
    "shift": tuple(f"at:{shift}" for shift in SHIFTS),
    "trend": TRENDS,
    "risk": RISK_LEVELS,
    "theme": tuple(f"about:{theme}" for theme in THEMES),
    "need": (LIGHT, HEAVY),
    "by": tuple(f"by:{who}" for who in (CITIZEN, RELATIVE, STAFF, PROFESSIONAL)),
    "to": tuple(f"to:{who}" for who in (CITIZEN, RELATIVE, STAFF)),
    "absence": tuple(f"away:{kind}" for kind in ABSENCES),
    "phase": tuple(f"phase:{phase}" for phase in PHASES),
}
_QUESTION_OF = {word: question for question, words in QUESTIONS.items() for word in words}


def fits(only: str, words: frozenset[str]) -> bool:
    """Whether something limited to `only` (words with spaces) fits a person and moment told by `words`.

    Words of one question are alternatives; each question asked must be met; a word with a minus before it must
    not be told. No words: it fits all. Raises KeyError for a word that answers no question.
    """
    asked: dict[str, bool] = {}
    for word in only.split():
        question = _QUESTION_OF[word.removeprefix("-")]
        if word.startswith("-"):
            asked[word] = word[1:] not in words
        else:
            asked[question] = asked.get(question, False) or word in words
    return all(asked.values())


class Bank:
    """Phrases by whom and when they fit: {"child at:night": ("…", …)}."""

    def __init__(self, phrases: Mapping[str, tuple[str, ...]]) -> None:
        for only in phrases:
            fits(only, frozenset())  # a word nobody knows is refused here, not on a rare day
        self._phrases = dict(phrases)
        self._found: dict[frozenset[str], tuple[str, ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return (text for texts in self._phrases.values() for text in texts)

    def fitting(self, words: frozenset[str]) -> tuple[str, ...]:
        """The phrases that fit, in the order written. Remembered: a demo year asks a million times."""
        if words not in self._found:
            self._found[words] = tuple(
                text for only, texts in self._phrases.items() if fits(only, words) for text in texts
            )
        return self._found[words]


@dataclass(frozen=True)
class Wish:
    """A wish in the citizen's own words. `help` is a key of HELP: how it came onto paper."""

    key: str
    text: str
    only: str = ""
    help: str = ""


@dataclass(frozen=True)
class Method:
    """An approach in our own words. `evidence` is none, some or good; `evidence_note` says what it rests on."""

    key: str
    name: str
    description: str
    evidence: str
    evidence_note: str


@dataclass(frozen=True)
class Effort:
    """What is done for a goal: by which method, how many times a week, how many minutes each time."""

    method: str
    title: str
    times_a_week: int
    minutes: int


@dataclass(frozen=True)
class Goal:
    """One goal with all that belongs to it. `levels` are the five attainment levels −2 … +2, in that order.

    `themes[0]` is the one theme the goal addresses first; `wishes` are keys of wishes it can grow from; `at` are
    the shifts whose notes can tell of it: nobody is on the bus at night.
    """

    key: str
    title: str
    kind: str
    only: str
    themes: tuple[str, ...]
    wishes: tuple[str, ...]
    levels: tuple[str, str, str, str, str]
    municipal: str
    efforts: tuple[Effort, ...]
    sub_goals: tuple[str, str]
    progress: tuple[str, ...]
    standstill: tuple[str, ...]
    setback: tuple[str, ...]
    at: tuple[str, ...] = (DAY_SHIFT, EVENING)

    def notes(self, trend: str) -> tuple[str, ...]:
        """The note sentences of a trend."""
        return {PROGRESS: self.progress, STANDSTILL: self.standstill, SETBACK: self.setback}[trend]


@dataclass(frozen=True)
class NetworkPerson:
    """Somebody in a citizen's network: who, in which sector, how close (primary, secondary, tertiary)."""

    who: str
    sector: str
    tier: str
    only: str = ""
