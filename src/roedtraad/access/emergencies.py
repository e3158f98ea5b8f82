"""Nødadgang: opening a citizen outside one's reach with a written reason, and looking at it afterwards.

It opens the page of one citizen for reading, for twelve hours. The citizen, the leaders who answer for the one who
opened or for where the citizen lives, and the administrators see it (docs/access.md).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from roedtraad.access.models import EmergencyAccess, EmergencyAttempt, EmergencyReview, Grant
from roedtraad.access.scope import AccessDenied, reach, require
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal

if TYPE_CHECKING:
    from roedtraad.citizens.models import Citizen

LASTS = dt.timedelta(hours=12)
# So many tries in so long: enough for a slip of the finger, too few to go through a list of names.
TRIES, WITHIN = 10, dt.timedelta(hours=1)
SHORTEST_REASON, FEWEST_LETTERS = 20, 6


def checked_reason(text: str) -> str:
    """The reason with tidy spaces; Refusal when it is too short or says nothing."""
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal(
            _("Skriv hvorfor med mindst %(least)s tegn, så den, der ser efter, kan forstå det.")
            % {"least": SHORTEST_REASON},
            "reason",
        )
    if len({sign for sign in reason.casefold() if sign.isalpha()}) < FEWEST_LETTERS:
        raise Refusal(_("Begrundelsen siger ikke noget. Skriv med ord, hvad der er sket."), "reason")
    if len(reason) > 500:
        raise Refusal(_("Begrundelsen må højst have 500 tegn."), "reason")
    return reason


@transaction.atomic
def open_in_emergency(user: User, citizen: Citizen | None, reason: str) -> EmergencyAccess | None:
    """Open `citizen` for `user` to read for twelve hours; None when nobody was found (the try is counted all the same).

    Done twice it is one access: the one in force is given back. Refusal for a reason that says nothing and after
    too many tries, AccessDenied without a role that may. Who was found is told by the caller, and only after this.
    """
    require(user, "citizen.emergency")
    written = checked_reason(reason)
    # Two tries at once are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if tries_left(user) == 0:
        raise Refusal(
            _("Du har prøvet %(tries)s gange den seneste time. Vent lidt, eller ring til borgerens tilbud.")
            % {"tries": TRIES}
        )
    EmergencyAttempt.objects.create(user=user, at=clock.running(), found=citizen is not None)
    if citizen is None:
        return None
    known = in_force(user, citizen.pk)
    if known is not None:
        return known
    now = clock.now()
    with change(user, "nødadgang"):
        return EmergencyAccess.objects.create(
            user=user, citizen=citizen, reason=written, opened_at=now, expires_at=now + LASTS
        )


def tries_left(user: User) -> int:
    """How many tries the user has within the hour. One SQL statement."""
    made = EmergencyAttempt.objects.filter(user=user, at__gt=clock.running() - WITHIN).count()
    return max(TRIES - made, 0)


def in_force(user: User, citizen_id: int) -> EmergencyAccess | None:
    """The user's access to the citizen that has not run out. One SQL statement."""
    return (
        EmergencyAccess.objects.filter(user=user, citizen=citizen_id, expires_at__gt=clock.now())
        .order_by("-expires_at")
        .first()
    )


def reviewable_by(user: User) -> QuerySet[EmergencyAccess]:
    """The emergencies the user is to look at: of those who work in their units, and of citizens who live there now.

    Never one's own. One SQL statement more than the reach.
    """
    scope = reach(user, "emergency.review")
    if not scope:
        return EmergencyAccess.objects.none()
    works_there = Grant.objects.filter(
        user=OuterRef("user"),
        unit__in=scope.all_units,
        valid__contains=Cast(OuterRef("opened_at"), DateField()),
    )
    citizens = apps.get_model("citizens", "Citizen")._default_manager
    # Who answers for a citizen today is who may protect them; a leader of years ago is not asked.
    mine = citizens.filter(visible_q("citizens.Citizen", user, "citizen.protect"), pk=OuterRef("citizen"))
    return EmergencyAccess.objects.filter(Q(Exists(works_there)) | Q(Exists(mine))).exclude(user=user)


def waiting_for(user: User) -> QuerySet[EmergencyAccess]:
    """The emergencies nobody has looked at yet, among those the user is to look at."""
    return reviewable_by(user).filter(review__isnull=True)


@transaction.atomic
def review_emergency(
    emergency: EmergencyAccess, outcome: str, *, reviewer: User, note: str = ""
) -> EmergencyReview:
    """Write what came of looking at an emergency; a second look replaces the first, which history keeps.

    AccessDenied for one's own and for one that is another leader's; Refusal when nothing says what to follow up.
    """
    require(reviewer, "emergency.review")
    if emergency.user_id == reviewer.pk:
        raise AccessDenied(_("Du kan ikke se din egen nødadgang efter. Lad en anden gøre det."))
    if not reviewable_by(reviewer).filter(pk=emergency.pk).exists():
        raise AccessDenied(_("Du har ikke adgang til at se denne nødadgang efter."))
    if outcome not in EmergencyReview.Outcome.values:
        raise Refusal(_("Vælg, om nødadgangen var i orden eller skal følges op."), "outcome")
    found = EmergencyReview.Outcome(outcome)
    said = " ".join(note.split())[:400]
    if found == EmergencyReview.Outcome.ASK and not said:
        raise Refusal(_("Skriv, hvad der skal følges op på."), "note")
    with change(reviewer, "nødadgang set efter"):
        review, _created = EmergencyReview.objects.update_or_create(
            emergency=emergency,
            defaults={"reviewer": reviewer, "outcome": found, "note": said, "at": clock.now()},
        )
    return review
