"""The records of the demo as plain rows: everybody has what is promised, believable, and the same every time."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import pytest

from roedtraad.citizens.network import rules as network
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
from roedtraad.demo import distributions as d
from roedtraad.demo import notable
from roedtraad.demo.phrases import compose, kinds
from roedtraad.demo.plan import SEED, OperatorPlan, plan
from roedtraad.demo.record import RECORDS, CitizenRecord, Records, RecordScale, digest, records
from roedtraad.demo.record_notes import FULL_UNITS, LONG_HISTORY_START, RECENT_START, NotePlan
from roedtraad.demo.record_people import NOW, YEAR_START
from roedtraad.demo.record_tasks import WEEKS, SeriesPlan, TaskPlan
from roedtraad.duty import defaults
from roedtraad.practice.rules import delivery, goals, recurrence

SMALL = RecordScale(0.08, 3_000)


@pytest.fixture(scope="module")
def region() -> OperatorPlan:
    return next(plan("region"))


@pytest.fixture(scope="module")
def found(region: OperatorPlan) -> Records:
    return records(region, SEED, SMALL)


@pytest.fixture(scope="module")
def notes(found: Records) -> list[tuple[CitizenRecord, NotePlan]]:
    return list(found.notes())


@pytest.fixture(scope="module")
def series(found: Records) -> list[SeriesPlan]:
    return list(found.series())


@pytest.fixture(scope="module")
def tasks(found: Records, series: list[SeriesPlan]) -> list[tuple[SeriesPlan, TaskPlan]]:
    return list(found.tasks(series))


def living(found: Records) -> list[CitizenRecord]:
    return [one for one in found.citizens if not one.resident.gone]


def texts(found: Records) -> Iterator[str]:
    for one in found.citizens:
        yield from (wish.text for wish in one.thread.wishes)
        for goal in one.thread.goals:
            yield from (goal.bundle.title, goal.bundle.municipal, *goal.bundle.levels)
            yield from (rating.text for rating in goal.ratings)
            yield from (follow_up.text for follow_up in goal.follow_ups)
            yield from (effort.title for effort in goal.efforts)
        for look in one.assessments:
            yield look.summary
            yield from (text for score in look.scores for text in (score.text, score.citizen_text))


def test_everybody_who_lives_or_comes_somewhere_has_a_record(region: OperatorPlan) -> None:
    full = records(region, SEED, RecordScale(1.0, 10))
    now = {
        c.key
        for c in region.citizens
        if any(s.actual_start is not None and s.actual_end is None for s in c.stays)
    }
    assert {one.resident.key for one in living(full)} == now
    assert {one.resident.key for one in full.citizens} - now == {full.known.died}
    assert len(now) > 1_000


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_the_notable_always_have_one(region: OperatorPlan, share: float) -> None:
    few = records(region, SEED, RecordScale(share, 10))
    have = {one.resident.key for one in few.citizens}
    known = few.known
    assert {known.own, known.relatives, known.long_history, *known.namesakes, known.died} <= have
    assert len(have) <= 7 + 2 * share * len(region.citizens)


def test_everybody_has_what_is_promised(found: Records) -> None:
    for one in living(found):
        running = [goal for goal in one.thread.goals if goal.closed_on is None]
        assert 3 <= len(running) <= 5
        assert 1 <= len(one.thread.wishes) <= 8
        assert all(goal.ratings and goal.efforts for goal in running)
        assert 1 <= len(one.circle.relations) <= 3
        assert 1 <= len(one.circle.maps) <= 2 and one.circle.contacts
        days = (d.CUT_DAY - one.resident.since).days
        assert len(one.assessments) == (2 if days > 500 else len(one.assessments)) >= 1


def test_wishes_follow_each_other_once_and_later(found: Records) -> None:
    what: Counter[str] = Counter()
    for one in found.citizens:
        wishes = one.thread.wishes
        followed = [wish.follows for wish in wishes if wish.follows is not None]
        assert len(set(followed)) == len(followed)
        for wish in wishes:
            what[wish.what] += 1
            assert wish.what == "wish" or wish.follows is not None
            assert (wish.words == "own") == (wish.helped_by == "")
            if wish.follows is not None:
                assert wishes[wish.follows].at.date() <= wish.at.date()
    assert what["fulfilled"] and what["let_go"]


def test_goals_keep_the_rules_of_goals(found: Records) -> None:
    outcomes: Counter[goals.Outcome] = Counter()
    overdue = running = 0
    for one in found.citizens:
        for goal in one.thread.goals:
            kind = goals.GoalKind(goal.bundle.kind)
            levels = dict(zip(goals.LEVELS, goal.bundle.levels, strict=True))
            assert goals.checked_levels(levels) == levels
            staff = [rating for rating in goal.ratings if rating.rater == "staff"]
            goals.checked_start(kind, staff[0].level)
            assert staff[0].at.date() == goal.starts_on
            assert all(one.at <= other.at for one, other in pairwise(staff))
            told = [
                goals.Rating(r.at.date(), r.level, goals.Rater(r.rater))
                for r in goal.ratings
                if not r.withdrawn_at
            ]
            outcomes[goals.outcome(kind, told, None)] += 1
            for follow_up in goal.follow_ups:
                assert goal.starts_on <= follow_up.held_on <= d.CUT_DAY
                goals.checked_follow_up(
                    goals.FollowUp(follow_up.decision), follow_up.next_on, follow_up.held_on
                )
            assert (goal.closed_on is None) == (goal.follow_up_on is not None)
            if goal.follow_up_on:
                running += 1
                overdue += goal.follow_up_on < d.CUT_DAY
    rated = sum(outcomes[outcome] for outcome in goals.RATED)
    assert outcomes[goals.Outcome.REACHED] > outcomes[goals.Outcome.LOST] > 0.05 * rated
    assert outcomes[goals.Outcome.PROGRESSED] > 0.05 * rated and outcomes[goals.Outcome.KEPT] > 0
    assert 0.03 < overdue / running < 0.25


def test_assessments_are_of_the_right_list_with_all_themes(found: Records) -> None:
    for one in found.citizens:
        for look in one.assessments:
            assert look.list == ("ics" if one.resident.is_child else "short")
            assert (
                len({score.theme for score in look.scores})
                == len(look.scores)
                == (20 if one.resident.is_child else 12)
            )
            assert all(score.level in (0, 1, 2, 3, 4, 9) for score in look.scores)
            assert not any(score.text and score.level == 9 for score in look.scores)
            assert one.resident.since <= look.assessed_on <= d.CUT_DAY
        assert [a.assessed_on for a in one.assessments] == sorted({a.assessed_on for a in one.assessments})


def test_the_people_on_a_map_stand_where_it_says(found: Records) -> None:
    two = 0
    for one in found.citizens:
        two += len(one.circle.maps) == 2
        for drawn in one.circle.maps:
            spots = [person.spot for person in drawn.people]
            assert all(network.held(spot.angle, spot.distance) == spot for spot in spots)
            assert all(network.gap(a, b) > network.APART / 2 for i, a in enumerate(spots) for b in spots[:i])
            assert len({person.key for person in drawn.people}) == len(drawn.people) > 3
    assert two


def test_consents_follow_relations_and_guardians(found: Records) -> None:
    for one in found.citizens:
        circle = one.circle
        assert len({contact.user for contact in circle.contacts}) == len(circle.contacts)
        assert [contact.role for contact in circle.contacts].count("primary") == 1
        for consent in circle.consents:
            assert (consent.relation is None) == bool(consent.municipality)
            assert not consent.by_guardian or (circle.guardian is not None and circle.guardian.personal)
            assert consent.withdrawn_at is None or consent.withdrawn_at >= consent.at
            if consent.relation is not None:
                assert circle.relations[consent.relation].chosen


def test_those_who_log_in_have_what_they_look_for(found: Records) -> None:
    by_key = {one.resident.key: one for one in found.citizens}
    own, child = by_key[found.known.own], by_key[found.known.relatives]
    assert all(wish.by == "" and wish.words == "own" for wish in own.thread.wishes)
    assert own.resident.unit == notable.WORKPLACE
    assert len([goal for goal in own.thread.goals if goal.closed_on is None]) == 5
    assert any(goal.ratings[-1].level > goal.ratings[0].level for goal in own.thread.goals)
    assert own.circle.contacts[0].user == "medarbejder"
    logins = [relation for relation in child.circle.relations if relation.login]
    assert [relation.login for relation in logins] == ["paaroerende"] and logins[0].chosen
    place = child.circle.relations.index(logins[0])
    shared = [c for c in child.circle.consents if c.relation == place and not c.withdrawn_at and not c.end]
    assert {scope for consent in shared for scope in consent.scopes} == {
        "goals",
        "notes",
        "calendar",
        "messages",
    }


def test_the_notable_are_as_they_are_said_to_be(region: OperatorPlan, found: Records) -> None:
    by_key = {citizen.key: citizen for citizen in region.citizens}
    one, other = (by_key[key] for key in found.known.namesakes)
    assert (one.first_name, one.last_name, one.birth_date) == (
        other.first_name,
        other.last_name,
        other.birth_date,
    )
    assert one.cpr and other.cpr and one.cpr != other.cpr and one.cpr[:6] == other.cpr[:6]
    assert by_key[found.known.address_protected].address_protected
    assert all(stay.actual_end is not None for stay in by_key[found.known.died].stays)
    names = {word for c in region.citizens for word in (c.first_name, c.last_name)}
    assert {"Pipaluk", "Môrssuaĸ", "Al-Masri", "Yūsuf"} <= names


def test_the_record_of_one_who_died_is_closed(
    found: Records, notes: list[tuple[CitizenRecord, NotePlan]]
) -> None:
    one = next(one for one in found.citizens if one.resident.key == found.known.died)
    assert one.resident.gone and one.resident.until < d.CUT_DAY
    assert all(goal.closed_on and goal.closed_on <= one.resident.until for goal in one.thread.goals)
    assert all(effort.ends_on for goal in one.thread.goals for effort in goal.efforts)
    assert max(note.at.date() for other, note in notes if other is one) == one.resident.until


def test_everybody_has_notes_every_day_of_the_last_weeks_and_some_before(
    found: Records, notes: list[tuple[CitizenRecord, NotePlan]]
) -> None:
    days: dict[object, list[dt.date]] = defaultdict(list)
    for one, note in notes:
        days[one.resident.key].append(note.at.date())
    for one in living(found):
        resident = one.resident
        open_days = [
            day
            for n in range((d.CUT_DAY - RECENT_START).days + 1)
            if (day := RECENT_START + dt.timedelta(days=n)) >= resident.since
            and not (resident.by_day_only and day.weekday() > 4)
        ]
        if resident.key == found.known.long_history:
            continue
        assert set(open_days) <= set(days[resident.key])
        assert min(days[resident.key], default=d.CUT_DAY) >= max(resident.since, YEAR_START)
        if resident.since < YEAR_START and resident.unit not in FULL_UNITS:
            before = [day for day in days[resident.key] if day < RECENT_START]
            assert 60 < len(before) < 135
        elif resident.since < YEAR_START and not resident.by_day_only:
            assert len(set(days[resident.key])) == 365
            assert len(days[resident.key]) > 600


def test_one_has_a_long_history(found: Records, notes: list[tuple[CitizenRecord, NotePlan]]) -> None:
    assert RECORDS["region"].long_history == 50_000
    mine = [
        note for one, note in notes if one.resident.key == found.known.long_history and not note.sticky_until
    ]
    assert len(mine) == SMALL.long_history
    assert mine[0].at.date() - LONG_HISTORY_START < dt.timedelta(days=4)
    assert [note.at.date() for note in mine] == sorted(note.at.date() for note in mine)


def test_notes_are_of_all_kinds_and_some_marked(notes: list[tuple[CitizenRecord, NotePlan]]) -> None:
    kinds_of = Counter(note.kind for _, note in notes)
    assert set(kinds_of) == {"daily", "observation", "relatives", "phone", "meeting"}
    assert kinds_of["daily"] > 0.7 * len(notes)
    linked = sum(bool(note.goals) for _, note in notes if note.kind == "daily")
    assert 0.15 < linked / kinds_of["daily"] < 0.6
    for said in ("corrected", "withdrawn_at", "important", "sticky_until", "shared_with_citizen", "tags"):
        assert any(getattr(note, said) for _, note in notes), said
    for one, note in notes:
        assert 0 < len(note.text) <= 2_000 and "{" not in note.text
        assert bool(note.withdrawn_at) == bool(note.withdrawn_reason)
        assert bool(note.corrected) == bool(note.corrected_at) == bool(note.corrected_by)
        assert note.at <= note.written_at <= NOW
        assert all(one.thread.goals[goal].runs_on(note.at.date()) for goal in note.goals)
        assert not note.shared_with_relatives or one.circle.shares("notes")


def test_there_are_many_phrases_and_all_texts_keep_their_limits(
    found: Records, notes: list[tuple[CitizenRecord, NotePlan]]
) -> None:
    every = {text for text in texts(found) if text}
    sentences = {part for _, note in notes for part in note.text.split(". ")}
    assert len(every) >= 300 and len(sentences) >= 300
    assert not any("{" in text for text in every)
    assert max(map(len, every)) <= 4_000
    for one in found.citizens:
        for goal in one.thread.goals:
            assert len(goal.bundle.title) <= 160 and len(goal.bundle.municipal) <= 300
            assert all(len(level) <= 300 for level in goal.bundle.levels)
            assert all(len(effort.title) <= 160 for effort in goal.efforts)
        assert all(len(wish.helped_by) <= 120 for wish in one.thread.wishes)


def test_every_effort_that_runs_has_a_series_with_a_rule_that_can_be_read(
    found: Records, series: list[SeriesPlan]
) -> None:
    running = {
        (one.resident.key, g, e)
        for one in living(found)
        for g, goal in enumerate(one.thread.goals)
        for e, effort in enumerate(goal.efforts)
        if effort.ends_on is None
    }
    shared = [(share.citizen, share.goal, share.effort) for each in series for share in each.shares]
    assert set(shared) == running and len(shared) == len(running)
    for each in series:
        rule = recurrence.parse(each.rule)
        assert rule.text == each.rule
        assert (each.citizen is None) == (len(each.shares) > 1)
        assert each.citizen is not None or not any(name in each.title for name in each.first_names)


def test_tasks_fall_on_the_days_of_their_series(tasks: list[tuple[SeriesPlan, TaskPlan]]) -> None:
    skipped = 0
    for plan_, task in tasks:
        assert task.due_at.weekday() in plan_.weekdays and task.due_at.time() == plan_.at
        assert plan_.first_on <= task.due_at.date() <= d.CUT_DAY
        assert bool(task.started_at) == bool(task.ended_at) != bool(task.skipped_at)
        assert bool(task.skipped_at) == bool(task.reason) and len(task.reason) <= 300
        skipped += bool(task.skipped_at)
    assert 0.02 < skipped / len(tasks) < 0.2


def test_what_was_delivered_lies_around_what_was_planned(
    found: Records, series: list[SeriesPlan], tasks: list[tuple[SeriesPlan, TaskPlan]]
) -> None:
    window = Period.inclusive(d.CUT_DAY - dt.timedelta(days=WEEKS * 7 - 1), d.CUT_DAY)
    done: dict[object, list[delivery.Task]] = defaultdict(list)
    for plan_, task in tasks:
        if task.started_at is not None:
            done[plan_.key].append(
                delivery.Task(task.key, task.by, frozenset(), task.started_at, task.ended_at)
            )
    efforts = {
        (one.resident.key, g, e): effort
        for one in found.citizens
        for g, goal in enumerate(one.thread.goals)
        for e, effort in enumerate(goal.efforts)
    }
    by_key = {one.resident.key: one for one in found.citizens}
    checked = 0
    for each in series:
        share = each.shares[0]
        away = by_key[share.citizen].away()
        effort = efforts[share.citizen, share.goal, share.effort]
        if each.first_on > window.start or away & {window.start + dt.timedelta(days=n) for n in range(28)}:
            continue
        agreed = delivery.Agreement(
            effort.times_a_week, delivery.Per.WEEK, effort.minutes, Period(effort.starts_on)
        )
        planned = delivery.planned_minutes(agreed, window)
        given = sum((delivery.task_minutes(task, window) for task in done[each.key]), Fraction(0))
        assert Fraction(60, 100) <= given / planned <= Fraction(112, 100)
        checked += 1
    assert checked > 100


def test_the_same_seed_gives_the_same_records(region: OperatorPlan) -> None:
    tiny = RecordScale(0.01, 50)
    assert digest(records(region, SEED, tiny)) == digest(records(region, SEED, tiny))
    assert digest(records(region, SEED, tiny)) != digest(records(region, SEED + 1, tiny))


def test_the_records_do_not_depend_on_how_this_process_hashes(region: OperatorPlan) -> None:
    program = (
        "from roedtraad.demo.plan import SEED, plan; from roedtraad.demo.record import *;"
        "print(digest(records(next(plan('region')), SEED, RecordScale(0.01, 50))))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "1", "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.strip() == digest(records(region, SEED, RecordScale(0.01, 50)))


def test_a_larger_world_has_few_records() -> None:
    assert RECORDS["national"] == RECORDS["x20"]
    assert RECORDS["x20"].share <= 0.1 and RECORDS["x20"].long_history < 5_000


def test_shifts_are_by_the_clock_in_denmark(notes: list[tuple[CitizenRecord, NotePlan]]) -> None:
    assert {note.at.tzinfo for _, note in notes} == {COPENHAGEN}
    assert all(
        note.at.weekday() < 5 for one, note in notes if one.resident.by_day_only and not note.sticky_until
    )


def test_goals_are_of_the_short_list_of_themes(found: Records) -> None:
    assert set(kinds.THEMES) >= {theme for g in compose.GOALS for theme in g.themes}
    assert {goal.bundle.themes[0] for one in found.citizens for goal in one.thread.goals} == set(kinds.THEMES)


def test_nobody_is_in_two_places_and_a_day_away_has_only_a_call(
    found: Records, notes: list[tuple[CitizenRecord, NotePlan]], tasks: list[tuple[SeriesPlan, TaskPlan]]
) -> None:
    for one in found.citizens:
        for earlier, later in pairwise(one.absences):
            assert earlier.back_at is not None and earlier.back_at < later.from_at
        assert all(absence.from_at < absence.expected_back for absence in one.absences)
    away = {one.resident.key: one.away() for one in found.citizens}
    calls = [
        note for one, note in notes if note.at.date() in away[one.resident.key] and not note.sticky_until
    ]
    assert calls and {note.kind for note in calls} == {"phone"}
    assert not [1 for p, t in tasks if p.citizen and t.started_at and t.due_at.date() in away[p.citizen]]


def test_the_risk_of_the_day_follows_what_was_seen(found: Records) -> None:
    ranks: Counter[int] = Counter()
    for _, reading in found.readings():
        ranks[reading.rank] += 1
        reached = [rank for rank, *_, least in defaults.LEVELS if least <= len(reading.seen)]
        assert reading.rank == max(reached)
        assert reading.at <= NOW and len(reading.text) <= 400
    assert ranks[0] > ranks[1] > ranks[2] > 0


def test_appointments_and_handovers_are_whole(found: Records) -> None:
    staff = {one.resident.unit: one.resident.staff for one in found.citizens}
    coming = 0
    for _, agreed in found.appointments():
        assert agreed.starts_at < agreed.ends_at and agreed.at < agreed.starts_at and len(agreed.title) <= 120
        assert not agreed.rrule or recurrence.parse(agreed.rrule).days == (agreed.starts_at.weekday(),)
        coming += agreed.starts_at > NOW
    assert coming
    seen = set()
    for left in found.handovers():
        assert (left.unit, left.day, left.code) not in seen and left.ends_at <= NOW
        seen.add((left.unit, left.day, left.code))
        assert left.by in staff[left.unit] and left.by not in {user for user, _ in left.readers}
    assert len(seen) > 40


def test_those_with_a_login_have_something_to_read(found: Records) -> None:
    talks = list(found.conversations())
    assert {login for login, _ in talks} == {"borger", "paaroerende"}
    for _, talk in talks:
        assert talk.messages[0].by == "" and talk.messages[0].at == talk.at
        assert all(one.at < other.at <= NOW for one, other in pairwise(talk.messages))
        assert all((message.side == "staff") == bool(message.by) for message in talk.messages)
    assert {face for _, face, _ in found.moods()} == {1, 2, 3, 4, 5}
