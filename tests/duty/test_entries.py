"""The day's risk and absences stand in the citizen's line of time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps

from roedtraad.core import clock
from roedtraad.duty import defaults
from roedtraad.duty.models import RiskLevel
from roedtraad.duty.services.attendance import register_absence, register_return
from roedtraad.duty.services.risk import set_risk
from roedtraad.practice.queries.timeline import timeline
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db


def test_risk_and_absence_stand_in_the_line_of_time() -> None:
    scene = Record()
    # A test that emptied the tables before this one took the usual scale along.
    defaults.write(lambda name: apps.get_model("duty", name))
    level = RiskLevel.objects.order_by("rank")[1]
    set_risk(scene.worker, scene.ane, level, {}, "Sov lidt")
    now = clock.now()
    away = register_absence(scene.worker, scene.ane, "hospital", now - dt.timedelta(hours=5))
    register_return(scene.worker, away, now)
    titles = {entry.title for entry in timeline(scene.worker, scene.ane).entries}
    assert {"Dagens risiko: ▲ Gul", "Væk: indlagt", "Tilbage efter indlagt"} <= titles
