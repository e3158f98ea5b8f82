"""The page frame of a role: at most seven entries, and who one is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roedtraad.access.roles import Role
from roedtraad.access.scope import may, role_label, roles_of
from roedtraad.core import clock
from roedtraad.portals.offline import shell
from roedtraad.portals.queries.scopes import scope_of


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation: where it leads and which action it takes."""

    url_name: str
    label: Any
    icon: str
    action: str


@dataclass(frozen=True)
class Item:
    """An entry as the page shows it."""

    url: str
    label: Any
    icon: str
    current: bool


HOME = Entry("home", _("Forside"), "home", "home.view")
ORGANISATION = Entry("organisation:chart", _("Organisation"), "groups", "organisation.view")
CAPACITY = Entry("journeys:capacity", _("Kapacitet"), "calendar-month", "capacity.view")
SHIFT = Entry("home", _("Vagt"), "home", "home.view")
TASKS = Entry("practice:unit-tasks", _("Opgaver"), "checklist", "record.write")
CALENDAR = Entry("duty:calendar", _("Kalender"), "calendar-month", "duty.work")
CITIZENS = Entry("journeys:citizens", _("Borgere"), "persons", "citizen.view")
REPORTS = Entry("practice:municipal-reports", _("Rapporter"), "summary", "report.read")
TARGET_PICTURE = Entry("steering:maalbillede", _("Målbillede"), "flag", "maalbillede.view")
SCENARIOS = Entry("organisation:scenarios", _("Scenarier"), "analytics", "scenario.view")
EXCHANGE = Entry("exchange:overview", _("Ind og ud"), "sync", "export.run")
ADMINISTRATION = Entry("portals:administration", _("Administration"), "settings", "users.manage")

TODAY = Entry("home", _("I dag"), "home", "home.view")
MY_WISHES = Entry("portals:my-wishes", _("Ønsker"), "star", "own.view")
MY_GOALS = Entry("portals:my-goals", _("Mål"), "flag", "own.view")
MY_MESSAGES = Entry("portals:my-messages", _("Beskeder"), "chat", "own.view")
MY_MORE = Entry("portals:my-more", _("Mere"), "apps", "own.view")
SHARED_MESSAGES = Entry("portals:relative-messages", _("Beskeder"), "chat", "shared.view")
READING = Entry("portals:my-reading", _("Læsning"), "tune", "home.view")

ENTRIES: dict[Role, tuple[Entry, ...]] = {
    Role.CITIZEN: (TODAY, MY_WISHES, MY_GOALS, MY_MESSAGES, MY_MORE),
    Role.RELATIVE: (HOME, SHARED_MESSAGES, READING),
    Role.SUPPORT_WORKER: (SHIFT, CITIZENS, TASKS, CALENDAR, CAPACITY, ORGANISATION, TARGET_PICTURE),
    Role.LEADER: (HOME, CAPACITY, CITIZENS, ORGANISATION, TARGET_PICTURE, SCENARIOS, EXCHANGE),
    Role.ECONOMIST: (HOME, CAPACITY, TARGET_PICTURE, ORGANISATION, SCENARIOS, EXCHANGE),
    Role.QUALITY: (HOME, CAPACITY, TARGET_PICTURE, ORGANISATION, EXCHANGE),
    Role.STRATEGIST: (HOME, TARGET_PICTURE, CAPACITY, ORGANISATION, SCENARIOS, EXCHANGE),
    Role.COUNCIL: (HOME, TARGET_PICTURE, CAPACITY, ORGANISATION, SCENARIOS),
    Role.CASEWORKER: (HOME, REPORTS, CITIZENS, CAPACITY, ORGANISATION),
    Role.INSPECTOR: (HOME, CITIZENS, CAPACITY, ORGANISATION),
    Role.ADMINISTRATOR: (HOME, ADMINISTRATION, EXCHANGE, ORGANISATION, CAPACITY, TARGET_PICTURE),
}


@dataclass(frozen=True)
class Frame:
    """Everything the page frame shows around a page."""

    items: list[Item]
    home_url: str
    role: Role | None
    role_label: str
    unit_label: str
    user_label: str
    roles: list[tuple[str, str, bool]]
    role_switch_url: str
    search_url: str
    example_data: bool
    today: dt.date
    language_switch_url: str
    device_script: str
    device_words: str


def active_role(user: Any) -> Role | None:
    """The role whose home the user sees: the one chosen, else the first held."""
    held = roles_of(user)
    chosen = getattr(user, "active_role", "")
    return next((role for role in held if role.value == chosen), held[0] if held else None)


def frame_for(request: HttpRequest) -> Frame:
    """The frame around the page of this request."""
    user = getattr(request, "user", None)
    role = active_role(user) if user is not None else None
    return Frame(
        items=_items(request.path, user, role) if role else [],
        home_url=reverse("home"),
        role=role,
        role_label=role_label(role) if role else "",
        unit_label=scope_of(user, role) if role else "",
        user_label=str(user) if getattr(user, "is_authenticated", False) else "",
        roles=[(held.value, role_label(held), held == role) for held in roles_of(user)] if role else [],
        role_switch_url=reverse("portals:switch-role"),
        search_url=reverse("practice:search") if role and may(user, "record.view") else "",
        example_data=settings.EXAMPLE_DATA,
        today=clock.today(),
        language_switch_url=reverse("portals:language"),
        device_script=static("portals/offline/wipe.js"),
        device_words=shell.line_words(),
    )


def _items(path: str, user: Any, role: Role) -> list[Item]:
    """The role's entries the user may use; current is the one whose address reaches furthest into the path."""
    entries = [(reverse(entry.url_name), entry) for entry in ENTRIES[role] if may(user, entry.action)]
    home = reverse("home")
    here = max(
        (url for url, _entry in entries if path == url or (url != home and path.startswith(url))),
        key=len,
        default="",
    )
    return [Item(url, entry.label, entry.icon, url == here) for url, entry in entries]
