"""A form that could not be taken is kept before the login, and sent again afterwards."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import SentRequest
from roedtraad.access.roles import Role
from roedtraad.drafts import queries, services
from roedtraad.drafts.models import Draft
from roedtraad.journeys.models import Stay
from tests.access.scene import Scene

BOOK = "journeys:book"
DAY = dt.date(2026, 7, 1)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.fixture
def browser(client: Client, scene: Scene) -> Client:
    client.force_login(scene.user(Role.LEADER))
    return client


def form_on(browser: Client, address: str) -> dict[str, str]:
    """The hidden fields of the page's own form, as the browser would send them."""
    shown = browser.get(address).content.decode()
    main = shown.split("<main")[1].split("</main>")[0]
    return dict(HIDDEN.findall(main[main.index('<form method="post"') :]))


def booking(scene: Scene, browser: Client, **typed: str) -> dict[str, Any]:
    return {
        **form_on(browser, reverse(BOOK)),
        "who": "known",
        "citizen": str(scene.carl.key),
        "place": "E4",
        "ordered_start": DAY.isoformat(),
        "ordered_end": DAY.isoformat(),
        "paying_municipality": "0791",
        "act": "book",
        **typed,
    }


def end_session(browser: Client) -> None:
    """What an idle hour leaves: the browser still shows the page, and the server knows the session no more."""
    Session.objects.all().delete()


def sent_again(browser: Client, page: str) -> Any:
    shown = browser.get(page).content.decode()
    form = next(part for part in shown.split("<form") if "Send igen" in part)
    action = re.search(r'action="([^"]+)"', form)
    assert action
    values: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form):
        values.setdefault(name, []).append(value)
    return browser.post(action[1], values)


def test_what_was_sent_after_the_end_comes_back_after_the_login(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser)
    whose = browser.session["_auth_user_id"]
    end_session(browser)
    answer = browser.post(
        reverse(BOOK), typed, headers={"Referer": f"http://testserver{reverse(BOOK)}?plads=E4"}
    )
    draft = Draft.objects.get()
    page = reverse("drafts:draft", args=[draft.key])
    assert answer["Location"] == f"{reverse('account_login')}?next={page}"
    assert "er gemt som kladde" in browser.get(answer["Location"]).content.decode()
    assert (draft.user_id, draft.sent) == (int(whose), True)
    assert Stay.objects.filter(place__code="E4").count() == 0

    browser.force_login(draft.user)
    shown = browser.get(page).content.decode()
    assert "Du nåede ikke at sende" in shown
    assert re.search(r"<dt>Plads</dt>\s*<dd>E4</dd>", shown)
    assert "En borger, der er oprettet" in shown
    assert "csrfmiddlewaretoken</dt>" not in shown
    done = sent_again(browser, page)
    assert done.status_code == 302
    assert Stay.objects.filter(place__code="E4").count() == 1
    assert not Draft.objects.exists()
    assert queries.mine(draft.user_id) == []


def test_sent_again_twice_is_booked_once(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser)
    user = scene_user(browser)
    end_session(browser)
    browser.post(reverse(BOOK), typed)
    browser.force_login(user)
    page = reverse("drafts:draft", args=[Draft.objects.get().key])
    content = browser.get(page).content.decode()
    form = next(part for part in content.split("<form") if "Send igen" in part)
    values = dict(HIDDEN.findall(form))
    first, second = (browser.post(reverse(BOOK), values) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Stay.objects.filter(place__code="E4").count() == 1
    assert SentRequest.objects.count() == 1


def test_an_answer_that_was_lost_is_given_to_the_draft(browser: Client, scene: Scene) -> None:
    """The booking was made and the answer never came; a save that arrives late does not bring the draft back."""
    typed = booking(scene, browser)
    user = scene_user(browser)
    browser.post(reverse(BOOK), typed)
    late = services.keep(
        user.pk,
        services.Content(reverse(BOOK), reverse(BOOK)),
        writing=typed["request_id"],
        version=3,
    )
    assert late is None
    assert not Draft.objects.exists()


def scene_user(browser: Client) -> Any:
    from roedtraad.accounts.models import User

    return User.objects.get(pk=browser.session["_auth_user_id"])


def test_another_user_at_the_same_browser_sees_nothing(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser, place="E-hemmelig")
    end_session(browser)
    browser.post(reverse(BOOK), typed)
    page = reverse("drafts:draft", args=[Draft.objects.get().key])
    other = scene.user(Role.LEADER)
    browser.force_login(other)
    answer = browser.get(page, follow=True)
    assert answer.redirect_chain == [(reverse("drafts:list"), 302)]
    assert "E-hemmelig" not in answer.content.decode()
    assert "Du har en kladde" not in browser.get(reverse(BOOK)).content.decode()
    browser.post(reverse("drafts:discard", args=[Draft.objects.get().key]))
    assert Draft.objects.count() == 1


def test_typing_meant_for_one_is_never_kept_for_another(browser: Client, scene: Scene) -> None:
    """The first user's window is still open when the second logs in and sends it."""
    typed = booking(scene, browser)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene.user(Role.LEADER))
    answer = strict.post(reverse(BOOK), typed)
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_a_page_older_than_the_login_is_kept(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser)
    user = scene_user(browser)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    answer = strict.post(reverse(BOOK), typed)
    page = reverse("drafts:draft", args=[Draft.objects.get().key])
    assert answer["Location"] == page
    assert Stay.objects.filter(place__code="E4").count() == 0
    shown = strict.get(page).content.decode()
    form = next(part for part in shown.split("<form") if "Send igen" in part)
    assert strict.post(reverse(BOOK), dict(HIDDEN.findall(form))).status_code == 302
    assert Stay.objects.filter(place__code="E4").count() == 1


