"""The pages of transitions and of handover packages: for those who work with the citizen, and for both ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.accounts.models import User
from roedtraad.journeys.models import Stay
from roedtraad.practice.models import HandoverPackage, PackageQuestion, Transition, TransitionStep
from roedtraad.practice.services import packages, transitions
from tests import factories as make
from tests.practice.moving import DAY, Moving

pytestmark = pytest.mark.django_db
HANDOVERS = "/borgere/overleveringer/"


@pytest.fixture
def scene(db: None) -> Moving:
    return Moving()


def html(scene: Moving, user: User, path: str, status: int = 200) -> str:
    answer = scene.client(user).get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def of(scene: Moving, found: Transition, *parts: Any) -> str:
    return scene.path("overgange", found.key, *parts, "")


def test_the_pages_keep_their_budget(scene: Moving, django_assert_max_num_queries: Any) -> None:
    found = scene.transition()
    transitions.add_tie(scene.worker, found, name="Naboen", what="goodbye")
    sent = scene.sent(found)
    packages.ask(scene.stranger, sent, "Hvilken musik?")
    packages.acknowledge(scene.stranger, sent)
    draft = scene.draft(found)
    part = draft.parts.all()[0]
    client, receiver = scene.client(scene.worker), scene.client(scene.stranger)
    for browser, path in (
        (client, scene.path("overgange", "")),
        (client, scene.path("overgange", "ny", "")),
        (client, of(scene, found)),
        (client, of(scene, found, "ret")),
        (client, of(scene, found, "opgiv")),
        (client, of(scene, found, "skridt", "nyt")),
        (client, of(scene, found, "skridt", found.steps.all()[0].key)),
        (client, of(scene, found, "mennesker", "nyt")),
        (client, of(scene, found, "pakke", draft.key)),
        (client, of(scene, found, "pakke", sent.key)),
        (client, of(scene, found, "pakke", draft.key, "afsnit", part.key)),
        (client, of(scene, found, "pakke", sent.key, "kald-tilbage")),
        (client, of(scene, found, "pakke", sent.key, "kvittering")),
        (client, HANDOVERS),
        (receiver, HANDOVERS),
        (receiver, f"{HANDOVERS}{sent.key}/"),
    ):
        with django_assert_max_num_queries(15):
            answer = browser.get(path)
        assert answer.status_code == 200, path


def test_from_a_booking_to_a_transition(scene: Moving) -> None:
    shown = html(scene, scene.leader, HANDOVERS)
    assert "Carl Kommer" in shown and "flytter ind 18. juni 2026" in shown
    stay = Stay.objects.get(citizen=scene.carl)
    path = f"/borgere/{scene.carl.key}/overgange/"
    listed = html(scene, scene.leader, path)
    assert f"?ophold={stay.pk}" in listed
    form = html(scene, scene.leader, f"{path}ny/?ophold={stay.pk}")
    assert 'value="coming" selected' in form and 'value="2026-06-18"' in form
    assert f'<option value="{scene.offer.pk}" selected' in form
    answer = scene.client(scene.leader).post(
        f"{path}ny/",
        {
            "why": "coming",
            "planned_on": "2026-06-18",
            "from_outside": "Psykiatrien",
            "to_unit": str(scene.offer.pk),
            "stay": str(stay.pk),
        },
    )
    found = Transition.objects.get()
    assert answer["Location"] == f"{path}{found.key}/" and found.stay == stay
    shown = html(scene, scene.leader, f"{path}{found.key}/")
    assert "Psykiatrien → Elmehuset" in shown and "Lav overleveringspakken" not in shown
    assert "Alle flytninger de næste 13 uger er forberedt." in html(scene, scene.leader, HANDOVERS)


def test_a_refused_transition_comes_back_with_its_words(scene: Moving) -> None:
    answer = scene.client(scene.worker).post(
        scene.path("overgange", "ny", ""),
        {
            "why": "move",
            "planned_on": "2026-07-01",
            "from_unit": str(scene.offer.pk),
            "own_words": "Min seng.",
        },
    )
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Vælg ét sted" in shown and "Min seng." in shown
    assert not Transition.objects.exists()


def test_two_people_edit_one_transition(scene: Moving) -> None:
    found = scene.transition()
    path = of(scene, found, "ret")
    typed = {
        "why": "move",
        "planned_on": "2026-07-10",
        "from_unit": str(scene.offer.pk),
        "to_unit": str(scene.other.pk),
        "to_responsible": str(scene.stranger.pk),
        "version": "1",
    }
    assert scene.client(scene.worker).post(path, {**typed, "reason": "Hendes egen dør."}).status_code == 302
    answer = scene.client(scene.colleague).post(path, {**typed, "reason": "Mere plads."})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Hendes egen dør." in shown and "Mere plads." in shown
    assert 'name="version" value="2"' in shown
    found.refresh_from_db()
    assert found.to_responsible == scene.stranger


def test_steps_are_settled_and_opened_again(scene: Moving) -> None:
    found = scene.transition()
    step = found.steps.get(title__contains="efter en måned")
    client, path = scene.client(scene.worker), of(scene, found, "skridt", step.key)
    assert "Holder det" in client.get(path).content.decode()
    answer = client.post(path, {"hvad": "gjort", "note": "Godt."})
    assert answer.status_code == 422 and "Vælg, om det holder." in answer.content.decode()
    assert client.post(path, {"hvad": "gjort", "held": "yes", "note": "Godt."}).status_code == 302
    assert "holder det: ja, det holder" in html(scene, scene.worker, of(scene, found))
    assert client.post(path, {"hvad": "ikke", "reason": ""}).status_code == 422
    assert client.post(path, {"hvad": "ikke", "reason": "Blev glemt."}).status_code == 302
    assert client.post(path, {"hvad": "aabn"}).status_code == 302
    step.refresh_from_db()
    assert not step.settled and step.note == "Godt."
    new = {"title": "Køb gardiner", "phase": "during", "kind": "step", "side": "both"}
    assert client.post(of(scene, found, "skridt", "nyt"), new).status_code == 302
    assert client.post(of(scene, found, "skridt", "nyt"), {**new, "title": ""}).status_code == 422
    assert "Køb gardiner" in html(scene, scene.worker, of(scene, found))


def test_it_happens_and_somebody_is_said_goodbye_to(scene: Moving) -> None:
    found = scene.transition(planned_on=DAY)
    client = scene.client(scene.worker)
    assert "Er det sket?" in client.get(of(scene, found)).content.decode()
    assert client.post(of(scene, found, "sket"), {"happened_on": "2026-06-20"}).status_code == 422
    assert client.post(of(scene, found, "sket"), {"happened_on": "2026-06-15"}).status_code == 302
    assert "Else Elm" in client.get(of(scene, found, "mennesker", "nyt")).content.decode()
    client.post(of(scene, found, "mennesker", "nyt"), {"name": "Naboen", "what": "goodbye", "how": "Kage"})
    tie = found.ties.get()
    client.post(of(scene, found, "mennesker", tie.key), {"hvad": "sket"})
    shown = client.get(of(scene, found)).content.decode()
    assert "sket 15.06.2026" in shown and "Er det sket?" not in shown
    assert client.post(of(scene, found, "mennesker", found.key), {"hvad": "sket"}).status_code == 404


def test_giving_up_asks_why(scene: Moving) -> None:
    found = scene.transition()
    client = scene.client(scene.worker)
    assert client.post(of(scene, found, "opgiv"), {"reason": ""}).status_code == 422
    client.post(of(scene, found, "opgiv"), {"reason": "Ingen plads."})
    shown = client.get(of(scene, found)).content.decode()
    assert "Ingen plads." in shown and "Nyt skridt" not in shown
    answer = client.post(of(scene, found, "pakke"))
    assert answer["Location"] == of(scene, found) and not HandoverPackage.objects.exists()


def test_a_package_from_draft_to_receipt(scene: Moving) -> None:
    found = scene.transition()
    writer, second, receiver = (scene.client(user) for user in (scene.worker, scene.leader, scene.stranger))
    made = writer.post(of(scene, found, "pakke"))
    package = HandoverPackage.objects.get()
    page = of(scene, found, "pakke", package.key)
    assert made["Location"] == page
    shown = writer.get(page).content.decode()
    assert "Støj udløser uro." in shown and "Jeg har set den igennem" not in shown
    part = package.parts.get(name="notater")
    tap = of(scene, found, "pakke", package.key, "afsnit", part.key, "med")
    writer.post(tap, {"hvad": "udelad"})
    assert "udeladt" in writer.get(page).content.decode()
    edit = of(scene, found, "pakke", package.key, "afsnit", package.parts.get(name="ro").key)
    assert writer.post(edit, {"keep": "on", "text": "", "version": "1"}).status_code == 422
    writer.post(edit, {"keep": "on", "text": "Jazz giver ro.", "version": "1"})
    clash = writer.post(edit, {"keep": "on", "text": "Blues giver ro.", "version": "1"})
    assert clash.status_code == 422 and "Jazz giver ro." in clash.content.decode()
    writer.post(of(scene, found, "pakke", package.key, "igen"))
    refused = writer.post(of(scene, found, "pakke", package.key, "send"), {"informed_on": "2026-06-15"})
    assert refused.status_code == 422 and "En kollega eller leder skal se pakken" in refused.content.decode()
    assert receiver.get(f"{HANDOVERS}{package.key}/").status_code == 404
    assert "Jeg har set den igennem" in second.get(page).content.decode()
    second.post(of(scene, found, "pakke", package.key, "set-igennem"))
    sent = writer.post(
        of(scene, found, "pakke", package.key, "send"),
        {"informed_on": "2026-06-15", "informed_how": "Vi læste den sammen."},
    )
    assert sent["Location"] == page
    listed = receiver.get(HANDOVERS).content.decode()
    assert "Ane Elm" in listed and "1 pakke venter" in listed
    read = receiver.get(f"{HANDOVERS}{package.key}/").content.decode()
    assert "Jazz giver ro." in read and "Faldt på trappen" not in read
    assert "Uændret, siden den blev sendt." in read and "Vi læste den sammen." in read
    # The record itself stays closed to the receiver, and no way leads there.
    assert receiver.get(page).status_code == 404 and f"/borgere/{scene.ane.key}/" not in read
    receiver.post(f"{HANDOVERS}{package.key}/laest/")
    assert "Læst af dig" in receiver.get(HANDOVERS).content.decode()
    assert str(scene.stranger) in writer.get(page).content.decode()
    step = found.steps.get(title__startswith="Læs overleveringspakken")
    receiver.post(f"{HANDOVERS}{package.key}/skridt/{step.key}/", {"hvad": "gjort"})
    step.refresh_from_db()
    assert step.settled
    receiver.post(f"{HANDOVERS}{package.key}/skridt/{step.key}/", {"hvad": "aabn"})
    theirs = TransitionStep.objects.filter(side="from", phase="before")[0]
    assert receiver.post(f"{HANDOVERS}{package.key}/skridt/{theirs.key}/").status_code == 404
    asked = receiver.post(f"{HANDOVERS}{package.key}/spoerg/", {"text": " "})
    assert asked.status_code == 422
    receiver.post(f"{HANDOVERS}{package.key}/spoerg/", {"text": "Hvilken jazz?"})
    question = PackageQuestion.objects.get()
    assert "Hvilken jazz?" in writer.get(HANDOVERS).content.decode()
    assert "1 spørgsmål venter på svar" in writer.get(of(scene, found)).content.decode()
    svar = f"{HANDOVERS}{package.key}/svar/{question.key}/"
    assert writer.post(svar, {"answer": ""}).status_code == 422
    assert receiver.post(svar, {"answer": "Ved ikke."}).status_code == 403
    writer.post(svar, {"answer": "Den rolige."})
    assert "Den rolige." in receiver.get(f"{HANDOVERS}{package.key}/").content.decode()
    titles = writer.get(scene.path("tidslinje", "?slags=overgange")).content.decode()
    assert "Overleveringspakke sendt til Birkehuset" in titles


def test_a_package_is_taken_back(scene: Moving) -> None:
    found = scene.transition()
    package = scene.sent(found)
    path = of(scene, found, "pakke", package.key, "kald-tilbage")
    assert scene.client(scene.worker).post(path, {"reason": ""}).status_code == 422
    scene.client(scene.worker).post(path, {"reason": "Forkert tilbud."})
    assert "Forkert tilbud." in html(scene, scene.worker, of(scene, found, "pakke", package.key))
    html(scene, scene.stranger, f"{HANDOVERS}{package.key}/", 404)
    assert "Ane" not in html(scene, scene.stranger, HANDOVERS)


def test_a_receiver_on_paper(scene: Moving) -> None:
    scene.consent("goals", party="Fonden Havblik")
    found = scene.transition(why="provider", to_outside="Fonden Havblik")
    draft = scene.draft(found)
    page = of(scene, found, "pakke", draft.key)
    assert "Kræver samtykke til at dele: notater." in html(scene, scene.worker, page)
    packages.review(scene.colleague, draft)
    packages.send(scene.worker, draft, informed_on=DAY)
    path = of(scene, found, "pakke", draft.key, "kvittering")
    scene.client(scene.worker).post(path, {"name": "Birthe Havn"})
    shown = html(scene, scene.worker, page)
    assert re.search(r"Birthe Havn<span[^>]*>15\.06\.2026", shown)


def test_without_consent_the_page_says_so(scene: Moving) -> None:
    found = scene.transition(why="provider", to_outside="Fonden Havblik")
    page = of(scene, found, "pakke", scene.draft(found).key)
    shown = html(scene, scene.worker, page)
    assert "Der er ikke samtykke til modtageren" in shown and "Tag med" not in shown


def test_the_municipality_reads_on_its_own_page(scene: Moving) -> None:
    package = scene.sent(scene.transition(why="home", to_municipality=make.municipality("0751")))
    assert "Ane Elm" in html(scene, scene.town, HANDOVERS)
    read = html(scene, scene.town, f"{HANDOVERS}{package.key}/")
    assert "Støj udløser uro." in read and "Jeres skridt" not in read
    html(scene, scene.other_town, f"{HANDOVERS}{package.key}/", 404)
    assert scene.client(scene.town).post(f"{HANDOVERS}{package.key}/laest/").status_code == 302


def test_opening_is_logged(scene: Moving) -> None:
    package = scene.sent()
    html(scene, scene.stranger, f"{HANDOVERS}{package.key}/")
    html(scene, scene.stranger, HANDOVERS)
    logged = LookupLog.objects.filter(user=scene.stranger, citizen=scene.ane).order_by("pk")
    assert [(row.part, row.purpose) for row in logged] == [
        ("overleveringspakke", "arbejdet med borgeren"),
        ("overleveringer", "arbejdet med borgeren"),
    ]


def test_what_waits_stands_on_min_vagt_and_on_the_home_pages(scene: Moving) -> None:
    make.stay(make.citizen(), make.place("B7", scene.other), DAY, moved_in=True)
    lead = make.user_with("leader", scene.other, "leder-birk")
    scene.sent()
    for user, page in ((scene.stranger, "/"), (lead, "/min-vagt/")):
        shown = html(scene, user, page)
        assert "Overlevering venter" in shown and "Ane Elm" in shown
        assert LookupLog.objects.filter(user=user, citizen=scene.ane).exists()
    assert HANDOVERS in html(scene, lead, "/")
    assert "Overlevering venter" not in html(scene, scene.far, "/")
    scene.sent(scene.transition(why="home", to_municipality=make.municipality("0751")))
    assert "Overlevering venter" in html(scene, scene.town, "/")


NO_ENTRY = ("overgange/", "overgange/ny/")


@pytest.mark.parametrize("page", NO_ENTRY)
def test_a_stranger_finds_nothing(scene: Moving, page: str) -> None:
    assert scene.client(scene.stranger).get(scene.path(page)).status_code == 404
    assert scene.client(scene.herself).get(scene.path(page)).status_code == 403


def test_another_citizens_transition_is_not_found(scene: Moving) -> None:
    found = scene.transition()
    package = scene.draft(found)
    dea = f"/borgere/{scene.dea.key}/overgange/{found.key}/"
    for path in (dea, f"{dea}pakke/{package.key}/"):
        html(scene, scene.worker, path, 404)
    client = scene.client(scene.worker)
    assert client.get(of(scene, found, "skridt", package.key)).status_code == 404
    assert client.get(of(scene, found, "pakke", package.key, "afsnit", found.key)).status_code == 404
    assert client.post(of(scene, found, "pakke", package.key, "afsnit", found.key, "med")).status_code == 404
    unknown = reverse("practice:handover-answer", args=[scene.sent(found).key, found.key])
    assert client.post(unknown, {"answer": "x"}).status_code == 404
