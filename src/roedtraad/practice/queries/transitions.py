"""Questions about transitions: a citizen's, one whole, what waits for somebody, and what is coming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, danish
from roedtraad.journeys.models import StayDays
from roedtraad.journeys.queries.moves import MoveKind, citizens_of, coming_moves
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.models import PlaceTerm
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.handover_access import received_packages, transitions
from roedtraad.practice.models import (
    HandoverPackage,
    PackagePart,
    PackageQuestion,
    PackageReceipt,
    Transition,
    TransitionStep,
)
from roedtraad.practice.rules import transitions as rules
from roedtraad.practice.rules.transitions import Phase

if TYPE_CHECKING:
    from roedtraad.accounts.models import User
    from roedtraad.organisation.tree import Tree

PHASE_WORDS = {
    Phase.BEFORE: "før",
    Phase.DURING: "under",
    Phase.AFTER: "efter",
    Phase.OVER: "afsluttet",
}
PHASE_HEADS = {Phase.BEFORE: "Før", Phase.DURING: "Under", Phase.AFTER: "Efter"}
WEEKS_AHEAD = 13
# A transition belongs to a move that is this near its day.
SAME_MOVE = dt.timedelta(days=60)
SHOWN = 60


@dataclass(frozen=True)
class StepRow:
    """A step, when it should be taken and where it is seen to, in words."""

    step: TransitionStep
    late: bool
    due: str
    where: str


@dataclass(frozen=True)
class Whole:
    """A transition with its phase, where from and to in words, and its steps by phase."""

    transition: Transition
    phase: Phase
    origin: str
    goal: str
    steps: list[StepRow]

    @property
    def phase_words(self) -> str:
        """Where it is, in a word."""
        return _("opgivet") if self.transition.cancelled_on else PHASE_WORDS[self.phase]

    @property
    def state(self) -> str:
        """How the phase is shown, by the design's four states."""
        if self.transition.cancelled_on or self.phase is Phase.OVER:
            return "none"
        return (
            "attention"
            if self.late or self.waits_for_day
            else "partly"
            if self.phase is Phase.DURING
            else "good"
        )

    @property
    def late(self) -> int:
        """How many steps should have been taken."""
        return sum(row.late for row in self.steps) if not self.transition.cancelled_on else 0

    @property
    def open(self) -> int:
        """How many steps nobody has settled."""
        return sum(not row.step.settled for row in self.steps)

    @property
    def waits_for_day(self) -> bool:
        """Has the planned day come without anybody saying that it happened?"""
        found = self.transition
        return found.happened_on is None and found.cancelled_on is None and found.planned_on <= clock.today()

    @property
    def by_phase(self) -> list[tuple[str, str, bool, list[StepRow]]]:
        """Value, heading, whether it is the present one, and the steps, of each phase."""
        return [
            (
                phase.value,
                PHASE_HEADS[phase],
                phase is self.phase,
                [row for row in self.steps if row.step.phase == phase.value],
            )
            for phase in rules.STEP_PHASES
        ]

    @property
    def theirs(self) -> list[StepRow]:
        """The steps of the end that receives."""
        return [row for row in self.steps if row.step.side != TransitionStep.Side.FROM]


def whole(found: Transition, tree: Tree) -> Whole:
    """The transition as it stands; its steps are read with it or at hand."""
    today = clock.today()
    steps = sorted(
        found.steps.all(),
        key=lambda one: (rules.ORDER[Phase(one.phase)], one.due_on or dt.date.max, one.pk),
    )
    states = [rules.StepState(Phase(one.phase), one.settled, one.due_on) for one in steps]
    town = found.to_municipality.name if found.to_municipality is not None else ""
    origin = _unit(tree, found.from_unit_id) or found.from_outside
    goal = _unit(tree, found.to_unit_id) or town or found.to_outside
    where = {TransitionStep.Side.FROM.value: origin, TransitionStep.Side.TO.value: goal}
    return Whole(
        transition=found,
        phase=rules.phase_of(found.planned_on, found.happened_on, today, states),
        origin=origin,
        goal=goal,
        steps=[
            StepRow(
                one,
                rules.is_late(one.due_on, one.settled, today),
                "" if one.settled else rules.due_words(one.due_on, today),
                where.get(one.side) or str(one.get_side_display()),
            )
            for one in steps
        ],
    )


def transitions_of(citizen: Citizen) -> list[Whole]:
    """The citizen's transitions, those under way first, then the newest. Three SQL statements."""
    tree = last_known_tree(clock.today())
    found = [whole(one, tree) for one in _with_steps(Transition.objects.filter(citizen=citizen))]
    return sorted(found, key=lambda one: one.transition.cancelled_on is not None or one.phase is Phase.OVER)


