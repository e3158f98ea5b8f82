"""Who reads and writes which conversations, asked once, here. Row-level security says the same (migrations/0002_rows)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen, Relation
from roedtraad.citizens.sharing import Scope, consents_in_force, shared_with, shares
from roedtraad.core import clock
from roedtraad.practice.access import CITIZEN, is_own, require_write
from roedtraad.voices.models import Conversation, Participant, Side

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def readable(user: User, side: str) -> QuerySet[Conversation]:
    """The conversations the user reads as the citizen, as a relative, or as staff."""
    if side == Side.CITIZEN:
        own = Citizen.objects.filter(visible_q(CITIZEN, user, "own.view"))
        return Conversation.objects.filter(with_citizen=True, citizen__in=own)
    if side == Side.RELATIVE:
        taking_part = Participant.objects.filter(
            relation__user=user, relation__valid__contains=clock.today()
        ).values("conversation")
        return Conversation.objects.filter(
            shared_with(user, Scope.MESSAGES, "citizen_id"), pk__in=taking_part
        )
    read = Citizen.objects.filter(visible_q(CITIZEN, user, "record.view", in_emergency=True))
    return Conversation.objects.filter(with_staff=True, citizen__in=read)


def worked(user: User) -> QuerySet[Conversation]:
    """The conversations of the citizens whom the user works with now: those that may wait for an answer."""
    here = Citizen.objects.filter(visible_q(CITIZEN, user, "record.write"))
    return Conversation.objects.filter(with_staff=True, citizen__in=here)


def require_voice(user: User, citizen: Citizen, side: str) -> None:
    """Raise AccessDenied unless the user may write messages about this citizen as this side today."""
    require(user, "message.write")
    if side == Side.STAFF:
        require_write(user, citizen)
    elif side == Side.CITIZEN:
        if not is_own(user, citizen):
            raise AccessDenied(_("Du kan kun skrive fra din egen side."))
    elif not shares(user, citizen, Scope.MESSAGES):
        raise AccessDenied(_("Der er ikke længere samtykke til, at I skriver sammen her."))


def may_take_part(citizen: Citizen) -> list[Relation]:
    """The relations with whom the citizen shares messages today, and who have a login. One SQL statement."""
    sharing = consents_in_force().filter(scopes__contains=[Scope.MESSAGES.value]).values("relation")
    return list(
        Relation.objects.filter(
            Q(pk__in=sharing), citizen=citizen, user__isnull=False, valid__contains=clock.today()
        ).order_by("-chosen_by_citizen", "name", "pk")
    )


def own_relation(user: User, citizen: Citizen) -> Relation | None:
    """The relation of the citizen whose login the user has today. One SQL statement."""
    return Relation.objects.filter(citizen=citizen, user=user, valid__contains=clock.today()).first()
