"""Changing the organisation: what is kept, what is refused and in which words, and taking it back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.access.services import grant_role
from roedtraad.accounts.models import User
from roedtraad.organisation import services
from roedtraad.organisation.models import Unit, UnitSuccession, UnitVersion
from roedtraad.organisation.queries.pictures import picture
from roedtraad.organisation.services import Facts, RefusalError
from roedtraad.organisation.tree import tree
from tests.factories import place

pytestmark = pytest.mark.django_db
Person = Callable[[Role], User]

SOON = dt.date(2026, 9, 1)
WHY = "ny aftale"


@pytest.fixture
def strategist(person: Person) -> User:
    """Someone who may change the organisation."""
    return person(Role.STRATEGIST)


def unit(key: str) -> Unit:
    return Unit.objects.get(key=key)


def facts_of(key: str) -> Facts:
    version = UnitVersion.objects.filter(unit__key=key).order_by("valid").last()
    assert version is not None
    return Facts(**{name: getattr(version, name) for name in Facts.__dataclass_fields__})


def test_a_change_begins_a_version_and_keeps_the_one_before(strategist: User) -> None:
    moved = replace(facts_of("tangkaer"), name="Tangkær og Omegn", parent=unit("sua"))
    services.change_unit(strategist, unit("tangkaer"), moved, start=SOON, reason=WHY)
    before, after = picture(SOON - dt.timedelta(days=1)), picture(SOON)
    assert before.by_key["tangkaer"].name == "Tangkær"
    assert after.by_key["tangkaer"].name == "Tangkær og Omegn"
    assert [one.key for one in after.path(unit("tangkaer").pk)][-2:] == ["sua", "tangkaer"]
    event = (
        apps.get_model("organisation", "UnitVersionEvent").objects.filter(pgh_label="insert").latest("pgh_id")
    )
    assert event.pgh_context.metadata["reason"] == WHY


def test_a_change_in_the_past_lasts_until_the_next_one_known(strategist: User) -> None:
    change = replace(facts_of("socialstaben"), tasks="Andet")
    version = services.change_unit(
        strategist, unit("socialstaben"), change, start=dt.date(2020, 10, 1), reason=WHY
    )
    assert (version.valid.lower, version.valid.upper) == (dt.date(2020, 10, 1), dt.date(2021, 1, 1))


@pytest.mark.parametrize(
    ("key", "change", "start", "says", "field"),
    [
        ("tangkaer", {"name": "Ny"}, dt.date(2012, 1, 1), "findes ikke den 1. januar 2012", "start"),
        ("gaardhaven", {"name": "Ny"}, SOON, "Gårdhaven findes ikke den 1. september 2026", "start"),
        ("tangkaer", {"name": "Ny"}, dt.date(2013, 1, 1), "begynder allerede en udgave den 1. januar 2013", "start"),
        ("tangkaer", {}, SOON, "Der er ikke ændret noget", ""),
        ("tangkaer", {"name": "  "}, SOON, "skal have et navn", "name"),
        ("tangkaer", {"parent": "gaardhaven"}, SOON, "Gårdhaven findes ikke den 1. september 2026", "parent"),
        ("tangkaer", {"parent": "tangkaer"}, SOON, "kan ikke høre under sig selv", "parent"),
        ("socialomraadet", {"parent": "tangkaer"}, SOON, "Den valgte hører selv under enheden", "parent"),
        ("tangkaer", {"parent": "gaardhaven-sct-mikkel"}, dt.date(2014, 1, 1), "findes ikke den 1. januar 2014", "parent"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_in_words(
    strategist: User, key: str, change: dict[str, str], start: dt.date, says: str, field: str
) -> None:
    values: dict[str, Any] = {k: unit(v) if k == "parent" else v for k, v in change.items()}
    before = UnitVersion.objects.count()
    with pytest.raises(RefusalError, match=re.escape(says)) as refusal:
        services.change_unit(strategist, unit(key), replace(facts_of(key), **values), start=start, reason=WHY)
    assert refusal.value.field == field
    assert UnitVersion.objects.count() == before


def test_a_change_needs_a_reason(strategist: User) -> None:
    with pytest.raises(RefusalError, match="hvorfor") as refusal:
        services.change_unit(strategist, unit("tangkaer"), facts_of("tangkaer"), start=SOON, reason=" ")
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("role", [Role.LEADER, Role.COUNCIL, Role.ECONOMIST])
def test_others_may_not(person: Person, role: Role) -> None:
    with pytest.raises(AccessDenied):
        services.close_unit(person(role), unit("tangkaer"), last_day=SOON, reason=WHY)


def test_a_scope_reaches_no_further_than_its_unit(organisation: None) -> None:
    user = User.objects.create_user(username="kun-sau", password="en lang adgangskode")
    grant_role(user, Role.STRATEGIST, unit("sau"), start=dt.date(2026, 1, 1))
    change = replace(facts_of("kildegade"), name="Nye Kildegade")
    services.change_unit(user, unit("kildegade"), change, start=SOON, reason=WHY)
    with pytest.raises(AccessDenied):
        services.change_unit(
            user, unit("tangkaer"), replace(facts_of("tangkaer"), name="Ny"), start=SOON, reason=WHY
        )
    with pytest.raises(AccessDenied):  # nor may a unit be moved to where one has no say
        services.change_unit(
            user,
            unit("goedvad-botilbud"),
            replace(facts_of("goedvad-botilbud"), parent=unit("svo")),
            start=SOON,
            reason=WHY,
        )


def test_a_new_unit_gets_a_key_of_its_own(strategist: User) -> None:
    new = Facts(kind="tilbud", name="Ærøgården", parent=unit("svo"))
    first = services.create_unit(strategist, new, start=SOON, reason=WHY)
    second = services.create_unit(strategist, new, start=SOON, reason=WHY)
    assert (first.unit.key, second.unit.key) == ("aeroegaarden", "aeroegaarden-2")
    assert tree(SOON).by_key("aeroegaarden") is not None
    # It has not begun yet, and can be changed all the same.
    services.change_unit(
        strategist, first.unit, replace(new, name="Ærøhuset"), start=SOON + dt.timedelta(days=30), reason=WHY
    )


def test_a_new_unit_needs_a_living_parent(strategist: User) -> None:
    with pytest.raises(RefusalError, match="Vælg, hvad enheden hører under") as refusal:
        services.create_unit(strategist, Facts(kind="tilbud", name="A", parent=None), start=SOON, reason=WHY)
    assert refusal.value.field == "parent"
    with pytest.raises(RefusalError, match=r"findes ikke den 1\. september 2026"):
        services.create_unit(
            strategist, Facts(kind="hus", name="A", parent=unit("gaardhaven")), start=SOON, reason=WHY
        )
    assert not Unit.objects.filter(key="a").exists()


def test_a_closed_unit_is_gone_the_day_after_its_last(strategist: User) -> None:
    services.close_unit(strategist, unit("tangkaer"), last_day=SOON, reason=WHY)
    assert "tangkaer" in picture(SOON).by_key
    assert "tangkaer" not in picture(SOON + dt.timedelta(days=1)).by_key
    with pytest.raises(RefusalError, match=r"allerede lukket\. Den sidste dag er 1\. september 2026"):
        services.close_unit(strategist, unit("tangkaer"), last_day=SOON, reason=WHY)


def test_a_unit_is_not_closed_over_what_belongs_to_it(strategist: User) -> None:
    with pytest.raises(RefusalError, match=r"Pilebakken.* hører stadig under"):
        services.close_unit(strategist, unit("svo"), last_day=SOON, reason=WHY)
    place("TAN-1", unit("tangkaer"))
    with pytest.raises(RefusalError, match=r"har stadig 1 plads den 2\. september 2026"):
        services.close_unit(strategist, unit("tangkaer"), last_day=SOON, reason=WHY)
    with pytest.raises(RefusalError, match=r"begynder først den 1\. januar 2013"):
        services.close_unit(strategist, unit("pilebakken"), last_day=dt.date(2012, 1, 1), reason=WHY)


def test_a_succession_is_recorded_once_and_not_in_a_circle(strategist: User) -> None:
    old, new = unit("tangkaer"), unit("pilebakken")
    row = services.record_succession(strategist, old, new, on=SOON, kind="merged", reason=WHY)
    assert row.basis == "registered"
    with pytest.raises(RefusalError, match="allerede skrevet op"):
        services.record_succession(strategist, old, new, on=SOON, kind="merged", reason=WHY)
    with pytest.raises(RefusalError, match="løbe i ring"):
        services.record_succession(strategist, new, old, on=SOON, kind="moved", reason=WHY)
    with pytest.raises(RefusalError, match="efterfølge sig selv"):
        services.record_succession(strategist, old, old, on=SOON, kind="moved", reason=WHY)
    with pytest.raises(RefusalError, match=r"fandtes ikke dagen før den 1\. september 2026"):
        services.record_succession(strategist, unit("gaardhaven"), new, on=SOON, kind="moved", reason=WHY)
    with pytest.raises(RefusalError, match=r"Gårdhaven findes ikke den 1\. september 2026"):
        services.record_succession(strategist, new, unit("gaardhaven"), on=SOON, kind="moved", reason=WHY)
    with pytest.raises(RefusalError, match="lagt sammen, delt"):
        services.record_succession(strategist, old, new, on=SOON, kind="closed", reason=WHY)


def test_everything_done_here_can_be_taken_back(strategist: User) -> None:
    before = list(UnitVersion.objects.order_by("unit_id", "valid").values_list("unit_id", "valid", "name"))
    home = unit("tangkaer")
    services.change_unit(strategist, home, replace(facts_of("tangkaer"), name="Ny"), start=SOON, reason=WHY)
    services.close_unit(strategist, home, last_day=dt.date(2027, 1, 31), reason=WHY)
    assert services.undo_last_change(strategist, home, reason="fortrudt") == "Ny er åben igen."
    assert "1. september 2026" in services.undo_last_change(strategist, home, reason="fortrudt")
    new = services.create_unit(strategist, Facts(kind="hus", name="Hus", parent=home), start=SOON, reason=WHY)
    assert services.undo_last_change(strategist, new.unit, reason="fortrudt") == "Hus er taget bort igen."
    after = list(UnitVersion.objects.order_by("unit_id", "valid").values_list("unit_id", "valid", "name"))
    assert after == before
    assert not UnitSuccession.objects.filter(basis="registered").exists()
    with pytest.raises(RefusalError, match="ingen ændring at fortryde"):
        services.undo_last_change(strategist, home, reason="fortrudt")


def test_a_unit_something_hangs_under_is_not_taken_back(strategist: User) -> None:
    made = services.create_unit(
        strategist, Facts(kind="afdeling", name="Afdeling", parent=unit("tangkaer")), start=SOON, reason=WHY
    )
    services.create_unit(strategist, Facts(kind="hus", name="Hus", parent=made.unit), start=SOON, reason=WHY)
    with pytest.raises(RefusalError, match="noget hører under enheden"):
        services.undo_last_change(strategist, made.unit, reason="fortrudt")
    assert UnitVersion.objects.filter(unit=made.unit).exists()


@pytest.fixture
def client_of(strategist: User) -> Client:
    """The strategist's browser."""
    client = Client()
    client.force_login(strategist)
    return client


