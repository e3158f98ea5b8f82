"""Min side: the citizen reads, writes and decides for themselves; nobody else gets in, and nothing costs too much."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from roedtraad.access.models import LookupLog
from roedtraad.citizens.models import Consent, ContactPerson, NetworkMap, NetworkPerson
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.duty.models import Appointment
from roedtraad.portals.templatetags.pictograms import PICTOGRAMS
from roedtraad.practice.models import Attachment, GoalRating, Task, TaskCitizen, Wish
from roedtraad.practice.services.goals import rate_goal, set_goal
from roedtraad.practice.services.wishes import record_wish
from roedtraad.voices.models import Message, MoodReading, ReadingChoice, Side
from roedtraad.voices.services import messages, own
from tests.practice.test_goals import LEVELS, text
from tests.voices.scene import Voices

pytestmark = pytest.mark.django_db
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04B\x85\x81\x02"
PLAIN = ["my-wishes", "my-wish-new", "my-goals", "my-messages", "my-message-new", "my-more", "my-mood"]
PLAIN += ["my-network", "my-about", "my-sharing", "my-reading", "my-lookups", "my-reports"]


@pytest.fixture
def scene() -> Voices:
    """Ane with two of everything."""
    made = Voices()
    worker, ane = made.worker, made.ane
    for n in range(2):
        wish = record_wish(worker, ane, text=f"Ønske {n}")
        goal = set_goal(worker, ane, text(title=f"Mål {n}", wish=wish), level_now=-1)
        rate_goal(worker, goal, 1)
        made.share("wishes", "goals")
        own.say_mood(made.herself, ane, 4)
        talk = messages.start_conversation(worker, ane, Side.STAFF, text=f"Besked {n}")
        messages.write_message(worker, talk, Side.STAFF, text="Og en til")
        task = Task.objects.create(
            unit=made.offer, citizen=ane, title=f"Svømning {n}", due_at=clock.now(), written_by=worker
        )
        TaskCitizen.objects.create(task=task, citizen=ane)
        Appointment.objects.create(
            citizen=ane,
            title=f"Tandlæge {n}",
            starts_at=clock.now(),
            ends_at=clock.now() + dt.timedelta(hours=1),
            created_by=worker,
            created_at=clock.now(),
            shared_with_citizen=n == 1,
        )
    made.goal, made.talk = goal, talk  # type: ignore[attr-defined]
    for person, role in ((worker, "primary"), (made.colleague, "team")):
        ContactPerson.objects.create(
            citizen=ane, user=person, role=role, valid=Period(clock.today()).to_range()
        )
    drawn = NetworkMap.objects.create(citizen=ane, drawn_on=clock.today(), recorded_by=worker)
    NetworkPerson.objects.create(
        map=drawn, name="Onkel Ole", sector="family_friends", ring=1, angle=20, distance=0.1, tier="primary"
    )
    return made


def read(scene: Voices, name: str, *args: Any, user: Any = None) -> str:
    answer = scene.client(user or scene.herself).get(reverse(name, args=args))
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page[page.index("<main") :]


def test_today_says_what_happens_and_who_is_there(scene: Voices) -> None:
    main = read(scene, "home")
    for words in (
        "Hej Ane",
        "Svømning 1",
        "12.00",
        "din kontaktperson",
        "Du har 4 nye beskeder",
        "face-chosen",
    ):
        assert words in main, words
    assert "Tandlæge 0" not in main


@pytest.mark.parametrize("name", ["home", *[f"portals:{name}" for name in PLAIN]])
def test_every_page_keeps_its_budget(scene: Voices, django_assert_max_num_queries: Any, name: str) -> None:
    client = scene.client(scene.herself)
    with django_assert_max_num_queries(15):
        assert client.get(reverse(name)).status_code == 200


def test_the_pages_of_one_thing_keep_it_too(scene: Voices, django_assert_max_num_queries: Any) -> None:
    client = scene.client(scene.herself)
    wish = Wish.objects.first()
    pages = {
        "portals:my-goal": scene.goal.key,  # type: ignore[attr-defined]
        "portals:my-conversation": scene.talk.key,  # type: ignore[attr-defined]
        "portals:my-wish": wish and wish.key,
        "portals:my-share": scene.as_mother.key,
    }
    for name, key in pages.items():
        with django_assert_max_num_queries(15):
            assert client.get(reverse(name, args=[key])).status_code == 200


@pytest.mark.parametrize("name", [name for name in PLAIN if name not in ("my-reading", "my-lookups")])
def test_others_are_refused(scene: Voices, name: str) -> None:
    for user in (scene.worker, scene.leader, scene.mother):
        assert scene.client(user).get(reverse(f"portals:{name}")).status_code == 403


def test_what_one_opens_of_oneself_is_in_the_log(scene: Voices) -> None:
    read(scene, "portals:my-wishes")
    read(scene, "portals:my-goals")
    parts = LookupLog.objects.filter(user=scene.herself).order_by("pk").values_list("part", "purpose")
    assert list(parts) == [("mine ønsker", "egne oplysninger"), ("mine mål", "egne oplysninger")]


def test_a_wish_is_written_in_one_s_own_words_and_followed(scene: Voices) -> None:
    client = scene.client(scene.herself)
    client.post(reverse("portals:my-wish-new"), {"text": "Jeg vil have en hund 🐕"})
    wish = Wish.objects.get(text__startswith="Jeg vil have en hund")
    assert (wish.words, wish.written_by) == ("own", scene.herself)
    client.post(f"{reverse('portals:my-wish-new')}?efter={wish.key}", {"text": "Jeg vil hellere have en kat"})
    newer = Wish.objects.get(follows=wish)
    client.post(reverse("portals:my-wish", args=[newer.key]), {"what": "fulfilled"})
    last = Wish.objects.get(follows=newer)
    assert (last.what, last.text) == ("fulfilled", "Jeg vil hellere have en kat")
    main = read(scene, "portals:my-wishes")
    assert "Det er sket" in main and "hund" not in main
    assert client.get(reverse("portals:my-wish", args=[wish.key])).status_code == 404


def test_a_wish_may_be_sound_or_a_picture_alone(scene: Voices) -> None:
    client = scene.client(scene.herself)
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(drawn, "PNG")
    sent = {
        "text": "",
        "sound": SimpleUploadedFile("x.webm", WEBM, "audio/webm"),
        "picture": SimpleUploadedFile("x.png", drawn.getvalue(), "image/png"),
    }
    assert client.post(reverse("portals:my-wish-new"), sent).status_code == 302
    wish = Wish.objects.get(text="Mit ønske er en optagelse.")
    kinds = set(Attachment.objects.filter(wish=wish).values_list("media_type", flat=True))
    assert kinds == {"audio/webm", "image/png"}
    sound = Attachment.objects.get(wish=wish, media_type="audio/webm")
    answer = client.get(reverse("portals:my-attached", args=[sound.key]))
    assert (answer.content, answer["Content-Type"]) == (WEBM, "audio/webm")
    assert "<audio" in read(scene, "portals:my-wishes")
    other = reverse("portals:my-attached", args=[sound.key])
    assert scene.client(scene.mother).get(other).status_code == 403


@pytest.mark.parametrize(
    ("field", "content", "sentence"),
    [
        ("sound", b"MZ\x90\x00 a program", "ikke en lydoptagelse"),
        ("sound", WEBM + b"\x00" * 2 * 1024 * 1024, "for lang"),
        ("picture", b"<svg/>", "ikke et billede"),
    ],
)
def test_what_is_no_sound_and_no_picture_is_refused(
    scene: Voices, field: str, content: bytes, sentence: str
) -> None:
    sent = {"text": "Med fil", field: SimpleUploadedFile("x.webm", content)}
    answer = scene.client(scene.herself).post(reverse("portals:my-wish-new"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Wish.objects.filter(text="Med fil").exists()


def test_the_microphone_is_open_on_one_page_alone(scene: Voices) -> None:
    client = scene.client(scene.herself)
    assert "microphone=(self)" in client.get(reverse("portals:my-wish-new"))["Permissions-Policy"]
    assert "microphone=()" in client.get(reverse("portals:my-wishes"))["Permissions-Policy"]


def test_a_goal_is_a_ladder_and_a_press_says_where_one_stands(scene: Voices) -> None:
    goal = scene.goal  # type: ignore[attr-defined]
    main = read(scene, "portals:my-goal", goal.key)
    assert all(words in main for words in LEVELS.values())
    assert main.count("Her er vi nu") == 1
    client = scene.client(scene.herself)
    client.post(reverse("portals:my-goal", args=[goal.key]), {"level": "2"})
    rating = GoalRating.objects.get(rater="citizen")
    assert (rating.level, rating.written_by) == (2, scene.herself)
    assert "Det har jeg selv sagt" in read(scene, "portals:my-goal", goal.key)
    for wrong in ("7", "", "abc"):
        client.post(reverse("portals:my-goal", args=[goal.key]), {"level": wrong})
    assert GoalRating.objects.filter(rater="citizen").count() == 1


def test_another_citizen_s_goal_is_not_there(scene: Voices) -> None:
    from roedtraad.access.roles import Role
    from tests import factories as make

    bo = make.user_with(Role.CITIZEN, scene.bo)
    for name, key in (("my-goal", scene.goal.key), ("my-conversation", scene.talk.key)):  # type: ignore[attr-defined]
        assert scene.client(bo).get(reverse(f"portals:{name}", args=[key])).status_code == 404


def test_five_faces(scene: Voices) -> None:
    client = scene.client(scene.herself)
    client.post(reverse("portals:my-mood"), {"mood": "1"})
    client.post(reverse("portals:my-mood"), {"mood": "9"})
    assert MoodReading.objects.order_by("-pk").values_list("mood", flat=True)[0] == 1
    assert "Rigtig dårligt" in read(scene, "portals:my-mood")
    page = scene.client(scene.worker).get(scene.path("beskeder/")).content.decode()
    assert "Rigtig dårligt" in page


def test_sharing_is_given_and_stopped(scene: Voices) -> None:
    client = scene.client(scene.herself)
    to_friend = reverse("portals:my-share", args=[scene.as_friend.key])
    client.post(to_friend, {"scopes": ["network"], "length": "30"})
    given = Consent.objects.get(relation=scene.as_friend)
    assert (given.scopes, given.how, given.recorded_by) == (["network"], "own_page", scene.herself)
    assert "mit netværk" in read(scene, "portals:my-sharing")
    client.post(reverse("portals:my-share-stop", args=[given.key]))
    given.refresh_from_db()
    assert given.withdrawn_at is not None
    assert client.post(to_friend, {"scopes": [], "length": ""}).status_code == 422
    assert client.get(reverse("portals:my-share", args=[scene.as_brother.key])).status_code == 404


def test_the_citizen_writes_and_reads_messages(scene: Voices) -> None:
    client = scene.client(scene.herself)
    answer = client.post(
        reverse("portals:my-message-new"),
        {"to": ["staff", str(scene.as_mother.key)], "text": "Kom på søndag"},
    )
    message = Message.objects.get(text="Kom på søndag")
    assert answer["Location"] == reverse("portals:my-conversation", args=[message.conversation.key])
    assert [one.relation for one in message.conversation.participants.all()] == [scene.as_mother]
    client.post(answer["Location"], {"text": "Eller lørdag"})
    assert "Eller lørdag" in read(
        scene, "portals:relative-conversation", message.conversation.key, user=scene.mother
    )
    undo = reverse("portals:withdraw", args=[message.conversation.key, message.key])
    assert scene.client(scene.mother).post(undo).status_code == 404
    assert client.post(undo).status_code == 302
    assert "Kom på søndag</p>" not in read(scene, "portals:my-conversation", message.conversation.key)


def test_a_message_is_new_until_it_was_open(scene: Voices) -> None:
    assert "Du har 4 nye beskeder" in read(scene, "home")
    read(scene, "portals:my-conversation", scene.talk.key)  # type: ignore[attr-defined]
    assert "Du har 2 nye beskeder" in read(scene, "home")


def test_the_network_and_where_one_lives(scene: Voices) -> None:
    assert "Onkel Ole" in read(scene, "portals:my-network")
    about = read(scene, "portals:my-about")
    for words in ("Elmehuset", "Elmevej 1", "Afdelingsleder", "Aarhus Kommune bestemmer"):
        assert words in about


def test_how_one_reads_is_kept(scene: Voices) -> None:
    client = scene.client(scene.herself)
    assert "level-pictogram" in read(scene, "home")
    assert "data-scan" not in read(scene, "home")
    client.post(reverse("portals:my-reading"), {"level": "aloud", "scanning": "on", "seconds": "5"})
    chosen = ReadingChoice.objects.get(user=scene.herself)
    assert (chosen.level, chosen.scanning, chosen.seconds) == ("aloud", True, 5)
    main = read(scene, "portals:my-goals")
    assert "level-aloud" in main and 'data-scan="5"' in main


def test_every_pictogram_is_drawn() -> None:
    import re
    from pathlib import Path

    import roedtraad.portals

    assert roedtraad.portals.__file__
    sprite = Path(roedtraad.portals.__file__).parent / "static" / "portals" / "pictograms.svg"
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text())) == PICTOGRAMS
