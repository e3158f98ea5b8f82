"""The administrator's pages: users, grants, samples, jobs and keys."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse

from roedtraad.access.lookups import record
from roedtraad.access.models import ApiToken, Grant, LookupReview
from roedtraad.access.roles import SCOPE, Role
from roedtraad.access.tokens import digest_of, issue
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.portals.administration.forms import unit_choices
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
LIST_BUDGET, PAGE_BUDGET = 8, 15


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def administrator(scene: Scene, client: Client) -> User:
    user = make.user_with(Role.ADMINISTRATOR, make.region_root(), "adam")
    client.force_login(user)
    return user


def text(answer: Any) -> str:
    page = answer.content.decode()
    return str(page[page.index("<main") :])


def test_users_are_listed_fifty_at_a_time_and_found_by_name(
    administrator: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    User.objects.bulk_create(User(username=f"bruger{n:03}", full_name=f"Navn {n:03}") for n in range(60))
    page = reverse("portals:users")
    with django_assert_max_num_queries(LIST_BUDGET):
        first = text(client.get(page))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = text(client.get(page + following[1].replace("&amp;", "&")))
    found = [re.findall(r"Navn \d{3}", part) for part in (first, second)]
    assert found[0] + found[1] == [f"Navn {n:03}" for n in range(60)]
    assert re.findall(r"Navn \d{3}", text(client.get(page, {"q": "vn 017"}))) == ["Navn 017"]
    assert "adam" in text(client.get(page, {"role": "administrator"}))
    assert client.get(page, {"after": "vrøvl"}).status_code == 400


def test_a_new_user_gets_a_password_once_and_can_log_in(administrator: User, client: Client) -> None:
    page = reverse("portals:user-create")
    answer = client.post(page, {"username": "nina", "full_name": "Nina Ny", "reason": "ny"})
    shown = re.search(r'class="once">([^<]+)<', answer.content.decode())
    assert shown
    assert "no-store" in answer["Cache-Control"]
    assert Client().login(username="nina", password=shown[1])
    again = client.post(page, {"username": "NINA", "full_name": "En anden", "reason": "ny"})
    assert again.status_code == 422
    assert "Brugernavnet er i brug" in text(again)
    made = User.objects.get(username="nina")
    assert shown[1] not in text(client.get(reverse("portals:user", args=[made.pk])))


def test_a_lost_second_factor_is_taken_away_with_a_reason(administrator: User, client: Client) -> None:
    user = User.objects.create_user("mistet")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    page = reverse("portals:user-second-factor", args=[user.pk])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert user.authenticator_set.count() == 1
    done = client.post(page, {"reason": "telefonen er væk"}, follow=True)
    assert "logget ud alle steder" in text(done)
    assert user.authenticator_set.count() == 0
    assert "ingen anden faktor" in text(client.post(page, {"reason": "igen"}))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_given_for_the_right_kind_of_scope(
    role: Role, scene: Scene, administrator: User, client: Client
) -> None:
    user = User.objects.create_user("ny")
    page = f"{reverse('portals:grant-give', args=[user.pk])}?role={role.value}"
    assert client.get(page).status_code == 200
    picked = {
        "unit": {"unit": scene.offer.pk},
        "municipality": {"municipality": "0751"},
        "citizen": {"cpr": scene.ane.cpr},
    }[SCOPE[role]]
    make.municipality("0751")
    today = clock.today()
    answer = client.post(
        page, {**picked, "start": today, "last": today + dt.timedelta(days=5), "reason": "prøve"}
    )
    assert answer.status_code == 302
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.granted_by) == (role.value, administrator)
    assert getattr(grant, SCOPE[role]) == scene.scope(role)
    shown = text(client.get(reverse("portals:user", args=[user.pk])))
    assert "20.06.2026" in shown
    assert "adam" in shown or "Prøve administrator" in shown


def test_an_administrator_is_told_to_ask_another_for_their_own_access(
    scene: Scene, administrator: User, client: Client
) -> None:
    page = f"{reverse('portals:grant-give', args=[administrator.pk])}?role=leader"
    answer = client.post(page, {"unit": scene.offer.pk, "start": clock.today(), "reason": "prøve"})
    assert answer.status_code == 422
    assert "Bed en anden administrator om det" in text(answer)
    assert not Grant.objects.filter(user=administrator, role="leader").exists()


def test_picking_a_citizen_is_logged_and_never_repeats_the_number(
    scene: Scene, administrator: User, client: Client
) -> None:
    user = User.objects.create_user("ny")
    page = f"{reverse('portals:grant-give', args=[user.pk])}?role=relative"
    unknown = make.cpr_number(4711)
    answer = client.post(
        page, {"cpr": unknown, "start": clock.today(), "last": clock.today(), "reason": "prøve"}
    )
    assert answer.status_code == 422
    assert "Der er ingen borger med det nummer" in text(answer)
    client.post(
        page, {"cpr": scene.ane.cpr, "start": clock.today(), "last": clock.today(), "reason": "prøve"}
    )
    log = make_logs().get()
    assert (log.citizen, log.part, log.role) == (scene.ane, "adgang til borger", "administrator")


def make_logs() -> Any:
    from roedtraad.access.models import LookupLog

    return LookupLog.objects


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.RELATIVE])
def test_those_from_outside_never_get_an_access_without_an_end(
    role: Role, scene: Scene, administrator: User, client: Client
) -> None:
    user = User.objects.create_user("ny")
    page = f"{reverse('portals:grant-give', args=[user.pk])}?role={role.value}"
    picked = {"unit": scene.offer.pk, "cpr": scene.ane.cpr}
    answer = client.post(page, {**picked, "start": clock.today(), "reason": "prøve"})
    assert answer.status_code == 422
    assert not Grant.objects.filter(user=user).exists()


def test_the_unit_picker_has_every_unit_once_in_the_order_of_the_tree(scene: Scene) -> None:
    names = [label.strip() for _value, label in unit_choices()]
    assert names == ["Vælg en enhed", "Region Midtjylland", "Specialområde Prøve", "Birkehuset", "Elmehuset"]


def test_ending_a_grant_and_closing_an_account_keep_the_reason(
    scene: Scene, administrator: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    leader = scene.user(Role.LEADER)
    grant = Grant.objects.get(user=leader)
    page = reverse("portals:grant-end", args=[grant.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"last": clock.today(), "reason": "skifter job"})
    grant.refresh_from_db()
    assert grant.valid.upper == clock.today() + dt.timedelta(days=1)
    assert "skifter job" in text(client.get(page))
    client.post(reverse("portals:user-state", args=[leader.pk]), {"state": "closed", "reason": "rejst"})
    with django_assert_max_num_queries(PAGE_BUDGET):
        shown = text(client.get(reverse("portals:user", args=[leader.pk])))
    assert "Kontoen er lukket" in shown
    assert "rejst" in shown
    own = client.post(
        reverse("portals:user-state", args=[administrator.pk]), {"state": "closed", "reason": "x"}
    )
    assert own.status_code == 422
    assert "din egen konto" in text(own)


def test_a_sample_can_be_drawn_again_whatever_is_looked_up_since(
    scene: Scene, administrator: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    leader = scene.user(Role.LEADER)
    for _n in range(10):
        record(leader, [scene.ane.pk, scene.bo.pk, scene.carl.pk], "ophold")
    # The log keeps the database's own time, the page asks by the day of the clock.
    period = {"first": "2000-01-01", "last": "2100-01-01", "size": 7}
    with clock.fixed(dt.datetime(2100, 1, 1)):
        client.force_login(make.user_with(Role.ADMINISTRATOR, scene.area))
        drawn = client.get(reverse("portals:lookups"), period, follow=True)
        address = drawn.redirect_chain[-1][0]
        numbers = re.findall(r'id="opslag-(\d+)"', text(drawn))
        assert len(numbers) == 7
        assert "7 af 30 opslag" in text(drawn)
        record(leader, [scene.dea.pk] * 1, "ophold")
        with django_assert_max_num_queries(PAGE_BUDGET):
            again = text(client.get(address))
        other = text(client.get(re.sub(r"seed=\w+", "seed=noget", address)))
        assert re.findall(r'id="opslag-(\d+)"', again) == numbers
        assert re.findall(r'id="opslag-(\d+)"', other) != numbers
        assert "Ane" not in again
        file = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
        assert [line.partition(";")[0] for line in file.splitlines()[1:]] == numbers


def test_a_sample_of_one_user_or_of_the_staff_of_a_unit(scene: Scene, client: Client) -> None:
    leader, worker = scene.user(Role.LEADER), make.user_with(Role.SUPPORT_WORKER, scene.other, "ulla")
    record(leader, [scene.ane.pk], "ophold")
    record(worker, [scene.bo.pk], "vagt")
    period = {"first": "2000-01-01", "last": "2100-01-01", "size": 7}
    with clock.fixed(dt.datetime(2100, 1, 1)):
        client.force_login(make.user_with(Role.ADMINISTRATOR, scene.area))
        page = reverse("portals:lookups")
        by_user = text(client.get(page, {**period, "user": "ulla"}, follow=True))
        by_unit = text(client.get(page, {**period, "unit": scene.other.pk}, follow=True))
    for shown in (by_user, by_unit):
        assert "1 af 1 opslag" in shown
        assert "Prøve support_worker" in shown
        assert "Prøve leader" not in shown


def test_a_look_up_is_reviewed_from_the_sample(scene: Scene, administrator: User, client: Client) -> None:
    record(scene.user(Role.LEADER), [scene.ane.pk], "ophold")
    log = make_logs().get()
    page = reverse("portals:lookup-review", args=[log.pk])
    answer = client.post(page, {"outcome": "ask", "note": "Hvorfor om natten?", "next": "https://ondt.dk/"})
    assert answer["Location"] == reverse("portals:lookups")
    review = LookupReview.objects.get(log=log)
    assert (review.outcome, review.reviewer) == ("ask", administrator)
    assert "1 opslag skal følges op" in text(client.get(reverse("home")))


def failed_job(task: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, priority)"
            " VALUES ('default', %s, '{\"navn\": \"Ane Elm\"}', 'failed', 3, 0) RETURNING id",
            [task],
        )
        return int(cursor.fetchone()[0])


def states() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_failed_jobs_are_shown_without_their_content_and_tried_again(
    administrator: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    first = failed_job("journeys.refresh")
    failed_job("exchange.import")
    page = reverse("portals:jobs")
    with django_assert_max_num_queries(LIST_BUDGET):
        shown = text(client.get(page))
    assert "journeys.refresh" in shown
    assert "2 er fejlet" in shown
    assert "Ane Elm" not in shown
    client.post(reverse("portals:job-retry", args=[first]))
    assert states() == ["todo", "failed"]
    twice = client.post(reverse("portals:job-retry", args=[first]), follow=True)
    assert "ikke længere fejlet" in twice.content.decode()
    client.post(reverse("portals:jobs-retry-all"))
    assert states() == ["todo", "todo"]


def test_a_key_is_shown_once_works_and_stops(scene: Scene, administrator: User, client: Client) -> None:
    scene.user(Role.LEADER)
    leader = User.objects.get(username__startswith="leader")
    page = reverse("portals:tokens")
    form = {"username": leader.username, "name": "BI", "scopes": ["capacity"], "days": 30}
    answer = client.post(page, form)
    shown = re.search(r'class="once">([^<]+)<', answer.content.decode())
    assert shown
    token = ApiToken.objects.get()
    assert bytes(token.digest) == digest_of(shown[1])
    assert shown[1] not in text(client.get(page))
    ask = {"HTTP_AUTHORIZATION": f"Bearer {shown[1]}"}
    assert Client().get("/api/v1/capacity", **ask).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at == clock.now()
    assert Client().get("/api/v1/staffing", **ask).status_code == 403
    client.post(reverse("portals:token-revoke", args=[token.pk]))
    assert Client().get("/api/v1/capacity", **ask).status_code == 401


def test_a_key_ends_by_itself_and_with_its_user(scene: Scene) -> None:
    leader = scene.user(Role.LEADER)
    _token, secret = issue(leader, "BI", ["*"], 10)
    ask = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/capacity", **ask).status_code == 200
    with clock.fixed(clock.today() + dt.timedelta(days=11)):
        assert Client().get("/api/v1/capacity", **ask).status_code == 401
    leader.is_active = False
    leader.save()
    assert Client().get("/api/v1/capacity", **ask).status_code == 401


def test_writing_is_chosen_for_itself(scene: Scene, administrator: User, client: Client) -> None:
    """»All« is all reading; what a key may write stands in the list with its words."""
    page = reverse("portals:tokens")
    shown = text(client.get(page))
    assert "læse alt, brugeren må læse" in shown
    assert "record.write (skrive i en borgers journal)" in shown
    leader = scene.user(Role.LEADER)
    for scopes, allowed in ((["*"], False), (["record.write"], True)):
        answer = client.post(page, {"username": leader.username, "name": "BI", "scopes": scopes, "days": 30})
        secret = re.search(r'class="once">([^<]+)<', answer.content.decode())
        assert secret
        headers = {"Authorization": f"Bearer {secret[1]}", "Idempotency-Key": "k"}
        note = {"citizen": str(scene.ane.key), "text": "Et notat"}
        sent = Client().post("/api/v1/notes", note, "application/json", headers=headers)
        assert sent.status_code == (201 if allowed else 403), sent.content


@pytest.mark.parametrize(
    ("scopes", "days", "words"),
    [
        (["alt"], 5, "Ukendt omfang"),
        ([], 5, "mindst ét omfang"),
        (["*"], 0, "mellem 1 og 366"),
        (["*"], 367, "366"),
    ],
)
def test_a_key_is_refused_in_words(scene: Scene, scopes: list[str], days: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        issue(scene.user(Role.LEADER), "BI", scopes, days)
