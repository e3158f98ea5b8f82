"""What can happen to a note."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Goal, Note
from roedtraad.practice.rules import words
from roedtraad.practice.services import notes
from roedtraad.practice.services.common import Changed
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db


def goal_of(scene: Record, title: str = "Lære at cykle") -> Goal:
    return Goal.objects.create(
        citizen=scene.ane,
        written_by=scene.worker,
        title=title,
        kind=Goal.Kind.DEVELOP,
        starts_on=clock.today(),
    )


def picture(kind: str = "JPEG") -> io.BytesIO:
    """A small picture that knows where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, kind, exif=exif)
    out.seek(0)
    return out


def test_a_note_says_where_when_and_who(scene: Record) -> None:
    goal = goal_of(scene)
    before = clock.now() - dt.timedelta(hours=2)
    note = notes.write_note(
        scene.worker,
        scene.ane,
        text="  Ane cyklede selv til købmanden.\r\nHun var glad. ",
        kind="observation",
        occurred_at=before,
        goals=[goal],
        tags=["#Cykel", "cykel", " god  dag "],
        sticky_until=clock.today(),
    )
    note.refresh_from_db()
    assert note.text == "Ane cyklede selv til købmanden.\nHun var glad."
    assert (note.unit, note.written_by, note.occurred_at) == (scene.offer, scene.worker, before)
    assert note.tags == ["cykel", "god dag"]
    assert list(note.goals.all()) == [goal]
    assert note.events.get().pgh_context.metadata["reason"] == "notat skrevet"