def one_of(citizen: Citizen, key: UUID) -> Transition | None:
    """The citizen's transition with this key, with its steps. Two SQL statements."""
    found: Transition | None = _with_steps(Transition.objects.filter(citizen=citizen, key=key)).first()
    return found


def packages_of(found: Transition) -> list[HandoverPackage]:
    """The transition's packages, the newest first, with how many have read and what is unanswered. One SQL."""
    return list(
        HandoverPackage.objects.filter(transition=found)
        .select_related("written_by", "reviewed_by", "sent_by", "recalled_by")
        .annotate(
            readers=Count("receipts", distinct=True),
            unanswered=Count("questions", filter=Q(questions__answer=""), distinct=True),
        )
        .order_by("-number")
    )


def parts_of(package: HandoverPackage, *, kept: bool = False) -> list[PackagePart]:
    """The package's parts in order; with `kept` only what is sent. One SQL statement."""
    found = PackagePart.objects.filter(package=package)
    return list((found.filter(keep=True) if kept else found).order_by("position", "pk"))


def receipts_of(package: HandoverPackage) -> list[PackageReceipt]:
    """Who has read it, the first first. One SQL statement."""
    return list(PackageReceipt.objects.filter(package=package).select_related("user").order_by("at", "pk"))


def questions_of(package: HandoverPackage) -> list[PackageQuestion]:
    """What was asked, the first first. One SQL statement."""
    found = PackageQuestion.objects.filter(package=package).select_related("asked_by", "answered_by")
    return list(found.order_by("asked_at", "pk"))


def waiting_for(user: User, unit_ids: Collection[int] | None = None) -> QuerySet[HandoverPackage]:
    """Packages that were sent to the user's end and that the user has not said to have read.

    Only those to `unit_ids` when given. Of several versions the latest. Whoever shows their names logs them.
    """
    found = _by_reading(user).filter(seen=False)
    return found if unit_ids is None else found.filter(to_unit__in=list(unit_ids))


def waiting_and_read(user: User) -> tuple[list[HandoverPackage], list[HandoverPackage]]:
    """Those that wait, the oldest first, and those the user has read, the latest first. One SQL statement."""
    found: list[Any] = list(_by_reading(user).order_by("-sent_at", "-pk")[: 2 * SHOWN])
    return [one for one in found if not one.seen][::-1], [one for one in found if one.seen]


def _by_reading(user: User) -> QuerySet[Any]:
    """What was sent to the user's end, with `seen`; of what the user has not read only the latest version."""
    read = PackageReceipt.objects.filter(package=OuterRef("pk"), user=user)
    newer = HandoverPackage.objects.filter(
        transition=OuterRef("transition"),
        sent_at__isnull=False,
        recalled_at__isnull=True,
        number__gt=OuterRef("number"),
    )
    return received_packages(user).annotate(seen=Exists(read)).filter(Q(seen=True) | ~Exists(newer))


def unanswered_for(user: User) -> list[PackageQuestion]:
    """Questions to packages from where the user works that nobody has answered, the oldest first. One SQL."""
    there = reach(user, "record.write").all_units
    since = clock.today() - rules.BOTH_ENDS_READ
    return list(
        PackageQuestion.objects.filter(
            Q(package__transition__happened_on__gte=since)
            | Q(package__transition__happened_on__isnull=True, package__transition__planned_on__gte=since),
            answer="",
            package__recalled_at__isnull=True,
            package__transition__from_unit__in=there,
        )
        .select_related("package", "asked_by")
        .order_by("asked_at", "pk")[:SHOWN]
    )


def under_way(user: User, tree: Tree) -> list[Whole]:
    """The transitions out of and into where the user works that are not over, by day. Two SQL statements."""
    there = reach(user, "record.write").all_units
    since = clock.today() - rules.BOTH_ENDS_READ
    mine = Citizen.objects.filter(visible_q(CITIZEN, user, "record.write"), pk=OuterRef("citizen_id"))
    found = transitions().filter(
        Q(from_unit__in=there) | Q(to_unit__in=there),
        Exists(mine),
        change__gte=since,
        cancelled_on__isnull=True,
    )
    rows = [whole(one, tree) for one in _with_steps(found).select_related("citizen").order_by("change", "pk")]
    return [row for row in rows if row.phase is not Phase.OVER][:SHOWN]


@dataclass(frozen=True)
class Unprepared:
    """A change that is coming and that nobody has begun a transition for; `stay_id` where it is a stay's."""

    citizen_id: int
    key: UUID
    name: str
    words: str
    day: dt.date
    where: str
    stay_id: int | None = None


