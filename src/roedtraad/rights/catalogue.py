"""Every table in which a citizen stands, and the way from its rows to the citizen.

The one list behind both rights: what is given out when somebody asks, and what goes when the time is up. A test walks
all models and fails when one with a way to a citizen is missing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_CONTACTS: Words = _("Navne og oplysninger på pårørende og andre i borgerens liv")
_WRITING: Words = _("Andre end borgeren kan være nævnt i teksten")
_WITH: Words = _("Pårørende har skrevet eller læst med")


@dataclass(frozen=True)
class Part:
    """The rows of one table about a citizen.

    `path` leads from the row to the citizen, as in a filter. `others`: whose data stand there too, for the reviewer.
    `withheld`: why the part is never given out. `kept`: why the rows stay when the citizen's record is erased.
    """

    slug: str
    title: Words
    model: str
    path: str = "citizen"
    others: Words = ""
    withheld: Words = ""
    kept: Words = ""

    @property
    def table(self) -> Any:
        """The model."""
        return apps.get_model(self.model)

    def rows(self, citizen_id: int) -> QuerySet[Any]:
        """The citizen's rows, in the order they were written."""
        return self.table._default_manager.filter(**{self.path: citizen_id}).order_by("pk")

    @property
    def past(self) -> Any:
        """The model of the table's history, None where it keeps none."""
        return getattr(self.table, "pgh_event_model", None)

    @property
    def files(self) -> str:
        """The name of the column with a file, empty where there is none."""
        names = [f.name for f in self.table._meta.concrete_fields if f.name == "content"]
        return (
            names[0]
            if names and isinstance(self.table._meta.get_field("content"), models.BinaryField)
            else ""
        )


_FIGURES: Words = _("tallene om brugte døgn og betaling skal kunne holde, uden at nogen er nævnt")
_CHECKED: Words = _("opslagsloggen har sin egen regel")

