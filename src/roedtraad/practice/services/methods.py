"""What can happen to the list of methods: a method is written, changed, retired and taken up; colleagues are trained."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.core import clock
from roedtraad.core.danish import day as day_words
from roedtraad.core.danish import sort_key
from roedtraad.core.history import change
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Method, MethodQualification
from roedtraad.practice.queries.methods import trainable
from roedtraad.practice.services.common import Changed

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

EDIT = "method.edit"
# Words that stand in addresses of the list itself.
TAKEN = ("ny",)


@dataclass(frozen=True, slots=True)
class MethodText:
    """A method as it is typed."""

    name: str
    evidence: str
    description: str = ""
    evidence_note: str = ""


@transaction.atomic
def write_method(user: User, text: MethodText) -> Method:
    """Put a method on the list. Refusal beside the field for what cannot be."""
    require(user, EDIT)
    values = _checked(text)
    with change(user, "metode skrevet på listen"):
        return Method.objects.create(key=_free_key(text.name), **values)


@transaction.atomic
def change_method(user: User, method: Method, text: MethodText, *, version: int) -> Method:
    """Change what the list says of a method. `Changed` when somebody else has since `version` was read."""
    require(user, EDIT)
    held = Method.objects.select_for_update().get(pk=method.pk)
    if version_of(held) != version:
        raise Changed(held)
    with change(user, "metode rettet"):
        for name, value in _checked(text, held).items():
            setattr(held, name, value)
        held.save()
    return held


@transaction.atomic
def retire_method(user: User, method: Method) -> Method:
    """The method is not chosen for new efforts from today; those that use it run on. Twice changes nothing."""
    return _set_retired(user, method, clock.today(), "metode udgået")


@transaction.atomic
def take_up_method(user: User, method: Method) -> Method:
    """A retired method may be chosen again."""
    return _set_retired(user, method, None, "metode taget op igen")


@transaction.atomic
def qualify(
    user: User, method: Method, colleague: User, first: dt.date, last: dt.date | None = None
) -> MethodQualification:
    """Write that a colleague is trained in the method from the first day to the last (included).

    Refusal for days in the wrong order or that are covered already, and for a colleague who is not the user's.
    """
    require(user, EDIT)
    if not trainable(user).filter(pk=colleague.pk).exists():
        raise Refusal(
            _("%(who)s arbejder ikke i dine enheder. Vælg en, der gør.") % {"who": colleague}, "colleague"
        )
    if last is not None and last < first:
        raise Refusal(_("Den sidste dag ligger før den første. Ret en af datoerne."), "last")
    if first > clock.today():
        raise Refusal(_("Skriv den dag, uddannelsen er afsluttet. Den kan ikke ligge efter i dag."), "first")
    period = Period.inclusive(first, last).to_range()
    held = MethodQualification.objects.select_for_update().filter(
        method=method, user=colleague, valid__overlap=period
    )
    known = held.first()
    if known is not None:
        raise Refusal(
            _("%(who)s står allerede som uddannet fra %(day)s. Afslut den periode først.")
            % {"who": colleague, "day": day_words(known.valid.lower)},
            "first",
        )
    with change(user, "kvalifikation skrevet"):
        return MethodQualification.objects.create(method=method, user=colleague, valid=period)


@transaction.atomic
def end_qualification(
    user: User, qualification: MethodQualification, last: dt.date | None = None
) -> MethodQualification:
    """The colleague is not trained in the method any longer; `last` (today) is the last day they are.

    AccessDenied for somebody else's colleague, Refusal for a day before the first. One that has ended stays ended.
    """
    require(user, EDIT)
    held = (
        MethodQualification.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=qualification.pk)
    )
    if not trainable(user).filter(pk=held.user_id).exists():
        raise AccessDenied(_("Du kan kun afslutte kvalifikationer for dem, der arbejder i dine enheder."))
    day = last or clock.today()
    if day < held.valid.lower:
        raise Refusal(_("Den sidste dag ligger, før uddannelsen begynder. Vælg en senere dag."), "last")
    if held.valid.upper is not None and held.valid.upper <= day + dt.timedelta(days=1):
        return held
    with change(user, "kvalifikation afsluttet"):
        held.valid = Period.inclusive(held.valid.lower, day).to_range()
        held.save(update_fields=["valid"])
    return held


def version_of(method: Method) -> int:
    """The number of the method's latest change, which a form carries. One SQL statement."""
    latest: Any = method.events.order_by("-pgh_id").values_list("pgh_id", flat=True)  # type: ignore[attr-defined]  # pghistory's relation
    return int(latest.first() or 0)


def _set_retired(user: User, method: Method, day: dt.date | None, why: str) -> Method:
    require(user, EDIT)
    held = Method.objects.select_for_update().get(pk=method.pk)
    if (held.retired_on is None) == (day is None):
        return held
    with change(user, why):
        held.retired_on = day
        held.save(update_fields=["retired_on"])
    return held


def _checked(text: MethodText, method: Method | None = None) -> dict[str, str]:
    name = " ".join(text.name.split())
    if not name:
        raise Refusal(_("Skriv, hvad metoden hedder."), "name")
    if len(name) > 120:
        raise Refusal(_("Navnet må højst fylde 120 tegn. Skriv resten i beskrivelsen."), "name")
    others = Method.objects.exclude(pk=method.pk) if method else Method.objects.all()
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        raise Refusal(
            _("Der er allerede en metode, der hedder det. Ret den, eller vælg et andet navn."), "name"
        )
    if text.evidence not in Method.Evidence.values:
        raise Refusal(_("Vælg, hvad man ved om virkningen."), "evidence")
    note = " ".join(text.evidence_note.split())
    if text.evidence != Method.Evidence.NONE and not note:
        raise Refusal(
            _("Skriv, hvad viden bygger på, så andre kan se efter. Ellers vælg »ikke undersøgt«."),
            "evidence_note",
        )
    return {
        "name": name,
        "sort_key": sort_key(name),
        "description": text.description.strip()[:2000],
        "evidence": text.evidence,
        "evidence_note": note[:400],
    }


def _free_key(name: str) -> str:
    """A key of the name that no other method has, for addresses."""
    letters = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa"})
    plain = slugify(name.translate(letters))[:50] or "metode"
    used = {*Method.objects.filter(key__startswith=plain).values_list("key", flat=True), *TAKEN}
    return (
        plain
        if plain not in used
        else next(key for n in range(2, 10_000) if (key := f"{plain}-{n}") not in used)
    )