def unprepared(user: User, tree: Tree) -> list[Unprepared]:
    """Moves that are booked, and children who turn 18, without a transition, by day. Four SQL statements.

    Of the citizens whose record the user writes in. Whoever shows them logs them.
    """
    today = clock.today()
    units = reach(user, "record.write").all_units
    moves = [
        move
        for move in coming_moves(today, WEEKS_AHEAD, units)
        if move.kind in (MoveKind.COMING, MoveKind.LEAVING)
    ]
    people = citizens_of(user, [move.stay_id for move in moves])
    found = [
        Unprepared(
            move.citizen_id,
            UUID(people[move.stay_id].key),
            people[move.stay_id].name,
            str(move.words),
            move.day,
            _unit(tree, move.unit_id),
            move.stay_id,
        )
        for move in moves
        if move.stay_id in people
    ]
    found += [
        Unprepared(child.pk, child.key, str(child), _("fylder 18"), rules.adult_on(child.birth_date), "")
        for child in _soon_adult(user, today)
        if rules.adult_on(child.birth_date) >= today
    ]
    begun: dict[int, list[dt.date]] = {}
    for citizen_id, day in (
        transitions()
        .filter(citizen__in={one.citizen_id for one in found}, cancelled_on__isnull=True)
        .values_list("citizen_id", "change")
    ):
        begun.setdefault(citizen_id, []).append(day)
    return sorted(
        (
            one
            for one in found
            if not any(abs(day - one.day) <= SAME_MOVE for day in begun.get(one.citizen_id, []))
        ),
        key=lambda one: (one.day, danish.sort_key(one.name)),
    )[:SHOWN]


def unprepared_of(citizen: Citizen, begun: Collection[Whole]) -> Unprepared | None:
    """The citizen's next change that nobody has begun a transition for. One SQL statement."""
    today = clock.today()
    ahead = today + dt.timedelta(weeks=WEEKS_AHEAD)
    changes: list[tuple[dt.date, str, int | None]] = []
    for stay in StayDays.objects.booked().filter(citizen_id=citizen.pk, actual_end__isnull=True):
        if stay.actual_start is None and today <= stay.ordered_start <= ahead:
            changes.append((stay.ordered_start, _("flytter ind"), stay.pk))
        if stay.ordered_end is not None and stay.actual_start and today <= stay.ordered_end <= ahead:
            changes.append((stay.ordered_end, _("flytter ud"), stay.pk))
    adult = rules.adult_on(citizen.birth_date)
    if today <= adult <= today + rules.ADULT_AHEAD:
        changes.append((adult, _("fylder 18"), None))
    days = [one.transition.day for one in begun if one.transition.cancelled_on is None]
    for day, said, stay_id in sorted(changes, key=lambda one: one[0]):
        if not any(abs(known - day) <= SAME_MOVE for known in days):
            return Unprepared(citizen.pk, citizen.key, str(citizen), said, day, "", stay_id)
    return None


def staff_of(tree: Tree, unit_id: int | None) -> list[tuple[int, str]]:
    """Those who work or lead in a unit, by name: (number, name). One SQL statement; none without a unit."""
    if unit_id is None:
        return []
    path = [node.id for node in tree.path(unit_id)]
    grants = (
        Grant.objects.in_force()
        .filter(role__in=(Role.SUPPORT_WORKER, Role.LEADER), unit__in=path, user__is_active=True)
        .select_related("user")
    )
    named = {grant.user_id: str(grant.user) for grant in grants}
    return sorted(named.items(), key=lambda one: danish.sort_key(one[1]))


def _soon_adult(user: User, today: dt.date) -> QuerySet[Citizen]:
    """Those who live where the user works and turn 18 within the year."""
    years = rules.ADULT_AT
    lives = StayDays.objects.occupying(today).filter(citizen_id=OuterRef("pk"))
    homes = PlaceTerm.objects.filter(
        place=OuterRef("place"),
        valid__contains=today,
        unit__in=list(reach(user, "record.write").all_units),
    )
    youngest = today.replace(year=today.year - years, day=min(today.day, 28))
    return Citizen.objects.filter(
        visible_q(CITIZEN, user, "record.write"),
        Exists(lives.filter(Exists(homes))),
        birth_date__gte=youngest,
        birth_date__lte=youngest + rules.ADULT_AHEAD,
    ).order_by("birth_date", "pk")


def _with_steps(found: QuerySet[Transition]) -> QuerySet[Any]:
    steps = TransitionStep.objects.select_related("settled_by")
    return (
        found.select_related("to_municipality", "from_responsible", "to_responsible", "written_by", "wish")
        .prefetch_related(Prefetch("steps", steps))
        .order_by(F("planned_on").desc(), "-pk")
    )


def _unit(tree: Tree, unit_id: int | None) -> str:
    node = tree.by_id.get(unit_id) if unit_id is not None else None
    return node.label if node else ""
