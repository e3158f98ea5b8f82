"""Ane's record with a plan that may be reported, and the made-up terminology."""

from __future__ import annotations

from datetime import date

from roedtraad.core import clock
from roedtraad.exchange.fhir import services
from roedtraad.exchange.fhir.models import ReportedPlan
from roedtraad.exchange.fhir.terms import Part, read_codes
from roedtraad.practice.models import Assessment, AssessmentScore, Effort, FollowUp, Goal, GoalTheme, Theme
from tests.exchange.fhir.terms import CONDITIONS, TERMS, ffb_json, shared_json
from tests.practice.scene import Record

ORGANISATION = "d4e3f4fb-6761-4d6c-9086-74c49231f11e"
SECRETS = (
    "Hemmelig titel",
    "Hemmelig beskrivelse",
    "Hemmelig opfølgning",
    "Hemmelig indsats",
    "Hemmelig vurdering",
)


def load_terms() -> dict[str, Theme]:
    """The made-up codes and conditions, as they are when they have been loaded."""
    services.load_codes([*read_codes(ffb_json()), *read_codes(shared_json())])
    theme = Theme.objects.create(list="ffb", code="theme", number=1, name="Et tema", is_activity=True)
    return {
        code: Theme.objects.create(
            list="ffb", code=code, number=n, name=f"Tilstand {n}", is_activity=is_activity, parent=theme
        )
        for n, (code, is_activity) in enumerate(CONDITIONS.items(), start=2)
    }


class Planned(Record):
    """Ane with an assessment, a goal, an effort, a follow-up and what a report needs beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.themes = load_terms()
        written = {"citizen": self.ane, "written_by": self.worker}
        self.assessment = Assessment.objects.create(
            **written, list="ffb", assessed_on=date(2026, 3, 1), finished_at=clock.now(), summary=SECRETS[4]
        )
        for code, level, need in (
            ("cond-1", 3, 2),
            ("cond-2", 0, 4),
            ("cond-3", 2, None),
            ("cond-0", 9, None),
        ):
            AssessmentScore.objects.create(
                assessment=self.assessment,
                theme=self.themes[code],
                level=level,
                support_need=need,
                text=SECRETS[4],
                citizen_text=SECRETS[4],
            )
        self.goal = Goal.objects.create(
            **written,
            title=SECRETS[0],
            description=SECRETS[1],
            kind="develop",
            starts_on=date(2026, 3, 10),
            follow_up_on=date(2026, 9, 1),
        )
        GoalTheme.objects.create(goal=self.goal, theme=self.themes["cond-1"], rank=1)
        GoalTheme.objects.create(goal=self.goal, theme=self.themes["cond-2"], rank=2)
        self.effort = Effort.objects.create(
            **written, goal=self.goal, title=SECRETS[3], times=2, minutes=30, starts_on=date(2026, 3, 10)
        )
        FollowUp.objects.create(
            **written, goal=self.goal, held_on=date(2026, 6, 1), decision="continue", text=SECRETS[2]
        )
        self.groups = list(TERMS.listed(Part.GROUP))
        self.service = next(iter(TERMS.listed(Part.SERVICE)))
        self.offer_code = next(iter(TERMS.listed(Part.OFFER)))

    def save(self) -> ReportedPlan:
        """What the report needs beside the record, saved by Ane's worker."""
        return services.save_plan(self.worker, self.ane, self.text(), version=0)

    def text(self) -> services.PlanText:
        """The same as it is typed."""
        return services.PlanText(
            case_number="SAG-2026/17",
            organisation=ORGANISATION,
            starts_on=date(2026, 3, 1),
            offer=self.offer_code,
            groups=(self.groups[0], self.groups[1]),
            levels={str(self.goal.key): 2},
            services={str(self.effort.key): self.service},
        )
