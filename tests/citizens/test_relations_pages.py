"""The page of relations, guardians, consents and contact persons."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roedtraad.access.emergencies import open_in_emergency
from roedtraad.access.models import LookupLog
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens import sharing
from roedtraad.citizens.models import Consent, ContactPerson, Guardianship, Relation
from roedtraad.citizens.relations import services
from roedtraad.citizens.relations.rules import Person
from roedtraad.core import clock
from roedtraad.core.period import Period
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
RELATION = {"name": "Mona Elm", "kind": "mother", "chosen_by_citizen": "on", "phone": "12 34 56 78"}
GUARDIANSHIP = {"form": "5", "scopes": "personal", "name": "Advokat Lind", "first": "2026-01-01"}
CONSENT = {"to": "another", "party": "Skolen", "scopes": "goals", "given_by": "citizen"} | {
    "how": "oral",
    "first": "2026-06-15",
}


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def worker(scene: Scene) -> User:
    return scene.user(Role.SUPPORT_WORKER)


@pytest.fixture
def browser(client: Client, worker: User) -> Client:
    client.force_login(worker)
    return client


@pytest.fixture
def mona(scene: Scene, worker: User) -> Relation:
    return services.add_relation(worker, scene.ane, "mother", Person("Mona Elm"), chosen_by_citizen=True)


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page(scene: Scene, name: str = "relations", **more: Any) -> str:
    return reverse(f"citizens:{name}", kwargs={"key": scene.ane.key, **more})


def test_an_empty_page_says_what_to_do(scene: Scene, browser: Client) -> None:
    shown = body(browser.get(page(scene)))
    for words in (
        "Spørg borgeren, hvem der er pårørende.",
        "Ingen uden for tilbuddet ser noget, før borgeren har sagt ja.",
        "Borgeren bestemmer selv.",
        "Borgeren har ingen kontaktperson.",
    ):
        assert words in shown
    assert LookupLog.objects.filter(part="relationer og samtykke").count() == 1


def test_a_relation_from_first_to_last(scene: Scene, browser: Client) -> None:
    login = scene.user(Role.RELATIVE)
    answer = browser.post(page(scene, "relation-add"), RELATION | {"login": str(login.pk)})
    assert answer["Location"] == page(scene)
    mona = Relation.objects.get()
    assert (mona.name, mona.user, mona.chosen_by_citizen) == ("Mona Elm", login, True)
    shown = body(browser.get(page(scene)))
    assert "Mona Elm" in shown
    assert "pårørende" in shown
    browser.post(page(scene, "relation-login", pk=mona.pk), {"login": ""})
    mona.refresh_from_db()
    assert mona.user is None
    browser.post(page(scene, "relation-login", pk=mona.pk), {"login": "0"})
    assert "Det login har ikke adgang som pårørende" in body(browser.get(page(scene)))
    browser.post(page(scene, "relation-end", pk=mona.pk))
    mona.refresh_from_db()
    assert Period.from_range(mona.valid).last == clock.today()


def test_a_consent_from_first_to_last(scene: Scene, browser: Client, mona: Relation) -> None:
    login = scene.user(Role.RELATIVE)
    browser.post(page(scene, "relation-login", pk=mona.pk), {"login": str(login.pk)})
    typed = CONSENT | {"to": f"r{mona.pk}", "scopes": ["goals", "network"]}
    assert browser.post(page(scene, "consent-add"), typed).status_code == 302
    assert sharing.scopes_shared(login, scene.ane) == {"goals", "network"}
    assert "mål, netværkskort" in body(browser.get(page(scene)))
    browser.post(page(scene, "consent-withdraw", pk=Consent.objects.get().pk))
    assert sharing.scopes_shared(User.objects.get(pk=login.pk), scene.ane) == set()
    assert "trukket tilbage" in body(browser.get(page(scene)))


def test_a_consent_to_the_citizens_municipality_and_by_a_guardian(
    scene: Scene, browser: Client, worker: User, mona: Relation
) -> None:
    guardian = services.add_guardianship(
        worker, scene.ane, "5", personal=True, economic=False, guardian=mona, first=clock.today()
    )
    shown = body(browser.get(page(scene, "consent-add")))
    assert '<option value="k0751">Aarhus</option>' in shown
    assert "k0851" not in shown
    typed = CONSENT | {"to": "k0751", "scopes": "report", "given_by": str(guardian.pk), "how": "written"}
    assert browser.post(page(scene, "consent-add"), typed).status_code == 302
    made = Consent.objects.get()
    assert (made.receiver, made.guardianship) == ("Aarhus", guardian)


def test_a_guardianship_from_first_to_last(scene: Scene, browser: Client, mona: Relation) -> None:
    assert browser.post(page(scene, "guardianship-add"), GUARDIANSHIP).status_code == 302
    chosen = GUARDIANSHIP | {"relation": str(mona.pk), "name": "", "scopes": ["personal", "economic"]}
    assert browser.post(page(scene, "guardianship-add"), chosen).status_code == 302
    assert {one.guardian for one in Guardianship.objects.all()} == {"Advokat Lind", "Mona Elm"}
    assert "Advokat Lind" in body(browser.get(page(scene)))
    kept = Guardianship.objects.order_by("pk")[0]
    browser.post(page(scene, "guardianship-end", pk=kept.pk))
    kept.refresh_from_db()
    assert Period.from_range(kept.valid).last == clock.today()


def test_a_contact_person_from_first_to_last(scene: Scene, browser: Client, worker: User) -> None:
    typed = {"user": str(worker.pk), "role": "primary", "first": "2026-06-15"}
    assert browser.post(page(scene, "contact-add"), typed).status_code == 302
    assert str(worker) in body(browser.get(page(scene)))
    kept = ContactPerson.objects.get()
    browser.post(page(scene, "contact-end", pk=kept.pk))
    kept.refresh_from_db()
    assert Period.from_range(kept.valid).last == clock.today()


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("relation-add", RELATION | {"name": ""}, "Skriv navnet."),
        ("relation-add", RELATION | {"phone": "ring"}, "mindst 8 cifre"),
        ("guardianship-add", GUARDIANSHIP | {"form": "6"}, "gælder kun økonomiske forhold"),
        ("guardianship-add", GUARDIANSHIP | {"name": ""}, "Skriv navnet."),
        ("guardianship-add", GUARDIANSHIP | {"last": "2025-12-31"}, "ligger før den første"),
        ("consent-add", CONSENT | {"scopes": []}, "Vælg mindst én ting"),
        ("consent-add", CONSENT | {"party": ""}, "Skriv, hvem der deles med"),
        ("consent-add", CONSENT | {"first": "2026-06-16"}, "skrives, når det er givet"),
        ("consent-add", CONSENT | {"how": "own_page"}, "own_page"),
        ("contact-add", {"user": "0", "role": "primary", "first": "2026-06-15"}, "0"),
    ],
)
def test_what_cannot_be_is_said(
    scene: Scene, browser: Client, name: str, typed: dict[str, Any], words: str
) -> None:
    answer = browser.post(page(scene, name), typed)
    assert answer.status_code == 422
    assert words in body(answer)


FORMS = ("relation-add", "guardianship-add", "consent-add", "contact-add")
BUTTONS = ("relation-end", "relation-login", "guardianship-end", "consent-withdraw", "contact-end")


def everything(scene: Scene, worker: User, mona: Relation) -> dict[str, int]:
    """One row of each, and the number that each button takes."""
    today = clock.today()
    guardian = services.add_guardianship(
        worker, scene.ane, "5", personal=True, economic=False, guardian=mona, first=today
    )
    consent = services.give_consent(worker, scene.ane, mona, ["goals"], how="oral")
    contact = services.appoint_contact(worker, scene.ane, worker, "primary")
    return dict(zip(BUTTONS, (mona.pk, mona.pk, guardian.pk, consent.pk, contact.pk), strict=True))


@pytest.mark.parametrize("role", list(Role))
def test_who_comes_in(scene: Scene, client: Client, worker: User, mona: Relation, role: Role) -> None:
    numbers = everything(scene, worker, mona)
    client.force_login(scene.user(role))
    reads = role in {Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR}
    writes = role in {Role.SUPPORT_WORKER, Role.LEADER}
    answer = client.get(page(scene))
    assert (answer.status_code == 200) is reads
    assert ("Slut i dag" in body(answer)) is writes
    for name in FORMS:
        assert (client.get(page(scene, name)).status_code == 200) is writes, name
        assert (client.post(page(scene, name), {"x": "1"}).status_code == 422) is writes, name
    for name, pk in numbers.items():
        assert (client.post(page(scene, name, pk=pk)).status_code == 302) is writes, name


def test_another_citizens_rows_are_not_reached_through_this_one(
    scene: Scene, browser: Client, worker: User
) -> None:
    theirs = make.relation(scene.bo, "Bos mor")
    assert browser.post(page(scene, "relation-end", pk=theirs.pk)).status_code == 404


def test_an_emergency_reads_and_does_not_write(
    scene: Scene, client: Client, worker: User, mona: Relation
) -> None:
    everything(scene, worker, mona)
    foreign = make.user_with(Role.SUPPORT_WORKER, scene.other)
    client.force_login(foreign)
    assert client.get(page(scene)).status_code == 404
    open_in_emergency(foreign, scene.ane, "Fundet alene ude på vejen i nat")
    shown = body(client.get(page(scene)))
    assert "Mona Elm" in shown
    assert "<form" not in shown.split("<main")[1].split("</main>")[0]
    assert client.post(page(scene, "relation-end", pk=mona.pk)).status_code == 404


def test_the_citizens_page_leads_there(scene: Scene, client: Client) -> None:
    address = reverse("journeys:citizen", args=[scene.ane.key])
    for role, leads in ((Role.SUPPORT_WORKER, True), (Role.INSPECTOR, True), (Role.CASEWORKER, False)):
        client.force_login(scene.user(role))
        shown = body(client.get(address))
        for name in ("relations", "network"):
            assert (f'href="{page(scene, name)}"' in shown) is leads, (role, name)


def test_the_pages_keep_their_budgets(
    scene: Scene, browser: Client, worker: User, mona: Relation, django_assert_max_num_queries: Any
) -> None:
    everything(scene, worker, mona)
    for n in range(8):
        other = make.relation(scene.ane, f"Ven {n}", kind="friend")
        make.consent(other, "goals", recorded_by=worker)
    for name in ("relations", *FORMS):
        with django_assert_max_num_queries(15):
            assert browser.get(page(scene, name)).status_code == 200
