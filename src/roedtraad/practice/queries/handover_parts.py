"""What a handover package is drafted from: the parts of the record, each told in lines with where they come from.

A part is one `PackageSource`; floors above add theirs with `provide_part` when Django starts, as they do with the line
of time. Nothing is typed: what the next place must know stands in the record already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Consent
from roedtraad.citizens.network.queries import drawn
from roedtraad.citizens.relations.queries import life_of
from roedtraad.core import clock
from roedtraad.core.danish import day as in_words
from roedtraad.practice.models import AssessmentScore, Goal, Note
from roedtraad.practice.queries.assessments import finished_of
from roedtraad.practice.queries.goals import Lane, goals_of, lanes, wishes_now
from roedtraad.practice.queries.tasks import series_of_citizen
from roedtraad.practice.queries.timeline import link
from roedtraad.practice.rules import recurrence
from roedtraad.practice.rules.goals import Outcome

if TYPE_CHECKING:
    from roedtraad.citizens.models import Citizen
    from roedtraad.practice.models import Transition

#: So many of the latest notes that are marked to go with the handover, and so far back.
LATEST_NOTES, NOTES_BACK = 8, dt.timedelta(days=90)
LONGEST_LINE = 700
TEXTS_OF = {
    "communication": ("communication", "child_appearance"),
    "calm": ("mind", "child_feelings"),
    "everyday": ("self_care", "everyday", "sleep_habits", "child_independence"),
    "health": ("health", "child_health"),
}
Scope = Consent.Scope


@dataclass(frozen=True)
class Fact:
    """A line of a part: what is so, what says so, of which day, and the page it stands on in the record."""

    text: str
    source: str
    on: dt.date | None = None
    url: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked for: of whom, for which change, and what several parts are made of."""

    citizen: Citizen
    transition: Transition
    assessed: dict[str, list[AssessmentScore]]
    board: list[Note]


@dataclass(frozen=True)
class PackageSource:
    """A part of every package: its name, title, place in the order, the consent it needs, and what it is made of.

    A fixed number of SQL statements each.
    """

    name: str
    title: Any
    position: int
    scope: str
    facts: Callable[[Asked], Iterable[Fact]]


@dataclass(frozen=True)
class Draft:
    """A part as the record tells it today."""

    source: PackageSource
    facts: list[Fact]

    @property
    def text(self) -> str:
        """The lines together."""
        return "\n".join(fact.text for fact in self.facts)


_sources: dict[str, PackageSource] = {}


def provide_part(source: PackageSource) -> None:
    """Add a part; called when Django starts. Giving a name again replaces it."""
    _sources[source.name] = source


def drafted(citizen: Citizen, transition: Transition) -> list[Draft]:
    """The parts the record has something for, in order. The caller may read the record. At most 20 SQL statements."""
    board = list(
        Note.objects.filter(
            citizen=citizen, sticky_until__gte=clock.today(), withdrawn_at__isnull=True
        ).order_by("-occurred_at", "-pk")
    )
    asked = Asked(citizen, transition, _assessed(citizen), board)
    found = [
        Draft(source, list(source.facts(asked)))
        for source in sorted(_sources.values(), key=lambda one: (one.position, one.name))
    ]
    return [draft for draft in found if draft.facts]


def line(text: str) -> str:
    """A text as one line of a part: what is too long is cut at a word, and says so."""
    flat = " ".join(text.split())
    if len(flat) <= LONGEST_LINE:
        return flat
    return f"{flat[:LONGEST_LINE].rsplit(' ', 1)[0]} …"


def _assessed(citizen: Citizen) -> dict[str, list[AssessmentScore]]:
    """What the latest finished assessment says in words, by theme. Two SQL statements."""
    latest = next(iter(finished_of(citizen)), None)
    if latest is None:
        return {}
    rows = (
        AssessmentScore.objects.filter(assessment=latest)
        .select_related("theme", "assessment")
        .order_by("theme__number", "pk")
    )
    found: dict[str, list[AssessmentScore]] = {}
    for row in rows:
        found.setdefault(row.theme.code, []).append(row)
    return found


