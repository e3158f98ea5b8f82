"""Who is in a citizen's life, who decides with them, what they share with whom, and who is their contact person."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models.citizen import Citizen
from roedtraad.core import ids
from roedtraad.organisation.models import Municipality
from roedtraad.organisation.models.base import bounded, no_overlap


@pghistory.track()
class Relation(models.Model):
    """Somebody in a citizen's life. A pårørende is who the citizen says is one: `chosen_by_citizen` (001).

    `user` is the person's own login, when there is one. It shows them nothing before a consent does.
    """

    class Kind(models.TextChoices):
        MOTHER = "mother", _("mor")
        FATHER = "father", _("far")
        SIBLING = "sibling", _("søskende")
        CHILD = "child", _("barn")
        GRANDPARENT = "grandparent", _("bedsteforælder")
        FAMILY = "family", _("anden familie")
        FOSTER = "foster", _("plejefamilie")
        PARTNER = "partner", _("partner")
        FRIEND = "friend", _("ven")
        VOLUNTEER = "volunteer", _("frivillig")
        GUARDIAN = "guardian", _("værge")
        OTHER = "other", _("anden")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="relations", verbose_name=_("borger"))
    kind = models.CharField(_("hvad er de for borgeren"), max_length=12, choices=Kind)
    name = models.CharField(_("navn"), max_length=120)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), max_length=200, blank=True)
    chosen_by_citizen = models.BooleanField(_("valgt af borgeren selv"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("eget login"),
    )
    valid = DateRangeField(_("gælder"))
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relationer")
        constraints = [
            bounded("relation_bounded"),
            models.CheckConstraint(name="relation_named", condition=~Q(name="")),
            no_overlap("relation_login_once", "citizen", "user", condition=Q(user__isnull=False)),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(user__isnull=False), name="relation_user")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Guardianship(models.Model):
    """Værgemål: who decides with or for the citizen, after which paragraph of værgemålsloven, and about what.

    The guardian is one of the citizen's relations, or somebody outside (an appointed lawyer).
    """

    class Form(models.TextChoices):
        GUARDIAN = "5", _("værgemål (§ 5)")
        INCAPACITATED = "6", _("værgemål med fratagelse af den retlige handleevne (§ 6)")
        CO_GUARDIAN = "7", _("samværgemål (§ 7)")

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="guardianships", verbose_name=_("borger")
    )
    form = models.CharField(_("form"), max_length=1, choices=Form)
    personal = models.BooleanField(_("personlige forhold"), default=False)
    economic = models.BooleanField(_("økonomiske forhold"), default=False)
    relation = models.ForeignKey(
        Relation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guardianships",
        verbose_name=_("værge blandt relationerne"),
    )
    name = models.CharField(_("værgens navn"), max_length=120, blank=True)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), max_length=200, blank=True)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("værgemål")
        verbose_name_plural = _("værgemål")
        constraints = [
            bounded("guardianship_bounded"),
            models.CheckConstraint(
                name="guardianship_of_one",
                condition=Q(relation__isnull=False, name="", phone="", email="")
                | (Q(relation__isnull=True) & ~Q(name="")),
            ),
            # Fratagelse af handleevne and samværge are about money; personal matters are after § 5.
            models.CheckConstraint(
                name="guardianship_scope_fits_form",
                condition=(Q(form="5") & (Q(personal=True) | Q(economic=True)))
                | Q(form__in=["6", "7"], personal=False, economic=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.get_form_display()}"

    @property
    def guardian(self) -> str:
        """The guardian's name."""
        return self.relation.name if self.relation is not None else self.name


@pghistory.track()
class Consent(models.Model):
    """A citizen's consent: what is shared, with whom, from when to when, and how it was given.

    It is never changed: it is withdrawn, and another is given. The first day is the day it was given.
    """

    class Scope(models.TextChoices):
        WISHES = "wishes", _("ønsker")
        GOALS = "goals", _("mål")
        NOTES = "notes", _("notater")
        CALENDAR = "calendar", _("kalender")
        NETWORK = "network", _("netværkskort")
        MESSAGES = "messages", _("beskeder")
        REPORT = "report", _("statusrapport")
        PHOTOS = "photos", _("billeder")

    class GivenBy(models.TextChoices):
        CITIZEN = "citizen", _("borgeren")
        GUARDIAN = "guardian", _("værgen")

    class How(models.TextChoices):
        WRITTEN = "written", _("skriftligt")
        ORAL = "oral", _("mundtligt")
        OWN_PAGE = "own_page", _("på sin egen side")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="consents", verbose_name=_("borger"))
    relation = models.ForeignKey(
        Relation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("en relation"),
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("en kommune")
    )
    party = models.CharField(_("en anden"), max_length=120, blank=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name=_("det, der deles"))
    valid = DateRangeField(_("gælder"))
    given_by = models.CharField(_("givet af"), max_length=10, choices=GivenBy, default=GivenBy.CITIZEN)
    guardianship = models.ForeignKey(
        Guardianship,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("værgemålet"),
    )
    how = models.CharField(_("hvordan"), max_length=10, choices=How)
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"))
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trukket tilbage af"),
    )

    class Meta:
        verbose_name = _("samtykke")
        verbose_name_plural = _("samtykker")
        constraints = [
            bounded("consent_bounded"),
            models.CheckConstraint(
                name="consent_to_one",
                condition=Q(relation__isnull=False, municipality__isnull=True, party="")
                | Q(relation__isnull=True, municipality__isnull=False, party="")
                | (Q(relation__isnull=True, municipality__isnull=True) & ~Q(party="")),
            ),
            models.CheckConstraint(
                name="consent_scopes",
                condition=Q(scopes__len__gt=0)
                & Q(
                    scopes__contained_by=[
                        "wishes",
                        "goals",
                        "notes",
                        "calendar",
                        "network",
                        "messages",
                        "report",
                        "photos",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="consent_by_guardian_names_guardianship",
                condition=Q(given_by="guardian", guardianship__isnull=False)
                | Q(given_by="citizen", guardianship__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="only_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["withdrawn_at", "withdrawn_by"]),
            ),
            pgtrigger.Protect(
                name="withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.receiver}"

    @property
    def receiver(self) -> str:
        """With whom it is shared, by name."""
        if self.relation is not None:
            return self.relation.name
        return self.municipality.name if self.municipality is not None else self.party

    @property
    def shares(self) -> list[str]:
        """What is shared, in words, in the order of the list of scopes."""
        return [str(scope.label) for scope in Consent.Scope if scope.value in self.scopes]


@pghistory.track()
class ContactPerson(models.Model):
    """Who among the staff is a citizen's contact person, or of the team around them, and when."""

    class Role(models.TextChoices):
        PRIMARY = "primary", _("kontaktperson")
        SECONDARY = "secondary", _("anden kontaktperson")
        TEAM = "team", _("i teamet")

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="contact_persons", verbose_name=_("borger")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("medarbejder")
    )
    role = models.CharField(_("rolle"), max_length=10, choices=Role)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("kontaktperson")
        verbose_name_plural = _("kontaktpersoner")
        constraints = [
            bounded("contact_person_bounded"),
            no_overlap("contact_person_once", "citizen", "user"),
            no_overlap("contact_person_one_primary", "citizen", condition=Q(role="primary")),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.user_id}"
