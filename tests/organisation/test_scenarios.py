"""Leadership scenarios: the documents' figures, one's own scenarios, and the page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.loading import load_organisation
from roedtraad.organisation.models import Scenario
from roedtraad.organisation.scenarios import queries, rules, services
from tests import factories

MONEY = st.decimals(min_value=-5_000_000, max_value=5_000_000, places=2)


@given(st.lists(st.tuples(st.integers(1, 9), MONEY)), MONEY)
def test_what_is_left_and_what_must_be_saved_add_up(posts: list[tuple[int, Decimal]], room: Decimal) -> None:
    changes = [rules.PostChange("add", "X", "", count, pay, "registered") for count, pay in posts]
    verdict = rules.Verdict(rules.extra_pay(changes), room)
    assert verdict.extra_pay == sum(count * pay for count, pay in posts)
    assert verdict.left - verdict.to_save == room - verdict.extra_pay
    assert verdict.fits == (verdict.to_save == 0)


def test_a_circle_of_references_is_refused() -> None:
    with pytest.raises(ValueError, match="refererer i sidste ende til sig selv"):
        rules.reference_levels([("A", "B"), ("B", "C"), ("C", "A")])


def test_levels_stand_top_first() -> None:
    lines = [
        ("Områdechef", "Direktør"),
        ("Direktør", "Direktion"),
        ("Leder", "Områdechef"),
        ("Leder", "Direktør"),
    ]
    assert rules.reference_levels(lines) == [["Direktion"], ["Direktør"], ["Områdechef"], ["Leder"]]


@pytest.mark.parametrize("text", ["1,1 mio", "", "1e9", "NaN", "Infinity", "99999999999", "100,50"])
def test_money_must_be_whole_kroner(text: str) -> None:
    with pytest.raises(Refusal):
        services.money(text)


def test_money_as_people_write_it() -> None:
    assert services.money("1.100.000") == 1_100_000
    assert services.money("−700 000") == -700_000


@pytest.fixture
def loaded(db: None) -> None:
    load_organisation()


@pytest.fixture
def economist(loaded: None) -> object:
    from roedtraad.organisation.models import Unit

    return factories.user_with(Role.ECONOMIST, Unit.objects.get(key="socialomraadet"))


def by_key(user: object) -> dict[str, queries.ScenarioView]:
    return {one.key: one for one in queries.scenarios_for(user)}


def test_the_documents_models_cost_what_they_say(economist: object) -> None:
    """Hearing note 2020, 3.1, 3.2 and 4.2; the room in 2.2."""
    found = by_key(economist)
    assert found["model-1"].verdict.extra_pay == 500_000
    assert found["model-2"].verdict.extra_pay == 1_500_000
    assert found["model-1-to-vicedirektoerer"].own_extra_pay == 1_100_000
    assert found["model-2-tre-direktoerer"].own_extra_pay == 1_300_000
    assert {one.verdict.room for one in found.values()} == {Decimal(1_100_000)}
    assert {key for key, one in found.items() if one.verdict.fits} == {"model-1"}
    assert found["model-2"].verdict.to_save == 400_000


def test_lines_of_reference_differ_between_the_models(economist: object) -> None:
    found = by_key(economist)
    assert ("Områdechef", "Socialdirektør") in found["model-1"].lines
    assert ("Områdechef", "Socialledelsen") in found["model-2"].lines
    assert ("Sundhedsfaglig direktør", "Koncerndirektionen") in found["model-2-tre-direktoerer"].lines


def wanted(**kw: object) -> services.Wanted:
    posts = [rules.PostChange("add", "Chefsygeplejerske", "", 2, Decimal(450_000), "registered")]
    given_ = {
        "name": "Mit",
        "description": "",
        "base_key": "",
        "room_year": 2020,
        "published": False,
        "posts": posts,
        "lines": [],
    }
    return services.Wanted(**{**given_, **kw})  # type: ignore[arg-type]


def test_ones_own_scenario(economist: object) -> None:
    made = services.save_scenario(
        economist, wanted(base_key="model-1", lines=[("Chefsygeplejerske", "Vicedirektør")])
    )
    seen = by_key(economist)[made.key]
    assert seen.verdict.extra_pay == 500_000 + 900_000
    assert not seen.verdict.fits
    assert seen.mine
    other = factories.user_with(Role.STRATEGIST, factories.unit("andet"), username="anden")
    assert made.key not in by_key(other)
    with pytest.raises(Refusal, match="ikke dit"):
        services.save_scenario(other, wanted(), scenario=made)
    services.withdraw_scenario(economist, made.pk)
    assert made.key not in by_key(economist)
    services.restore_scenario(economist, made.pk)
    assert made.key in by_key(economist)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"posts": []}, "mindst én stilling"),
        ({"room_year": 1999}, "råderum"),
        ({"base_key": "findes-ikke"}, "findes ikke"),
        ({"base_key": "model-2-tre-direktoerer"}, "grundmodel"),
        ({"lines": [("A", "B"), ("B", "A")]}, "sig selv"),
    ],
)
def test_refusals(economist: object, change: dict[str, object], words: str) -> None:
    before = Scenario.objects.count()
    with pytest.raises(Refusal, match=words):
        services.save_scenario(economist, wanted(**change))
    assert Scenario.objects.count() == before


def test_a_caseworker_may_not(loaded: None) -> None:
    user = factories.user_with(Role.CASEWORKER, factories.municipality("0791"))
    with pytest.raises(AccessDenied):
        services.save_scenario(user, wanted())


def test_the_page_shows_all_side_by_side(
    client: Client, economist: object, django_assert_max_num_queries: object
) -> None:
    client.force_login(economist)  # type: ignore[arg-type]
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        answer = client.get(reverse("organisation:scenarios"))
    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("500.000", "1.500.000", "1.100.000", "Model 2 med en tredje"):
        assert shown in text
    assert client.get(reverse("organisation:scenarios") + "?format=csv")["Content-Type"].startswith(
        "text/csv"
    )


def form_data(**kw: str) -> dict[str, str]:
    data = {"name": "Et bud", "description": "", "base": "model-2", "room_year": "2020"}
    for prefix, count in (("posts", 4), ("lines", 3)):
        data |= {
            f"{prefix}-TOTAL_FORMS": str(count),
            f"{prefix}-INITIAL_FORMS": "0",
            f"{prefix}-MIN_NUM_FORMS": "0",
            f"{prefix}-MAX_NUM_FORMS": "30",
        }
    # What a browser sends for the rows left empty.
    data |= {f"posts-{row}-action": "add" for row in range(4)} | {
        f"posts-{row}-count": "1" for row in range(4)
    }
    data |= {
        "posts-0-action": "remove",
        "posts-0-title": "Teamleder",
        "posts-0-count": "1",
        "posts-0-yearly_pay": "-650.000",
    }
    return data | kw


def test_the_form_saves_and_loses_nothing(client: Client, economist: object) -> None:
    client.force_login(economist)  # type: ignore[arg-type]
    bad = client.post(reverse("organisation:scenario-new"), form_data(**{"posts-0-yearly_pay": "meget"}))
    assert bad.status_code == 422
    text = bad.content.decode()
    assert "Et bud" in text and "meget" in text and "ikke et beløb" in text
    good = client.post(reverse("organisation:scenario-new"), form_data())
    assert good.status_code == 302
    made = Scenario.objects.get(name="Et bud")
    assert by_key(economist)[made.key].verdict.extra_pay == 1_500_000 - 650_000
    page = client.get(reverse("organisation:scenario-edit", args=[made.pk])).content.decode()
    assert "-650000" in page
    copied = client.post(reverse("organisation:scenario-copy", args=[made.pk]))
    assert copied.status_code == 302
    assert Scenario.objects.filter(name="Kopi af Et bud").exists()


def test_the_documents_scenarios_cannot_be_changed(client: Client, economist: object) -> None:
    client.force_login(economist)  # type: ignore[arg-type]
    model = Scenario.objects.get(key="model-1")
    assert client.get(reverse("organisation:scenario-edit", args=[model.pk])).status_code == 404
    client.post(reverse("organisation:scenario-withdraw", args=[model.pk]))
    model.refresh_from_db()
    assert model.withdrawn_at is None
