"""Every form of the house, as every role meets it: kept when the session has ended, or left out for a stated reason.

The pages are found by following links, one example of each kind of page for each role, in the demo's world. Each
kind of form met is then really sent without a session. A template with a form that no page showed fails, so that a
new form cannot be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.test.signals import template_rendered
from django.urls import Resolver404, resolve, reverse

from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.ids import new_id
from roedtraad.drafts import queries, rules
from roedtraad.drafts.models import Draft
from roedtraad.drafts.showing import asking
from roedtraad.exchange.models import Transfer
from roedtraad.organisation.models import Unit
from roedtraad.safety.services import raise_alarm
from tests.demo_world import DEMO_DAY
from tests.drafts import scenes
from tests.e2e.pages import ROLES, VARIANTS

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("demo_world")]

TYPED = {"textarea", "select", "input"}
NOT_TYPED = {"hidden", "submit", "button", "image", "reset", "password", "file"}


@pytest.fixture(autouse=True)
def _a_known_day() -> Iterator[object]:
    """The demo's day takes the place of the suite's."""
    with clock.fixed(DEMO_DAY) as moment:
        yield moment


@dataclass
class Form:
    """A form as a browser sees it, read without the house's own reading."""

    page: str
    attributes: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    typable: bool = False
    files: bool = False

    @property
    def action(self) -> str:
        return urljoin(self.page, self.attributes.get("action") or self.page)

    @property
    def name(self) -> str:
        return resolve(urlsplit(self.action).path).view_name


