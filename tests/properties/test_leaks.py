"""A random world in which every secret is a word of its own: no path may show it to who must not see it.

The rule is written here once more, from the plan of the world and not from the code under test: who sees a citizen's
name, address and particular facts. Then each user of each role opens every page (addresses filled from the world),
searches, fetches lists and reports as files, orders exports and calls the API; what comes back is read as text, and
so is what was logged meanwhile.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from pypdf import PdfReader

from roedtraad.access import emergencies
from roedtraad.access.models import Grant
from roedtraad.access.roles import SCOPE, Role
from roedtraad.access.scope import may
from roedtraad.access.tokens import WRITES, issue
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, Protection, ProtectionMember, SensitiveFact
from roedtraad.core import clock
from roedtraad.core.danish import sort_key
from roedtraad.core.period import Period
from roedtraad.exchange import files, services
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import Place, Unit
from tests import factories as make
from tests.access.test_policies_everywhere import patterns
from tests.exchange.calls import calls

pytestmark = pytest.mark.django_db
SEED = 41
SKIPPED = re.compile(r"^(account_|mfa_|socialaccount|saml|api-1:|drafts:|design|portals:language)|logout")


@dataclass
class Person:
    """A citizen, their secrets, and where they stand in the world."""

    citizen: Citizen
    name: str
    address: str
    facts: dict[str, str]
    why: str
    unit: Unit
    payer: str
    decides: str
    here_now: bool
    hidden: bool = False
    hides_address: bool = False
    named: set[int] = field(default_factory=set)

    @property
    def secrets(self) -> dict[str, str]:
        """Each secret word and what it tells of."""
        found = {self.name: "name", self.address: "address", str(self.citizen.cpr): "cpr", self.why: "why"}
        return found | dict.fromkeys(self.facts.values(), "fact")


class World:
    """Two areas with an offer each, five citizens on places, and a user of each role for a random scope."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        root = make.region_root()
        self.areas = [make.unit(f"omraade-{n}", "specialomraade", f"Område {n}", root) for n in (1, 2)]
        self.offers = [make.unit(f"hus-{n}", "tilbud", f"Hus {n}", self.areas[n - 1]) for n in (1, 2)]
        self.above = {
            offer.pk: {offer.pk, area.pk, root.pk}
            for offer, area in zip(self.offers, self.areas, strict=True)
        }
        self.codes = ["0751", "0791"]
        self.people = [self._person(n) for n in range(5)]
        self.users: dict[User, tuple[Role, Any]] = {}
        for role in Role:
            for scope in self._scopes(role, root):
                self.users[make.user_with(role, scope)] = (role, scope)
        for person in self.rng.sample(self.people, 2):
            self._protect(person)
        self.opened: dict[User, Person] = {}
        for user, (role, _scope) in self.users.items():
            if role in (Role.SUPPORT_WORKER, Role.LEADER):
                person = self.rng.choice(self.people)
                if emergencies.open_in_emergency(user, person.citizen, "Akut sygdom om natten i huset"):
                    self.opened[user] = person
        for user in self.users:
            user.__dict__.pop("_grants_in_force", None)
            user.__dict__.pop("_reach", None)

    def _word(self, kind: str) -> str:
        letters = "".join(self.rng.choice("bdfgklmnprstv") + self.rng.choice("aeiou") for _n in range(6))
        return f"{kind}{letters}"

    def _person(self, n: int) -> Person:
        offer, payer, decides = self.offers[n % 2], self.rng.choice(self.codes), self.rng.choice(self.codes)
        name, address = self._word("Q"), self._word("Z")
        citizen = make.citizen(first_name="Kim", last_name=name, address=f"{address}vej 1", acting=decides)
        citizen.address_protected = self.rng.random() < 0.5
        citizen.save()
        moved_out = self.rng.random() < 0.3
        last = clock.today() - dt.timedelta(days=40) if moved_out else None
        make.stay(
            citizen,
            make.place(f"P{n}", offer),
            dt.date(2025, 1, 1),
            actual_start=dt.date(2025, 1, 1),
            ordered_end=last,
            actual_end=last,
            paying_municipality=make.municipality(payer),
        )
        facts = {}
        author = User.objects.filter(username="forfatter").first() or User.objects.create_user("forfatter")
        for kind in ("substance", "sexual"):
            facts[kind] = self._word("X")
            SensitiveFact.objects.create(
                citizen=citizen, kind=kind, text=facts[kind], recorded_at=clock.now(), recorded_by=author
            )
        return Person(
            citizen, name, address, facts, self._word("W"), offer, payer, decides, not moved_out,
            hides_address=citizen.address_protected,
        )  # fmt: skip

    def _scopes(self, role: Role, root: Unit) -> list[Any]:
        kind = SCOPE[role]
        if kind == "citizen":
            return [self.rng.choice(self.people).citizen]
        if kind == "municipality":
            return [make.municipality(code) for code in self.codes[:1]]
        if role in (Role.SUPPORT_WORKER, Role.LEADER):
            return self.rng.sample([*self.offers, *self.areas, root], 2)
        return [self.rng.choice([root, *self.offers])]

    def _protect(self, person: Person) -> None:
        person.hidden = True
        made = Protection.objects.create(
            citizen=person.citizen, reason=person.why, valid=Period(clock.today()).to_range()
        )
        for user in self.rng.sample(sorted(self.users, key=lambda one: one.pk), 4):
            person.named.add(user.pk)
            ProtectionMember.objects.create(protection=made, user=user)

    # The rule, once more.

    def near(self, user: User, person: Person) -> bool:
        """Does the user's work or kinship reach the citizen?"""
        role, scope = self.users[user]
        if role in (Role.CITIZEN, Role.RELATIVE):
            return bool(scope == person.citizen)
        if person.hidden and user.pk not in person.named:
            return False
        if role == Role.CASEWORKER:
            return scope.code in (person.payer, person.decides)
        if role == Role.SUPPORT_WORKER and not person.here_now:
            return False
        return (
            role in (Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR)
            and scope.pk in self.above[person.unit.pk]
        )

    def allowed(self, user: User, person: Person, path: str) -> set[str]:
        """Which of the citizen's secrets the user may meet on this path."""
        role, _scope = self.users[user]
        if not self.near(user, person):
            if (person.hidden and user.pk not in person.named) or self.opened.get(user) is not person:
                return set()
            key = person.citizen.key
            if path == f"/kapacitet/borgere/{key}/":
                return {person.name} | (set() if person.hides_address else {person.address})
            # A written reason opens the record too: its pages say whose it is.
            of_the_record = (f"/borgere/{key}/", f"/vagt/borger/{key}/", f"/udveksling/borger/{key}/")
            return {person.name} if path.startswith(of_the_record) else set()
        found = {person.name}
        if not person.hides_address or role == Role.CITIZEN:
            found.add(person.address)
        if path.endswith("/saerlige-oplysninger/") and role in (
            Role.CITIZEN,
            Role.SUPPORT_WORKER,
            Role.LEADER,
        ):
            found |= set(person.facts.values())
        if path.endswith("/beskyttelse/") and role == Role.LEADER and user.pk in person.named:
            found.add(person.why)
        return found


