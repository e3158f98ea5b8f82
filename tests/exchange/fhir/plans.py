"""Plans that may be reported, drawn at random, with texts in every place a record has one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from roedtraad.core.clock import COPENHAGEN
from roedtraad.exchange.fhir.rules import Report
from roedtraad.exchange.fhir.terms import Part
from roedtraad.practice.rules import kl_ffb
from roedtraad.practice.rules.assessments import SupportNeed
from roedtraad.practice.rules.goals import FollowUp, GoalKind
from tests.exchange.fhir.terms import CONDITIONS, TERMS

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1))
KEYS = st.uuids(version=4).map(str)
# Words nobody could take for a part of a key, a code or a day.
TEXTS = st.text(st.sampled_from("æøåÆØÅ☀ ,!"), min_size=3, max_size=30)
ACTIVITIES = [code for code, is_activity in CONDITIONS.items() if is_activity]


@st.composite
def reports(draw: Any) -> Report:
    """A report that KL's rules let through."""
    start = draw(DAYS)
    later = st.dates(start, start + dt.timedelta(days=900))
    ordered, completed = draw(st.booleans()), draw(st.booleans())
    open_order = ordered and not completed
    conditions = tuple(
        kl_ffb.Condition(
            draw(KEYS),
            code,
            kl_ffb.Area.ACTIVITY if CONDITIONS[code] else kl_ffb.Area.FUNCTIONS,
            draw(st.sampled_from([0, 1, 2, 3, 4, 9])) if CONDITIONS[code] else None,
            draw(DAYS),
            draw(TEXTS),
        )
        for code in draw(st.lists(st.sampled_from(sorted(CONDITIONS)), unique=True, max_size=6))
    )
    addressable = [condition.key for condition in conditions if condition.area is kl_ffb.Area.ACTIVITY]
    goals = tuple(draw(st.lists(_goal(addressable), max_size=3))) if addressable else ()
    groups = draw(
        st.lists(
            st.sampled_from(sorted(TERMS.listed(Part.GROUP))), unique=True, min_size=open_order, max_size=3
        )
    )
    plan = kl_ffb.Plan(
        case_number=draw(st.from_regex(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,20}", fullmatch=True)),
        start=start,
        end=draw(later) if completed else None,
        ordered=ordered,
        completed=completed,
        follow_up=draw(later) if open_order or draw(st.booleans()) else None,
        target_groups=tuple(
            kl_ffb.TargetGroup(draw(KEYS), code, 1 if n == 0 else 2) for n, code in enumerate(groups)
        ),
        conditions=conditions,
        goals=goals,
        interventions=tuple(draw(st.lists(_intervention(start), max_size=2))),
        evaluations=tuple(
            draw(
                st.lists(
                    st.builds(kl_ffb.Evaluation, KEYS, st.sampled_from([int(n) for n in SupportNeed]), DAYS),
                    min_size=open_order,
                    max_size=1,
                )
            )
        ),
        results=tuple(
            draw(st.lists(st.builds(kl_ffb.Result, KEYS, st.sampled_from(FollowUp), DAYS), max_size=2))
        ),
        text=draw(TEXTS),
    )
    return Report(
        key=draw(st.uuids(version=4)),
        cpr=draw(st.sampled_from(["0201609995", "0504909989", "1502799995"])),
        organisation=draw(KEYS),
        made_at=dt.datetime(2026, 6, 15, 12, tzinfo=COPENHAGEN),
        plan=plan,
        assessed=draw(DAYS) if conditions else None,
        closed=frozenset(goal.key for goal in goals if draw(st.booleans())),
        offer=draw(st.sampled_from(["", *TERMS.listed(Part.OFFER)])),
    )


@st.composite
def _goal(draw: Any, addressable: list[str]) -> kl_ffb.GoalFacts:
    chosen = draw(st.lists(st.sampled_from(addressable), unique=True, min_size=1, max_size=3))
    return kl_ffb.GoalFacts(
        draw(KEYS),
        tuple(kl_ffb.Addressed(key, 1 if n == 0 else 2) for n, key in enumerate(chosen)),
        draw(st.sampled_from(GoalKind)),
        draw(st.sampled_from([0, 1, 2, 3, 4])),
        draw(TEXTS),
    )


@st.composite
def _intervention(draw: Any, start: dt.date) -> kl_ffb.Intervention:
    begins = draw(st.dates(start, start + dt.timedelta(days=300)))
    return kl_ffb.Intervention(
        draw(KEYS),
        (draw(st.sampled_from(sorted(TERMS.listed(Part.SERVICE)))),),
        begins,
        draw(st.none() | st.dates(begins, begins + dt.timedelta(days=300))),
        draw(TEXTS),
    )
