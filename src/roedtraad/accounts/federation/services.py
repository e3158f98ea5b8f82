"""What can happen when somebody comes from an identity provider. Each is one transaction with its reason in history."""

from __future__ import annotations

import hashlib

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roedtraad.accounts.federation import ports
from roedtraad.accounts.federation.configuration import Federation
from roedtraad.accounts.federation.models import LinkedIdentity
from roedtraad.accounts.federation.refused import Refused
from roedtraad.accounts.federation.rules import LONGEST_ID, Identity, check_level
from roedtraad.accounts.models import User

REASON = "login hos identitetsudbyderen"


@transaction.atomic
def enter(federation: Federation, provider: str, identity: Identity) -> User:
    """The account of a checked identity, with the access that the login asks for from today on.

    `provider` is the provider's own name. The account is found by the persistent id alone. Refused when the login
    is too weak, when nobody is tied to the id and accounts are not made by themselves, and when the account is closed.
    """
    wanted = federation.roles.wanted(identity.privileges, identity.cvr)
    user = _tied_to(provider, identity.persistent_id)
    # Before anything is said about the account: a weak login learns nothing.
    only_citizen = user is not None and not wanted and ports.access().only_citizen(user)
    check_level(identity.level, federation.least, only_citizen=only_citizen)
    if user is None and not federation.create:
        raise Refused(
            "unknown_person",
            _(
                "Der er ingen konto til dit login. Bed din administrator om at knytte det til din konto, "
                "og oplys dette id: %(id)s"
            )
            % {"id": identity.persistent_id},
        )
    if user is not None and not user.is_active:
        raise Refused("closed", _("Din konto er lukket. Spørg din administrator, hvis den skal åbnes igen."))
    with pghistory.context(reason=REASON):
        user = user or _make(provider, identity)
        ports.access().apply(user, wanted)
    return user


@transaction.atomic
def link(user: User, provider: str, persistent_id: str, *, reason: str) -> None:
    """Tie an account to the id that a provider knows the person by. ValueError with a sentence when it cannot be."""
    persistent_id = persistent_id.strip()
    if not persistent_id or len(persistent_id) > LONGEST_ID:
        raise ValueError(_("Id'et skal have mellem 1 og %(most)d tegn.") % {"most": LONGEST_ID})
    if _tied_to(provider, persistent_id) is not None:
        raise ValueError(_("Id'et er allerede knyttet til en konto."))
    with pghistory.context(reason=reason):
        LinkedIdentity.objects.create(user=user, provider=provider, uid=persistent_id, extra_data={})


def _tied_to(provider: str, persistent_id: str) -> User | None:
    tied = LinkedIdentity.objects.select_related("user").filter(provider=provider, uid=persistent_id).first()
    return tied.user if tied else None


def _make(provider: str, identity: Identity) -> User:
    """A new account without a password. The username says nothing; the id would be personal data in every list."""
    digest = hashlib.sha256(f"{provider}\0{identity.persistent_id}".encode()).hexdigest()
    try:
        with transaction.atomic():
            user = User.objects.create_user(username=f"login-{digest[:12]}", full_name=identity.full_name)
            LinkedIdentity.objects.create(
                user=user, provider=provider, uid=identity.persistent_id, extra_data={}
            )
    except IntegrityError:
        # The same person in two windows: the other one was first.
        return LinkedIdentity.objects.get(provider=provider, uid=identity.persistent_id).user
    return user