def test_sent_twice_by_a_phone_it_is_written_once(scene: Record) -> None:
    key = ids.new_id()
    first = notes.write_note(scene.worker, scene.ane, text="Sov godt.", key=key, goals=[goal_of(scene)])
    again = notes.write_note(scene.worker, scene.ane, text="Sov godt.", key=key, picture=picture())
    assert again == first
    assert Note.objects.count() == 1
    assert not first.attachments.exists()
    with pytest.raises(Refusal):
        notes.write_note(scene.colleague, scene.ane, text="Sov godt.", key=key)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " \n\x00 "}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"kind": "rumour"}, "kind"),
        ({"occurred_at": dt.datetime(2026, 6, 15, 13, tzinfo=clock.COPENHAGEN)}, "occurred_at"),
        ({"tags": [str(n) for n in range(11)]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"sticky_until": dt.date(2026, 6, 14)}, "sticky_until"),
        ({"sticky_until": dt.date(2027, 6, 14)}, "sticky_until"),
        ({"picture": io.BytesIO(b"GIF89a no picture")}, "picture"),
    ],
)
def test_refused_beside_the_field(scene: Record, values: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        notes.write_note(scene.worker, scene.ane, **{"text": "Et notat.", **values})  # type: ignore[arg-type]  # one of each
    assert refused.value.field == field
    assert not Note.objects.exists()


def test_anothers_goal_is_refused(scene: Record) -> None:
    with pytest.raises(Refusal) as refused:
        notes.write_note(scene.stranger, scene.bo, text="Et notat.", goals=[goal_of(scene)])
    assert refused.value.field == "goals"


def test_twenty_thousand_signs_of_any_language(scene: Record) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    text = f"{family} السلام عليكم – Kalaallisut: Inuugujoq, qujanaq. Josés søster så en ø. "
    long = (text * 400)[:20_000].strip()
    note = notes.write_note(scene.worker, scene.ane, text=long + "\x07\u202e\ud800")
    note.refresh_from_db()
    assert note.text == long


def test_cleaned_text_cleans_no_further() -> None:
    assert words.cleaned("e\u0301\tto\x1b[31m\rtre") == "é\tto[31m\ntre"
    assert words.cleaned(words.cleaned("a\r\n\u202db")) == "a\nb"


def test_a_picture_is_made_anew_without_its_place(scene: Record) -> None:
    note = notes.write_note(scene.worker, scene.ane, text="Se selv.", picture=picture())
    kept = note.attachments.get()
    assert kept.media_type == "image/jpeg" and kept.size == len(kept.content)
    with Image.open(io.BytesIO(bytes(kept.content))) as opened:
        assert opened.size == (60, 40) and not opened.getexif()


def test_two_people_correct_one_note_and_no_text_is_lost(scene: Record) -> None:
    note = notes.write_note(scene.worker, scene.ane, text="Ane sov til 7.")
    notes.correct_note(scene.colleague, note, version=1, text="Ane sov til 8.", important=True)
    with pytest.raises(Changed) as changed:
        notes.correct_note(scene.worker, note, version=1, text="Ane sov til 9.")
    assert changed.value.current.text == "Ane sov til 8."
    kept = notes.correct_note(scene.worker, note, version=2, text="Ane sov til 9.")
    assert (kept.version, kept.corrected_by, kept.important) == (3, scene.worker, True)
    assert list(note.events.order_by("pgh_id").values_list("text", flat=True)) == [
        "Ane sov til 7.",
        "Ane sov til 8.",
        "Ane sov til 9.",
    ]


def test_what_changes_nothing_is_no_new_version(scene: Record) -> None:
    note = notes.write_note(scene.worker, scene.ane, text="Ane sov.")
    kept = notes.correct_note(scene.worker, note, version=1, text="Ane sov. ")
    assert (kept.version, kept.corrected_at) == (1, None)
    assert note.events.count() == 1


def test_correcting_sets_the_goals(scene: Record) -> None:
    first, second = goal_of(scene), goal_of(scene, "Lave mad")
    note = notes.write_note(scene.worker, scene.ane, text="Ane lavede mad.", goals=[first])
    notes.correct_note(scene.worker, note, version=1, text="Ane lavede mad.", goals=[second])
    assert list(note.goals.all()) == [second]


def test_withdrawn_it_is_not_corrected_shared_or_hung_up(scene: Record) -> None:
    note = notes.write_note(scene.worker, scene.ane, text="Om en anden.")
    with pytest.raises(Refusal) as refused:
        notes.withdraw_note(scene.worker, note, " ")
    assert refused.value.field == "reason"
    notes.withdraw_note(scene.worker, note, "Det var om Bo.")
    kept = notes.withdraw_note(scene.colleague, note, "Igen.")
    assert kept.withdrawn_reason == "Det var om Bo."
    for again in (
        lambda: notes.correct_note(scene.worker, note, version=1, text="Nyt."),
        lambda: notes.share(scene.worker, note, citizen=True),
        lambda: notes.stick(scene.worker, note, clock.today()),
    ):
        with pytest.raises(Refusal):
            again()


def test_marks_are_switched_on_and_off(scene: Record) -> None:
    goal = goal_of(scene)
    note = notes.write_note(scene.worker, scene.ane, text="Ane ringede hjem.")
    for _twice in range(2):
        notes.tag_goal(scene.worker, note, goal)
    assert list(note.goals.all()) == [goal]
    notes.untag_goal(scene.worker, note, goal)
    assert not note.goals.exists()

    kept = notes.share(scene.worker, note, citizen=True)
    assert (kept.shared_with_citizen, kept.shared_with_relatives) == (True, False)
    kept = notes.share(scene.worker, note, relatives=True)
    kept = notes.unshare(scene.worker, note, citizen=True)
    assert (kept.shared_with_citizen, kept.shared_with_relatives) == (False, True)

    assert notes.stick(scene.worker, note, clock.today()).sticky_until == clock.today()
    assert notes.unstick(scene.worker, note).sticky_until is None
    # The marks are no corrections: whoever is writing in the text is not disturbed.
    notes.correct_note(scene.worker, note, version=1, text="Ane ringede til sin mor.")


def test_only_those_who_work_where_the_citizen_lives(scene: Record) -> None:
    note = notes.write_note(scene.worker, scene.ane, text="Et notat.")
    for nobody in (scene.stranger, scene.herself):
        with pytest.raises(AccessDenied):
            notes.write_note(nobody, scene.ane, text="Et notat.")
        with pytest.raises(AccessDenied):
            notes.correct_note(nobody, note, version=1, text="Et andet.")
        with pytest.raises(AccessDenied):
            notes.withdraw_note(nobody, note, "Fordi jeg vil.")
        with pytest.raises(AccessDenied):
            notes.share(nobody, note, relatives=True)
