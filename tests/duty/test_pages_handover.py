"""The pages of handing over: from what is proposed to what is read."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from roedtraad.core import clock
from roedtraad.duty.models import (
    Handover,
)
from roedtraad.duty.services.attendance import register_absence
from roedtraad.practice.models import Note

from .conftest import House, at
from .pages import MOST, logged, statements, text


def test_from_proposed_to_read(mette: Client, lene: Client, house: House) -> None:
    note = Note.objects.create(
        citizen=house.ane,
        text="Ane fik ny medicin.",
        important=True,
        occurred_at=at(9),
        written_by=house.mette,
        unit=house.unit,
    )
    register_absence(house.mette, house.bo, "visit", at(10))
    assert "Dagvagt 07.00–15.00" in text(mette.get(reverse("duty:handovers")))
    begun = mette.post(reverse("duty:handover-begin"), {"enhed": "hus-3", "vagt": "nu"})
    held = Handover.objects.get()
    write = reverse("duty:handover-write", args=[held.key])
    assert begun["Location"] == write
    page = mette.get(write)
    assert (
        "Ane fik ny medicin." in text(page) and "Dagsnotat kl. 09.00 af Mette Holm." in page.content.decode()
    )
    ane, bo = held.lines.all()
    assert ane.sources == [{"kind": "note", "key": str(note.key)}] and "medicin" not in ane.text
    typed = {
        "version": 1,
        f"line-{ane.key}": "Se notatet.",
        f"line-{bo.key}": "",
        "new-0-about": str(house.bo.key),
        "new-0-text": "Ringer selv.",
        "new-1-about": "",
        "new-1-text": "",
    }
    mette.post(write, typed | {"act": "save"})
    clash = lene.post(write, typed | {f"line-{ane.key}": "Noget andet", "act": "save"})
    assert clash.status_code == 422
    assert "skrevet af en kollega: Se notatet." in text(clash) and "Noget andet" in text(clash)
    held.refresh_from_db()
    done = mette.post(
        write, {"version": held.version, f"line-{ane.key}": "Se notatet.", "act": "finish"}, follow=True
    )
    assert "Overleveringen er færdig." in text(done)
    assert [line.text for line in held.lines.filter(removed_at=None)] == ["Se notatet.", "Ringer selv."]
    read = reverse("duty:handover", args=[held.key])
    assert "Én overlevering venter" in text(lene.get(reverse("duty:handovers"), {"enhed": "hus-3"}))
    note.text = "Ane fik ny medicin, rettet."
    note.save()
    seen = text(lene.get(read))
    assert "rettet." in seen and "Jeg har læst den" in seen
    assert "Du har læst overleveringen." in text(
        lene.post(reverse("duty:handover-read", args=[held.key]), follow=True)
    )
    assert "Jeg har læst den" not in text(lene.get(read))
    refused = mette.post(reverse("duty:handover-reopen", args=[held.key]), follow=True)
    assert "En kollega har læst overleveringen." in text(refused)
    assert mette.get(write).status_code == 302
    assert logged("overlevering") == {house.ane.pk, house.bo.pk}
    for url in (read, reverse("duty:handovers")):
        assert statements(mette, url) <= MOST


def test_the_shift_before_this_one(mette: Client, house: House) -> None:
    mette.post(reverse("duty:handover-begin"), {"enhed": "hus-3", "vagt": "forrige"})
    held = Handover.objects.get()
    assert (held.shift_name, held.shift_date) == ("Nattevagt", dt.date(2026, 6, 14))
    assert statements(mette, reverse("duty:handover-write", args=[held.key])) <= MOST
    mette.post(reverse("duty:handover-write", args=[held.key]), {"version": 1, "act": "refresh"})
    mette.post(reverse("duty:handover-write", args=[held.key]), {"version": 2, "act": "finish"})
    assert mette.post(reverse("duty:handover-reopen", args=[held.key]))["Location"].endswith("/skriv/")
    assert (
        mette.post(reverse("duty:handover-begin"), {"enhed": "hus-3", "vagt": "forrige"}).status_code == 302
    )
    for number in range(40):
        day = dt.date(2026, 5, 1) + dt.timedelta(days=number)
        Handover.objects.create(
            unit=house.unit,
            shift_code="dag",
            shift_name="Dagvagt",
            shift_date=day,
            begins_at=dt.datetime.combine(day, dt.time(7), clock.COPENHAGEN),
            ends_at=dt.datetime.combine(day, dt.time(15), clock.COPENHAGEN),
            written_by=house.mette,
            made_at=clock.now(),
        )
    first = mette.get(reverse("duty:handovers"))
    second = mette.get(reverse("duty:handovers") + first.context["next"])
    assert (len(first.context["rows"]), len(second.context["rows"]), second.context["next"]) == (30, 11, "")
