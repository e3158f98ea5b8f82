"""The transitions of the demo: believable, of all phases, and with packages that hold what they were sent with."""

from __future__ import annotations

import pytest

from roedtraad.access import rows
from roedtraad.accounts.models import User
from roedtraad.demo import distributions as d
from roedtraad.organisation.tree import tree
from roedtraad.practice.models import HandoverPackage, PackageQuestion, Transition
from roedtraad.practice.queries.transitions import parts_of, waiting_for, whole
from roedtraad.practice.rules.transitions import Phase
from roedtraad.practice.services.packages import fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_world")]


def test_they_are_before_during_and_after() -> None:
    org = tree()
    found = [whole(one, org) for one in Transition.objects.select_related("to_municipality")]
    phases = {one.phase for one in found}
    assert Phase.BEFORE in phases and phases & {Phase.DURING, Phase.AFTER, Phase.OVER}
    for one in found:
        assert one.origin and one.goal and one.origin != one.goal
        assert one.transition.own_words and one.steps
        happened = one.transition.happened_on
        assert happened is None or happened <= d.CUT_DAY
        assert all(row.step.done_on is None or row.step.done_on <= d.CUT_DAY for row in one.steps)


def test_packages_are_whole_and_unbroken() -> None:
    sent = list(HandoverPackage.objects.filter(sent_at__isnull=False))
    assert sent
    for package in sent:
        parts = parts_of(package, kept=True)
        assert len(parts) >= 5 and fingerprint(package, parts) == package.content_hash
        assert package.reviewed_by_id != package.written_by_id


def test_one_waits_for_the_support_worker() -> None:
    worker = User.objects.get(username="medarbejder")
    with rows.as_user(worker):
        waiting = list(waiting_for(worker))
        assert [one.head["to"] for one in waiting] == ["Tangkær"]
        assert waiting[0].receipts.exists()
        assert PackageQuestion.objects.filter(package=waiting[0]).exists()
