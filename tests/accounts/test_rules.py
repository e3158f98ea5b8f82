"""The rules of waiting and of ended sessions, for any order of things."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.accounts.rules import (
    PATIENCE,
    ZERO,
    Activity,
    Bucket,
    Ended,
    Kind,
    Patience,
    Span,
    Tries,
    buckets,
    ended,
    failed,
    left,
    remembered,
    wait_after,
    wait_left,
)

NOON = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
PASSWORD = PATIENCE[Kind.PASSWORD]

kinds = st.sampled_from(list(Kind))
short = st.timedeltas(min_value=ZERO, max_value=dt.timedelta(minutes=20))
any_time = st.timedeltas(min_value=dt.timedelta(hours=-3), max_value=dt.timedelta(hours=30))


@given(kinds, st.integers(0, 500))
def test_waiting_never_shrinks_with_more_failures(kind: Kind, failures: int) -> None:
    patience = PATIENCE[kind]
    assert (
        ZERO
        <= wait_after(failures, patience)
        <= wait_after(failures + 1, patience)
        <= patience.longest
        < patience.forgotten_after
    )


@given(kinds, st.lists(short, min_size=1, max_size=60))
def test_waiting_never_shrinks_while_one_goes_on_failing(kind: Kind, pauses: list[dt.timedelta]) -> None:
    patience, now, tries, longest = PATIENCE[kind], NOON, Tries(), ZERO
    for pause in pauses:
        # Nobody is heard while waiting.
        now += wait_left(tries, now, patience) + pause
        tries = failed(tries, now, patience)
        wait = wait_left(tries, now, patience)
        assert wait >= longest
        longest = wait


@given(kinds, st.integers(0, 100), any_time)
def test_what_is_left_is_never_more_than_the_wait(kind: Kind, failures: int, later: dt.timedelta) -> None:
    patience = PATIENCE[kind]
    wait = wait_left(Tries(failures, NOON), NOON + later, patience)
    assert ZERO <= wait <= wait_after(failures, patience)
    if later >= wait_after(failures, patience):
        assert wait == ZERO


@given(kinds, st.integers(1, 100))
def test_failures_are_forgotten_after_a_rest(kind: Kind, failures: int) -> None:
    patience = PATIENCE[kind]
    rested = NOON + patience.forgotten_after
    assert remembered(Tries(failures, NOON), rested, patience) == Tries()
    assert failed(Tries(failures, NOON), rested, patience) == Tries(1, rested)


def test_the_steps_of_waiting_for_a_password() -> None:
    waits = [wait_after(n, PASSWORD).total_seconds() for n in range(4, 13)]
    assert waits == [0, 30, 60, 120, 240, 480, 900, 900, 900]


users = st.sampled_from(["lis", "ole", "ukendt"])
devices = st.sampled_from(["", "kontor", "mobil"])
addresses = st.sampled_from(["huset", "udefra"])
tries_in_a_world = st.lists(st.tuples(users, devices, addresses, st.booleans(), short), max_size=80)


class World:
    """The counts of a whole house, kept by the same rules as the table's."""

    def __init__(self) -> None:
        self.now = NOON
        self.counts: dict[Bucket, Tries] = {}

    def waiting(self, bucket: Bucket) -> dt.timedelta:
        patience = PATIENCE[bucket.kind]
        if bucket.kind != Kind.ADDRESS:
            return wait_left(self.counts.get(bucket, Tries()), self.now, patience)
        fresh = [
            tries
            for other, tries in self.counts.items()
            if (other.kind, other.place) == (bucket.kind, bucket.place)
            and remembered(tries, self.now, patience).failures
        ]
        last = max((tries.last for tries in fresh if tries.last), default=None)
        return wait_left(Tries(len(fresh), last), self.now, patience)

    def attempt(self, account: str, device: str, address: str, right: bool) -> bool | None:
        """True and False as the password was; None when one had to wait."""
        counted = buckets(Kind.PASSWORD, account, known_device=device, address=address)
        if any(self.waiting(bucket) for bucket in counted):
            return None
        for bucket in counted:
            self.counts[bucket] = failed(self.counts.get(bucket, Tries()), self.now, PATIENCE[bucket.kind])
        if right:
            for bucket in counted:
                del self.counts[bucket]
        return right


