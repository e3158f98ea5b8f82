"""The list of methods: what they rest on, how much they are used, and who is trained in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import reach
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.suppress import THRESHOLD
from roedtraad.practice.models import Method, MethodQualification

_USE = """
    SELECT method_id, count(*), count(DISTINCT citizen_id) FROM practice_methoduse
    WHERE starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
    GROUP BY method_id
"""


@dataclass(frozen=True)
class Use:
    """How many efforts use a method today. `efforts` is None when one to four people are behind them."""

    efforts: int | None = 0


@dataclass(frozen=True)
class MethodLine:
    """A method as a line of the list."""

    method: Method
    use: Use
    qualified: int


def methods(asked: str = "", evidence: str = "", *, retired: bool = False) -> list[MethodLine]:
    """The methods in Danish order: those with the word in name or description, and that much known of them.

    Retired ones only when asked for. Two SQL statements.
    """
    today = clock.today()
    found = Method.objects.all() if retired else Method.objects.filter(retired_on__isnull=True)
    if evidence in Method.Evidence.values:
        found = found.filter(evidence=evidence)
    trained = Count(
        "qualifications",
        filter=Q(qualifications__valid__contains=today, qualifications__user__is_active=True),
    )
    used = _uses()
    # The list is short, and only Python knows that Å is the capital of å whatever the database was set up with.
    word = asked.casefold()
    return [
        MethodLine(method, used.get(method.pk, Use()), method.trained)
        for method in found.annotate(trained=trained).order_by("sort_key", "pk")
        if word in f"{method.name}\n{method.description}".casefold()
    ]


def use_of(method: Method) -> Use:
    """How much the method is used today, in the whole house. One SQL statement."""
    return _uses().get(method.pk, Use())


def _uses() -> dict[int, Use]:
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"today": clock.today()})
        return {
            method: Use(efforts if people >= THRESHOLD else None)
            for method, efforts, people in cursor.fetchall()
        }


def qualifications_of(method: Method) -> list[MethodQualification]:
    """Who is or was trained in the method, those who are first. One SQL statement."""
    rows = MethodQualification.objects.filter(method=method).select_related("user")
    today = clock.today()
    return sorted(
        rows, key=lambda row: (row.valid.upper is not None and row.valid.upper <= today, str(row.user))
    )


def qualified_on(method: Method, user: User, day: dt.date) -> bool:
    """Is the colleague trained in the method on the day? One SQL statement."""
    return MethodQualification.objects.filter(method=method, user=user, valid__contains=day).exists()


def trainable(user: User) -> QuerySet[User]:
    """The colleagues of the units where the user keeps the list of methods: those who write in records there."""
    works = (
        Grant.objects.in_force()
        .filter(role__in=[Role.SUPPORT_WORKER, Role.LEADER], unit__in=reach(user, "method.edit").all_units)
        .filter(user=OuterRef("pk"))
    )
    return User.objects.filter(Exists(works), is_active=True).order_by("full_name", "username")
