"""The pages about plans and orders, and the API's order: who gets in, what is said, what is logged, what it costs."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.access.roles import Role
from roedtraad.access.tokens import issue
from roedtraad.citizens.models import Citizen
from roedtraad.exchange.fhir.models import Message, ReportedPlan
from roedtraad.journeys.models import Stay
from roedtraad.organisation.tree import tree
from roedtraad.practice.models import Goal
from tests import factories as make
from tests.exchange.fhir.orders import ORDER, order
from tests.exchange.fhir.scene import ORGANISATION, Planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Planned:
    return Planned()


@pytest.fixture
def browser(scene: Planned) -> Client:
    return scene.client(scene.worker)


def page_of(scene: Planned) -> str:
    return reverse("exchange:plan", args=[scene.ane.key])


def typed(scene: Planned, **more: Any) -> dict[str, Any]:
    return {
        "case_number": "SAG-2026/17",
        "organisation": ORGANISATION.upper(),
        "starts_on": "2026-03-01",
        "ordered": "on",
        "offer": scene.offer_code,
        "group-0": scene.groups[0],
        f"level-{scene.goal.key}": "2",
        f"service-{scene.effort.key}": scene.service,
        "version": "0",
        **more,
    }


def file(content: Any, name: str = "plan.json") -> dict[str, Any]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"file": SimpleUploadedFile(name, raw)}


def test_from_what_is_missing_to_the_file(
    scene: Planned, browser: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(15):
        text = browser.get(page_of(scene)).content.decode()
    assert "mangler, før planen kan sendes" in text and "Planen mangler kommunens sagsnummer." in text
    assert browser.get(reverse("exchange:plan-bundle", args=[scene.ane.key])).status_code == 302
    assert browser.post(page_of(scene), typed(scene)).status_code == 302
    assert "Klar til at sende" in browser.get(page_of(scene)).content.decode()
    with django_assert_max_num_queries(15):
        answer = browser.get(reverse("exchange:plan-bundle", args=[scene.ane.key]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ffb-2026-06-15.json"'
    assert json.loads(answer.content)["type"] == "collection"
    looked = LookupLog.objects.filter(part="indberetning til KL hentet", citizen=scene.ane, user=scene.worker)
    assert looked.count() == 2


def test_two_who_save_at_the_same_time(scene: Planned, browser: Client) -> None:
    browser.post(page_of(scene), typed(scene))
    other = scene.client(scene.colleague)
    answer = other.post(page_of(scene), typed(scene, case_number="B-1"))
    assert answer.status_code == 422
    assert "Sagsnummeret er nu SAG-2026/17" in answer.content.decode()
    assert ReportedPlan.objects.get().case_number == "SAG-2026/17"
    assert other.post(page_of(scene), typed(scene, case_number="B-1", version="1")).status_code == 302
    assert ReportedPlan.objects.get().case_number == "B-1"


def test_a_plan_in_through_preview_to_goals(
    scene: Planned, browser: Client, django_assert_max_num_queries: Any
) -> None:
    browser.post(page_of(scene), typed(scene))
    raw = browser.get(reverse("exchange:plan-bundle", args=[scene.ane.key])).content
    answer = browser.post(reverse("exchange:plan-upload", args=[scene.ane.key]), file(raw))
    message = Message.objects.get()
    preview = reverse("exchange:plan-message", args=[scene.ane.key, message.key])
    assert answer.headers["Location"] == preview
    with django_assert_max_num_queries(15):
        text = browser.get(preview).content.decode()
    assert "1 nyt mål" in text and "Tilstand 3" in text
    assert Goal.objects.count() == 1
    assert browser.post(preview).headers["Location"] == reverse("practice:goals", args=[scene.ane.key])
    assert Goal.objects.count() == 2
    assert "Planen er taget imod den" in browser.get(preview).content.decode()


def test_a_file_that_is_no_plan_says_why(scene: Planned, browser: Client) -> None:
    for content, words in ((b"x", "kan ikke læses som JSON"), ({**ORDER, "type": "collection"}, "Del 1:")):
        answer = browser.post(reverse("exchange:plan-upload", args=[scene.ane.key]), file(content))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Message.objects.exists()


def test_who_may_not(scene: Planned) -> None:
    for user in (scene.stranger, scene.herself):
        client = scene.client(user)
        assert client.get(page_of(scene)).status_code in (403, 404)
        assert client.get(reverse("exchange:plan-bundle", args=[scene.ane.key])).status_code in (403, 404)
        assert client.post(
            reverse("exchange:plan-upload", args=[scene.ane.key]), file(b"{}")
        ).status_code in (
            403,
            404,
        )
    inspector = scene.client(make.user_with(Role.INSPECTOR, scene.offer, "tilsyn"))
    text = inspector.get(page_of(scene)).content.decode()
    assert "Det, der sendes" in text and 'name="case_number"' not in text
    assert inspector.get(reverse("exchange:plan-bundle", args=[scene.ane.key])).status_code == 403


@pytest.fixture
def token(scene: Planned) -> str:
    caseworker = make.user_with(Role.CASEWORKER, make.municipality("0791"), "sagsbehandler")
    return issue(caseworker, "kommunens system", ["referral.send"], 30)[1]


def post(token: str, content: Any, key: str = "") -> Any:
    return Client().post(
        "/api/v1/fhir/order",
        json.dumps(content),
        content_type="application/fhir+json",
        headers={"authorization": f"Bearer {token}", "idempotency-key": key or str(uuid4())},
    )


def named(scene: Planned) -> Any:
    """The order, to the offer that `leader` leads."""
    made = order()
    made["entry"][2]["resource"]["name"] = tree().by_id[scene.offer.pk].name
    return made


def test_an_order_from_the_api_becomes_a_draft_and_a_stay(
    scene: Planned, token: str, django_assert_max_num_queries: Any
) -> None:
    place = make.place("E-77", scene.offer)
    answer = post(token, named(scene))
    assert (answer.status_code, answer.json()["state"], answer.json()["unit"]) == (
        201,
        "draft",
        scene.offer.key,
    )
    assert post(token, named(scene)).json() == answer.json()
    assert not Citizen.objects.filter(first_name="Kaya Ø").exists()
    leader = scene.client(scene.leader)
    with django_assert_max_num_queries(15):
        assert "Viborg Kommune" in leader.get(reverse("exchange:messages")).content.decode()
    address = reverse("exchange:order", args=[answer.json()["key"]])
    with django_assert_max_num_queries(15):
        text = leader.get(address).content.decode()
    assert "Jeg vil gerne bo et sted med en have." in text and "værgemålslovens § 5" in text
    choice = {"place": place.code, "ordered_start": "2026-08-01", "acting_municipality": "0791"}
    assert leader.post(address, {**choice, "place": "findes-ikke"}).status_code == 422
    answer = leader.post(address, choice)
    stay = Stay.objects.get(place=place)
    assert answer.headers["Location"] == reverse("journeys:citizen", args=[stay.citizen.key])
    assert (stay.citizen.cpr, stay.ordered_start, stay.paying_municipality_id) == (
        "1502799995",
        date(2026, 8, 1),
        "0791",
    )
    message = Message.objects.get()
    assert (message.state, message.citizen, message.decided_by) == ("accepted", stay.citizen, scene.leader)
    assert leader.post(address, choice).status_code == 403


def test_an_order_about_somebody_known_books_for_them(scene: Planned, token: str) -> None:
    make.place("E-77", scene.offer)
    made = named(scene)
    patient = next(one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == "Patient")
    patient["identifier"][0]["value"] = scene.ane.cpr
    key = post(token, made).json()["key"]
    answer = scene.client(scene.leader).post(
        reverse("exchange:order", args=[key]),
        {"place": "E-77", "ordered_start": "2026-08-01", "paying_municipality": "0791"},
    )
    assert answer.status_code == 302
    assert Stay.objects.get(place__code="E-77").citizen == scene.ane


def test_an_order_that_cannot_be_read_gets_an_outcome(scene: Planned, token: str) -> None:
    answer = post(token, order(Patient={"identifier": None}))
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert answer.json()["issue"][0]["diagnostics"] == "Borgeren mangler et CPR-nummer, der findes."
    assert post(token, {"resourceType": "Patient"}).json()["issue"][0]["severity"] == "error"
    assert not Message.objects.exists()


def test_an_order_is_seen_by_its_unit_and_its_sender_alone(scene: Planned, token: str) -> None:
    key = post(token, named(scene)).json()["key"]
    address = reverse("exchange:order", args=[key])
    other = scene.client(make.user_with(Role.LEADER, scene.other, "anden-leder"))
    assert other.get(address).status_code == 404
    assert "Viborg Kommune" not in other.get(reverse("exchange:messages")).content.decode()
    assert scene.client(scene.worker).get(address).status_code == 403
    sender = Message.objects.get().received_by
    client = scene.client(sender)
    assert "Tag imod" not in client.get(address).content.decode()
    assert client.post(address, {"place": "E-1", "ordered_start": "2026-08-01"}).status_code == 403
    assert client.post(reverse("exchange:order-decline", args=[key]), {"note": "Nej"}).status_code == 403
    reader = issue(scene.leader, "x", ["capacity"], 30)[1]
    assert post(reader, named(scene)).status_code == 403


def test_an_order_to_nobody_we_know_goes_to_the_region(scene: Planned, token: str) -> None:
    made = order()
    made["entry"][2]["resource"]["name"] = "Et helt andet sted"
    assert post(token, made).json()["unit"] == "region"


def test_an_order_that_is_declined_is_emptied(scene: Planned, token: str) -> None:
    key = post(token, named(scene)).json()["key"]
    leader = scene.client(scene.leader)
    address = reverse("exchange:order-decline", args=[key])
    assert leader.post(address, {"note": ""}).status_code == 422
    assert leader.post(address, {"note": "Ingen ledige pladser"}).status_code == 302
    message = Message.objects.get()
    assert (message.state, message.payload, message.decision_note) == ("declined", "", "Ingen ledige pladser")
    assert "Kaya" not in leader.get(reverse("exchange:order", args=[key])).content.decode()


def test_one_upload_takes_both_kinds(scene: Planned, browser: Client) -> None:
    leader = scene.client(scene.leader)
    browser.post(page_of(scene), typed(scene))
    raw = browser.get(reverse("exchange:plan-bundle", args=[scene.ane.key])).content
    address = reverse("exchange:messages")
    assert str(scene.ane.key) in leader.post(address, file(raw)).headers["Location"]
    assert (
        leader.post(address, file(named(scene), "b.json")).headers["Location"].startswith("/udveksling/fhir/")
    )
    assert leader.post(address, file(b"{")).status_code == 422
    caseworker = scene.client(make.user_with(Role.CASEWORKER, make.municipality("0791"), "sagsbehandler"))
    assert "tages imod af en medarbejder" in caseworker.post(address, file(raw)).content.decode()