def _themes(asked: Asked, name: str) -> Iterable[Fact]:
    """What the assessment says of the themes of a part: the staff's words, then the citizen's own."""
    for code in TEXTS_OF[name]:
        for score in asked.assessed.get(code, []):
            assessment = score.assessment
            url = link("practice:assessment", asked.citizen.key, assessment.key)
            theme, day = score.theme.name, assessment.assessed_on
            if score.text.strip():
                yield Fact(line(score.text), _("Udredning: %(theme)s") % {"theme": theme}, day, url)
            if score.citizen_text.strip():
                own = _("Borgerens egne ord: %(theme)s") % {"theme": theme}
                yield Fact(f"»{line(score.citizen_text)}«", own, day, url)


def _wishes(asked: Asked) -> Iterable[Fact]:
    own = asked.transition.own_words.strip()
    if own:
        yield Fact(
            f"»{line(own)}«",
            _("Om flytningen, %(words)s") % {"words": asked.transition.get_words_display()},
            clock.today(),
        )
    url = link("practice:wishes", asked.citizen.key)
    for wish in wishes_now(asked.citizen):
        yield Fact(f"»{line(wish.text)}«", _("Ønske"), _day(wish.written_at), url)


def _board(asked: Asked) -> Iterable[Fact]:
    for note in asked.board:
        yield _note(asked, note, _("Tavlen"))


def _notes(asked: Asked) -> Iterable[Fact]:
    latest = Note.objects.filter(
        citizen=asked.citizen,
        important=True,
        withdrawn_at__isnull=True,
        occurred_at__gte=clock.now() - NOTES_BACK,
    ).order_by("-occurred_at", "-pk")[:LATEST_NOTES]
    on_the_board = {note.pk for note in asked.board}
    for note in latest:
        if note.pk not in on_the_board:
            yield _note(asked, note, _("Notat"))


def _note(asked: Asked, note: Note, source: str) -> Fact:
    return Fact(
        line(note.text),
        source,
        _day(note.occurred_at),
        link("practice:note", asked.citizen.key, note.key),
    )


def _goals(asked: Asked) -> Iterable[Fact]:
    for lane in _every(lanes(list(goals_of(asked.citizen, closed=False)), with_notes=False)):
        goal = lane.goal
        said = f"{goal.title}: {lane.outcome_words}"
        if lane.level_words:
            said += f" ({lane.level_words})"
        yield Fact(line(said), _("Mål"), goal.starts_on, _goal(asked, goal))
        for row in lane.efforts:
            if not row.runs:
                continue
            effort = row.effort
            how = f"{effort.times} × {effort.minutes} min. {effort.get_per_display()}"
            works = _("virker") if lane.outcome in (Outcome.REACHED, Outcome.PROGRESSED) else ""
            told = " · ".join(filter(None, (f"– {effort.title}", how, works, effort.description.strip())))
            yield Fact(line(told), _("Indsats"), effort.starts_on, _goal(asked, goal))


def _every(tops: Iterable[Lane]) -> Iterable[Lane]:
    for lane in tops:
        yield lane
        yield from lane.subgoals


def _goal(asked: Asked, goal: Goal) -> str:
    return link("practice:goal", asked.citizen.key, goal.key)