@given(tries_in_a_world)
def test_a_known_device_never_waits_because_of_the_tries_of_others(
    events: list[tuple[str, str, str, bool, dt.timedelta]],
) -> None:
    world, own_failures = World(), 0
    for account, device, address, right, pause in events:
        world.now += pause
        own = (account, device) == ("lis", "kontor")
        answer = world.attempt(account, device, address, right)
        if own:
            own_failures = 0 if answer else own_failures + 1
        if own_failures < PASSWORD.free:
            assert not any(
                world.waiting(bucket)
                for bucket in buckets(Kind.PASSWORD, "lis", known_device="kontor", address="huset")
            )


@pytest.mark.parametrize("gap_seconds", [7, 30, 61, 301, 901, 3601])
def test_an_attacker_from_elsewhere_gets_few_tries_a_day(gap_seconds: int) -> None:
    world, heard, end = World(), 0, NOON + dt.timedelta(hours=24)
    while world.now < end:
        heard += world.attempt("lis", "", "udefra", False) is False
        world.now += dt.timedelta(seconds=gap_seconds)
    assert heard <= 110
    assert world.attempt("lis", "kontor", "udefra", True) is True


def test_guessing_one_password_at_many_accounts_makes_the_address_wait_but_no_known_device() -> None:
    world = World()
    free = PATIENCE[Kind.ADDRESS].free
    heard = [world.attempt(f"bruger{n}", "", "huset", False) for n in range(free + 10)]
    assert heard == [False] * free + [None] * 10
    assert world.attempt("en-til", "", "udefra", True) is True
    assert world.attempt("bruger3", "kontor", "huset", True) is True


def test_someone_who_got_in_no_longer_counts_at_the_address() -> None:
    world = World()
    for n in range(200):
        assert world.attempt(f"bruger{n}", "", "huset", False) is False
        assert world.attempt(f"bruger{n}", "", "huset", True) is True


@pytest.mark.parametrize("kind", [Kind.PASSWORD, Kind.CODE])
def test_where_a_try_is_counted(kind: Kind) -> None:
    assert buckets(kind, "lis", known_device="kontor", address="huset") == (Bucket(kind, "lis", "kontor"),)
    unknown = buckets(kind, "lis", address="huset")
    assert unknown[0] == Bucket(kind, "lis")
    assert unknown[1:] == ((Bucket(Kind.ADDRESS, "lis", "huset"),) if kind == Kind.PASSWORD else ())


SPAN = Span(idle=dt.timedelta(minutes=30), longest=dt.timedelta(hours=12))


@given(short, any_time)
def test_a_session_has_ended_when_nothing_is_left_of_it(used: dt.timedelta, later: dt.timedelta) -> None:
    activity = Activity(NOON, NOON + used)
    now = activity.last + later
    assert (left(activity, now, SPAN) == ZERO) == (ended(activity, now, SPAN) is not None)


@given(st.lists(st.timedeltas(ZERO, SPAN.idle - dt.timedelta(seconds=1)), min_size=60, max_size=60))
def test_being_used_all_the_time_does_not_keep_a_session_for_ever(pauses: list[dt.timedelta]) -> None:
    activity, now, ends = Activity(NOON, NOON), NOON, NOON + SPAN.longest
    for pause in pauses:
        now += pause
        why = ended(activity, now, SPAN)
        assert why == (Ended.OLD if now >= ends else None)
        activity = Activity(activity.began, now)


def test_the_longest_wait_is_reached_and_kept() -> None:
    impatient = Patience(0, dt.timedelta(seconds=1), dt.timedelta(seconds=10), dt.timedelta(minutes=1))
    assert [wait_after(n, impatient).total_seconds() for n in range(6)] == [1, 2, 4, 8, 10, 10]
