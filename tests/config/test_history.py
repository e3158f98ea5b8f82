"""Every table that holds facts keeps its history, and the history cannot be rewritten."""

from __future__ import annotations

import pghistory.models
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from roedtraad.core.history import change
from tests import factories

# Tables without facts of their own, and why they need no history.
WITHOUT = {
    "accounts.KnownDevice": "written by each login itself, and gone after half a year",
    "accounts.TabletVisit": "that somebody logged in at a tablet this shift; the log keeps it, the row is gone with the shift",
    "accounts.UsedAssertion": "fingerprints of answers that may not be used again, gone when they expire",
    "accounts.LoginTries": "counts of failed tries, gone after a day",
    "accounts.FactorSecret": "the secret half of a second factor, which keeps its history itself",
    "access.ApiAnswer": "answers remembered for a day, encrypted, beside the changes' own history",
    "access.EmergencyAttempt": "append-only itself",
    "access.LookupLog": "append-only itself",
    "access.LookupSeal": "append-only itself, written by the database",
    "access.RequestCount": "the current minute's counts, written over",
    "access.SentRequest": "answers remembered for a week, beside the changes' own history",
    "drafts.Draft": "what one person has typed and not sent: theirs alone, encrypted, gone after a week",
    "duty.RiskLevel": "append-only itself: another level is another version of the scale",
    "duty.RiskItem": "append-only itself: another checklist is another version of the scale",
    "duty.RiskReading": "append-only itself",
    "duty.HandoverRead": "append-only itself",
    "journeys.OccupancyMonth": "counted from the stays, never typed",
    "journeys.StayDays": "a view of the stays",
    "practice.ReportReading": "append-only itself",
    "safety.AlarmStep": "append-only itself: the alarm's log",
    "practice.PackageReceipt": "append-only itself",
    "organisation.Region": "names and codes of the map",
    "organisation.Municipality": "names and codes of the map",
    "demo.DemoWorld": "marks that the example data were made",
    "rights.Download": "append-only itself",
    "rights.Receipt": "append-only itself, in a chain of hashes",
    "rights.ErasedSeal": "append-only itself: what is left of a deleted look-up",
    "rights.ErasedCitizen": "append-only itself: that somebody has been erased",
    "rights.DeletionItem": "a line of a frozen list; the list keeps the history, the receipt the outcome",
    "voices.MessageRead": "that somebody had a message open, for their own count of what is new",
    "voices.ReadingChoice": "how one person likes their own pages, no fact about anybody",
    "exchange.ForeignRecord": "fingerprints of numbers in other systems, for the import to find its own rows by",
    "exchange.TermCode": "codes as the operator's file has them, read in whole each time",
    "exchange.Transfer": "the file's own way through the system is its history",
}


def own_models() -> list[type[Model]]:
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("roedtraad.")
        for model in config.get_models()
        if not issubclass(model, pghistory.models.Event)
    ]


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_facts_keep_their_history(model: type[Model]) -> None:
    if model._meta.label in WITHOUT:
        return
    trackers = [
        event
        for event in apps.get_models()
        if issubclass(event, pghistory.models.Event) and event.pgh_tracked_model is model
    ]
    assert trackers, f"{model._meta.label} keeps no history"
    labels = {tracker.label for event in trackers for tracker in event.pgh_trackers or ()}
    assert {"insert", "update", "delete"} <= labels


def test_the_exceptions_still_exist() -> None:
    assert set(WITHOUT) <= {model._meta.label for model in own_models()}


@pytest.mark.django_db
def test_who_and_why_are_in_the_history() -> None:
    from roedtraad.organisation.models import Unit

    user = factories.user_with("leader", factories.unit("et-tilbud"))
    with change(user, "navnet var forkert"):
        unit = Unit.objects.create(key="nyt")
        unit.key = "nyere"
        unit.save()
        unit.delete()
    events = list(Unit.pgh_event_model.objects.filter(key__in=["nyt", "nyere"]).order_by("pgh_id"))
    assert [event.pgh_label for event in events] == ["insert", "update", "delete"]
    assert {event.pgh_context.metadata["reason"] for event in events} == {"navnet var forkert"}
    assert {event.pgh_context.metadata["user"] for event in events} == {user.pk}


@pytest.mark.django_db
def test_the_history_cannot_be_rewritten() -> None:
    factories.unit("et-tilbud")
    for statement in (
        "UPDATE organisation_unitevent SET key = 'andet'",
        "DELETE FROM organisation_unitevent",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