def _people(asked: Asked) -> Iterable[Fact]:
    life = life_of(asked.citizen)
    url = link("citizens:relations", asked.citizen.key)
    for row in life.relations:
        if row.now:
            one = row.row
            chosen = _("valgt af borgeren") if one.chosen_by_citizen else ""
            told = (one.name, one.get_kind_display(), chosen, one.phone, one.note)
            yield Fact(line(" · ".join(filter(None, told))), _("Relation"), row.row.valid.lower, url)
    for row in life.guardianships:
        if row.now:
            guardian = _("Værge: %(name)s") % {"name": row.row.guardian}
            yield Fact(
                line(f"{guardian} · {row.row.get_form_display()}"), _("Værgemål"), row.row.valid.lower, url
            )
    for row in life.consents:
        if row.now:
            said = _("Samtykke: %(who)s må få %(what)s") % {
                "who": row.row.receiver,
                "what": ", ".join(row.row.shares),
            }
            yield Fact(line(said), _("Samtykke"), row.row.valid.lower, url)


def _network(asked: Asked) -> Iterable[Fact]:
    found = drawn(asked.citizen)
    if found is None:
        return
    url = link("citizens:network", asked.citizen.key)
    nearest = min((person.ring for person in found.people), default=0)
    for person in found.people:
        if person.ring == nearest:
            said = " · ".join(filter(None, (person.name, person.what)))
            yield Fact(line(said), _("Netværkskort, den inderste ring"), found.map.drawn_on, url)


def _series(asked: Asked) -> Iterable[Fact]:
    url = link("practice:tasks", asked.citizen.key)
    for series in series_of_citizen(asked.citizen.pk):
        try:
            again = recurrence.in_words(recurrence.parse(series.rule), series.at)
        except ValueError:
            again = ""
        told = " · ".join(filter(None, (series.title, again, series.instruction.strip())))
        yield Fact(line(told), _("Fast opgave"), series.first_on, url)


def _ties(asked: Asked) -> Iterable[Fact]:
    for tie in asked.transition.ties.order_by("what", "pk"):
        told = (tie.name, tie.get_what_display(), tie.how)
        yield Fact(line(" · ".join(filter(None, told))), _("Aftalt om flytningen"), _day(tie.written_at))


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.COPENHAGEN).date()


def source_words(fact: Fact) -> str:
    """The source and its day, as a line shows it."""
    return f"{fact.source}, {in_words(fact.on)}" if fact.on else fact.source


SOURCES = (
    PackageSource("oensker", gettext_lazy("Ønsker, med borgerens egne ord"), 10, Scope.WISHES, _wishes),
    PackageSource(
        "kommunikation",
        gettext_lazy("Sådan taler vi sammen"),
        20,
        Scope.NOTES,
        lambda asked: _themes(asked, "communication"),
    ),
    PackageSource(
        "ro",
        gettext_lazy("Det, der giver ro, og det, der udløser uro"),
        30,
        Scope.NOTES,
        lambda asked: _themes(asked, "calm"),
    ),
    PackageSource("tavlen", gettext_lazy("Det, alle skal vide nu"), 40, Scope.NOTES, _board),
    PackageSource(
        "helbred", gettext_lazy("Helbred"), 60, Scope.NOTES, lambda asked: _themes(asked, "health")
    ),
    PackageSource(
        "hverdag",
        gettext_lazy("Hverdagen"),
        65,
        Scope.NOTES,
        lambda asked: _themes(asked, "everyday"),
    ),
    PackageSource("maal", gettext_lazy("Mål, og det, der virker"), 70, Scope.GOALS, _goals),
    PackageSource("opgaver", gettext_lazy("Faste opgaver"), 80, Scope.CALENDAR, _series),
    PackageSource("netvaerk", gettext_lazy("De nærmeste"), 100, Scope.NETWORK, _network),
    PackageSource("farvel", gettext_lazy("Farvel og på gensyn"), 105, Scope.NETWORK, _ties),
    PackageSource("relationer", gettext_lazy("Pårørende, værge og samtykker"), 110, Scope.NETWORK, _people),
    PackageSource("notater", gettext_lazy("Vigtigt fra den sidste tid"), 120, Scope.NOTES, _notes),
)


def provide() -> None:
    """Put the record's own parts into every package."""
    for source in SOURCES:
        provide_part(source)