@pytest.mark.parametrize("mark", ["", "1:1abcde:xxxx", "99999"])
def test_without_our_own_mark_nothing_is_kept(browser: Client, scene: Scene, mark: str) -> None:
    typed = {**booking(scene, browser), "written_by": mark}
    end_session(browser)
    answer = browser.post(reverse(BOOK), typed)
    assert answer["Location"] == f"{reverse('account_login')}?next=/"
    assert not Draft.objects.exists()


def test_a_mark_runs_out_with_the_draft(
    browser: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = booking(scene, browser)
    end_session(browser)
    later = time.time() + 8 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    browser.post(reverse(BOOK), typed)
    assert not Draft.objects.exists()


def test_a_refusal_for_want_of_access_keeps_it_too(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser)
    user = scene_user(browser)
    user.grants.all().delete()
    answer = browser.post(reverse(BOOK), typed)
    assert answer.status_code == 403
    key = Draft.objects.get().key
    assert f'href="{reverse("drafts:draft", args=[key])}"' in answer.content.decode()


def test_a_part_of_a_page_is_sent_on_to_the_login_too(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser)
    end_session(browser)
    answer = browser.post(
        reverse(BOOK),
        typed,
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{reverse(BOOK)}?fra=2026-07-01"},
    )
    draft = Draft.objects.get()
    page = reverse("drafts:draft", args=[draft.key])
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next={page}"
    kept = queries.one(draft.user_id, draft.key)
    assert kept and kept.content.page == f"{reverse(BOOK)}?fra=2026-07-01"


def test_an_accepted_form_takes_its_draft_along_and_a_refused_one_does_not(
    browser: Client, scene: Scene
) -> None:
    typed = booking(scene, browser)
    user = scene_user(browser)
    content = services.Content(reverse(BOOK), reverse(BOOK), fields=(services.rules.Typed("place", "E4"),))
    services.keep(user.pk, content, version=1)
    assert browser.post(reverse(BOOK), {**typed, "place": "findes-ikke"}).status_code == 200
    assert Draft.objects.count() == 1
    assert browser.post(reverse(BOOK), {**typed, "act": "find", "search": "Carl"}).status_code == 200
    assert Draft.objects.count() == 1
    assert browser.post(reverse(BOOK), typed).status_code == 302
    assert not Draft.objects.exists()


def test_a_state_that_has_changed_is_told_by_the_form_and_the_draft_stays(
    browser: Client, scene: Scene
) -> None:
    stay = Stay.objects.get(citizen=scene.carl)
    address = reverse("journeys:stay-change", args=[stay.pk])
    typed = {**form_on(browser, address), "ordered_start": "2026-06-20", "ordered_end": "2026-09-01"}
    user = scene_user(browser)
    end_session(browser)
    browser.post(address, typed)
    Stay.objects.filter(pk=stay.pk).update(ordered_end=dt.date(2026, 12, 24))
    browser.force_login(user)
    draft = Draft.objects.get()
    answer = sent_again(browser, reverse("drafts:draft", args=[draft.key]))
    assert answer.status_code == 200
    assert "ændret" in answer.content.decode()
    stay.refresh_from_db()
    assert stay.ordered_end == dt.date(2026, 12, 24)
    assert Draft.objects.filter(key=draft.key).exists()


def test_files_and_secrets_are_never_kept(client: Client, scene: Scene) -> None:
    user = scene.user(Role.ADMINISTRATOR)
    client.force_login(user)
    typed = form_on(client, reverse("exchange:overview"))
    end_session(client)
    client.post(
        reverse("exchange:upload"),
        {
            **typed,
            "kind": "enheder",
            "password": "hemmelig-1",
            "file": SimpleUploadedFile("e.csv", b"hemmelig-2"),
        },
    )
    draft = queries.mine(user.pk)[0]
    assert {one.name for one in draft.content.fields} == {"kind"}
    assert draft.content.has_files
    client.force_login(user)
    shown = client.get(reverse("drafts:draft", args=[draft.key])).content.decode()
    assert "Filer gemmes ikke" in shown
    assert "Send igen" not in shown


def test_a_first_password_to_change_does_not_lose_what_was_sent(browser: Client, scene: Scene) -> None:
    typed = booking(scene, browser)
    user = scene_user(browser)
    user.password_is_first = True
    user.save()
    answer = browser.post(reverse(BOOK), typed)
    assert Draft.objects.get().sent
    assert answer.status_code == 302
    page = reverse("drafts:draft", args=[Draft.objects.get().key])
    assert answer["Location"] == page
    assert (
        browser.get(page)["Location"] == f"{reverse('account_change_password')}?next={quote(page, safe='')}"
    )


def test_the_button_of_a_message_says_who_it_was_made_for_too(browser: Client, scene: Scene) -> None:
    answer = browser.post(reverse(BOOK), booking(scene, browser))
    toast = browser.get(answer["Location"]).content.decode().split('id="toasts"')[1]
    assert dict(HIDDEN.findall(toast)).keys() == {"csrfmiddlewaretoken", "request_id", "written_by"}


def test_one_sql_on_pages_with_a_form_to_type_in_and_none_elsewhere(browser: Client, scene: Scene) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(address)
        return sum("drafts_draft" in query["sql"] for query in seen.captured_queries)

    assert asked(reverse("home")) == 0
    assert asked(reverse("journeys:capacity")) == 0
    assert asked(reverse("journeys:citizen", args=[scene.ane.key])) == 0
    assert asked(reverse(BOOK)) == 1
