"""The pages of a status report: in the record, at the leader's, and at the caseworker's."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from roedtraad.access import rows
from roedtraad.access.models import LookupLog
from roedtraad.citizens.models import Consent, NetworkMap
from roedtraad.duty.models import Absence
from roedtraad.practice.models import (
    Assessment,
    AssessmentScore,
    Effort,
    FollowUp,
    Goal,
    GoalRating,
    Note,
    ReportReading,
    StatusReport,
    Task,
    Wish,
)
from roedtraad.practice.queries import reports as queries
from roedtraad.practice.services import reports as services
from roedtraad.practice.views.common import TABS
from tests.practice.planned import at
from tests.practice.reporting import Reported, text_of


@pytest.fixture
def reported(db: None) -> Reported:
    return Reported()


def html_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def sent(report: StatusReport, **values: str) -> dict[str, str]:
    """What a browser sends of the draft."""
    texts = {row["key"]: row["text"].replace("\n", "\r\n") for row in report.sections}
    return texts | {"version": str(report.version), "shared_with_citizen": "on", "do": "save"} | values


def test_a_report_is_drawn_edited_and_sent(reported: Reported, django_assert_max_num_queries: Any) -> None:
    client = reported.client(reported.worker)
    html = html_of(client.get(reported.path("rapporter/")))
    assert "Der er ingen statusrapport endnu." in html
    assert 'aria-current="page">Rapporter' in html
    assert 'value="2025-12-15"' in html_of(client.get(reported.path("rapporter/ny/")))
    answer = client.post(reported.path("rapporter/ny/"), {"first": "2026-03-01", "last": "2026-06-14"})
    made = StatusReport.objects.get()
    assert answer["Location"] == reported.path("rapporter", made.key, "ret/")
    with django_assert_max_num_queries(15):
        html = html_of(client.get(answer["Location"]))
    assert "Den 4. maj 2026 satte personalet det til +1" in html
    assert f'href="{reported.path("maal", reported.goal.key, "")}">Mål: Spise med de andre</a>' in html
    answer = client.post(answer["Location"], sent(made, goals="Ane spiser med nu.", do="show"))
    assert answer["Location"] == reported.path("rapporter", made.key, "")
    with django_assert_max_num_queries(15):
        html = html_of(client.get(answer["Location"]))
    assert "Ane spiser med nu." in html
    assert "Kladden er kun synlig for jer" in html
    made.refresh_from_db()
    answer = client.post(reported.path("rapporter", made.key, "ret/"), sent(made, do="send"))
    assert answer["Location"] == reported.path("rapporter", made.key, "")
    made.refresh_from_db()
    assert (made.state, made.sent_by) == ("waiting", reported.worker)
    assert client.get(reported.path("rapporter", made.key, "ret/")).status_code == 302
    assert {one.part for one in LookupLog.objects.filter(citizen_id=reported.ane.pk)} == {"statusrapport"}


def test_an_odd_period_is_refused_beside_its_field(reported: Reported) -> None:
    client = reported.client(reported.worker)
    answer = client.post(reported.path("rapporter/ny/"), {"first": "2026-03-01", "last": "2026-06-16"})
    assert answer.status_code == 422
    assert "Perioden kan ikke slutte efter i dag." in html_of(answer)
    assert not StatusReport.objects.exists()


def test_two_people_in_one_draft_see_both_texts(reported: Reported) -> None:
    made = reported.drafted()
    path = reported.path("rapporter", made.key, "ret/")
    reported.client(reported.worker).post(path, sent(made, goals="Metts tekst."))
    answer = reported.client(reported.colleague).post(path, sent(made, goals="Jonas' tekst."))
    html = html_of(answer)
    assert answer.status_code == 422
    assert '<dt>Mål og udvikling</dt><dd dir="auto">Metts tekst.</dd>' in html
    assert "Jonas&#x27; tekst." in html
    assert html.count("<dt>") == 1
    assert 'name="version" value="2"' in html
    reported.client(reported.colleague).post(path, sent(made, goals="Begges tekst.", version="2"))
    made.refresh_from_db()
    assert text_of(made, "goals") == "Begges tekst."


def test_what_is_new_in_the_thread_is_shown_before_it_is_fetched(
    reported: Reported, django_assert_max_num_queries: Any
) -> None:
    made = reported.drafted()
    made = services.edit(reported.worker, made, {"goals": "Vores ord."}, version=1)
    client = reported.client(reported.worker)
    path = reported.path("rapporter", made.key, "nyt/")
    assert "Der er intet nyt i tråden." in html_of(client.get(path))
    GoalRating.objects.create(
        citizen=reported.ane,
        goal=reported.goal,
        written_by=reported.worker,
        level=2,
        rater="staff",
        rated_at=at(10, day=dt.date(2026, 6, 10)),
    )
    with django_assert_max_num_queries(25):
        html = html_of(client.get(path))
    assert "Det bliver stående, og I bliver bedt om at se det efter." in html
    assert re.search(r"<ins>[^<]*10. juni[^<]*</ins>|<ins>[^<]*2[^<]*</ins>", html)
    made.refresh_from_db()
    assert text_of(made, "goals") == "Vores ord."
    client.post(path, {"version": "2"})
    made.refresh_from_db()
    assert text_of(made, "goals") == "Vores ord."
    edit = reported.path("rapporter", made.key, "ret/")
    assert "Tråden siger noget nyt. Se efter." in html_of(client.get(edit))
    client.post(edit, sent(made))
    assert "Tråden siger noget nyt. Se efter." not in html_of(client.get(edit))


def test_sending_a_part_that_was_not_looked_at_keeps_what_was_typed(reported: Reported) -> None:
    made = reported.drafted()
    answer = reported.client(reported.worker).post(
        reported.path("rapporter", made.key, "ret/"),
        sent(made, do="send") | {part.key: "" for part in queries.parts_of(made)},
    )
    assert answer.status_code == 422
    assert "Rapporten er tom." in html_of(answer)
    made.refresh_from_db()
    assert made.state == "draft"
    assert f'name="version" value="{made.version}"' in html_of(answer)


def test_the_leader_finds_returns_and_approves(
    reported: Reported, django_assert_max_num_queries: Any
) -> None:
    made = reported.waiting()
    leader = reported.client(reported.leader)
    assert "Statusrapporter til godkendelse" in html_of(leader.get("/"))
    with django_assert_max_num_queries(8):
        html = html_of(leader.get("/borgere/rapporter/til-godkendelse/"))
    path = reported.path("rapporter", made.key, "")
    assert f'href="{path}">Ane Elm' in html
    assert "Godkend og lås" in html_of(leader.get(path))
    assert "Godkend og lås" not in html_of(reported.client(reported.worker).get(path))
    answer = leader.post(f"{path}retur/", {"comment": ""})
    assert answer.status_code == 422
    assert "Skriv, hvad der skal rettes." in html_of(answer)
    leader.post(f"{path}retur/", {"comment": "Skriv mere om maden."})
    html = html_of(reported.client(reported.worker).get(f"{path}ret/"))
    assert "Skriv mere om maden." in html
    made.refresh_from_db()
    reported.client(reported.worker).post(f"{path}ret/", sent(made, do="send"))
    made.refresh_from_db()
    assert leader.post(f"{path}godkend/", {"version": "1"}, follow=True).status_code == 200
    made.refresh_from_db()
    assert made.state == "waiting"
    answer = leader.post(f"{path}godkend/", {"version": str(made.version)}, follow=True)
    assert "Rapporten er godkendt og låst." in html_of(answer)
    made.refresh_from_db()
    assert queries.is_intact(made)
    assert "Ingen rapporter venter på dig." in html_of(leader.get("/borgere/rapporter/til-godkendelse/"))
    assert reported.client(reported.worker).post(f"{path}godkend/").status_code == 403


def test_another_edition_is_held_against_the_one_before(
    reported: Reported, django_assert_max_num_queries: Any
) -> None:
    first = reported.approved()
    client = reported.client(reported.worker)
    path = reported.path("rapporter", first.key, "")
    assert client.get(f"{path}forskelle/").status_code == 404
    answer = client.post(f"{path}ny-udgave/")
    second = StatusReport.objects.get(edition=2)
    assert answer["Location"] == reported.path("rapporter", second.key, "ret/")
    client.post(answer["Location"], sent(second, network="Flere venner nu."))
    with django_assert_max_num_queries(15):
        html = html_of(client.get(reported.path("rapporter", second.key, "forskelle/")))
    assert "Udgave 1 ved siden af udgave 2." in html
    assert {"Flere", "venner nu"} <= set(re.findall(r"<ins>(.*?)</ins>", html))
    assert "En ny udgave er i gang" in html_of(client.get(path))


def test_the_list_tells_who_has_read(reported: Reported, django_assert_max_num_queries: Any) -> None:
    made = reported.approved()
    services.mark_read(reported.caseworker, made)
    client = reported.client(reported.worker)
    with django_assert_max_num_queries(15):
        html = html_of(client.get(reported.path("rapporter/")))
    assert f"{reported.caseworker}, 15.06.2026" in html
    assert f"{reported.caseworker}, 15.06.2026" in html_of(
        client.get(reported.path("rapporter", made.key, ""))
    )


def test_a_draft_is_thrown_away(reported: Reported) -> None:
    made = reported.drafted()
    path = reported.path("rapporter", made.key, "slet/")
    assert reported.client(reported.colleague).post(path).status_code == 403
    assert reported.client(reported.worker).post(path)["Location"] == reported.path("rapporter/")
    assert not StatusReport.objects.exists()


def test_what_is_approved_meanwhile_says_so(reported: Reported) -> None:
    """A page that was opened before somebody else approved: a sentence, and nothing is changed."""
    made = reported.approved()
    path = reported.path("rapporter", made.key, "")
    for who, act, words in (
        (reported.worker, "slet/", "Rapporten er sendt og kan ikke slettes."),
        (reported.leader, "godkend/", "Rapporten venter ikke på godkendelse."),
    ):
        answer = reported.client(who).post(f"{path}{act}", {"version": str(made.version)}, follow=True)
        assert answer.status_code == 200
        assert words in html_of(answer)
    answer = reported.client(reported.leader).post(f"{path}retur/", {"comment": "Skriv mere."}, follow=True)
    assert "Rapporten venter ikke på godkendelse." in html_of(answer)
    made.refresh_from_db()
    assert made.state == "approved"


def test_an_approved_report_stands_in_the_line_of_time(reported: Reported) -> None:
    made = reported.approved()
    html = html_of(reported.client(reported.worker).get(reported.path("tidslinje/")))
    assert f'href="{reported.path("rapporter", made.key, "")}">Statusrapport' in html


PAGES = ("rapporter/", "rapporter/ny/", "rapporter/{key}/", "rapporter/{key}/ret/", "rapporter/{key}/pdf/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("herself", 403), ("caseworker", 403), ("elsewhere", 403)]
)
def test_the_record_is_closed_to_others(reported: Reported, page: str, who: str, status: int) -> None:
    made = reported.approved()
    path = reported.path(page.format(key=made.key))
    assert reported.client(getattr(reported, who)).get(path).status_code == status


# -- the municipality ------------------------------------------------------------------------------------------


def test_the_caseworker_reads_what_is_approved_and_signs(
    reported: Reported, django_assert_max_num_queries: Any
) -> None:
    made = reported.waiting()
    client = reported.client(reported.caseworker)
    assert "Der er ingen statusrapporter." in html_of(client.get("/borgere/statusrapporter/"))
    path = f"/borgere/statusrapporter/{made.key}/"
    assert client.get(path).status_code == 404
    made = services.approve(reported.leader, made, version=made.version)
    assert "1 statusrapport, som ingen hos jer har læst" in html_of(client.get("/"))
    with django_assert_max_num_queries(8):
        html = html_of(client.get("/borgere/statusrapporter/"))
    assert f'href="{path}">Ane Elm' in html
    with django_assert_max_num_queries(15):
        html = html_of(client.get(path))
    assert "Det begyndte på −1: “Henter maden selv”." in html
    assert "Indholdet er det, der blev godkendt." in html
    assert made.seal in html
    assert reported.path() not in html
    assert {(one.part, one.role) for one in LookupLog.objects.filter(user=reported.caseworker)} >= {
        ("liste over statusrapporter", "caseworker"),
        ("statusrapport", "caseworker"),
    }
    answer = client.post(f"{path}laest/", follow=True)
    assert "Tilbuddet kan se, at du har læst rapporten." in html_of(answer)
    assert ReportReading.objects.get().reader == reported.caseworker
    assert "læst af dig" in html_of(client.get("/borgere/statusrapporter/"))
    assert "som ingen hos jer har læst" not in html_of(client.get("/"))
    pdf = client.get(f"{path}pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert "Ane" not in pdf["Content-Disposition"]


@pytest.mark.parametrize("ending", ["", "pdf/", "laest/"])
@pytest.mark.parametrize("who", ["elsewhere", "worker", "stranger"])
def test_others_do_not_read_through_the_municipalitys_door(reported: Reported, ending: str, who: str) -> None:
    made = reported.approved()
    client = reported.client(getattr(reported, who))
    path = f"/borgere/statusrapporter/{made.key}/{ending}"
    answer = client.post(path) if ending == "laest/" else client.get(path)
    assert answer.status_code == 404
    assert not LookupLog.objects.filter(user=getattr(reported, who)).exists()


@pytest.mark.parametrize("name", [name for name, _words in TABS if name != "practice:transitions"])
def test_nothing_else_of_the_record_is_open_to_the_caseworker(reported: Reported, name: str) -> None:
    reported.approved()
    path = reverse(name, args=[reported.ane.key])
    assert reported.client(reported.worker).get(path).status_code == 200
    assert reported.client(reported.caseworker).get(path).status_code in (403, 404)


@pytest.mark.parametrize(
    "model",
    [
        Wish,
        Goal,
        GoalRating,
        FollowUp,
        Effort,
        Assessment,
        AssessmentScore,
        Note,
        Task,
        NetworkMap,
        Consent,
        Absence,
    ],
)
def test_no_other_row_of_the_record_is_shown_to_the_caseworker(reported: Reported, model: Any) -> None:
    reported.approved()
    Note.objects.create(citizen=reported.ane, written_by=reported.worker, text="Kun for personalet.")
    with rows.as_user(reported.worker):
        assert model.objects.exists()
    with rows.as_user(reported.caseworker):
        assert StatusReport.objects.count() == 1
        assert not model.objects.exists()


def test_an_older_edition_leads_to_the_newer(reported: Reported) -> None:
    first = reported.approved()
    second = services.supersede(reported.worker, first)
    client = reported.client(reported.caseworker)
    path = f"/borgere/statusrapporter/{first.key}/"
    assert "Der er en nyere udgave" not in html_of(client.get(path))
    sent_ = services.send_for_approval(reported.worker, second, version=1)
    services.approve(reported.leader, sent_, version=2)
    assert f"/borgere/statusrapporter/{second.key}/" in html_of(client.get(path))


def test_a_long_list_is_read_page_by_page(reported: Reported) -> None:
    made = reported.approved()
    page = queries.municipal_page(reported.caseworker, limit=1)
    assert (page.reports, page.next) == ([made], "")
    assert queries.municipal_page(reported.caseworker, str(made.key), 1).reports == []
    assert queries.municipal_page(reported.caseworker, "ikke en nøgle", 1).reports == [made]


# -- the citizen -----------------------------------------------------------------------------------------------


def test_the_citizen_reads_their_own_on_min_side(
    reported: Reported, django_assert_max_num_queries: Any
) -> None:
    made = reported.waiting()
    client = reported.client(reported.herself)
    assert "Der er ingen rapporter endnu." in html_of(client.get("/min-side/rapporter/"))
    path = f"/min-side/rapporter/{made.key}/"
    assert client.get(path).status_code == 404
    made = services.approve(reported.leader, made, version=made.version)
    services.mark_read(reported.caseworker, made)
    assert f'href="{path}"' in html_of(client.get("/min-side/rapporter/"))
    with django_assert_max_num_queries(15):
        html = html_of(client.get(path))
    assert "Det begyndte på −1" in html
    assert f"{reported.caseworker}, 15.6.2026" in html
    assert reported.path() not in html
    assert client.get(f"{path}pdf/").content.startswith(b"%PDF")
    assert {one.part for one in LookupLog.objects.filter(user=reported.herself)} == {"statusrapport"}


@pytest.mark.parametrize("ending", ["", "pdf/"])
def test_a_report_not_shared_is_not_there_for_the_citizen(reported: Reported, ending: str) -> None:
    made = reported.drafted()
    made = services.edit(reported.worker, made, {}, version=1, shared_with_citizen=False)
    made = services.send_for_approval(reported.worker, made, version=2)
    services.approve(reported.leader, made, version=3)
    client = reported.client(reported.herself)
    assert client.get(f"/min-side/rapporter/{made.key}/{ending}").status_code == 404
    assert str(made.key) not in html_of(client.get("/min-side/rapporter/"))
