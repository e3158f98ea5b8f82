"""A status report is drawn from the thread, edited, drawn anew, sent, returned, approved, locked and superseded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from roedtraad.access import rows
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens.models import MunicipalityRelation
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import GoalRating, ReportReading, StatusReport, Wish
from roedtraad.practice.queries import reports as queries
from roedtraad.practice.queries.report_inputs import threads
from roedtraad.practice.rules.report import draft as drawn_from
from roedtraad.practice.services import reports as services
from roedtraad.practice.services.common import Changed
from tests import factories as make
from tests.practice.planned import at
from tests.practice.reporting import FIRST, LAST, Reported, text_of


@pytest.fixture
def reported(db: None) -> Reported:
    return Reported()


def test_a_draft_says_what_the_thread_says(reported: Reported) -> None:
    made = reported.drafted()
    assert text_of(made, "wish").endswith(
        "Ane har den 1. februar 2026 sagt med egne ord: “Jeg vil spise sammen med de andre”"
    )
    goals = text_of(made, "goals")
    assert "Det hører til “Deltage i fællesskabet” i kommunens handleplan." in goals
    assert "Det begyndte på −1: “Henter maden selv”." in goals
    assert "Den 5. maj 2026 satte Ane selv det til 0: “To aftener”." in goals
    assert "Målet er nået." in goals
    assert "“Fælles madlavning” er givet i 70 minutter. Der var planlagt 909." in text_of(made, "efforts")
    assert text_of(made, "attendance") == (
        "Ane har været væk i 2 døgn i perioden. Fraværet er registreret som indlagt."
    )
    assessment = text_of(made, "assessment")
    assert "sammenlignes med vurderingen fra 1. december 2025" in assessment
    assert "“Sind og følelser” er blevet bedre: fra svært nedsat til let nedsat." in assessment
    assert "Den 1. juni 2026 var der 2 personer i det primære netværk" in text_of(made, "network")
    assert text_of(made, "consent") == (
        "Ane har den 1. februar 2026 givet samtykke til at dele mål og netværkskort med Aarhus."
    )
    assert text_of(made, "next").endswith("fortsætter og følges op den 1. september 2026.")
    about = queries.inputs_of(made).about
    assert about is not None
    assert (about.name, about.home, about.acting) == ("Ane Elm", "Elmehuset", "Aarhus")


def test_every_paragraph_leads_back_to_the_record(reported: Reported) -> None:
    made = reported.drafted()
    for part in queries.parts_of(made):
        assert part.paragraphs
        assert all(paragraph.sources and paragraph.as_drawn for paragraph in part.paragraphs)
    keys = {source.key for part in queries.parts_of(made) for source in part.sources}
    assert {str(reported.goal.key), str(reported.wish.key), str(reported.effort.key)} <= keys


def test_the_locked_inputs_draw_the_same_report_again(reported: Reported) -> None:
    made = reported.approved()
    made.refresh_from_db()
    drawn = drawn_from(queries.inputs_of(made))
    assert [section.sentences for section in drawn] == [part.drawn for part in queries.parts_of(made)]


def test_nothing_after_the_period_is_told(reported: Reported) -> None:
    made = services.draft(reported.worker, reported.ane, FIRST, dt.date(2026, 4, 30))
    assert "Målet er nået." not in text_of(made, "goals")
    assert "satte personalet det til −1" in text_of(made, "goals")
    assert "Der er ingen tidligere vurdering" in text_of(made, "assessment")
    assert "2 personer" not in text_of(made, "network")


def test_many_threads_cost_what_one_does(reported: Reported, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        found = threads([reported.ane, reported.bo, reported.dea], FIRST, LAST)
    with django_assert_max_num_queries(15):
        assert threads([reported.ane], FIRST, LAST)[reported.ane.pk] == found[reported.ane.pk]
    assert found[reported.bo.pk].goals == ()


def test_there_is_one_draft_at_a_time(reported: Reported) -> None:
    made = reported.drafted()
    assert services.draft(reported.colleague, reported.ane, LAST, LAST) == made
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusReport.objects.create(
            citizen=reported.ane,
            written_by=reported.worker,
            first_day=FIRST,
            last_day=LAST,
            sections=[],
            inputs={},
        )


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (LAST, FIRST, "last", "slutter, før den begynder"),
        (FIRST, dt.date(2026, 6, 16), "last", "ikke slutte efter i dag"),
        (dt.date(2024, 1, 1), LAST, "first", "højst to år"),
    ],
)
def test_odd_periods_are_refused(
    reported: Reported, first: dt.date, last: dt.date, field: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        services.draft(reported.worker, reported.ane, first, last)
    assert refused.value.field == field


def test_texts_are_edited_and_a_clash_loses_nothing(reported: Reported) -> None:
    made = reported.drafted()
    saved = services.edit(reported.worker, made, {"goals": "Ane spiser med."}, version=1)
    assert text_of(saved, "goals") == "Ane spiser med."
    assert text_of(saved, "wish") == text_of(made, "wish")
    with pytest.raises(Changed) as clash:
        services.edit(reported.colleague, made, {"goals": "Noget andet."}, version=1)
    assert text_of(clash.value.current, "goals") == "Ane spiser med."
    with pytest.raises(Refusal, match="højst fylde"):
        services.edit(reported.worker, made, {"goals": "x" * 20_001}, version=2)
    with pytest.raises(Refusal, match="ikke længere"):
        services.edit(reported.worker, made, {"slet_ikke": "x"}, version=2)


def test_drawing_anew_follows_the_thread_but_not_over_what_somebody_wrote(reported: Reported) -> None:
    made = reported.drafted()
    made = services.edit(reported.worker, made, {"goals": "Ane spiser med."}, version=1)
    Wish.objects.create(
        citizen=reported.ane,
        written_by=reported.worker,
        text="Jeg vil ud at danse",
        words=Wish.Words.OWN,
        written_at=at(9, day=dt.date(2026, 6, 1)),
    )
    GoalRating.objects.create(
        citizen=reported.ane,
        goal=reported.goal,
        written_by=reported.worker,
        level=2,
        rater="staff",
        rated_at=at(10, day=dt.date(2026, 6, 10)),
    )
    fresh = services.refresh(reported.worker, made, version=2)
    assert "Jeg vil ud at danse" in text_of(fresh, "wish")
    assert text_of(fresh, "goals") == "Ane spiser med."
    goals = next(part for part in queries.parts_of(fresh) if part.key == "goals")
    assert goals.look
    assert "satte personalet det til +2" in " ".join(one.text for one in goals.drawn)
    with pytest.raises(Refusal, match="Mål og udvikling"):
        services.send_for_approval(reported.worker, fresh, version=3)
    taken = services.refresh(reported.worker, fresh, version=3, take={"goals"})
    assert "satte personalet det til +2" in text_of(taken, "goals")
    assert services.send_for_approval(reported.worker, taken, version=4).state == "waiting"


def test_another_period_is_drawn_anew(reported: Reported) -> None:
    made = reported.drafted()
    fresh = services.refresh(reported.worker, made, version=1, last=dt.date(2026, 4, 30))
    assert fresh.last_day == dt.date(2026, 4, 30)
    assert "til og med 30. april 2026" in text_of(fresh, "wish")


def test_an_empty_report_is_not_sent(reported: Reported) -> None:
    made = reported.drafted()
    empty = {part.key: " \n" for part in queries.parts_of(made)}
    made = services.edit(reported.worker, made, empty, version=1)
    with pytest.raises(Refusal, match="tom"):
        services.send_for_approval(reported.worker, made, version=2)


def test_a_report_is_returned_with_a_word_and_sent_again(reported: Reported) -> None:
    made = reported.waiting()
    with pytest.raises(Refusal, match="venter på godkendelse"):
        services.edit(reported.worker, made, {"goals": "x"}, version=made.version)
    with pytest.raises(Refusal, match="Skriv, hvad"):
        services.return_with_comment(reported.leader, made, "  ")
    back = services.return_with_comment(reported.leader, made, "Skriv mere om maden.")
    assert (back.state, back.comment) == ("draft", "Skriv mere om maden.")
    again = services.send_for_approval(reported.colleague, back, version=back.version)
    assert services.approve(reported.leader, again, version=again.version).sender == str(reported.colleague)


def test_only_a_leader_approves_and_not_their_own(reported: Reported) -> None:
    made = reported.waiting()
    with pytest.raises(AccessDenied):
        services.approve(reported.colleague, made, version=made.version)
    elsewhere = make.user_with(Role.LEADER, reported.other, "anden_leder")
    with pytest.raises(AccessDenied):
        services.approve(elsewhere, made, version=made.version)
    with pytest.raises(Changed):
        services.approve(reported.leader, made, version=made.version - 1)
    back = services.return_with_comment(reported.leader, made, "Jeg sender den selv.")
    own = services.send_for_approval(reported.leader, back, version=back.version)
    with pytest.raises(Refusal, match="selv sendt"):
        services.approve(reported.leader, own, version=own.version)


def test_an_approved_report_is_locked_with_its_inputs(reported: Reported) -> None:
    made = reported.approved()
    assert (made.state, made.approver, len(made.seal)) == ("approved", str(reported.leader), 64)
    made.refresh_from_db()
    assert queries.is_intact(made)
    with pytest.raises(Refusal, match="ny udgave"):
        services.edit(reported.worker, made, {"goals": "x"}, version=made.version)
    with pytest.raises(Refusal, match="sendt"):
        services.discard(reported.worker, made)
    for statement in (
        "UPDATE practice_statusreport SET comment = 'x'",
        "UPDATE practice_statusreport SET state = 'draft', seal = ''",
        "DELETE FROM practice_statusreport",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    made.sections[0]["text"] += " "
    assert not queries.is_intact(made)


def test_a_later_name_or_a_later_thread_changes_nothing_in_it(reported: Reported) -> None:
    made = reported.approved()
    User.objects.filter(pk=reported.leader.pk).update(full_name="Et Nyt Navn")
    reported.goal.title = "Noget andet"
    reported.goal.save()
    made = StatusReport.objects.get(pk=made.pk)
    assert made.approver == "Prøve leader"
    assert queries.is_intact(made)
    assert "Spise med de andre" in text_of(made, "goals")


def test_a_correction_is_another_edition(reported: Reported) -> None:
    first = reported.approved()
    second = services.supersede(reported.worker, first)
    assert (second.edition, second.supersedes, second.state) == (2, first, "draft")
    assert services.supersede(reported.colleague, first) == second
    second = services.edit(reported.worker, second, {"goals": "Rettet."}, version=1)
    differing = {one.heading: one for one in queries.differences(first, second)}
    assert not differing["Mål og udvikling"].same
    assert differing["Netværk"].same
    sent = services.send_for_approval(reported.worker, second, version=2)
    assert [one.pk for one in queries.municipal_list(reported.caseworker)] == [first.pk]
    done = services.approve(reported.leader, sent, version=3)
    assert [one.pk for one in queries.municipal_list(reported.caseworker)] == [done.pk]
    assert queries.municipal_report(reported.caseworker, first.key) == first
    assert queries.is_intact(StatusReport.objects.get(pk=done.pk))
    assert queries.before(done) == first


def test_another_report_in_hand_stands_in_the_way_of_an_edition(reported: Reported) -> None:
    first = reported.approved()
    services.draft(reported.worker, reported.ane, FIRST, LAST)
    with pytest.raises(Refusal, match="Gør den færdig"):
        services.supersede(reported.worker, first)
    with pytest.raises(Refusal, match="ikke godkendt"):
        services.supersede(reported.worker, services.open_report(reported.ane) or first)


def test_a_draft_is_thrown_away_by_who_began_it(reported: Reported) -> None:
    made = reported.drafted()
    with pytest.raises(AccessDenied, match="begyndt af en anden"):
        services.discard(reported.colleague, made)
    services.discard(reported.worker, made)
    assert not StatusReport.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "caseworker", "herself"])
def test_others_write_nothing(reported: Reported, who: str) -> None:
    user = getattr(reported, who)
    with pytest.raises(AccessDenied):
        services.draft(user, reported.ane, FIRST, LAST)
    made = reported.waiting()
    with pytest.raises(AccessDenied):
        services.edit(user, made, {"goals": "x"}, version=made.version)
    with pytest.raises(AccessDenied):
        services.approve(user, made, version=made.version)
    with pytest.raises(AccessDenied):
        services.supersede(user, made)


def test_a_caseworker_signs_once_for_having_read(reported: Reported) -> None:
    made = reported.waiting()
    with pytest.raises(AccessDenied):
        services.mark_read(reported.caseworker, made)
    made = services.approve(reported.leader, made, version=made.version)
    assert queries.unread_count(reported.caseworker) == 1
    signed = services.mark_read(reported.caseworker, made)
    assert services.mark_read(reported.caseworker, made) == signed
    assert queries.unread_count(reported.caseworker) == 0
    assert [one.reader for one in queries.readings_of(made)] == [reported.caseworker]
    for user in (reported.elsewhere, reported.worker, reported.herself):
        with pytest.raises(AccessDenied):
            services.mark_read(user, made)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportReading.objects.all().delete()


def seen_by(user: User | None) -> tuple[int, int, int]:
    """How many reports, lines of their history and receipts the connection shows the user."""
    with rows.as_user(user):
        return (
            StatusReport.objects.count(),
            StatusReport.pgh_event_model.objects.count(),
            ReportReading.objects.count(),
        )


def test_the_database_shows_drafts_to_staff_alone(reported: Reported) -> None:
    reported.waiting()
    assert seen_by(reported.worker) == (1, 2, 0)
    assert seen_by(reported.leader)[0] == 1
    for who in ("caseworker", "elsewhere", "herself", "stranger"):
        assert seen_by(getattr(reported, who)) == (0, 0, 0), who
    assert seen_by(None) == (0, 0, 0)


def test_the_database_shows_approved_reports_to_the_municipality_and_the_citizen(reported: Reported) -> None:
    made = reported.approved()
    services.mark_read(reported.caseworker, made)
    assert seen_by(reported.caseworker) == (1, 0, 1)
    assert seen_by(reported.herself) == (1, 0, 1)
    assert seen_by(reported.elsewhere) == (0, 0, 0)
    assert seen_by(reported.stranger) == (0, 0, 0)


def test_a_report_the_citizen_may_not_read_is_kept_from_them(reported: Reported) -> None:
    made = reported.drafted()
    made = services.edit(reported.worker, made, {}, version=1, shared_with_citizen=False)
    made = services.send_for_approval(reported.worker, made, version=2)
    services.approve(reported.leader, made, version=3)
    assert seen_by(reported.herself) == (0, 0, 0)
    assert queries.own_reports(reported.ane) == []


def test_the_municipality_that_takes_over_does_not_read_the_time_before(reported: Reported) -> None:
    made = reported.approved()
    MunicipalityRelation.objects.filter(citizen=reported.ane).delete()
    for kind in ("acting", "paying"):
        MunicipalityRelation.objects.create(
            citizen=reported.ane,
            kind=kind,
            municipality=make.municipality("0791"),
            valid=(dt.date(2026, 6, 15), None),
        )
    assert list(queries.municipal_reports(reported.elsewhere)) == []
    assert seen_by(reported.elsewhere)[0] == 0
    MunicipalityRelation.objects.filter(citizen=reported.ane, kind="acting").update(
        valid=(dt.date(2026, 6, 14), None)
    )
    assert list(queries.municipal_reports(reported.elsewhere)) == [made]
    assert seen_by(reported.elsewhere)[0] == 1


def test_the_database_lets_nobody_but_a_leader_approve(reported: Reported) -> None:
    made = reported.waiting()
    values = {"state": "approved", "approved_at": at(9), "seal": "x"}
    for user in (reported.colleague, reported.caseworker):
        with rows.as_user(user):
            changed = 0
            try:
                with transaction.atomic():
                    changed = StatusReport.objects.filter(pk=made.pk).update(approved_by=user, **values)
            except DatabaseError:
                pass
            assert changed == 0
    made.refresh_from_db()
    assert made.state == "waiting"