def typed(key: str, **changes: str) -> dict[str, str]:
    """The edit form as a browser sends it."""
    facts = facts_of(key)
    values = {
        "start": SOON.isoformat(),
        "name": facts.name,
        "short_name": facts.short_name,
        "kind": facts.kind,
        "parent": str(facts.parent.pk) if facts.parent else "",
        "manager_title": facts.manager_title,
        "municipality": facts.municipality.code if facts.municipality else "",
        "sites": facts.sites,
        "address": facts.address,
        "tasks": facts.tasks,
        "reason": WHY,
    }
    return values | changes


def test_the_form_changes_a_unit_and_offers_to_undo(client_of: Client) -> None:
    response = client_of.post("/organisation/enhed/tangkaer/ret/", typed("tangkaer", name="Nyt navn"))
    assert response.status_code == 302
    page = client_of.get(response["Location"]).content.decode()
    assert "Nyt navn er ændret fra den 1. september 2026." in page
    assert "/organisation/enhed/tangkaer/fortryd/" in page
    client_of.post("/organisation/enhed/tangkaer/fortryd/")
    assert facts_of("tangkaer").name == "Tangkær"


def test_a_refused_form_keeps_what_was_typed(client_of: Client) -> None:
    changes = {"name": "Mit lange navn", "start": "2013-01-01"}
    page = client_of.post("/organisation/enhed/tangkaer/ret/", typed("tangkaer", **changes)).content.decode()
    assert "Der begynder allerede en udgave den 1. januar 2013" in page
    assert 'value="Mit lange navn"' in page
    page = client_of.post(
        "/organisation/enhed/tangkaer/ret/", typed("tangkaer", start="i går")
    ).content.decode()
    assert "Skriv datoen som dag, måned og år." in page


def test_the_forms_make_and_close_units(client_of: Client) -> None:
    values = typed("tangkaer", name="Tangkær hus 3", kind="hus", parent=str(unit("tangkaer").pk))
    response = client_of.post("/organisation/enhed/tangkaer/ny/", values)
    assert response["Location"] == "/organisation/enhed/tangkaer-hus-3/?dato=2026-09-01"
    closing = {"last_day": "2026-12-31", "reason": WHY}
    page = client_of.post("/organisation/enhed/tangkaer/luk/", closing).content.decode()
    assert "Tangkær hus 3 hører stadig under Tangkær den 1. januar 2027." in page
    assert client_of.post("/organisation/enhed/tangkaer-hus-3/luk/", closing).status_code == 302
    assert "tangkaer-hus-3" not in picture(dt.date(2027, 1, 1)).by_key
