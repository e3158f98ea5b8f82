"""Goals from an old system: written in the importer's name, and told about when KL's rules would not have them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from roedtraad.exchange import pipeline
from roedtraad.exchange.pipeline import Outcome
from roedtraad.exchange.reading import FileRefused
from roedtraad.practice.models import Goal, Theme
from tests import factories as make
from tests.exchange.worlds import World

pytestmark = pytest.mark.django_db
Run = Callable[..., Outcome]


@pytest.fixture
def conditions(db: None) -> list[Theme]:
    """Two conditions as they are when a terminology is loaded: one of activity, one that is not."""
    made = []
    for n, is_activity in enumerate((True, False)):
        theme = Theme.objects.create(
            list="ffb", code=f"t-{n}", number=10 * n, name=f"Tema {n}", is_activity=is_activity
        )
        made.append(
            Theme.objects.create(
                list="ffb",
                code=f"c-{n}",
                number=10 * n + 1,
                name=f"Tilstand {n}",
                is_activity=is_activity,
                parent=theme,
            )
        )
    return made


def row(**more: Any) -> dict[str, Any]:
    return {
        "system": "Sensum",
        "source_id": "M-1",
        "citizen": make.cpr_number(1),
        "title": "Jeg laver aftensmad",
        "kind": "udvikle",
        "description": "Sammen med de andre.\nMan, ons.",
        "starts_on": "01.01.2024",
        "follow_up_on": "01-07-2026",
        "author": "Kim Prøve",
        **more,
    }


def test_a_goal_is_written_in_the_importers_name(world: World, run: Run, conditions: list[Theme]) -> None:
    outcome = run("maal", [row(theme="tilstand 0")])
    assert (outcome.faults, outcome.remarks) == ([], [])
    goal = Goal.objects.get()
    assert (goal.citizen, goal.written_by, goal.kind) == (world.citizens[0], world.admin, "develop")
    assert goal.description == (
        "Sammen med de andre.\nMan, ons.\n\nOverført fra Sensum, skrevet af Kim Prøve."
    )
    assert (goal.starts_on, goal.follow_up_on, goal.version) == (date(2024, 1, 1), date(2026, 7, 1), 1)
    assert list(goal.goal_themes.values_list("theme__code", "rank")) == [("c-0", 1)]
    again = run("maal", [row(theme="tilstand 0")])
    assert again.counts == {"new": 0, "changed": 0, "same": 1, "faulty": 0}
    assert goal.events.count() == 1


def test_a_corrected_file_corrects(world: World, run: Run, conditions: list[Theme]) -> None:
    run("maal", [row(theme="c-0")])
    outcome = run(
        "maal", [row(title="Jeg laver mad", theme="c-1", closed_on="2026-01-31", closed_note="Nået")]
    )
    assert outcome.counts["changed"] == 1
    goal = Goal.objects.get()
    assert (goal.title, goal.version, goal.closed_on) == ("Jeg laver mad", 2, date(2026, 1, 31))
    assert list(goal.goal_themes.values_list("theme__code", "rank")) == [("c-1", 1)]
    assert [event.title for event in goal.events.order_by("pgh_id")] == [
        "Jeg laver aftensmad",
        "Jeg laver mad",
    ]


def test_only_another_theme_is_a_change_too(world: World, run: Run, conditions: list[Theme]) -> None:
    run("maal", [row()])
    assert run("maal", [row(theme="c-0")]).counts["changed"] == 1
    assert Goal.objects.get().goal_themes.get().theme == conditions[0]


def test_what_was_corrected_here_is_left_alone(world: World, run: Run) -> None:
    run("maal", [row()])
    Goal.objects.update(title="Rettet her", version=2)
    outcome = run("maal", [row(title="Rettet der")])
    assert outcome.counts == {"new": 0, "changed": 0, "same": 1, "faulty": 0}
    assert "der er også rettet her siden" in outcome.remarks[0].sentence
    assert Goal.objects.get().title == "Rettet her"
    # And it is said each time, until the two agree.
    assert run("maal", [row(title="Rettet der")]).remarks


REMARKS = [
    ("", "Vælg den tilstand, som målet først og fremmest handler om."),
    ("c-1", "Et mål kan kun handle om tilstande under Aktivitet og deltagelse."),
    ("t-0", "Vælg den tilstand, som målet først og fremmest handler om."),
]


@pytest.mark.parametrize(("theme", "words"), REMARKS)
def test_what_kl_would_refuse_is_told_and_imported(
    world: World, run: Run, conditions: list[Theme], theme: str, words: str
) -> None:
    outcome = run("maal", [row(theme=theme)])
    assert (outcome.good, outcome.remarked, outcome.remarks[0].row) == (True, 1, 2)
    assert words in outcome.remarks[0].sentence
    assert Goal.objects.count() == 1


FAULTS = [
    ({"theme": "findes ikke"}, "»tema« peger på »findes ikke«, som ikke findes. Indlæs terminologien først"),
    ({"closed_on": "2026-12-31"}, "»afsluttet den« (31. december 2026) er ikke kommet endnu."),
    ({"closed_on": "2023-12-31"}, "»afsluttet den« (31. december 2023) ligger før »begynder«"),
    ({"follow_up_on": "2023-12-31"}, "»følges op« (31. december 2023) ligger før »begynder«"),
    ({"closed_note": "Nået"}, "»hvorfor afsluttet« er udfyldt, men »afsluttet den« er tom."),
    ({"kind": "forbedre"}, "»type« skal være en af: udvikle, fastholde, begrænse tab."),
    ({"title": "x" * 201}, "»mål« må højst have 200 tegn, men har 201."),
    (
        {"description": "x" * 3990},
        "»beskrivelse« må sammen med linjen om, hvor det kommer fra, højst have 4.000",
    ),
    ({"source_id": ""}, "»kilde-id« mangler."),
]


@pytest.mark.parametrize(("wrong", "words"), FAULTS)
def test_faults(world: World, run: Run, wrong: dict[str, Any], words: str) -> None:
    outcome = run("maal", [row(source_id="M-0"), row(**wrong)])
    assert any(fault.row == 3 and words in fault.sentence for fault in outcome.faults), outcome.faults
    assert not Goal.objects.exists()


def test_goals_need_somebody_to_stand_as_who_wrote_them(world: World, write: Callable[..., Path]) -> None:
    with pytest.raises(FileRefused, match="skal stå i nogens navn"):
        pipeline.run(write("maal", [row()]), "maal", write=True, user=None, filename="maal.csv")
