"""What a page saves while one types, and how it comes back on the page."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import SentRequest
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.ids import new_id
from roedtraad.drafts import queries, rules, services, tasks, writer
from roedtraad.drafts.models import Draft
from roedtraad.drafts.rules import Content, Typed
from tests.access.scene import Scene

SAVE = "drafts:save"


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.fixture
def leader(scene: Scene) -> User:
    return scene.user(Role.LEADER)


@pytest.fixture
def browser(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def typed(user: User, place: str = "E4", **other: Any) -> dict[str, Any]:
    """What the script sends of the booking form."""
    fields = [
        {"name": "key", "value": "form-9", "label": "", "shown": ""},
        {"name": "place", "value": place, "label": "Plads", "shown": ""},
        {"name": "who", "value": "new", "label": "Hvem skal bo der", "shown": "En ny borger"},
        {"name": "paying_municipality", "value": "0791", "label": "Betalingskommune", "shown": "Viborg"},
        {"name": "citizen", "value": "abc", "label": "Vælg borger", "shown": "Carl Kommer"},
    ]
    return {
        "written_by": writer.mark(user.pk),
        "writing": str(new_id()),
        "version": "1",
        "action": "/kapacitet/book/?plads=E4",
        "page": "/kapacitet/book/?plads=E4",
        "title": "Book et ophold",
        "fields": json.dumps(fields),
        **other,
    }


def test_typed_here_and_fetched_on_another_device(browser: Client, leader: User, scene: Scene) -> None:
    answer = browser.post(reverse(SAVE), typed(leader))
    assert answer.json() == {"kept": True, "signed_in": True, "at": "12.00"}
    draft = Draft.objects.get()
    elsewhere = Client()
    elsewhere.force_login(leader)
    shown = elsewhere.get("/kapacitet/book/?plads=E4").content.decode()
    address = f"/kapacitet/book/?plads=E4&amp;kladde={draft.key}"
    assert "Du har en kladde fra i dag kl. 12.00." in shown
    assert f'href="{address}"' in shown
    assert "Du har en kladde" not in elsewhere.get("/kapacitet/book/?plads=E3").content.decode()

    filled = elsewhere.get(address.replace("&amp;", "&")).content.decode()
    assert "Din kladde fra i dag kl. 12.00 er sat ind." in filled
    assert 'name="place" value="E4"' in filled
    assert 'name="key" value="form-9"' in filled
    assert re.search(r'<input[^>]* value="new"[^>]* checked>', filled)
    assert '<option value="0791" selected>' in filled
    assert f'name="request_id" value="{draft.writing}"' in filled
    assert 'action="/kapacitet/book/?plads=E4"' in filled
    assert "<li>Vælg borger: Carl Kommer</li>" in filled


def test_the_draft_in_words(browser: Client, leader: User) -> None:
    browser.post(reverse(SAVE), typed(leader))
    shown = browser.get(reverse("drafts:draft", args=[Draft.objects.get().key])).content.decode()
    for words in ("Book et ophold", "Skrevet i dag kl. 12.00", "<dd>Viborg</dd>", "<dd>En ny borger</dd>"):
        assert words in shown
    assert "form-9" not in shown.split("<main")[1]
    assert "Send igen" not in shown
    assert "Book et ophold" in browser.get(reverse("drafts:list")).content.decode()


def test_the_latest_wins_and_a_late_one_does_not(browser: Client, leader: User) -> None:
    first = typed(leader, version="2")
    browser.post(reverse(SAVE), first)
    late = browser.post(reverse(SAVE), {**first, "version": "1", "fields": "[]"})
    assert late.json() == {"kept": False, "signed_in": True}
    assert len(queries.mine(leader.pk)[0].content.fields) == 5
    browser.post(reverse(SAVE), {**typed(leader), "fields": '[{"name":"place","value":"E1"}]'})
    assert queries.mine(leader.pk)[0].content.fields == (Typed("place", "E1"),)
    assert Draft.objects.count() == 1


def test_a_save_on_its_way_does_not_take_the_place_of_the_sending(leader: User) -> None:
    number = new_id()
    content = Content(
        "/kapacitet/book/", "/kapacitet/book/", fields=(Typed("place", "E4"), Typed("act", "book"))
    )
    services.keep(leader.pk, content, writing=number, sent=True)
    assert services.keep(leader.pk, content, writing=number, version=9) is None
    with clock.fixed(clock.now() + dt.timedelta(minutes=1)):
        assert services.keep(leader.pk, content, writing=number, version=10) is not None
    assert not Draft.objects.get().sent


def test_a_form_that_was_carried_out_leaves_no_draft(leader: User) -> None:
    number = new_id()
    SentRequest.objects.create(request_id=number, user=leader, content=b"x", status=302, location="/")
    assert services.keep(leader.pk, Content("/", "/kapacitet/book/"), writing=number, version=1) is None


def test_saving_still_works_just_after_the_session_ended(client: Client, leader: User) -> None:
    answer = client.post(reverse(SAVE), typed(leader))
    assert answer.json() == {"kept": True, "signed_in": False, "at": "12.00"}
    assert Draft.objects.get().user == leader


def test_not_for_another_than_the_one_it_was_made_for(browser: Client, scene: Scene) -> None:
    other = scene.user(Role.LEADER)
    answer = browser.post(reverse(SAVE), typed(other))
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": "En anden er logget ind nu. Kladden gemmes ikke."},
    )
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"written_by": ""}, 403),
        ({"written_by": "1:abc:def"}, 403),
        ({"action": "https://ude.dk/kapacitet/book/"}, 400),
        ({"action": "//ude.dk/kapacitet/book/"}, 400),
        ({"action": "/findes/ikke/"}, 400),
        ({"action": "/konto/login/"}, 400),
        ({"action": "/api/v1/me"}, 400),
        ({"page": "javascript:alert(1)"}, 400),
        ({"version": "x"}, 400),
        ({"version": "-1"}, 400),
        ({"version": "99999999999999999999"}, 400),
        ({"writing": "x"}, 400),
        ({"fields": "{"}, 400),
        ({"fields": "{}"}, 400),
        ({"fields": "[1]"}, 400),
        ({"fields": '[{"name":"a"}]'}, 400),
        ({"fields": '[{"name":"a","value":"b","evil":"c"}]'}, 400),
        ({"fields": "[" * 5000}, 400),
        ({"fields": json.dumps([{"name": f"n{i}", "value": ""} for i in range(1001)])}, 400),
        ({"fields": json.dumps([{"name": "a", "value": "å" * 33_000}])}, 413),
    ],
)
def test_what_is_not_a_draft_is_refused_in_words(
    browser: Client, leader: User, wrong: dict[str, str], status: int
) -> None:
    answer = browser.post(reverse(SAVE), {**typed(leader), **wrong})
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")
    assert not Draft.objects.exists()


def test_a_missing_part_is_no_server_error(browser: Client, leader: User) -> None:
    for name in ("action", "page", "version", "writing", "fields", "title"):
        sent = typed(leader)
        del sent[name]
        assert browser.post(reverse(SAVE), sent).status_code == 400


def test_the_request_must_come_from_our_own_page(leader: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse(SAVE), typed(leader)).status_code == 403


def test_fifty_at_most_and_the_oldest_go(leader: User) -> None:
    for minute in range(rules.MOST + 3):
        with clock.fixed(clock.now() + dt.timedelta(minutes=1)):
            services.keep(leader.pk, Content("/", f"/kapacitet/book/?plads=E{minute}"), version=minute)
    kept = {draft.content.action for draft in queries.mine(leader.pk)}
    assert len(kept) == rules.MOST
    assert kept == {f"/kapacitet/book/?plads=E{minute}" for minute in range(3, rules.MOST + 3)}


def test_gone_after_a_week(browser: Client, leader: User) -> None:
    browser.post(reverse(SAVE), typed(leader))
    with clock.fixed(clock.now() + rules.KEPT + dt.timedelta(seconds=1)):
        assert queries.mine(leader.pk) == []
        assert tasks.forget_old(0) == 1
    assert not Draft.objects.exists()


def test_gone_when_the_account_is_closed(leader: User) -> None:
    services.keep(leader.pk, Content("/", "/kapacitet/book/"))
    leader.is_active = False
    leader.save(update_fields=["is_active"])
    assert not Draft.objects.exists()
    assert services.keep(leader.pk, Content("/", "/kapacitet/book/")) is None


def test_thrown_away_where_it_was_seen(browser: Client, leader: User) -> None:
    browser.post(reverse(SAVE), typed(leader))
    key = Draft.objects.get().key
    answer = browser.post(
        reverse("drafts:discard", args=[key]), {"page": f"/kapacitet/book/?plads=E4&kladde={key}"}
    )
    assert answer["Location"] == "/kapacitet/book/?plads=E4"
    assert not Draft.objects.exists()
    again = browser.post(reverse("drafts:discard", args=[key]), {"page": "//ude.dk/"}, follow=True)
    assert again.redirect_chain == [(reverse("drafts:list"), 302)]
    assert "Kladden findes ikke længere." in again.content.decode()


def test_nothing_readable_lies_in_the_database(browser: Client, leader: User) -> None:
    browser.post(reverse(SAVE), typed(leader))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM drafts_draft")
        stored = b"|".join(
            part if isinstance(part, bytes) else str(part).encode() for part in cursor.fetchone()
        )
    assert str(leader.pk).encode() in stored
    for word in ("Carl", "book", "E4", "Viborg"):
        assert word.encode() not in stored


def test_the_answers_are_kept_by_nobody_on_the_way(browser: Client, leader: User) -> None:
    browser.post(reverse(SAVE), typed(leader))
    for address in (reverse("drafts:list"), reverse("drafts:draft", args=[Draft.objects.get().key])):
        assert "no-store" in browser.get(address)["Cache-Control"]


def test_the_pages_cost_little(browser: Client, leader: User, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        services.keep(leader.pk, Content("/", f"/kapacitet/book/?plads=E{number}"))
    for address in (reverse("drafts:list"), reverse("drafts:draft", args=[Draft.objects.first().key])):
        with django_assert_max_num_queries(8):
            assert browser.get(address).status_code == 200
