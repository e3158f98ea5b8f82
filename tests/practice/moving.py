"""A citizen who moves: a record with something to hand over, a transition, and a package on its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from roedtraad.access import rows
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Consent, NetworkMap, NetworkPerson
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.practice import models, passing_defaults
from roedtraad.practice.models import Assessment, AssessmentScore, HandoverPackage, Theme, Transition
from roedtraad.practice.services import notes, packages, transitions, wishes
from tests import factories as make
from tests.practice.planned import effort
from tests.practice.scene import Record

DAY = dt.date(2026, 6, 15)


class Moving(Record):
    """Ane is to move from Elmehuset to Birkehuset, where `stranger` works; `town` is her municipality's caseworker."""

    def __init__(self) -> None:
        super().__init__()
        passing_defaults.write(lambda name: getattr(models, name))
        self.third = make.unit("fyrrehuset", "tilbud", "Fyrrehuset", self.area)
        self.far = make.user_with(Role.SUPPORT_WORKER, self.third, "fjern")
        self.town = make.user_with(Role.CASEWORKER, make.municipality("0751"), "aarhus")
        self.other_town = make.user_with(Role.CASEWORKER, make.municipality("0851"), "aalborg")
        self.fill()

    def fill(self) -> None:
        """A little of everything in Ane's record."""
        wishes.record_wish(self.worker, self.ane, text="Jeg vil have min egen dør.")
        notes.write_note(
            self.worker, self.ane, text="Bank på, og vent på svar.", sticky_until=DAY + dt.timedelta(days=9)
        )
        notes.write_note(self.worker, self.ane, text="Faldt på trappen i fredags.", important=True)
        notes.write_note(self.worker, self.ane, text="Spiste pizza.")
        effort(self.worker, self.ane, "Madlavning", description="Vi begynder med opskriften.")
        relation = make.relation(self.ane, "Else Elm")
        make.consent(relation, "wishes", recorded_by=self.worker)
        assessment = Assessment.objects.create(
            citizen=self.ane,
            written_by=self.worker,
            list="short",
            assessed_on=DAY,
            finished_at=clock.now(),
        )
        for code, text in (
            ("communication", "Korte sætninger."),
            ("mind", "Musik giver ro. Støj udløser uro."),
        ):
            theme, _new = Theme.objects.get_or_create(
                list="short", code=code, defaults={"number": 1, "name": code}
            )
            AssessmentScore.objects.create(
                assessment=assessment, theme=theme, level=2, text=text, citizen_text="Sig det stille."
            )
        drawn = NetworkMap.objects.create(citizen=self.ane, drawn_on=DAY, recorded_by=self.worker)
        for name, ring in (("Else Elm", 1), ("Naboen", 4)):
            NetworkPerson.objects.create(
                map=drawn,
                name=name,
                sector="family_friends",
                ring=ring,
                angle=10.0 * ring,
                distance=0.2 * ring - 0.1,
                tier="primary",
            )

    def plan(self, **changed: Any) -> transitions.Plan:
        """Ane moves to Birkehuset in three weeks, unless something else is said."""
        given: dict[str, Any] = {
            "why": "move",
            "planned_on": DAY + dt.timedelta(days=21),
            "from_unit": self.offer,
            "own_words": "Min seng skal med.",
        }
        if not {"to_unit", "to_municipality", "to_outside"} & changed.keys():
            given["to_unit"] = self.other
        return transitions.Plan(**(given | changed))

    def transition(self, **changed: Any) -> Transition:
        """A transition that has begun."""
        return transitions.begin(self.worker, self.ane, self.plan(**changed))

    def draft(self, found: Transition | None = None) -> HandoverPackage:
        """A package that is drafted."""
        return packages.draft(self.worker, self.ane, found or self.transition())

    def sent(self, found: Transition | None = None) -> HandoverPackage:
        """A package that was seen through and sent."""
        made = self.draft(found)
        packages.review(self.colleague, made)
        return packages.send(self.worker, made, informed_on=DAY, informed_how="Vi læste den sammen.")

    def consent(self, *scopes: str, **to: Any) -> Consent:
        """Ane's consent to a municipality or a party."""
        return Consent.objects.create(
            citizen=self.ane,
            scopes=list(scopes),
            valid=Period(DAY - dt.timedelta(days=3)).to_range(),
            how="oral",
            recorded_by=self.worker,
            recorded_at=clock.now(),
            **to,
        )


def seen(user: User, ask: Callable[[], Any]) -> Any:
    """What the user is answered by a database that shows no more than the user's grants reach."""
    with rows.as_user(user):
        return ask()
