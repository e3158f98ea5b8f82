"""What can happen to accounts, grants, keys and the control of look-ups.

Each is one transaction, asks first whether the one who does it may, and leaves who and why in the history – in
Danish, whatever language the page was read in. A grant without `granted_by` is made by the system itself (the
first administrator, the demo, an import); so is an account without a maker, from the operator's terminal.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pghistory
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.models import ApiToken, Grant, LookupLog, LookupReview
from roedtraad.access.roles import SCOPE, Role
from roedtraad.access.scope import AccessDenied, grants_of, may, reach, require
from roedtraad.accounts.models import User
from roedtraad.accounts.services import end_sessions, give_first_password, remove_second_factors
from roedtraad.core import clock
from roedtraad.core.period import Period

# No 0/O, 1/l/I: a first password is read aloud or from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def grant_role(
    user: User,
    role: Role,
    scope: Any,
    *,
    start: dt.date,
    last: dt.date | None = None,
    granted_by: User | None = None,
    reason: str = "",
) -> Grant:
    """Give `user` a role for a unit, municipality or citizen from `start` to `last` (both included).

    ValueError with a sentence when the scope is not of the kind the role takes, when the period ends before
    it begins, when the user has the same already on one of its days, or when it is one's own; AccessDenied when `granted_by` may
    not give it there.
    """
    kind = SCOPE[role]
    if scope is None or scope._meta.model_name != kind:
        words = {"unit": _("en enhed"), "municipality": _("en kommune"), "citizen": _("en borger")}[kind]
        raise ValueError(_("Rollen gives for %(kind)s. Vælg %(kind)s.") % {"kind": words})
    if granted_by is not None:
        require(granted_by, "users.manage", unit_id=scope.pk if kind == "unit" else None)
        if granted_by.pk == user.pk:
            raise ValueError(_("Du kan ikke give dig selv en adgang. Bed en anden administrator om det."))
    if last is not None and last < start:
        raise ValueError(_("Adgangen kan ikke slutte, før den er begyndt. Ret en af datoerne."))
    period = Period.inclusive(start, last).to_range()
    same = Grant.objects.filter(user=user, role=role.value, valid__overlap=period, **{kind: scope})
    if same.exists():
        raise ValueError(
            _("Brugeren har allerede den adgang i en del af perioden. Ret datoerne, eller slut den anden.")
        )
    with pghistory.context(reason=reason or "adgang givet"):
        return Grant.objects.create(
            user=user, role=role.value, valid=period, granted_by=granted_by, **{kind: scope}
        )


@transaction.atomic
def end_grant(grant: Grant, last: dt.date, *, reason: str, ended_by: User | None = None) -> Grant:
    """End a grant after `last`, which is its last day.

    ValueError with a sentence when it had not begun by then, ended before, or is one's own administration.
    """
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    if ended_by is not None:
        _refuse_ending(grant, ended_by)
    period = Period.from_range(grant.valid)
    if last < period.start:
        raise ValueError(
            _("Adgangen kan ikke slutte, før den er begyndt. Vælg den første dag eller en senere.")
        )
    if period.last is not None and period.last < last:
        raise ValueError(
            _("Adgangen slutter allerede før den dag. Giv en ny adgang, hvis den skal vare længere.")
        )
    with pghistory.context(reason=reason):
        grant.valid = Period.inclusive(period.start, last).to_range()
        grant.save(update_fields=["valid"])
    return grant


def _refuse_ending(grant: Grant, by: User) -> None:
    """AccessDenied or ValueError unless `by` may end the grant.

    An administrator may in their units, but not their own administration. A leader may end the access of those who
    work in their units, and of leaders of units below their own.
    """
    if may(by, "users.manage"):
        require(by, "users.manage", unit_id=grant.unit_id)
        if grant.user_id == by.pk and grant.role == Role.ADMINISTRATOR:
            raise ValueError(
                _("Du kan ikke slutte din egen administratoradgang. Bed en anden administrator om det.")
            )
        return
    if grant.unit_id is None or not leader_may_end(by, grant):
        raise AccessDenied(_("Du kan kun slutte adgange for dem, der arbejder i din enhed."))
    require(by, "grants.end", unit_id=grant.unit_id)


def leader_may_end(leader: User, grant: Grant) -> bool:
    """Whether a leader may end this grant: a worker's in their units, or a leader's of a unit below their own."""
    if grant.user_id == leader.pk or grant.unit_id not in reach(leader, "grants.end").all_units:
        return False
    own = {held.unit_id for held in grants_of(leader) if held.role == Role.LEADER}
    return grant.role == Role.SUPPORT_WORKER or (grant.role == Role.LEADER and grant.unit_id not in own)


@transaction.atomic
def create_account(
    username: str, full_name: str, *, created_by: User | None, reason: str
) -> tuple[User, str]:
    """Make an account with a first password, which is returned once and kept only as a hash.

    ValueError with a sentence when the username is taken.
    """
    if created_by is not None:
        require(created_by, "users.manage")
    username = User.normalize_username(username.strip())
    # Two usernames that differ only in case would be mistaken for each other.
    if User.objects.filter(username__iexact=username).exists():
        raise ValueError(_("Brugernavnet er i brug. Vælg et andet."))
    password = first_password()
    with pghistory.context(reason=reason):
        user = User(username=username, full_name=full_name.strip())
        give_first_password(user, password)
    return user, password


@transaction.atomic
def renew_password(user: User, *, renewed_by: User | None, reason: str) -> str:
    """Give a user a new first password; the old one and open sessions stop working."""
    if renewed_by is not None:
        require(renewed_by, "users.manage")
    password = first_password()
    with pghistory.context(reason=reason):
        give_first_password(user, password)
    return password


@transaction.atomic
def reset_second_factor(user: User, *, reset_by: User | None, reason: str) -> int:
    """Take away a user's app, passkeys and recovery codes, when they are lost; open sessions end.

    Returns how many there were. ValueError with a sentence when there are none.
    """
    if reset_by is not None:
        require(reset_by, "users.manage")
    with pghistory.context(reason=reason):
        count = remove_second_factors(user)
    if not count:
        raise ValueError(_("Kontoen har ingen anden faktor at fjerne."))
    return count


@transaction.atomic
def close_account(user: User, *, closed_by: User | None, reason: str) -> None:
    """Close an account: it can no longer log in, open sessions and API keys stop at once.

    ValueError with a sentence when it is one's own.
    """
    if closed_by is not None:
        require(closed_by, "users.manage")
    if closed_by is not None and user.pk == closed_by.pk:
        raise ValueError(_("Du kan ikke lukke din egen konto. Bed en anden administrator om det."))
    _set_active(user, False, reason)


@transaction.atomic
def open_account(user: User, *, opened_by: User, reason: str) -> None:
    """Open a closed account again; it may do what its grants allow on the day."""
    require(opened_by, "users.manage")
    _set_active(user, True, reason)


@transaction.atomic
def revoke_token(token: ApiToken, *, revoked_by: User, reason: str) -> None:
    """Stop an API key from now on. Revoking twice changes nothing."""
    require(revoked_by, "users.manage")
    if token.revoked_at is None:
        with pghistory.context(reason=reason):
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at"])


@transaction.atomic
def review_lookup(log: LookupLog, outcome: str, *, reviewer: User, note: str = "") -> LookupReview:
    """Write what the control of a look-up showed; a second control replaces the first, which history keeps.

    ValueError with a sentence on one's own look-up, or when nothing says what is to be followed up.
    """
    require(reviewer, "lookup_log.sample")
    if log.user_id == reviewer.pk:
        raise ValueError(_("Du kan ikke kontrollere dit eget opslag. Lad en anden administrator gøre det."))
    found = LookupReview.Outcome(outcome)
    if found == LookupReview.Outcome.ASK and not note.strip():
        raise ValueError(_("Skriv, hvad der skal følges op på."))
    with pghistory.context(reason="stikprøve"):
        review, _created = LookupReview.objects.update_or_create(
            log=log,
            defaults={"reviewer": reviewer, "outcome": found, "note": note.strip(), "at": clock.now()},
        )
    return review


def first_password() -> str:
    """Six groups of five of 31 characters: about 148 bits, and easy to read aloud."""
    password = "-".join("".join(secrets.choice(_ALPHABET) for _n in range(5)) for _g in range(6))
    try:
        validate_password(password)
    except ValidationError as error:
        raise RuntimeError("The first password breaks the house's own rules.") from error
    return password


def _set_active(user: User, active: bool, reason: str) -> None:
    with pghistory.context(reason=reason):
        user.is_active = active
        user.save(update_fields=["is_active"])
        # Otherwise a session of before would live again when the account is opened.
        end_sessions(user)
