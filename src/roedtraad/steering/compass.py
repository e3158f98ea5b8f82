"""Where a citizen's goal may point: the pejlemærker and UN goals of the plans in force (`practice.compass`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.core import clock
from roedtraad.practice.compass import Mark
from roedtraad.steering.models import Indicator, Pejlemaerke, UnTarget

# Which pejlemærke and UN sub-goal a theme of a citizen's goal most likely serves, by the number in the plan of
# 2024-27 (001). Our own assumption: staff may change it on every goal.
_SUGGESTED: Mapping[str, tuple[int, str]] = {
    "communication": (6, "10.2"),
    "everyday": (10, "10.2"),
    "getting_about": (7, "10.2"),
    "health": (8, "3.4"),
    "leisure": (7, "10.2"),
    "mind": (9, "3.4"),
    "money_home": (10, "10.2"),
    "occupation": (7, "8.5"),
    "relations": (6, "10.2"),
    "self_care": (9, "3.4"),
    "sleep_habits": (9, "3.5"),
    "thinking": (9, "3.4"),
}


# The source of the indicators that are counted from goals.
FROM_THE_RECORD = "practice"


class PlanCompass:
    """The compass of the plans in force today."""

    def pejlemaerker(self) -> list[Mark]:
        """In the order of the plans. One SQL statement."""
        return [
            Mark(_key(mark), f"{mark.number} {mark.title}", reverse("steering:pejlemaerke", args=[mark.pk]))
            for mark in _marks()
        ]

    def un_targets(self) -> list[Mark]:
        """In the order of their codes. One SQL statement."""
        found = UnTarget.objects.filter(un_goal__track__plan__valid__contains=clock.today())
        return [
            Mark(target.code, f"{target.code} {target.text}")
            for target in found.order_by("un_goal__number", "code")
        ]

    def path(self, pejlemaerke: str) -> list[Mark]:
        """Vision, track and pejlemærke. One SQL statement."""
        plan, _slash, number = pejlemaerke.rpartition("/")
        if not number.isdecimal():
            return []
        mark = (
            Pejlemaerke.objects.select_related("track__plan")
            .filter(track__plan__key=plan, number=int(number))
            .first()
        )
        if mark is None:
            return []
        page = reverse("steering:plan", args=[mark.track.plan.key])
        return [
            Mark(mark.track.plan.key, _("Vision"), page),
            Mark(mark.track.key, mark.track.name, page),
            Mark(pejlemaerke, f"{mark.number} {mark.title}", reverse("steering:pejlemaerke", args=[mark.pk])),
        ]

    def counted_in(self, pejlemaerke: str) -> list[Mark]:
        """By their numbers. One SQL statement."""
        plan, _slash, number = pejlemaerke.rpartition("/")
        if not number.isdecimal():
            return []
        found = Indicator.objects.filter(
            data_source=FROM_THE_RECORD,
            valid__contains=clock.today(),
            pejlemaerker__track__plan__key=plan,
            pejlemaerker__number=int(number),
        )
        return [
            Mark(row.key, row.name, reverse("steering:indicator", args=[row.key]))
            for row in found.order_by("number")
        ]

    def suggest(self, themes: Iterable[str]) -> tuple[str, str]:
        """By the first theme that the table knows, in the newest plan in force. At most two SQL statements."""
        found = next((_SUGGESTED[code] for code in themes if code in _SUGGESTED), None)
        if found is None:
            return "", ""
        number, target = found
        marks = [mark for mark in _marks() if mark.number == number]
        known = UnTarget.objects.filter(code=target, un_goal__track__plan__valid__contains=clock.today())
        return (_key(marks[-1]) if marks else ""), (target if known.exists() else "")


def _marks() -> list[Pejlemaerke]:
    marks = Pejlemaerke.objects.filter(track__plan__valid__contains=clock.today())
    return list(marks.select_related("track__plan").order_by("track__plan__valid", "number"))


def _key(mark: Pejlemaerke) -> str:
    return f"{mark.track.plan.key}/{mark.number}"