class Reader(HTMLParser):
    """The links of a page and its forms that are sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.page, given["href"]).split("#")[0])
        if tag == "form":
            self._form = Form(self.page, given) if given.get("method", "").lower() == "post" else None
            self.forms += [self._form] if self._form else []
        if self._form is None:
            return
        kind, name = given.get("type", "text"), given.get("name", "")
        if tag in TYPED and (tag != "input" or kind not in NOT_TYPED):
            self._form.typable = True
        self._form.files |= kind == "file"
        if tag == "input" and kind not in {"submit", "file"} and name:
            value = given.get("value", "on") if kind in {"checkbox", "radio"} else given.get("value", "")
            self._form.fields.append((name, value or ("noget" if kind == "text" else "")))
        elif tag == "textarea":
            self._form.fields.append((name, "noget"))
        elif tag == "select":
            self._form.fields.append((name, "1"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


@dataclass
class Walk:
    """What was met: the forms of each role by the name of where they are sent, and the templates shown."""

    forms: dict[str, tuple[str, Form]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    templates: set[str] = field(default_factory=set)
    pages: int = 0


def walk(said: Walk, username: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=username))
    waiting = ["/", *VARIANTS.get(username, ()), *MORE.get(username, lambda: [])()]
    known: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        said.pages += 1
        reader = Reader(path)
        reader.feed(answer.content.decode())
        for form in reader.forms:
            said.faults += faults_of(form, username)
            said.forms.setdefault(form.name, (username, form))
        for link in reader.links:
            kind = kind_of(link)
            if kind and kind not in known:
                known.add(kind)
                waiting.append(link)


def kind_of(link: str) -> str:
    parts = urlsplit(link)
    if parts.netloc or parts.scheme or "format=" in parts.query:
        return ""
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return ""


def faults_of(form: Form, username: str) -> list[str]:
    where = f"{username} {form.page} → {form.action}"
    names = [name for name, _value in form.fields]
    covered = names.count("written_by") == 1
    if rules.why_exempt(form.name):
        return [f"{where}: left out, and yet marked"] if covered else []
    if not covered:
        return [f"{where}: does not say who it was made for"]
    if form.typable and rules.canonical(form.attributes.get("data-draft", "")) != rules.canonical(
        form.action
    ):
        return [f"{where}: is not saved while one types"]
    return []


def a_stay(**which: Any) -> list[str]:
    """The pages of the acts on a stay that the leader may change."""
    from roedtraad.journeys.models import Stay

    leader = User.objects.get(username="leder")
    stay = Stay.objects.visible_to(leader).filter(withdrawn_at=None, actual_end=None, **which).first()
    assert stay is not None
    names = ("change", "start", "end", "move", "payer")
    acts = [reverse(f"journeys:stay-{name}", args=[stay.pk]) for name in names]
    return [*acts, reverse("journeys:citizen", args=[stay.citizen.key])]


def an_account() -> list[str]:
    account = User.objects.get(username="leder")
    grant = account.grants.first()
    return [
        reverse("portals:user", args=[account.pk]),
        reverse("portals:grant-give", args=[account.pk]) + "?role=leader",
        reverse("portals:grant-end", args=[grant.pk]),
        reverse("portals:user-create"),
        reverse("portals:tokens"),
        "/administration/opslag/?first=2020-01-01&last=2030-01-01&size=20&seed=7",
    ]


def files() -> list[str]:
    """A file that is ready to be taken in, and one on its way out that stopped."""
    admin = User.objects.get(username="admin")
    ready = {"direction": "in", "status": "ready", "counts": {"new": 1, "changed": 0, "same": 0}}
    made = [
        Transfer.objects.create(
            kind="enheder",
            filename="enheder.csv",
            created_by=admin,
            created_at=clock.now(),
            touched_at=clock.now(),
            expires_at=clock.now(),
            **which,
        )
        for which in (ready, {"direction": "out", "status": "failed", "stored": ""})
    ]
    return [
        reverse(f"exchange:{name}", args=[one.pk])
        for name, one in zip(("incoming", "outgoing"), made, strict=True)
    ]


def an_alarm() -> list[str]:
    """A colleague has called: the page of it, and the page where it is going on."""
    colleague = User.objects.get(username="vikar")
    alarm = raise_alarm(colleague, key=new_id(), unit=Unit.objects.get(key="hinnerup-kollegiet"))
    return [reverse("safety:alarm"), reverse("safety:one", args=[alarm.key])]


def a_shift() -> list[str]:
    """Somebody who is away, an appointment, and a handover that is being written and one that is finished."""
    from datetime import timedelta

    from roedtraad.duty.queries.attendance import present
    from roedtraad.duty.queries.homes import units_of
    from roedtraad.duty.services import attendance, calendar, handover
    from roedtraad.organisation.models import Unit
    from roedtraad.organisation.tree import tree

    worker, now, hour = User.objects.get(username="medarbejder"), clock.now(), timedelta(hours=1)
    units = units_of(worker, tree())
    here = next(one for one in present(worker, [node.id for node in units]) if one.is_here)
    away = attendance.register_absence(worker, here.citizen, "visit")
    agreed = calendar.Agreed("Fodpleje", now + hour, now + 2 * hour)
    made = calendar.make_appointment(worker, agreed, citizen=here.citizen)
    unit = Unit.objects.get(pk=units[0].id)
    finished = handover.finish_handover(worker, handover.begin_handover(worker, unit, now - 8 * hour))
    written = handover.begin_handover(worker, unit)
    return [
        reverse("duty:absence", args=[here.citizen.key]),
        reverse("duty:absence-back", args=[away.key]),
        reverse("duty:appointment", args=[made.key]),
        reverse("duty:handover", args=[finished.key]),
        reverse("duty:handover-write", args=[written.key]),
    ]


def a_conversation() -> list[str]:
    """Where the staff writes with a citizen."""
    from roedtraad.citizens.models import Citizen
    from roedtraad.voices.models import Conversation

    worker = User.objects.get(username="medarbejder")
    talk = Conversation.objects.filter(citizen__in=Citizen.objects.visible_to(worker)).order_by("pk")[0]
    return [reverse("voices:conversation", args=[talk.citizen.key, talk.key])]


def a_request() -> list[str]:
    """A request for access that is being looked through, and a list somebody else has made."""
    from roedtraad.access.visibility import visible_q
    from roedtraad.citizens.models import Citizen
    from roedtraad.rights.models import RetentionRule
    from roedtraad.rights.services import requests, retention

    leader, admin = User.objects.get(username="leder"), User.objects.get(username="admin")
    mine = Citizen.objects.filter(visible_q("citizens.Citizen", leader, "rights.handle")).order_by("pk")[0]
    asked = requests.register(leader, mine, asked_by="citizen", received_on=clock.today())
    requests.run_gather(asked.pk)
    RetentionRule.objects.update(deletes=False)
    RetentionRule.objects.filter(category="lookups").update(deletes=True, months=1)
    listed = retention.order_list(admin)
    retention.run_list(listed.pk)
    return [
        reverse("rights:new", args=[mine.key]),
        reverse("rights:request", args=[asked.key]),
        reverse("rights:part", args=[asked.key, "stays"]),
        reverse("rights:leave-out", args=[asked.key, "stays"]),
        reverse("rights:prolong", args=[asked.key]),
        reverse("rights:list", args=[listed.key]),
    ]


MORE = {
    "medarbejder": lambda: [*a_shift(), *a_conversation(), *scenes.of_the_record()],
    "leder": lambda: [
        *a_stay(actual_start=None),
        *a_stay(actual_start__isnull=False),
        *an_alarm(),
        *a_request(),
        *scenes.an_order(),
    ],
    "admin": lambda: [*an_account(), *files()],
}

FORM = re.compile(r'<form\b[^>]*method="post"(?:[^>"]|"[^"]*")*>')


def only_left_out(template: str, form: str) -> bool:
    """Is the form one of those left out for a reason? Those of accounts stand on pages of that app alone."""
    named = re.search(r"{% url '([\w:-]+)'", form)
    return bool(rules.why_exempt(named[1])) if named else template.startswith("accounts/")


@pytest.fixture(scope="module")
def walked() -> Walk:
    return Walk()


def test_every_form_is_covered_or_left_out_for_a_reason(walked: Walk) -> None:
    def seen(template: Any, **_signal: Any) -> None:
        if template.name:
            walked.templates.add(template.name)

    template_rendered.connect(seen)
    try:
        for username in ROLES:
            walk(walked, username)
        kept = sorted(name for name in walked.forms if not rules.why_exempt(name))
        not_sent = [fault for name in kept if (fault := sent_without_a_session(*walked.forms[name]))]
    finally:
        template_rendered.disconnect(seen)
    assert walked.pages > 60
    assert not walked.faults, "\n".join(sorted(set(walked.faults)))
    assert len(kept) > 25, kept
    assert not not_sent, "\n".join(not_sent)


def sent_without_a_session(username: str, form: Form) -> str:
    """Send the form as it stands after the session has ended; says what is wrong, or nothing."""
    user = User.objects.get(username=username)
    client = Client()
    client.force_login(user)
    Session.objects.all().delete()
    Draft.objects.all().delete()
    values: dict[str, list[str]] = {}
    for name, value in form.fields:
        values.setdefault(name, []).append(value)
    answer = client.post(form.action, values, headers={"Referer": f"http://testserver{form.page}"})
    where = f"{username} {form.page} → {form.action}"
    drafts = queries.mine(user.pk)
    if len(drafts) != 1 or not drafts[0].sent:
        return f"{where}: not kept ({answer.status_code})"
    meant = {
        (name, value)
        for name, value in form.fields
        if name not in rules.TECHNICAL and not rules.is_secret(name)
    }
    if {(one.name, one.value) for one in drafts[0].content.fields} != meant:
        return f"{where}: not kept whole"
    if drafts[0].content.page != rules.without_asking(form.page):
        return f"{where}: the page is not known"
    page = reverse("drafts:draft", args=[drafts[0].key])
    if answer["Location"] != f"{reverse('account_login')}?next={page}":
        return f"{where}: leads to {answer['Location']}"
    client.force_login(user)
    shown = unescape(client.get(page).content.decode())
    again = re.findall(r'<form method="post" action="([^"]*)"', shown.split("<main")[1])
    if rules.canonical(form.action) not in map(rules.canonical, again):
        return f"{where}: cannot be sent again"
    filled = client.get(asking(drafts[0].content.page, drafts[0].key))
    if form.typable and "er sat ind" not in filled.content.decode():
        return f"{where}: is not put into its form"
    return ""


def test_no_template_with_a_form_is_forgotten(walked: Walk) -> None:
    if not walked.pages:
        pytest.skip("Siderne er ikke gået igennem.")
    source = Path(rules.__file__).parents[1]
    with_forms = {
        str(path).split("/templates/", 1)[1]: FORM.findall(path.read_text())
        for path in source.glob("*/templates/**/*.html")
    }
    unseen = {
        name
        for name, forms in with_forms.items()
        if name not in walked.templates and not all(only_left_out(name, form) for form in forms)
    }
    assert not unseen, "Show them in the walk: " + ", ".join(sorted(unseen))
