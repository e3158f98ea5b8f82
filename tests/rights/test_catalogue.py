"""Every table with a way to a citizen is known, so that nothing is forgotten when it is asked for or deleted."""

from __future__ import annotations

import pghistory.models
import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from roedtraad.citizens.models import Citizen
from roedtraad.rights.catalogue import GIVEN, PARTS, Part
from tests.rights.world import Whole


def with_a_way_to_a_citizen() -> set[str]:
    """Models from which forward links lead to a citizen, however far."""
    known = {
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not issubclass(model, pghistory.models.Event)
    }
    found: set[type[models.Model]] = {Citizen}
    while True:
        more = {
            model
            for model in known - found
            if any(
                field.is_relation and field.related_model in found for field in model._meta.concrete_fields
            )
        }
        if not more:
            return {model._meta.label for model in found}
        found |= more


def through_something_else(part_models: set[str]) -> set[str]:
    """Tables that reach a citizen only through a row that is not about one: an alarm through nothing, a review."""
    return with_a_way_to_a_citizen() - part_models


def test_every_table_with_a_citizen_is_given_out_or_says_why_not() -> None:
    assert through_something_else({part.model for part in PARTS}) == set()
    assert {part.model for part in PARTS} <= with_a_way_to_a_citizen()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.slug)
def test_the_ways_lead_to_the_citizen(part: Part) -> None:
    here = part.table
    for step in [] if part.path == "pk" else part.path.split("__"):
        try:
            here = here._meta.get_field(step).related_model
        except FieldDoesNotExist:
            pytest.fail(f"{part.path} leads nowhere from {part.model}")
    assert here is Citizen


def test_the_world_of_these_tests_has_a_row_of_everything(world: Whole) -> None:
    """Otherwise the proofs about what is given out and what is deleted would prove nothing for that table."""
    world.fill()
    world.released()
    empty = [part.slug for part in PARTS if not part.rows(world.ane.pk).exists()]
    # What a list and its carrying out leave, and what is fetched or left out, is seen in their own tests.
    assert set(empty) <= {"deletion_items", "erased", "downloads", "left_out"}


def test_slugs_are_stable_and_one_of_each() -> None:
    assert len({part.slug for part in PARTS}) == len(PARTS)
    assert all(not part.withheld or part not in GIVEN for part in PARTS)
