"""What can happen to a transition and to a handover package, and to whom the database shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, Protection
from roedtraad.citizens.relations.services import withdraw_consent
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.duty import defaults
from roedtraad.duty import models as duty
from roedtraad.journeys.models import Stay
from roedtraad.organisation.tree import tree
from roedtraad.practice.handover_access import received_package
from roedtraad.practice.models import (
    HandoverPackage,
    Note,
    PackagePart,
    PackageQuestion,
    PackageReceipt,
    PassingRule,
    Transition,
    TransitionStep,
    TransitionTie,
)
from roedtraad.practice.queries import transitions as queries
from roedtraad.practice.queries.handover_parts import drafted
from roedtraad.practice.queries.timeline import timeline
from roedtraad.practice.rules.transitions import Phase
from roedtraad.practice.services import notes, packages, transitions
from roedtraad.practice.services.common import Changed
from tests import factories as make
from tests.practice.moving import DAY, Moving, seen

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)


@pytest.fixture
def scene(db: None) -> Moving:
    return Moving()


def text_of(package: HandoverPackage) -> dict[str, str]:
    return {part.name: part.text for part in package.parts.all()}


# Transitions


def test_a_transition_begins_with_steps(scene: Moving) -> None:
    found = scene.transition()
    steps = list(found.steps.all())
    assert {step.phase for step in steps} == {"before", "during", "after"}
    assert all(step.due_on >= DAY for step in steps if step.due_on)
    again = transitions.begin(scene.worker, scene.ane, scene.plan(), key=found.key)
    assert again == found and found.steps.count() == len(steps)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"why": "ferie"}, "why"),
        ({"planned_on": DAY + dt.timedelta(days=4 * 365)}, "planned_on"),
        ({"planned_on": DAY - dt.timedelta(days=400)}, "planned_on"),
        ({"to_outside": "x" * 121}, "to_outside"),
        ({"from_unit": None, "to_outside": "Fonden"}, "from_unit"),
        ({"own_words": "x" * 4001}, "own_words"),
    ],
)
def test_a_plan_that_cannot_be(scene: Moving, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        scene.transition(**changed)
    assert refused.value.field == field


def test_only_those_who_write_in_the_record_begin(scene: Moving) -> None:
    for user in (scene.stranger, scene.town, scene.herself):
        with pytest.raises(AccessDenied):
            transitions.begin(user, scene.ane, scene.plan())


def test_another_citizens_stay_is_refused(scene: Moving) -> None:
    stay = Stay.objects.filter(citizen=scene.bo)[0]
    with pytest.raises(Refusal, match="anden borgers"):
        transitions.begin(scene.worker, scene.ane, scene.plan(), stay=stay)


def test_the_day_takes_the_open_steps_along(scene: Moving) -> None:
    found = scene.transition()
    kept = found.steps.get(title__startswith="Følg borgeren på dagen")
    done = transitions.settle(scene.worker, found.steps.order_by("due_on", "pk")[0], done=True)
    was = done.due_on
    later = found.planned_on + dt.timedelta(days=10)
    edited = transitions.edit(scene.worker, found, scene.plan(planned_on=later), version=1)
    kept.refresh_from_db()
    done.refresh_from_db()
    assert (kept.due_on, done.due_on, edited.version) == (later, was, 2)
    with pytest.raises(Changed) as clash:
        transitions.edit(scene.colleague, found, scene.plan(reason="Noget andet."), version=1)
    assert clash.value.current.planned_on == later


def test_it_happens_and_is_followed_up(scene: Moving) -> None:
    found = scene.transition()
    with pytest.raises(Refusal):
        transitions.happened(scene.worker, found, DAY + ONE)
    found = transitions.happened(scene.worker, found, DAY)
    first = found.steps.filter(kind="follow_up").order_by("due_on")[0]
    assert first.due_on == DAY + dt.timedelta(days=30)
    with pytest.raises(Refusal) as refused:
        transitions.settle(scene.worker, first, done=True)
    assert refused.value.field == "held"
    transitions.settle(scene.worker, first, done=True, held="partly", note="Savner sin nabo.")
    for step in found.steps.filter(done_on__isnull=True):
        with pytest.raises(Refusal, match="hvorfor"):
            transitions.settle(scene.worker, step, done=False)
        transitions.settle(scene.worker, step, done=False, reason="Ikke nødvendigt.")
    (whole,) = queries.transitions_of(scene.ane)
    assert whole.phase is Phase.OVER and whole.open == 0
    transitions.reopen(scene.worker, first)
    (whole,) = queries.transitions_of(scene.ane)
    assert whole.phase is Phase.AFTER
    titles = [str(entry.title) for entry in timeline(scene.worker, scene.ane, ["overgange"]).entries]
    assert titles == ["Overgang: flytning til et andet af vores tilbud"]


def test_one_that_is_given_up_is_not_worked_on(scene: Moving) -> None:
    found = transitions.cancel(scene.worker, scene.transition(), "Pladsen blev ikke ledig.")
    for act in (
        lambda: transitions.add_step(scene.worker, found, phase="before", title="Ring"),
        lambda: transitions.add_tie(scene.worker, found, name="Else", what="keep"),
        lambda: transitions.happened(scene.worker, found, DAY),
        lambda: transitions.cancel(scene.worker, found, "Igen."),
        lambda: packages.draft(scene.worker, scene.ane, found),
    ):
        with pytest.raises(Refusal, match="blev ikke til noget"):
            act()
    with pytest.raises(Refusal, match="er sket"):
        transitions.cancel(
            scene.worker, transitions.happened(scene.worker, scene.transition(), DAY), "For sent."
        )


def test_people_to_say_goodbye_to(scene: Moving) -> None:
    found = scene.transition()
    tie = transitions.add_tie(scene.worker, found, name=" Else  Elm ", what="keep", how="Kaffe om søndagen")
    assert tie.name == "Else Elm"
    assert transitions.tie_done(scene.worker, tie, done=True).done_on == DAY
    assert transitions.tie_done(scene.worker, tie, done=False).done_on is None
    with pytest.raises(Refusal):
        transitions.add_tie(scene.worker, found, name="Else", what="glemme")


# The package


def test_a_package_is_drafted_from_the_record(scene: Moving) -> None:
    found = scene.transition()
    transitions.add_tie(scene.worker, found, name="Naboen", what="goodbye")
    told = text_of(scene.draft(found))
    assert told["oensker"] == "»Min seng skal med.«\n»Jeg vil have min egen dør.«"
    assert (
        told["kommunikation"].startswith("Korte sætninger.") and "»Sig det stille.«" in told["kommunikation"]
    )
    assert "Støj udløser uro." in told["ro"]
    assert told["tavlen"] == "Bank på, og vent på svar."
    assert told["notater"] == "Faldt på trappen i fredags."
    assert "Mål for madlavning: ikke vurderet" in told["maal"]
    assert "2 × 30 min. om ugen · Vi begynder med opskriften." in told["maal"]
    assert told["netvaerk"] == "Else Elm" and told["farvel"] == "Naboen · sige farvel til"
    assert "Else Elm · mor · valgt af borgeren" in told["relationer"]
    assert "pizza" not in " ".join(told.values())
    for part in PackagePart.objects.all():
        assert part.keep and len(part.sources) == len(part.text.split("\n"))
        assert all(source["source"] for source in part.sources)


def test_the_shift_adds_risk_and_appointments(scene: Moving) -> None:
    defaults.write(lambda name: getattr(duty, name))
    level = duty.RiskLevel.objects.get(scale__unit__isnull=True, rank=1)
    duty.RiskReading.objects.create(
        citizen=scene.ane,
        level=level,
        text="Sov dårligt.",
        set_at=clock.now(),
        set_by=scene.worker,
        received_at=clock.now(),
    )
    duty.Appointment.objects.create(
        citizen=scene.ane,
        title="Tandlæge",
        starts_at=clock.now() + ONE,
        ends_at=clock.now() + ONE + dt.timedelta(hours=1),
        created_by=scene.worker,
        created_at=clock.now(),
    )
    told = text_of(scene.draft())
    assert "Gul: Sov dårligt." in told["risiko"] and "▲ Gul 1 ×" in told["risiko"]
    assert told["aftaler"].startswith("Tandlæge · ")


def test_drafting_costs_the_same_whatever_there_is(scene: Moving, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        notes.write_note(scene.worker, scene.ane, text=f"Vigtigt {n}.", important=True)
    found = scene.transition()
    with django_assert_max_num_queries(20):
        drafts = drafted(scene.ane, found)
    assert len(next(one for one in drafts if one.source.name == "notater").facts) == 8


def test_what_is_put_right_stays_when_it_is_drafted_again(scene: Moving) -> None:
    made = scene.draft()
    board, important = made.parts.get(name="tavlen"), made.parts.get(name="notater")
    packages.set_part(scene.worker, board, keep=True, text="Bank på to gange.", version=1)
    packages.set_part(scene.worker, important, keep=False, text=important.text, version=1)
    notes.write_note(scene.worker, scene.ane, text="Ny på tavlen.", sticky_until=DAY)
    notes.write_note(scene.worker, scene.ane, text="Ny og vigtig.", important=True)
    packages.refresh(scene.worker, made)
    board.refresh_from_db()
    important.refresh_from_db()
    assert board.text == "Bank på to gange." and "Ny på tavlen." in board.made_text and board.edited
    assert "Ny og vigtig." in important.text and not important.keep
    with pytest.raises(Changed):
        packages.set_part(scene.worker, board, keep=True, text="Noget andet.", version=1)
    for text in ("", " \n", "x" * 20_001):
        with pytest.raises(Refusal):
            packages.set_part(scene.worker, board, keep=True, text=text, version=board.version)


def test_a_colleague_sees_it_through_and_a_change_asks_again(scene: Moving) -> None:
    made = scene.draft()
    with pytest.raises(Refusal, match="selv lavet"):
        packages.review(scene.worker, made)
    with pytest.raises(Refusal, match="kollega"):
        packages.send(scene.worker, made, informed_on=DAY)
    packages.review(scene.leader, made)
    part = made.parts.get(name="tavlen")
    packages.set_part(scene.worker, part, keep=True, text="Bank på.", version=1)
    with pytest.raises(Refusal, match="kollega"):
        packages.send(scene.worker, made, informed_on=DAY)
    packages.review(scene.leader, made)
    with pytest.raises(Refusal, match="orienteret"):
        packages.send(scene.worker, made, informed_on=None)
    with pytest.raises(Refusal, match="ikke kommet"):
        packages.send(scene.worker, made, informed_on=DAY + ONE)
    assert packages.send(scene.worker, made, informed_on=DAY).sent_at == clock.now()


def test_what_is_sent_is_locked(scene: Moving) -> None:
    package = scene.sent()
    kept = queries.parts_of(package, kept=True)
    assert packages.fingerprint(package, kept) == package.content_hash
    part = kept[0]
    for act in (
        lambda: packages.set_part(scene.worker, part, keep=False, text=part.text, version=part.version),
        lambda: packages.refresh(scene.worker, package),
        lambda: packages.review(scene.leader, package),
        lambda: packages.send(scene.worker, package, informed_on=DAY),
    ):
        with pytest.raises(Refusal, match="er sendt"):
            act()
    for statement in (
        "UPDATE practice_packagepart SET text = 'x'",
        "DELETE FROM practice_packagepart",
        "UPDATE practice_handoverpackage SET basis = 'x'",
        "UPDATE practice_handoverpackage SET sent_at = NULL",
        "DELETE FROM practice_handoverpackage",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    part.text += " Og noget mere."
    assert packages.fingerprint(package, kept) != package.content_hash


def test_another_version_follows(scene: Moving) -> None:
    found = scene.transition()
    first = scene.sent(found)
    notes.write_note(scene.worker, scene.ane, text="Nyt siden.", important=True)
    second = scene.sent(found)
    assert (first.number, second.number) == (1, 2) and "Nyt siden." in text_of(second)["notater"]
    assert list(queries.waiting_for(scene.stranger)) == [second]


def test_no_rule_no_sending(scene: Moving) -> None:
    found = scene.transition()
    PassingRule.objects.all().delete()
    with pytest.raises(Refusal, match="ingen regel"):
        scene.draft(found)


# To whom


def test_a_foreign_party_needs_consent_for_each_part(scene: Moving) -> None:
    found = scene.transition(why="provider", to_outside="Fonden Havblik")
    made = scene.draft(found)
    assert not any(part.keep for part in made.parts.all())
    packages.review(scene.colleague, made)
    with pytest.raises(Refusal, match="ikke noget i pakken"):
        packages.send(scene.worker, made, informed_on=DAY)
    consent = scene.consent("goals", "wishes", party="fonden havblik")
    for name in ("maal", "tavlen"):
        part = made.parts.get(name=name)
        packages.set_part(scene.worker, part, keep=True, text=part.text, version=1)
    packages.review(scene.colleague, made)
    with pytest.raises(Refusal, match="samtykke til at dele: Det, alle skal vide nu"):
        packages.send(scene.worker, made, informed_on=DAY)
    board = made.parts.get(name="tavlen")
    packages.set_part(scene.worker, board, keep=False, text=board.text, version=2)
    packages.review(scene.colleague, made)
    sent = packages.send(scene.worker, made, informed_on=DAY)
    assert sent.consent == consent and sent.receiver == "other"
    receipt = packages.acknowledge(scene.worker, sent, name="Birthe Havn")
    assert (receipt.name, receipt.user) == ("Birthe Havn", scene.worker)


def test_withdrawn_before_it_is_sent_it_is_not_sent(scene: Moving) -> None:
    consent = scene.consent("goals", party="Fonden Havblik")
    made = scene.draft(scene.transition(why="provider", to_outside="Fonden Havblik"))
    assert {part.name for part in made.parts.all() if part.keep} == {"maal"}
    packages.review(scene.colleague, made)
    withdraw_consent(scene.worker, consent)
    with pytest.raises(Refusal, match="ikke givet samtykke"):
        packages.send(scene.worker, made, informed_on=DAY)


PERSONAL = (
    HandoverPackage,
    PackagePart,
    PackageReceipt,
    PackageQuestion,
    Transition,
    TransitionStep,
    TransitionTie,
)
HISTORY = tuple(
    model.pgh_event_model  # type: ignore[attr-defined]  # pghistory's
    for model in (HandoverPackage, PackagePart, PackageQuestion, Transition, TransitionStep, TransitionTie)
)


def counts(user: User) -> dict[str, int]:
    """How many rows of each table the database shows the user."""
    with_history = (*PERSONAL, *HISTORY, Citizen, Note)
    return seen(user, lambda: {m._meta.model_name: m._default_manager.count() for m in with_history})


def full(scene: Moving) -> HandoverPackage:
    found = scene.transition()
    transitions.add_tie(scene.worker, found, name="Naboen", what="goodbye")
    made = scene.draft(found)
    part = made.parts.get(name="notater")
    packages.set_part(scene.worker, part, keep=False, text=part.text, version=1)
    packages.review(scene.colleague, made)
    return packages.send(scene.worker, made, informed_on=DAY)


def test_the_end_that_receives_reads_the_package_and_nothing_else(scene: Moving) -> None:
    before = counts(scene.stranger)
    package = full(scene)
    after = counts(scene.stranger)
    # Birkehuset reads what was sent, without the part that was left out, and the steps; not Ane, not her notes, and
    # not what the texts said before.
    parts = package.parts.filter(keep=True).count()
    assert parts == package.parts.count() - 1
    assert {name: n - before[name] for name, n in after.items() if n != before[name]} == {
        "handoverpackage": 1,
        "packagepart": parts,
        "transition": 1,
        "transitionstep": TransitionStep.objects.count(),
        "transitiontie": 1,
    }
    assert seen(scene.stranger, lambda: received_package(scene.stranger, package.key)) == package
    with pytest.raises(AccessDenied):
        seen(scene.stranger, lambda: packages.recall(scene.stranger, package, "Nej."))


def test_the_end_that_receives_sees_to_its_steps(scene: Moving) -> None:
    found = scene.transition()
    step = found.steps.get(title__startswith="Udpeg en kontaktperson")
    with pytest.raises(AccessDenied):
        transitions.settle(scene.stranger, step, done=True)
    scene.sent(found)
    settled = seen(scene.stranger, lambda: transitions.settle(scene.stranger, step, done=True))
    assert (settled.done_on, settled.settled_by) == (DAY, scene.stranger)
    seen(
        scene.stranger,
        lambda: transitions.add_step(
            scene.stranger, found, phase="during", title="Kaffe med naboerne", side="to"
        ),
    )
    seen(scene.stranger, lambda: transitions.add_tie(scene.stranger, found, name="Ny nabo", what="meet"))
    assert seen(scene.worker, lambda: found.steps.filter(side="to", title__startswith="Kaffe").count()) == 1
    for act in (
        lambda: transitions.edit(scene.stranger, found, scene.plan(), version=1),
        lambda: transitions.happened(scene.stranger, found, DAY),
        lambda: transitions.cancel(scene.stranger, found, "Nej."),
    ):
        with pytest.raises(AccessDenied):
            seen(scene.stranger, act)


def test_before_it_is_sent_nobody_else_reads_it(scene: Moving) -> None:
    made = scene.draft()
    packages.review(scene.colleague, made)
    for user in (scene.stranger, scene.far, scene.town):
        shown = counts(user)
        assert not any(n for name, n in shown.items() if name not in ("citizen", "note"))
        assert seen(user, lambda user=user: received_package(user, made.key)) is None


def test_others_read_nothing(scene: Moving) -> None:
    package = full(scene)
    for user in (scene.far, scene.town, scene.other_town, scene.herself):
        shown = counts(user)
        assert not any(n for name, n in shown.items() if name not in ("citizen", "note"))
        assert seen(user, lambda user=user: received_package(user, package.key)) is None
    for act in (
        lambda: packages.acknowledge(scene.far, package),
        lambda: packages.ask(scene.far, package, "Hvad så?"),
        lambda: packages.recall(scene.far, package, "Nej."),
    ):
        with pytest.raises(AccessDenied):
            seen(scene.far, act)


def test_read_asked_and_answered_after_the_citizen_has_left(scene: Moving) -> None:
    package = full(scene)
    receipt = seen(scene.stranger, lambda: packages.acknowledge(scene.stranger, package))
    again = seen(scene.stranger, lambda: packages.acknowledge(scene.stranger, package))
    assert receipt == again
    question = seen(scene.stranger, lambda: packages.ask(scene.stranger, package, "Hvilken musik?"))
    with pytest.raises(AccessDenied):
        seen(scene.stranger, lambda: packages.answer(scene.stranger, question, "Jazz."))
    Stay.objects.filter(citizen=scene.ane).update(actual_end=DAY - ONE)
    assert seen(scene.worker, lambda: Note.objects.filter(citizen=scene.ane).count()) == 0
    assert seen(scene.worker, lambda: queries.unanswered_for(scene.worker)) == [question]
    seen(scene.worker, lambda: packages.answer(scene.worker, question, "Jazz."))
    assert seen(scene.stranger, lambda: queries.questions_of(package)[0].answer) == "Jazz."
    with pytest.raises(DatabaseError), transaction.atomic():
        PackageReceipt.objects.update(name="en anden")


def test_both_ends_stop_reading_in_time(scene: Moving) -> None:
    package = full(scene)
    Stay.objects.filter(citizen=scene.ane).update(actual_end=DAY - ONE)
    for days, readers in ((141, 1), (142, 0)):
        with clock.fixed(DAY + dt.timedelta(days=days)):
            for user in (scene.worker, scene.stranger):
                assert seen(user, HandoverPackage.objects.count) == readers
            received = seen(scene.stranger, lambda: received_package(scene.stranger, package.key))
            assert (received is not None) == bool(readers)


def test_what_is_taken_back_or_given_up_is_no_longer_read(scene: Moving) -> None:
    found = scene.transition()
    package = scene.sent(found)
    packages.acknowledge(scene.stranger, package)
    with pytest.raises(Refusal):
        packages.recall(scene.worker, package, " ")
    packages.recall(scene.worker, package, "Forkert tilbud.")
    assert seen(scene.stranger, HandoverPackage.objects.count) == 0
    assert PackageReceipt.objects.count() == 1
    with pytest.raises(AccessDenied):
        packages.acknowledge(scene.stranger, package)
    scene.sent(found)
    assert seen(scene.stranger, HandoverPackage.objects.count) == 1
    transitions.cancel(scene.worker, found, "Alligevel ikke.")
    assert seen(scene.stranger, HandoverPackage.objects.count) == 0
    assert seen(scene.stranger, lambda: list(queries.waiting_for(scene.stranger))) == []


def test_the_citizens_own_municipality_reads_the_package_alone(scene: Moving) -> None:
    package = scene.sent(scene.transition(why="home", to_municipality=make.municipality("0751")))
    assert package.receiver == "acting" and package.consent is None
    shown = counts(scene.town)
    assert (shown["handoverpackage"], shown["transition"], shown["transitionstep"]) == (1, 0, 0)
    assert shown["packagepart"] == package.parts.filter(keep=True).count() and shown["note"] == 0
    seen(scene.town, lambda: packages.acknowledge(scene.town, package))
    assert counts(scene.other_town)["handoverpackage"] == 0


def test_another_municipality_reads_while_the_consent_holds(scene: Moving) -> None:
    aalborg = make.municipality("0851")
    consent = scene.consent("goals", municipality=aalborg)
    package = scene.sent(scene.transition(why="home", to_municipality=aalborg))
    assert [part.name for part in queries.parts_of(package, kept=True)] == ["maal"]
    assert seen(scene.other_town, lambda: received_package(scene.other_town, package.key)) == package
    withdraw_consent(scene.worker, consent)
    assert counts(scene.other_town)["handoverpackage"] == 0
    assert seen(scene.other_town, lambda: received_package(scene.other_town, package.key)) is None


def test_a_protected_citizen_is_hidden_at_the_other_end(scene: Moving) -> None:
    package = scene.sent()
    Protection.objects.create(citizen=scene.ane, valid=Period(DAY).to_range(), reason="Kendt person.")
    assert seen(scene.stranger, HandoverPackage.objects.count) == 0
    assert seen(scene.stranger, lambda: received_package(scene.stranger, package.key)) is None


# What is coming


def test_what_nobody_has_prepared(scene: Moving) -> None:
    carl = queries.unprepared(scene.leader, tree())
    assert [(one.name, one.words) for one in carl] == [("Carl Kommer", "flytter ind")]
    assert queries.unprepared(scene.far, tree()) == []
    plan = scene.plan(
        why="coming", planned_on=carl[0].day, from_unit=None, from_outside="Psykiatrien", to_unit=scene.offer
    )
    stay = Stay.objects.get(citizen=scene.carl)
    found = transitions.begin(scene.leader, scene.carl, plan, stay=stay)
    assert queries.unprepared(scene.leader, tree()) == []
    with pytest.raises(Refusal, match="kommer udefra"):
        packages.draft(scene.leader, scene.carl, found)
    assert [one.transition for one in queries.under_way(scene.leader, tree())] == [found]


def test_children_who_grow_up(scene: Moving) -> None:
    child = make.citizen(first_name="Ida", last_name="Ung", birth_date=dt.date(2008, 12, 1))
    make.stay(child, make.place("E8", scene.offer), DAY - ONE, moved_in=True)
    grown = make.citizen(first_name="Ib", last_name="Voksen", birth_date=dt.date(2008, 6, 14))
    make.stay(grown, make.place("E9", scene.offer), DAY - ONE, moved_in=True)
    names = [(one.name, one.day) for one in queries.unprepared(scene.leader, tree())]
    assert names == [("Carl Kommer", DAY + 3 * ONE), ("Ida Ung", dt.date(2026, 12, 1))]
    (coming,) = [queries.unprepared_of(child, [])]
    assert coming is not None and coming.words == "fylder 18"
