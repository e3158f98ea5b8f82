"""What can happen to a citizen's relations, guardians, consents and contact persons: one function an event.

Written by those who work where the citizen lives now (`record.write`). The citizen may choose their own relations, and
give and withdraw consent (`own.write`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.citizens.models import Citizen, Consent, ContactPerson, Guardianship, Relation
from roedtraad.citizens.reach import check_writer, one_at_a_time
from roedtraad.citizens.relations import rules, team
from roedtraad.citizens.relations.rules import Person
from roedtraad.core import clock
from roedtraad.core.danish import day as in_words
from roedtraad.core.history import change
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Municipality

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@transaction.atomic
def add_relation(
    user: User,
    citizen: Citizen,
    kind: str,
    person: Person,
    *,
    chosen_by_citizen: bool,
    login: User | None = None,
    first: dt.date | None = None,
) -> Relation:
    """Write somebody into the citizen's life, from `first` (today when not given).

    Refusal for what cannot be, and for a login without access as a relative of this citizen.
    """
    check_writer(user, citizen, own_too=True)
    if kind not in Relation.Kind.values:
        raise Refusal(_("Vælg, hvad personen er for borgeren."), "kind")
    checked = rules.checked_person(person)
    begin = first or clock.today()
    _check_login(citizen, login, begin)
    with change(user, "relation skrevet"):
        return Relation.objects.create(
            citizen=citizen,
            kind=kind,
            name=checked.name,
            phone=checked.phone,
            email=checked.email,
            note=checked.note,
            chosen_by_citizen=chosen_by_citizen,
            user=login,
            valid=Period(begin).to_range(),
        )


@transaction.atomic
def link_login(user: User, relation: Relation, login: User | None) -> Relation:
    """Say which login is this person's own, or that there is none. Staff only.

    Refusal for a login without access as a relative of this citizen, and for one that is another relation's.
    """
    check_writer(user, relation.citizen)
    kept = Relation.objects.select_for_update().get(pk=relation.pk)
    if kept.user_id == (login.pk if login else None):
        return kept
    _check_login(kept.citizen, login, clock.today())
    kept.user = login
    with change(user, "relationens login rettet"):
        kept.save(update_fields=["user"])
    return kept


@transaction.atomic
def end_relation(user: User, relation: Relation, last: dt.date | None = None) -> Relation:
    """The person is in the citizen's life until `last` (included; today when not given).

    What was shared with them is shared no longer from the day after. Refusal for a day before it begins.
    """
    check_writer(user, relation.citizen, own_too=True)
    kept = Relation.objects.select_for_update().get(pk=relation.pk)
    kept.valid = rules.ended(Period.from_range(kept.valid), last or clock.today()).to_range()
    with change(user, "relation afsluttet"):
        kept.save(update_fields=["valid"])
    return kept


@transaction.atomic
def add_guardianship(
    user: User,
    citizen: Citizen,
    form: str,
    *,
    personal: bool,
    economic: bool,
    guardian: Relation | Person,
    first: dt.date,
    last: dt.date | None = None,
) -> Guardianship:
    """Write a guardianship: the guardian is one of the relations, or a person outside.

    Refusal for a form that does not fit its scope, for another citizen's relation and for what cannot be a person.
    """
    check_writer(user, citizen)
    rules.check_guardianship(form, personal=personal, economic=economic)
    period = rules.checked_period(first, last)
    relation = guardian if isinstance(guardian, Relation) else None
    if relation is not None:
        _check_of(citizen, relation)
    who = rules.checked_person(guardian) if isinstance(guardian, Person) else Person("")
    with change(user, "værgemål skrevet"):
        return Guardianship.objects.create(
            citizen=citizen,
            form=form,
            personal=personal,
            economic=economic,
            relation=relation,
            name=who.name,
            phone=who.phone,
            email=who.email,
            valid=period.to_range(),
        )


@transaction.atomic
def end_guardianship(user: User, guardianship: Guardianship, last: dt.date | None = None) -> Guardianship:
    """The guardianship holds until `last` (included; today when not given)."""
    check_writer(user, guardianship.citizen)
    kept = Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    kept.valid = rules.ended(Period.from_range(kept.valid), last or clock.today()).to_range()
    with change(user, "værgemål afsluttet"):
        kept.save(update_fields=["valid"])
    return kept


@transaction.atomic
def give_consent(
    user: User,
    citizen: Citizen,
    to: Relation | Municipality | str,
    scopes: Collection[str],
    *,
    how: str,
    first: dt.date | None = None,
    last: dt.date | None = None,
    guardianship: Guardianship | None = None,
    note: str = "",
) -> Consent:
    """Write that the citizen (or with `guardianship` their guardian) lets `to` see `scopes`, from the day it was given.

    `to` is one of the citizen's relations, a municipality, or another by name. Refusal for a day to come, for what
    cannot be shared, and for a guardian who does not decide in personal matters on that day.
    """
    own = check_writer(user, citizen, own_too=True)
    if how not in Consent.How.values or (how == Consent.How.OWN_PAGE) is not own:
        raise Refusal(_("Vælg, om samtykket er givet skriftligt eller mundtligt."), "how")
    begin = first or clock.today()
    period = rules.check_consent(scopes, Consent.Scope.values, begin, last, clock.today())
    if own and guardianship is not None:
        raise Refusal(_("På din egen side giver du samtykke på egne vegne."), "given_by")
    if guardianship is not None:
        _check_guardian_decides(citizen, guardianship, begin)
    if isinstance(to, Relation):
        _check_of(citizen, to)
    party = " ".join(to.split()) if isinstance(to, str) else ""
    if isinstance(to, str) and not 0 < len(party) <= 120:
        raise Refusal(_("Skriv, hvem der deles med, med højst 120 tegn."), "party")
    with change(user, "samtykke skrevet"):
        return Consent.objects.create(
            citizen=citizen,
            relation=to if isinstance(to, Relation) else None,
            municipality=to if isinstance(to, Municipality) else None,
            party=party,
            scopes=[scope for scope in Consent.Scope.values if scope in scopes],
            valid=period.to_range(),
            given_by=Consent.GivenBy.GUARDIAN if guardianship else Consent.GivenBy.CITIZEN,
            guardianship=guardianship,
            how=how,
            note=rules.checked_note(note),
            recorded_by=user,
            recorded_at=clock.now(),
        )


@transaction.atomic
def withdraw_consent(user: User, consent: Consent) -> Consent:
    """The consent is withdrawn from this moment. Withdrawing it twice changes nothing."""
    check_writer(user, consent.citizen, own_too=True)
    kept = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if kept.withdrawn_at is None:
        kept.withdrawn_at, kept.withdrawn_by = clock.now(), user
        with change(user, "samtykke trukket tilbage"):
            kept.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return kept


@transaction.atomic
def appoint_contact(
    user: User, citizen: Citizen, person: User, role: str, first: dt.date | None = None
) -> ContactPerson:
    """From `first` (today when not given) the person is the citizen's contact person, the second one, or of the team.

    A new contact person follows the former, and somebody gets a new role by leaving the old one. Refusal for who
    does not work with the citizen, and when a later change is already written.
    """
    check_writer(user, citizen)
    begin = first or clock.today()
    if role not in ContactPerson.Role.values:
        raise Refusal(_("Vælg en rolle."), "role")
    if person.pk not in {one.user.pk for one in team.who_works_with(citizen)}:
        raise Refusal(_("Vælg en, der arbejder med borgeren."), "user")
    one_at_a_time(citizen)
    with change(user, "kontaktperson skrevet"):
        standing = ContactPerson.objects.filter(citizen=citizen, valid__contains=begin, user=person).first()
        if standing is not None and standing.role == role and standing.valid.upper is None:
            return standing
        for other in _making_way(citizen, person, role):
            if other.valid.lower > begin:
                raise Refusal(
                    _("%(name)s er skrevet fra %(day)s. Vælg en senere dag.")
                    % {"name": other.user, "day": in_words(other.valid.lower)},
                    "first",
                )
            if other.valid.lower == begin:
                other.delete()
            elif other.valid.upper is None or other.valid.upper > begin:
                other.valid = Period(other.valid.lower, begin).to_range()
                other.save(update_fields=["valid"])
        return ContactPerson.objects.create(
            citizen=citizen, user=person, role=role, valid=Period(begin).to_range()
        )


@transaction.atomic
def end_contact(user: User, contact: ContactPerson, last: dt.date | None = None) -> ContactPerson:
    """The person is a contact until `last` (included; today when not given)."""
    check_writer(user, contact.citizen)
    kept = ContactPerson.objects.select_for_update().get(pk=contact.pk)
    kept.valid = rules.ended(Period.from_range(kept.valid), last or clock.today()).to_range()
    with change(user, "kontaktperson afsluttet"):
        kept.save(update_fields=["valid"])
    return kept


def may_be_linked(citizen: Citizen) -> list[User]:
    """The logins with access as a relative of this citizen today. One SQL statement."""
    grants = Grant.objects.in_force().filter(role=Role.RELATIVE, citizen=citizen, user__is_active=True)
    return [grant.user for grant in grants.select_related("user").order_by("user__full_name", "pk")]


def _making_way(citizen: Citizen, person: User, role: str) -> list[ContactPerson]:
    """Whose time must end before the person can have the role: their own, and with the first role the former's."""
    known = ContactPerson.objects.filter(citizen=citizen).select_related("user")
    own = list(known.filter(user=person))
    if role != ContactPerson.Role.PRIMARY:
        return own
    return own + list(known.filter(role=role).exclude(user=person))


def _check_login(citizen: Citizen, login: User | None, begin: dt.date) -> None:
    if login is None:
        return
    if login.pk not in {one.pk for one in may_be_linked(citizen)}:
        raise Refusal(
            _("Det login har ikke adgang som pårørende til borgeren. Spørg en administrator."), "login"
        )
    if Relation.objects.filter(citizen=citizen, user=login, valid__overlap=Period(begin).to_range()).exists():
        raise Refusal(_("Det login er allerede en anden relations."), "login")


def _check_of(citizen: Citizen, relation: Relation) -> None:
    if relation.citizen_id != citizen.pk or not Period.from_range(relation.valid).contains(clock.today()):
        raise Refusal(_("Vælg en af borgerens relationer."), "relation")


def _check_guardian_decides(citizen: Citizen, guardianship: Guardianship, on: dt.date) -> None:
    """What is shared is a personal matter: a guardian for economic matters alone cannot consent to it."""
    if (
        guardianship.citizen_id != citizen.pk
        or not guardianship.personal
        or not Period.from_range(guardianship.valid).contains(on)
    ):
        raise Refusal(
            _(
                "Værgen kan kun give samtykke, når værgemålet gælder personlige forhold den dag, det blev givet."
            ),
            "given_by",
        )
