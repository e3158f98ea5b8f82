"""A shift's handover: proposed from what was registered, edited, finished, read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.citizens.models import Protection
from roedtraad.core import clock, ids
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Handover, HandoverLine
from roedtraad.duty.queries.handover import handovers_for, shown, unread
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.queries.shifts import shift_now
from roedtraad.duty.rules.shifts import Kind
from roedtraad.duty.services import handover as services
from roedtraad.duty.services.attendance import register_absence
from roedtraad.duty.services.calendar import Agreed, make_appointment
from roedtraad.duty.services.handover import Edit, NewLine
from roedtraad.duty.services.risk import set_risk
from roedtraad.duty.services.shifts import configure_shifts
from tests import factories as make

from .conftest import House, at


@pytest.fixture
def busy(house: House) -> House:
    """A day shift in which Ane's risk rose, Bo left, and somebody comes in the evening."""
    scale = scale_for(house.unit.pk)
    assert scale is not None
    levels = list(scale.levels.all())
    with clock.fixed(at(22, day=14)):
        set_risk(house.mette, house.ane, levels[0])
    with clock.fixed(at(8)):
        set_risk(house.mette, house.ane, levels[1], {"larmende": True}, "Sov dårligt.")
    register_absence(house.mette, house.bo, "visit", at(10), expected_back=at(18), note="Hos sin mor.")
    make_appointment(house.mette, Agreed("Besøg af søster", at(19), at(20), place="stuen"), citizen=house.ane)
    make_appointment(house.mette, Agreed("Brandøvelse", at(16), at(17)), unit=house.unit)
    make_appointment(house.mette, Agreed("I nat", at(23, 30), at(23, 50)), unit=house.unit)
    return house


def lines(handover: Handover) -> list[tuple[str, str]]:
    rows = handover.lines.filter(removed_at=None).select_related("citizen")
    return [(row.citizen.first_name if row.citizen else "", row.text) for row in rows]


PROPOSED = [
    (
        "Ane",
        "Risiko: fra Grøn til Gul (Mette Holm, kl. 08.00). Set: er højrøstet, smækker med døre eller fylder mere, "
        "end borgeren plejer. Sov dårligt.\nNæste vagt: Besøg af søster, kl. 19.00 (stuen).",
    ),
    ("Bo", "Besøg hjemme fra kl. 10.00, ventes tilbage kl. 18.00. Hos sin mor."),
    ("", "Næste vagt: Brandøvelse, kl. 16.00."),
]


def test_proposed_from_what_was_registered(busy: House) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.begin_handover(busy.mette, busy.unit)
    assert (handover.shift_name, handover.shift_date) == ("Dagvagt", dt.date(2026, 6, 15))
    assert lines(handover) == PROPOSED
    sources = HandoverLine.objects.filter(handover=handover).values_list("sources", flat=True)
    assert [[ref["kind"] for ref in refs] for refs in sources] == [
        ["risk", "appointment"],
        ["absence"],
        ["appointment"],
    ]


def test_again_it_adds_only_what_is_new(busy: House) -> None:
    with clock.fixed(at(13)):
        handover = services.begin_handover(busy.mette, busy.unit)
        first = handover.lines.get(citizen=busy.ane)
        services.write_handover(busy.mette, handover, version=1, edits=[Edit(first.key, "Ane er træt.")])
    gone = handover.lines.get(citizen=None)
    with clock.fixed(at(13, 30)):
        services.write_handover(busy.mette, handover, version=2, edits=[Edit(gone.key, " ")])
        register_absence(busy.mette, busy.ane, "visit", at(13, 20))
    with clock.fixed(at(14, 50)):
        again = services.begin_handover(busy.leader, busy.unit)
    assert again == handover
    assert lines(again) == [("Ane", "Ane er træt."), PROPOSED[1], ("Ane", "Besøg hjemme fra kl. 13.20.")]
    with clock.fixed(at(14, 55)):
        unchanged = services.begin_handover(busy.mette, busy.unit)
    assert unchanged.version == again.version


def test_finished_read_and_taken_back(busy: House) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.begin_handover(busy.mette, busy.unit)
        with pytest.raises(Refusal, match="ikke færdig"):
            services.acknowledge(busy.leader, handover)
        handover = services.finish_handover(busy.mette, handover)
        assert services.finish_handover(busy.mette, handover).version == handover.version
    with clock.fixed(at(15, 5)):
        assert unread(busy.mette) == []
        assert unread(busy.leader) == [handover]
        with pytest.raises(Refusal, match="er færdig"):
            services.write_handover(busy.mette, handover, version=handover.version, edits=[])
        with pytest.raises(Refusal, match="Kun den"):
            services.reopen_handover(busy.leader, handover)
        handover = services.reopen_handover(busy.mette, handover)
        handover = services.finish_handover(busy.mette, handover)
        services.acknowledge(busy.leader, handover)
        services.acknowledge(busy.leader, handover)
        assert unread(busy.leader) == []
        with pytest.raises(Refusal, match="En kollega har læst"):
            services.reopen_handover(busy.mette, handover)
    seen = shown(busy.leader, handover)
    assert [str(read.user) for read in seen.reads] == ["Mette Holm", str(busy.leader)]
    assert seen.read_by(busy.mette) and not seen.read_by(busy.stranger)
    with clock.fixed(at(16, day=18)):
        assert unread(make.user_with("leader", busy.offer)) == []