def read(answer: Any) -> str:
    """What came back as text: a page, a table, a workbook, a report."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return as_text(answer.get("Content-Type", ""), content)


def as_text(kind: str, content: bytes) -> str:
    if "spreadsheet" in kind:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        return " ".join(str(cell) for cell in cells)
    if "pdf" in kind:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


def some(world: World, model: Any, n: int) -> list[str]:
    """The numbers of a few rows, drawn by lot."""
    return [str(pk) for pk in world.rng.sample(sorted(model.objects.values_list("pk", flat=True)), n)]


def addresses(world: World) -> list[str]:
    """Every page of the house, with the world's own citizens, stays, places, units and grants in the addresses."""
    keys = [str(person.citizen.key) for person in world.people]
    ids = {
        "ophold": some(world, Stay, 2),
        "plads": some(world, Place, 3),
        "saerlige": some(world, SensitiveFact, 2),
    }
    grants = some(world, Grant, 2)
    found: list[str] = []
    for name, entry in patterns():
        if SKIPPED.search(name) or not isinstance(entry, URLPattern):
            continue
        converters = {key: type(one).__name__ for key, one in entry.pattern.converters.items()}
        options: list[dict[str, Any]] = [{}]
        for argument, kind in converters.items():
            if kind == "UUIDConverter":
                # Whose record it is matters; which of its entries is nobody's, here where there are none.
                values: list[Any] = keys if argument == "key" else keys[:1]
            elif kind == "IntConverter":
                route = str(entry.pattern)
                values = next(
                    (found_ids for start, found_ids in ids.items() if route.startswith(start)), grants
                )
            elif argument in ("kind", "form", "format", "ending"):
                values = [world.rng.choice(["csv", "xlsx"])]
            else:
                values = ["hus-1"] if argument == "key" else ["kapacitetsudnyttelse"]
            options = [{**one, argument: value} for one in options for value in values]
        for arguments in options:
            try:
                found.append(reverse(name, kwargs=arguments))
            except NoReverseMatch:
                continue
    lists = reverse("journeys:citizens")
    return [*found, f"{lists}?vis=alle", f"{lists}?vis=alle&format=csv", f"{lists}?vis=alle&format=xlsx"]


