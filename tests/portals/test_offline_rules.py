"""What a phone sends is read strictly, in its order, and given a time that can be true."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.portals.offline import rules
from roedtraad.portals.offline.rules import CLOSE, Entry, Unreadable, corrected, in_order, read_batch

NOW = dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC)
# Whole seconds of the years 2000 to 2100.
times = st.integers(946_684_800, 4_102_444_800).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)
# The clocks of the entries go against their numbers.
entries = st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 10_000)).map(
    lambda drawn: Entry(
        uuid.UUID(int=drawn[0]), drawn[1], NOW - dt.timedelta(seconds=drawn[1]), rules.Kind.NOTE
    )
)


def ms(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)


def sent(**changed: Any) -> dict[str, Any]:
    entry = {
        "key": str(uuid.uuid4()),
        "number": 1,
        "at": ms(NOW),
        "kind": "note",
        "what": {"text": "Sov godt."},
    }
    return {"sent_at": ms(NOW), "entries": [entry | changed]}


@given(st.lists(entries, max_size=20))
def test_the_order_is_the_phones_numbers_whatever_its_clock_said(made: list[Entry]) -> None:
    kept = in_order(made)
    assert [one.number for one in kept] == sorted(one.number for one in kept)
    assert {one.key for one in kept} == {one.key for one in made}
    assert len({one.key for one in kept}) == len(kept)
    assert in_order(reversed(made)) == kept


@given(times, times, times)
def test_nothing_happens_after_now_and_the_order_stays(
    at: dt.datetime, later: dt.datetime, phone: dt.datetime
) -> None:
    first, second = sorted((at, later))
    assert corrected(first, phone, NOW) <= corrected(second, phone, NOW) <= NOW


@given(st.timedeltas(dt.timedelta(), dt.timedelta(days=7)), st.timedeltas(-CLOSE, CLOSE))
def test_a_clock_that_is_nearly_right_is_believed(ago: dt.timedelta, off: dt.timedelta) -> None:
    at = NOW - ago
    assert corrected(at, NOW + off, NOW) == at


@given(
    st.timedeltas(dt.timedelta(), dt.timedelta(days=7)),
    st.one_of(
        st.timedeltas(CLOSE * 1.01, dt.timedelta(days=9000)),
        st.timedeltas(-dt.timedelta(days=9000), -CLOSE * 1.01),
    ),
)
def test_a_wrong_clock_is_moved_and_keeps_how_long_ago_it_was(ago: dt.timedelta, off: dt.timedelta) -> None:
    phone_now = NOW + off
    assert corrected(phone_now - ago, phone_now, NOW) == NOW - ago


def test_a_time_at_the_end_of_the_calendar_is_now() -> None:
    assert (
        corrected(dt.datetime.max.replace(tzinfo=dt.UTC), dt.datetime(1971, 1, 1, tzinfo=dt.UTC), NOW) == NOW
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_else_is_unreadable_and_nothing_worse(raw: Any) -> None:
    with pytest.raises(Unreadable):
        read_batch(raw)


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "1"},
        {"key": None},
        {"number": -1},
        {"number": "1"},
        {"number": True},
        {"at": "i går"},
        {"at": -1},
        {"at": 10**18},
        {"kind": 3},
        {"kind": "x" * 41},
        {"what": []},
    ],
)
def test_an_entry_without_its_form_is_unreadable(changed: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_batch(sent(**changed))


def test_a_batch_is_read_and_has_a_limit() -> None:
    batch = read_batch(json.loads(json.dumps(sent())))
    assert batch.sent_at == NOW
    assert batch.entries[0].what == {"text": "Sov godt."}
    many = sent()
    many["entries"] *= rules.MOST + 1
    with pytest.raises(Unreadable):
        read_batch(many)


@given(st.lists(st.text("abcæøå", min_size=1)), st.sampled_from([" ", "  ", "\n", " \n\t"]))
def test_spaces_are_no_difference(words: list[str], space: str) -> None:
    assert rules.says_the_same(space.join(words), " ".join(words))
    assert not rules.says_the_same(" ".join([*words, "x"]), " ".join(words))