def test_two_write_at_once_and_none_is_lost(busy: House) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.begin_handover(busy.mette, busy.unit)
        line = handover.lines.get(citizen=busy.ane)
        services.write_handover(busy.mette, handover, version=1, edits=[Edit(line.key, "Mettes ord")])
        with pytest.raises(services.HandoverChanged) as changed:
            services.write_handover(busy.leader, handover, version=1, edits=[Edit(line.key, "Lenes ord")])
    assert changed.value.texts[line.key] == "Mettes ord"
    assert changed.value.version == 2


def test_a_line_by_hand(busy: House) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.begin_handover(busy.mette, busy.unit)
        handover = services.write_handover(
            busy.mette,
            handover,
            version=1,
            edits=[],
            new=[
                NewLine(None, "Opvaskeren lækker."),
                NewLine(busy.bo, "Har sin telefon med."),
                NewLine(None, " "),
            ],
        )
        assert lines(handover)[-2:] == [("", "Opvaskeren lækker."), ("Bo", "Har sin telefon med.")]
        with pytest.raises(AccessDenied):
            services.write_handover(
                busy.mette, handover, version=2, edits=[], new=[NewLine(busy.carl, "noget")]
            )
        with pytest.raises(Refusal, match="4000 tegn"):
            services.write_handover(
                busy.mette, handover, version=2, edits=[], new=[NewLine(None, "x" * 4001)]
            )


def test_a_line_sent_again_is_one_line(busy: House) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.begin_handover(busy.mette, busy.unit)
        line, sent = handover.lines.get(citizen=busy.ane), [NewLine(None, "Opvaskeren lækker.", ids.new_id())]
        edits = [Edit(line.key, "Mettes ord")]
        first = services.write_handover(busy.mette, handover, version=1, edits=edits, new=sent)
        again = services.write_handover(busy.mette, handover, version=1, edits=edits, new=sent)
        assert (first.version, again.version) == (2, 2)
        assert lines(handover).count(("", "Opvaskeren lækker.")) == 1
        # The same line with other words beside it is no second sending: somebody must look.
        with pytest.raises(services.HandoverChanged):
            services.write_handover(
                busy.mette, handover, version=1, edits=[Edit(line.key, "Andre ord")], new=sent
            )
        services.write_handover(busy.mette, handover, version=2, edits=[], new=sent)
        assert lines(handover).count(("", "Opvaskeren lækker.")) == 1
        other = services.begin_handover(busy.leader, busy.next_door)
        with pytest.raises(Refusal, match="allerede sendt"):
            services.write_handover(busy.leader, other, version=1, edits=[], new=sent)


def test_only_for_those_who_work_there_and_only_the_shift_that_is(busy: House) -> None:
    with pytest.raises(AccessDenied):
        services.begin_handover(busy.stranger, busy.unit)
    with pytest.raises(Refusal, match="mere end et døgn siden"):
        services.begin_handover(busy.mette, busy.unit, at(8, day=13))
    with pytest.raises(Refusal, match="ikke begyndt"):
        services.begin_handover(busy.mette, busy.unit, at(16))
    handover = services.begin_handover(busy.mette, busy.unit)
    assert not handovers_for(busy.stranger).exists()
    for act in (services.finish_handover, services.acknowledge, services.refresh_handover):
        with pytest.raises(AccessDenied):
            act(busy.stranger, handover)


def test_lines_about_the_protected_are_hidden_from_the_others(busy: House) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.finish_handover(busy.mette, services.begin_handover(busy.mette, busy.unit))
    Protection.objects.create(
        citizen=busy.ane, valid=Period(clock.today()).to_range(), reason="kendt person her"
    )
    assert [line.citizen for line in shown(busy.leader, handover).lines] == [busy.bo, None]
    for user, count in ((busy.mette, 2), (busy.stranger, 0), (make.user_with("citizen", busy.bo), 0)):
        with rows.as_user(user):
            assert HandoverLine.objects.count() == count
            assert HandoverLine.pgh_event_model.objects.count() == count


def test_other_shifts_from_now_on(house: House) -> None:
    assert shift_now(house.unit.pk).name == "Dagvagt"
    long = [
        Kind("lang", "Lang vagt", dt.time(8), dt.time(20)),
        Kind("nat", "Nattevagt", dt.time(20), dt.time(8)),
    ]
    with clock.fixed(at(12, 1)):
        configure_shifts(house.leader, house.offer, long)
        assert shift_now(house.unit.pk).name == "Lang vagt"
        with pytest.raises(AccessDenied):
            configure_shifts(house.mette, house.unit, long)
        with pytest.raises(Refusal, match="lige ændret"):
            configure_shifts(house.leader, house.offer, long)
    with clock.fixed(at(12, 2)):
        configure_shifts(house.leader, house.offer, [])
        assert shift_now(house.unit.pk).name == "Dagvagt"


def test_a_proposal_takes_a_fixed_number_of_statements(
    busy: House, django_assert_max_num_queries: Any
) -> None:
    with clock.fixed(at(14, 50)):
        handover = services.begin_handover(busy.mette, busy.unit)
        with django_assert_max_num_queries(16):
            services.refresh_handover(busy.mette, handover)
        with django_assert_max_num_queries(2):
            assert len(shown(busy.mette, handover).lines) == 3