def answers(world: World, user: User, pages: list[str]) -> Iterator[tuple[str, str]]:
    """Everything the user can get, as path and text."""
    client = Client(raise_request_exception=True)
    client.force_login(user)
    for path in pages:
        yield path, read(client.get(path))
    if may(user, "citizen.view"):
        for person in world.people:
            for text in (person.name, f"Kim {person.name}", str(person.citizen.cpr)):
                client.post(reverse("journeys:citizens-search"), {"q": text})
                shown = read(client.get(reverse("journeys:citizens")))
                # What was searched for stands in the field; only what was found counts.
                yield "search", re.sub(r'value="[^"]*"|“[^”]*”', "", shown)
        client.post(reverse("journeys:citizens-search"), {"q": ""})
    if may(user, "stay.book"):
        yield "booking", read(client.post(reverse("journeys:book"), {"act": "find", "find": "Kim"}))
    if may(user, "export.run"):
        for kind in ("borgere", "ophold"):
            asked = User.objects.get(pk=user.pk)
            made = services.order_export(asked, kind, {"format": "csv", "as_of": "", "with_cpr": False})
            yield "export", files.path_of(made.stored).read_text(encoding="utf-8-sig")
    _token, secret = issue(user, "gang", ["*", *WRITES], 30)
    for number, person in enumerate(world.people):
        for call in calls({"citizen": person.citizen.key, "q": person.name}):
            about = "{citizen}" in call.name or {"citizen", "q"} & set(call.query)
            if not call.writes and (about or number == 0):
                yield call.url, read(call.send(secret))


def leaks(world: World, users: list[User], pages: list[str]) -> list[str]:
    """Each secret met where it must not be: the role, the path and what it was."""
    found = []
    for user in users:
        for path, text in answers(world, user, pages):
            folded = sort_key(text)
            for person in world.people:
                allowed = world.allowed(user, person, path.partition("?")[0])
                for secret, what in person.secrets.items():
                    if secret not in allowed and (secret in text or sort_key(secret) in folded):
                        found.append(f"{world.users[user][0]} meets a {what} at {path}")
    return found


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


def test_no_path_shows_a_secret_to_who_must_not_see_it(caplog: pytest.LogCaptureFixture) -> None:
    world = World(SEED)
    with caplog.at_level(logging.DEBUG):
        assert leaks(world, list(world.users), addresses(world)) == []
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert logged
    for person in world.people:
        for secret in person.secrets:
            assert secret not in logged


def test_what_may_be_seen_is_seen() -> None:
    """The walk would find nothing in a house that shows nothing: each secret is met by somebody."""
    world = World(SEED)
    pages = [page for page in addresses(world) if "/borgere/" in page]
    met = {
        (person.name, what)
        for user, (role, _scope) in world.users.items()
        if role in (Role.LEADER, Role.CITIZEN)
        for _path, text in answers(world, user, pages)
        for person in world.people
        for secret, what in person.secrets.items()
        if secret in text
    }
    assert {what for _name, what in met} >= {"name", "address", "fact"}
    assert len({name for name, what in met if what == "fact"}) >= 3


def test_a_page_that_forgets_the_rule_is_caught(settings: Any) -> None:
    world = World(SEED)
    settings.ROOT_URLCONF = "tests.properties.leaky"
    pages = ["/alle-borgere/"]
    clerk = next(user for user, (role, _scope) in world.users.items() if role == Role.ECONOMIST)
    found = leaks(world, [clerk], pages)
    assert len(found) == len(world.people)
    assert set(found) == {"economist meets a name at /alle-borgere/"}
