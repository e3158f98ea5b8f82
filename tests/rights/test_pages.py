"""The pages about rights: from the request to the archive, and from the rule to the receipt, as people do it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.core import clock
from roedtraad.rights.models import DeletionList, Download, LegalHold, Receipt, RetentionRule, SubjectRequest
from roedtraad.rights.services import requests as services
from roedtraad.rights.services import retention
from tests.rights.test_retention import LATER, moved_out
from tests.rights.world import WORDS, Whole, only

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_request_from_the_first_word_to_the_archive(world: Whole) -> None:
    world.fill()
    leader = world.client(world.leader)
    person = text_of(leader.get(reverse("journeys:citizen", args=[world.ane.key])))
    new = reverse("rights:new", args=[world.ane.key])
    assert new in person
    refused = leader.post(new, {"asked_by": "guardian", "received_on": "2026-06-10"})
    assert refused.status_code == 422
    assert "Skriv navnet på den, der beder om indsigt" in text_of(refused)
    leader.post(new, {"asked_by": "guardian", "asker": "Advokat Unik", "received_on": "2026-06-10"})
    asked = SubjectRequest.objects.get()
    page = reverse("rights:request", args=[asked.key])
    shown = text_of(leader.get(page))
    assert "tælles op" in shown
    assert reverse("rights:progress", args=[asked.key]) in shown
    services.run_gather(asked.pk)
    assert leader.get(reverse("rights:progress", args=[asked.key]))["HX-Refresh"] == "true"
    shown = text_of(leader.get(page))
    assert "10. juli 2026" in shown
    assert "Giv indsigten fri" not in shown
    part = reverse("rights:part", args=[asked.key, "notes"])
    assert WORDS in text_of(leader.get(part))
    leave = reverse("rights:leave-out", args=[asked.key, "notes"])
    assert leader.post(leave, {"row": str(world.note.key), "basis": "", "note": "kort"}).status_code == 422
    typed = {"row": str(world.note.key), "basis": "art15_4", "note": "røber en anden beboers sygdom"}
    assert leader.post(leave, typed).status_code == 302
    assert "røber en anden" in text_of(leader.get(part))
    for line in services.unseen(asked):
        leader.post(reverse("rights:seen", args=[asked.key, line.part]))
    assert "Giv indsigten fri" in text_of(leader.get(page))
    leader.post(reverse("rights:release", args=[asked.key]))
    services.run_make(asked.pk)
    answer = leader.get(reverse("rights:download", args=[asked.key]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed file
    assert answer["Content-Length"] == str(len(content))
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert "Prøve leader" in text_of(leader.get(page))


def test_the_citizen_fetches_their_own(world: Whole) -> None:
    asked = world.released()
    herself = world.client(world.herself)
    assert reverse("rights:own") in text_of(herself.get(reverse("portals:my-more")))
    address = reverse("rights:own-download", args=[asked.key])
    assert address in text_of(herself.get(reverse("rights:own")))
    answer = herself.get(address)
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # a streamed file
    assert Download.objects.get().user == world.herself
    assert world.client(world.mother).get(address).status_code == 403
    assert herself.get(reverse("rights:request", args=[asked.key])).status_code == 403


def test_nobody_sees_a_request_about_somebody_elses_citizen(world: Whole) -> None:
    asked = world.released()
    from roedtraad.access.roles import Role
    from tests import factories as make

    other = world.client(make.user_with(Role.LEADER, world.other, "anden"))
    for name in ("request", "download", "progress", "prolong"):
        assert other.get(reverse(f"rights:{name}", args=[asked.key])).status_code == 404
    assert "Ane" not in text_of(other.get(reverse("rights:requests")))
    assert other.get(reverse("rights:new", args=[world.ane.key])).status_code == 404
    assert other.get(reverse("rights:hold", args=[world.ane.key])).status_code == 404


def test_each_look_is_written_down(world: Whole) -> None:
    asked = world.asked()
    leader = world.client(world.leader)
    for address in (
        reverse("rights:requests"),
        reverse("rights:request", args=[asked.key]),
        reverse("rights:part", args=[asked.key, "stays"]),
    ):
        before = LookupLog.objects.filter(user=world.leader, citizen=world.ane).count()
        assert leader.get(address).status_code == 200
        assert LookupLog.objects.filter(user=world.leader, citizen=world.ane).count() == before + 1


def test_what_is_not_a_part_is_not_found(world: Whole) -> None:
    asked = world.asked()
    leader = world.client(world.leader)
    for slug in ("findes-ikke", "lookup_reviews"):
        assert leader.get(reverse("rights:part", args=[asked.key, slug])).status_code == 404
    assert leader.get(reverse("rights:part", args=[asked.key, "notes"]) + "?efter=x").status_code == 200


def test_the_deadline_is_prolonged_on_its_page(world: Whole) -> None:
    asked = world.asked()
    leader = world.client(world.leader)
    address = reverse("rights:prolong", args=[asked.key])
    assert leader.post(address, {"reason": "kort"}).status_code == 422
    leader.post(address, {"reason": "Der er meget at se igennem i sagen."})
    assert "Der er meget at se igennem" in text_of(leader.get(reverse("rights:request", args=[asked.key])))


def test_from_the_rule_to_the_receipt(world: Whole) -> None:
    world.fill()
    moved_out(world)
    admin, second = world.client(world.admin), world.client(world.other_admin)
    assert reverse("rights:retention") in text_of(admin.get(reverse("portals:administration")))
    rule = reverse("rights:rule", args=["moods"])
    assert admin.post(rule, {"months": "0", "source": "x"}).status_code == 422
    admin.post(rule, {"months": "24", "deletes": "on", "source": "Regionens egen beslutning"})
    assert "Regionens egen beslutning" in text_of(admin.get(reverse("rights:retention")))
    only("record", "moods")
    with clock.fixed(LATER):
        # Twelve years later everybody has logged in again.
        admin, second = world.client(world.admin), world.client(world.other_admin)
        admin.post(reverse("rights:order"))
        listed = DeletionList.objects.get()
        page = reverse("rights:list", args=[listed.key])
        assert admin.get(reverse("rights:list-progress", args=[listed.key])).status_code == 200
        retention.run_list(listed.pk)
        listed.refresh_from_db()
        shown = text_of(admin.get(page))
        assert "En anden skal se den igennem" in shown
        assert "Godkend, og slet" not in shown
        # An administrator counts, and sees no names; who leads there does.
        assert "Ane Elm" not in shown
        assert "Ane Elm" in text_of(world.client(world.leader).get(page))
        approve = reverse("rights:approve", args=[listed.key])
        assert "Godkend, og slet" in text_of(second.get(page))
        refused = second.post(approve, {"digest": listed.digest})
        assert refused.status_code == 422
        assert "arkivets kvittering" in text_of(refused)
        own = admin.post(approve, {"digest": listed.digest, "archive_reference": "SA 1"})
        assert own.status_code == 422
        second.post(approve, {"digest": listed.digest, "archive_reference": "SA 1"})
        retention.run_erase(listed.pk)
        assert "Listen er udført" in text_of(admin.get(page))
        receipt = Receipt.objects.get()
        address = reverse("rights:receipt", args=[receipt.number])
        assert address in text_of(admin.get(reverse("rights:retention")))
        shown = text_of(admin.get(address))
        assert "fingeraftrykket passer" in shown
        assert shown.count("15.06.2038 kl. 12.00") == 3
    told = admin.get(reverse("rights:receipt-file", args=[receipt.number, "json"])).json()
    assert (told["hash"], told["content"]) == (receipt.hash, receipt.content)
    assert admin.get(reverse("rights:receipt-file", args=[receipt.number, "pdf"])).content.startswith(
        b"%PDF-"
    )
    assert admin.get(reverse("rights:receipt-file", args=[receipt.number, "exe"])).status_code == 404


def test_a_hold_and_its_end(world: Whole) -> None:
    leader = world.client(world.leader)
    address = reverse("rights:hold", args=[world.ane.key])
    leader.post(address, {"reason": "Klage over opholdet i Ankestyrelsen"})
    held = LegalHold.objects.get()
    assert "Klage over opholdet" in text_of(leader.get(reverse("rights:retention")))
    again = leader.post(address, {"reason": "Klage over noget helt andet"})
    assert "allerede spærret" in text_of(again)
    leader.post(reverse("rights:lift", args=[held.pk]))
    held.refresh_from_db()
    assert held.lifted_by == world.leader
    assert world.client(world.admin).get(address).status_code == 403


def test_empty_pages_say_so(world: Whole) -> None:
    leader, admin = world.client(world.leader), world.client(world.admin)
    assert "Ingen har bedt om indsigt" in text_of(leader.get(reverse("rights:requests")))
    assert "Ingen er spærret" in text_of(leader.get(reverse("rights:retention")))
    assert "ikke lavet nogen liste" in text_of(admin.get(reverse("rights:retention")))
    assert "ikke bedt om noget endnu" in text_of(world.client(world.herself).get(reverse("rights:own")))
    RetentionRule.objects.update(deletes=False)
    admin.post(reverse("rights:order"))
    listed = DeletionList.objects.get()
    retention.run_list(listed.pk)
    shown = text_of(admin.get(reverse("rights:list", args=[listed.key])))
    assert "intet, som er gammelt nok" in shown
    admin.post(reverse("rights:drop", args=[listed.key]))
    assert "kasseret" in text_of(admin.get(reverse("rights:list", args=[listed.key])))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_tables_are_fetched_as_files(world: Whole, kind: str) -> None:
    world.asked()
    leader = world.client(world.leader)
    for name in ("requests", "retention"):
        answer = leader.get(reverse(f"rights:{name}") + f"?format={kind}")
        assert answer["Content-Disposition"].endswith(f'.{kind}"')


def test_the_pages_keep_their_budget(world: Whole, django_assert_max_num_queries: Any) -> None:
    world.fill()
    asked = world.asked()
    moved_out(world)
    only("record", "moods", "messages", "notes")
    leader = world.client(world.leader)
    with clock.fixed(LATER):
        admin = world.client(world.admin)
        listed = retention.order_list(world.admin)
        retention.run_list(listed.pk)
        for client, address, budget in (
            (admin, reverse("rights:list", args=[listed.key]), 14),
            (world.client(world.chief), reverse("rights:list", args=[listed.key]), 15),
            (admin, reverse("rights:retention"), 12),
        ):
            client.get(address)
            with django_assert_max_num_queries(budget):
                assert client.get(address).status_code == 200
    for address, budget in (
        (reverse("rights:requests"), 10),
        (reverse("rights:request", args=[asked.key]), 14),
        (reverse("rights:part", args=[asked.key, "notes"]), 15),
        (reverse("rights:new", args=[world.ane.key]), 12),
    ):
        with django_assert_max_num_queries(budget):
            assert leader.get(address).status_code == 200