PARTS: tuple[Part, ...] = (
    Part(
        "citizen",
        _("Stamoplysninger"),
        "citizens.Citizen",
        "pk",
        kept=_("tømmes for alt, der peger på nogen"),
    ),
    Part("municipalities", _("Kommuner"), "citizens.MunicipalityRelation", kept=_FIGURES),
    Part("stays", _("Ophold"), "journeys.Stay", kept=_FIGURES),
    Part("sensitive_facts", _("Særlige oplysninger"), "citizens.SensitiveFact"),
    Part("protections", _("Beskyttelser"), "citizens.Protection", others=_WRITING),
    Part(
        "protection_members",
        _("Hvem der må se den beskyttede"),
        "citizens.ProtectionMember",
        "protection__citizen",
        others=_("Navne på kolleger"),
    ),
    Part("relations", _("Relationer"), "citizens.Relation", others=_CONTACTS),
    Part("guardianships", _("Værgemål"), "citizens.Guardianship", others=_CONTACTS),
    Part("consents", _("Samtykker"), "citizens.Consent", others=_CONTACTS),
    Part("contact_persons", _("Kontaktpersoner"), "citizens.ContactPerson"),
    Part("network_maps", _("Netværkskort"), "citizens.NetworkMap"),
    Part(
        "network_people", _("Personer på netværkskort"), "citizens.NetworkPerson", "map__citizen", _CONTACTS
    ),
    Part("wishes", _("Ønsker"), "practice.Wish"),
    Part("assessments", _("Udredninger"), "practice.Assessment"),
    Part("assessment_scores", _("Vurderinger"), "practice.AssessmentScore", "assessment__citizen"),
    Part("goals", _("Mål"), "practice.Goal"),
    Part("goal_themes", _("Målenes temaer"), "practice.GoalTheme", "goal__citizen"),
    Part("goal_ratings", _("Vurderinger af mål"), "practice.GoalRating"),
    Part("follow_ups", _("Opfølgninger"), "practice.FollowUp", others=_WRITING),
    Part("efforts", _("Indsatser"), "practice.Effort"),
    Part("notes", _("Notater"), "practice.Note", others=_WRITING),
    Part("note_goals", _("Notaternes mål"), "practice.NoteGoal", "note__citizen"),
    Part("attachments", _("Billeder og lyd"), "practice.Attachment", others=_("Andre kan ses eller høres")),
    Part("task_series", _("Gentagne opgaver"), "practice.TaskSeries"),
    Part("task_series_citizens", _("Med i gentagne opgaver"), "practice.TaskSeriesCitizen"),
    Part("tasks", _("Opgaver"), "practice.Task"),
    Part("task_citizens", _("Med i opgaver"), "practice.TaskCitizen"),
    Part("status_reports", _("Statusrapporter"), "practice.StatusReport", others=_WRITING),
    Part("report_readings", _("Hvem har læst rapporterne"), "practice.ReportReading", "report__citizen"),
    Part("transitions", _("Overgange"), "practice.Transition", others=_WRITING),
    Part("transition_steps", _("Skridt i overgange"), "practice.TransitionStep", others=_WRITING),
    Part("transition_ties", _("Mennesker i overgange"), "practice.TransitionTie", others=_CONTACTS),
    Part("packages", _("Overleveringspakker"), "practice.HandoverPackage", others=_WRITING),
    Part("package_parts", _("Overleveringspakkernes afsnit"), "practice.PackagePart", others=_WRITING),
    Part("package_questions", _("Spørgsmål til overleveringspakker"), "practice.PackageQuestion"),
    Part("package_receipts", _("Hvem har læst overleveringspakker"), "practice.PackageReceipt"),
    Part("absences", _("Fravær"), "duty.Absence"),
    Part("appointments", _("Aftaler"), "duty.Appointment"),
    Part("appointment_tasks", _("Opgaver til aftaler"), "duty.AppointmentTask", "appointment__citizen"),
    Part("risk_readings", _("Risiko"), "duty.RiskReading", others=_WRITING),
    Part("handover_lines", _("Linjer i overleveringer"), "duty.HandoverLine", others=_WRITING),
    Part("conversations", _("Samtaler"), "voices.Conversation", others=_WITH),
    Part("participants", _("Deltagere i samtaler"), "voices.Participant", "conversation__citizen", _WITH),
    Part("messages", _("Beskeder"), "voices.Message", others=_WITH),
    Part("message_reads", _("Læste beskeder"), "voices.MessageRead", "message__citizen", _WITH),
    Part("moods", _("Humør"), "voices.MoodReading"),
    Part("grants", _("Adgange, der gælder borgeren"), "access.Grant", others=_CONTACTS),
    Part("emergencies", _("Nødadgange"), "access.EmergencyAccess", others=_WRITING, kept=_CHECKED),
    Part("lookups", _("Hvem har set oplysningerne"), "access.LookupLog", kept=_CHECKED),
    Part("reported_plans", _("Indberetning af planen"), "exchange.ReportedPlan"),
    Part("exchanged", _("Meddelelser fra andre systemer"), "exchange.Message", others=_WRITING),
    Part(
        "foreign_records",
        _("Numre i andre systemer"),
        "exchange.ForeignRecord",
        withheld=_("Aftryk, der kun siger, hvilken række en fil har skrevet"),
    ),
    Part("holds", _("Spærringer mod sletning"), "rights.LegalHold", others=_WRITING),
    Part("requests", _("Anmodninger om indsigt"), "rights.SubjectRequest"),
    Part("downloads", _("Hentede arkiver"), "rights.Download", "request__citizen"),
    Part(
        "emergency_reviews",
        _("Gennemsyn af nødadgange"),
        "access.EmergencyReview",
        "emergency__citizen",
        withheld=_("Kontrol af medarbejderes arbejde: hører til deres sag"),
        kept=_CHECKED,
    ),
    Part(
        "lookup_reviews",
        _("Kontrol af opslag"),
        "access.LookupReview",
        "log__citizen",
        withheld=_("Kontrol af medarbejderes arbejde: hører til deres sag"),
        kept=_CHECKED,
    ),
    Part(
        "lookup_seals",
        _("Segl på opslag"),
        "access.LookupSeal",
        "log__citizen",
        withheld=_("Regnet af opslagene, siger intet nyt"),
        kept=_CHECKED,
    ),
    Part(
        "request_parts",
        _("Dele af indsigter"),
        "rights.RequestPart",
        "request__citizen",
        withheld=_("Optælling af det, arkivet selv viser"),
    ),
    Part(
        "left_out",
        _("Udeladt af indsigter"),
        "rights.LeftOut",
        "request__citizen",
        withheld=_("Arkivet siger selv, hvad der er udeladt og hvorfor; begrundelsen kan røbe det udeladte"),
    ),
    Part(
        "deletion_items",
        _("Linjer på slettelister"),
        "rights.DeletionItem",
        withheld=_("Tal om rækker, der er slettet eller skal slettes"),
        kept=_("bliver uden borgeren"),
    ),
    Part(
        "erased",
        _("Slettet borger"),
        "rights.ErasedCitizen",
        withheld=_("Findes kun, når der ikke er en borger tilbage"),
        kept=_("siger, at borgeren er slettet"),
    ),
)

GIVEN = tuple(part for part in PARTS if not part.withheld)
BY_SLUG = {part.slug: part for part in PARTS}


def erased_parts() -> list[Part]:
    """The parts whose rows go with the citizen's record."""
    return [part for part in PARTS if not part.kept]
