"""Pårørende: what is shared with them, why and until when, and nothing else whatever address they try."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from roedtraad.access.models import LookupLog
from roedtraad.accounts.models import User
from roedtraad.citizens.models import NetworkMap, NetworkPerson, Protection
from roedtraad.citizens.relations.services import withdraw_consent
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.duty.models import Appointment
from roedtraad.practice.models import Attachment, Note
from roedtraad.practice.services.goals import rate_goal, set_goal
from roedtraad.practice.services.wishes import record_wish
from roedtraad.voices.models import Side
from roedtraad.voices.services import messages
from tests.access.test_policies_everywhere import patterns
from tests.practice.test_goals import text
from tests.voices.scene import Voices

pytestmark = pytest.mark.django_db

#: A word of its own for each thing, and the scope that shows it.
WORDS = {
    "Ønskeordet": "wishes",
    "Målordet": "goals",
    "Notatordet": "notes",
    "Kortordet": "network",
    "Beskedordet": "messages",
    "Besøgsordet": "calendar",
}
NEVER = ("Hemmelignotat", "Tilbagenotat", "Fremmedsamtale", "Trinordet", "Lægeordet")


@pytest.fixture
def scene() -> Voices:
    """Ane with a word in every part of her record; nothing but messages is shared with her mother."""
    made = Voices()
    worker, ane = made.worker, made.ane
    wish = record_wish(worker, ane, text="Ønskeordet")
    made.goal = set_goal(
        worker, ane, text(title="Målordet", wish=wish, description="Trinordet"), level_now=-1
    )  # type: ignore[attr-defined]
    rate_goal(worker, made.goal, 1)  # type: ignore[attr-defined]
    note = Note.objects.create(citizen=ane, text="Notatordet", shared_with_relatives=True, written_by=worker)
    Note.objects.create(citizen=ane, text="Hemmelignotat", written_by=worker)
    Note.objects.create(
        citizen=ane,
        text="Tilbagenotat",
        shared_with_relatives=True,
        withdrawn_at=clock.now(),
        withdrawn_reason="forkert borger",
        written_by=worker,
    )
    made.picture = Attachment.objects.create(  # type: ignore[attr-defined]
        citizen=ane, note=note, media_type="image/png", content=b"dots", size=4, written_by=worker
    )
    drawn = NetworkMap.objects.create(citizen=ane, drawn_on=clock.today(), recorded_by=worker)
    NetworkPerson.objects.create(
        map=drawn, name="Kortordet", sector="family_friends", ring=1, angle=20, distance=0.1, tier="primary"
    )
    for title, shown in (("Besøgsordet", True), ("Lægeordet", False)):
        Appointment.objects.create(
            citizen=ane,
            title=title,
            starts_at=clock.now() + dt.timedelta(days=2),
            ends_at=clock.now() + dt.timedelta(days=2, hours=1),
            created_by=worker,
            created_at=clock.now(),
            shared_with_relatives=shown,
        )
    made.talk = messages.start_conversation(  # type: ignore[attr-defined]
        worker, ane, Side.STAFF, text="Beskedordet", relations=[made.as_mother]
    )
    messages.start_conversation(worker, ane, Side.STAFF, text="Fremmedsamtale")
    return made


def person(scene: Voices, user: User | None = None) -> str:
    answer = scene.client(user or scene.mother).get(reverse("portals:relative-person", args=[scene.ane.key]))
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page[page.index("<main") :]


@pytest.mark.parametrize(("word", "scope"), WORDS.items())
def test_each_scope_opens_its_own_block_and_no_other(scene: Voices, word: str, scope: str) -> None:
    withdraw_consent(scene.worker, scene.shared)
    scene.share(scope)
    main = person(scene)
    assert word in main
    for other in (*(one for one in WORDS if one != word), *NEVER):
        assert other not in main


def test_each_block_says_why_it_is_seen_and_until_when(scene: Voices) -> None:
    last = clock.today() + dt.timedelta(days=30)
    scene.share("wishes", end=last)
    main = person(scene)
    assert "Du ser det, fordi Ane har givet samtykke den 1. januar 2013 til at dele ønsker med dig." in main
    assert "Det gælder til og med 14. juli 2026." in main
    assert "Det gælder, til samtykket trækkes tilbage." in main
    assert main.count('class="why"') == 2


def test_nothing_shared_is_said_kindly(scene: Voices) -> None:
    main = person(scene, scene.friend)
    assert "Ane har ikke delt noget med dig lige nu" in main
    for word in (*WORDS, *NEVER):
        assert word not in main
    home = scene.client(scene.friend).get(reverse("home")).content.decode()
    assert "har ikke delt noget med dig endnu" in home


@pytest.mark.parametrize("shut", ["withdrawn", "expired", "ended"])
def test_it_is_gone_at_once(scene: Voices, shut: str) -> None:
    everything = scene.share(*WORDS.values(), "photos", end=clock.today() + dt.timedelta(days=1))
    withdraw_consent(scene.worker, scene.shared)
    assert "Ønskeordet" in person(scene)
    moment = clock.now()
    if shut == "withdrawn":
        withdraw_consent(scene.herself, everything)
    elif shut == "expired":
        moment += dt.timedelta(days=1)
    else:
        scene.as_mother.valid = Period(dt.date(2013, 1, 1), clock.today()).to_range()
        scene.as_mother.save()
    with clock.fixed(moment):
        main = person(scene)
        assert "har ikke delt noget" in main
        for word in WORDS:
            assert word not in main
        client = scene.client(scene.mother)
        shown = [
            ("relative-conversation", scene.talk.key),  # type: ignore[attr-defined]
            ("relative-message-new", scene.ane.key),
            ("relative-picture", scene.picture.key),  # type: ignore[attr-defined]
        ]
        for name, key in shown:
            assert client.get(reverse(f"portals:{name}", args=[key])).status_code == 404


def test_a_protected_citizen_is_still_their_own(scene: Voices) -> None:
    Protection.objects.create(citizen=scene.ane, reason="kendt", valid=Period(clock.today()).to_range())
    assert "Beskedordet" in person(scene)


def test_pictures_take_a_consent_of_their_own(scene: Voices) -> None:
    path = reverse("portals:relative-picture", args=[scene.picture.key])  # type: ignore[attr-defined]
    scene.share("notes")
    assert scene.client(scene.mother).get(path).status_code == 404
    assert "<img" not in person(scene)
    scene.share("photos")
    assert "<img" in person(scene)
    answer = scene.client(scene.mother).get(path)
    assert (answer.content, answer["Content-Type"]) == (b"dots", "image/png")
    for user, status in ((scene.friend, 404), (scene.brother, 404), (scene.worker, 403)):
        assert scene.client(user).get(path).status_code == status


@pytest.mark.parametrize("who", ["brother", "worker", "herself"])
def test_others_are_not_let_in(scene: Voices, who: str) -> None:
    answer = scene.client(getattr(scene, who)).get(reverse("portals:relative-person", args=[scene.ane.key]))
    assert answer.status_code == (404 if who == "brother" else 403)


def test_the_pages_keep_their_budget(scene: Voices, django_assert_max_num_queries: Any) -> None:
    scene.share(*WORDS.values(), "photos")
    client = scene.client(scene.mother)
    pages = [
        reverse("home"),
        reverse("portals:relative-messages"),
        reverse("portals:relative-message-new", args=[scene.ane.key]),
        reverse("portals:relative-person", args=[scene.ane.key]),
        reverse("portals:relative-conversation", args=[scene.talk.key]),  # type: ignore[attr-defined]
    ]
    for page in pages:
        with django_assert_max_num_queries(15):
            assert client.get(page).status_code == 200


def test_what_a_relative_opens_is_in_the_log(scene: Voices) -> None:
    person(scene)
    row = LookupLog.objects.get(user=scene.mother)
    assert (row.part, row.purpose, row.citizen_id) == ("det, der deles", "pårørende", scene.ane.pk)


def test_a_relative_writes_to_the_staff(scene: Voices) -> None:
    path = reverse("portals:relative-message-new", args=[scene.ane.key])
    answer = scene.client(scene.mother).post(path, {"to": ["staff"], "topic": "Søndag", "text": "Vi kommer"})
    assert answer.status_code == 302
    assert "Vi kommer" in scene.client(scene.worker).get(scene.path("beskeder/")).content.decode()
    assert "Vi kommer" not in scene.client(scene.herself).get(reverse("portals:my-messages")).content.decode()


def test_no_address_of_the_house_shows_a_relative_more(scene: Voices) -> None:
    """Every page there is, with Ane's own keys in its address, read by her mother: only messages are shared."""
    keys = [scene.ane.key, scene.goal.key, scene.talk.key, scene.picture.key]  # type: ignore[attr-defined]
    client = scene.client(scene.mother)
    skipped = re.compile(r"^(account_|mfa_|socialaccount|saml|api-1:|drafts:|design|portals:language)|logout")
    opened = 0
    for name, entry in patterns():
        if skipped.search(name) or not isinstance(entry, URLPattern):
            continue
        converters = {key: type(one).__name__ for key, one in entry.pattern.converters.items()}
        if set(converters.values()) - {"UUIDConverter"}:
            continue
        for key in keys if converters else keys[:1]:
            answer = client.get(reverse(name, kwargs=dict.fromkeys(converters, key)))
            shown = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
            opened += answer.status_code == 200
            for word in (*(one for one in WORDS if one != "Beskedordet"), *NEVER):
                assert word not in shown, f"{word} at {name}"
    assert opened > 5
