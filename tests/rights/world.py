"""A citizen about whom there is something in every table, and the people of the house around her."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from roedtraad.access.lookups import record
from roedtraad.access.models import EmergencyAccess, EmergencyReview, LookupLog, LookupReview
from roedtraad.access.roles import Role
from roedtraad.citizens.models import (
    ContactPerson,
    Guardianship,
    NetworkMap,
    NetworkPerson,
    Protection,
    ProtectionMember,
    SensitiveFact,
)
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.duty.models import (
    Absence,
    Appointment,
    AppointmentTask,
    Handover,
    HandoverLine,
    RiskLevel,
    RiskReading,
    RiskScale,
)
from roedtraad.exchange.fhir.models import Message as ForeignMessage
from roedtraad.exchange.fhir.models import ReportedPlan
from roedtraad.exchange.models import ForeignRecord
from roedtraad.practice.models import (
    Assessment,
    AssessmentScore,
    Attachment,
    Effort,
    FollowUp,
    Goal,
    GoalRating,
    GoalTheme,
    HandoverPackage,
    Note,
    NoteGoal,
    PackagePart,
    PackageQuestion,
    PackageReceipt,
    ReportReading,
    StatusReport,
    Task,
    TaskCitizen,
    TaskSeries,
    TaskSeriesCitizen,
    Theme,
    Transition,
    TransitionStep,
    TransitionTie,
    Wish,
)
from roedtraad.rights import files
from roedtraad.rights.models import LegalHold, RetentionRule, SubjectRequest
from roedtraad.rights.models.retention import Category
from roedtraad.rights.sealed import opened
from roedtraad.rights.services import requests
from roedtraad.voices.models import Conversation, Message, MessageRead, MoodReading, Participant
from tests import factories as make
from tests.practice.scene import Record

_LONG = {"record", "notes"}
WORDS = "Kvaksalverhatten"


class Whole(Record):
    """Ane, with at least one row in every table that holds a citizen; Bo, who is like her and must be left alone."""

    def __init__(self) -> None:
        super().__init__()
        self.admin = make.user_with(Role.ADMINISTRATOR, make.region_root(), "admin")
        self.other_admin = make.user_with(Role.ADMINISTRATOR, make.region_root(), "admin2")
        self.chief = make.user_with(Role.LEADER, make.region_root(), "chef")
        self.mother = make.user_with(Role.RELATIVE, self.ane, "mor")
        # A login that bears the citizen's and the relative's own names.
        for user, name in ((self.herself, "Ane Elm"), (self.mother, "Mor Elm Unik")):
            user.full_name = name
            user.save()

    def fill(self, at: dt.datetime | None = None) -> None:
        """Write something about Ane everywhere."""
        now = at or clock.now()
        day = now.date()
        ever = Period(day).to_range()
        ane, worker = self.ane, self.worker
        by = {"citizen": ane, "written_by": worker, "written_at": now}
        protection = Protection.objects.create(
            citizen=ane,
            valid=Period(day - dt.timedelta(days=2), day).to_range(),
            reason="kendt person i byen",
        )
        ProtectionMember.objects.create(protection=protection, user=worker)
        SensitiveFact.objects.create(
            citizen=ane, kind="substance", text=f"drikker ikke {WORDS}", recorded_at=now, recorded_by=worker
        )
        mother = make.relation(ane, "Mor Elm Unik", day, user=self.mother, phone="12345678")
        guardian = Guardianship.objects.create(
            citizen=ane, form="5", personal=True, name="Advokat Unik", valid=ever
        )
        make.consent(mother, "wishes", "messages", start=day, recorded_by=worker, guardianship=guardian,
                     given_by="guardian")  # fmt: skip
        ContactPerson.objects.create(citizen=ane, user=worker, role="primary", valid=ever)
        drawn = NetworkMap.objects.create(citizen=ane, drawn_on=day, recorded_by=worker)
        NetworkPerson.objects.create(
            map=drawn,
            name="Ven Unik",
            sector="other",
            ring=1,
            angle=1,
            distance=0.1,
            tier="primary",
            relation=mother,
        )
        wish = Wish.objects.create(**by, text=f"Jeg vil have en {WORDS}", words="own")
        theme = Theme.objects.filter(list="short").order_by("pk").first() or Theme.objects.create(
            list="short", code="sundhed", number=1, name="Sundhed"
        )
        assessment = Assessment.objects.create(**by, list="short", assessed_on=day, finished_at=now)
        AssessmentScore.objects.create(assessment=assessment, theme=theme, level=2, text=WORDS)
        goal = Goal.objects.create(**by, title=f"Sy en {WORDS}", kind="develop", wish=wish, starts_on=day)
        GoalTheme.objects.create(goal=goal, theme=theme)
        GoalRating.objects.create(**by, goal=goal, rater="staff", level=1, rated_at=now)
        FollowUp.objects.create(**by, goal=goal, held_on=day, decision="continue")
        effort = Effort.objects.create(**by, goal=goal, title="Sykursus", times=1, minutes=30, starts_on=day)
        self.note = Note.objects.create(**by, text=f"Ane fandt en {WORDS} i dag.", occurred_at=now)
        self.note.text = f"Ane fandt en ny {WORDS} i dag."
        self.note.save()
        NoteGoal.objects.create(note=self.note, goal=goal)
        Attachment.objects.create(**by, note=self.note, media_type="image/png", content=b"billedet", size=8)
        unit = {"unit": self.offer, "written_by": worker, "written_at": now}
        series = TaskSeries.objects.create(
            **unit, citizen=ane, title="Gåtur", rule="FREQ=DAILY", first_on=day, at=dt.time(10)
        )
        TaskSeriesCitizen.objects.create(series=series, citizen=ane, effort=effort)
        task = Task.objects.create(**unit, citizen=ane, title="Gåtur", series=series, due_at=now)
        TaskCitizen.objects.create(task=task, citizen=ane, effort=effort)
        group = Task.objects.create(**unit, title="Fællesspisning", due_at=now)
        for person in (ane, self.bo):
            TaskCitizen.objects.create(task=group, citizen=person)
        Absence.objects.create(
            citizen=ane, kind="leave", from_at=now, back_at=now + dt.timedelta(hours=2), recorded_by=worker,
            recorded_at=now,
        )  # fmt: skip
        appointment = Appointment.objects.create(
            citizen=ane, title=f"Prøve en {WORDS}", starts_at=now, ends_at=now + dt.timedelta(hours=1),
            created_by=worker, created_at=now,
        )  # fmt: skip
        AppointmentTask.objects.create(appointment=appointment, task=task, minutes_before=15)
        RiskReading.objects.create(
            citizen=ane, level=_level(), text=WORDS, set_by=worker, set_at=now,
            received_at=now,
        )  # fmt: skip
        handover = Handover.objects.create(
            unit=self.offer, shift_code="aften", shift_name="Aften", shift_date=day, begins_at=now,
            ends_at=now + dt.timedelta(hours=8), written_by=worker, made_at=now,
        )  # fmt: skip
        HandoverLine.objects.create(handover=handover, citizen=ane, position=1, text=WORDS)
        HandoverLine.objects.create(handover=handover, position=2, text="Opvaskemaskinen er i stykker")
        talk = Conversation.objects.create(**by, topic=f"Om en {WORDS}")
        Participant.objects.create(conversation=talk, relation=mother)
        message = Message.objects.create(**by, conversation=talk, side="staff", text=f"Her er en {WORDS}")
        MessageRead.objects.create(message=message, user=self.mother)
        MoodReading.objects.create(**by, mood=4)
        emergency = EmergencyAccess.objects.create(
            user=self.stranger, citizen=ane, reason=f"Ane ringede om en {WORDS}", opened_at=now,
            expires_at=now + dt.timedelta(hours=1),
        )  # fmt: skip
        EmergencyReview.objects.create(
            emergency=emergency, reviewer=self.leader, outcome="ok", note=f"om en {WORDS}", at=now
        )
        record(self.worker, [ane.pk], "notater", action="record.view")
        record(self.herself, [ane.pk], "min side", action="own.view")
        record(self.worker, [self.bo.pk], "notater", action="record.view")
        LookupReview.objects.create(
            log=LookupLog.objects.filter(user=worker, citizen=ane)[0], reviewer=self.admin, outcome="ok",
            note=WORDS, at=now,
        )  # fmt: skip
        self._moving(now)
        self._exchanged(now)
        LegalHold.objects.create(
            citizen=ane, reason=f"Klage om en {WORDS}", set_by=self.leader, set_at=now, lifted_by=self.leader,
            lifted_at=now,
        )  # fmt: skip
        commit()

    def _moving(self, now: dt.datetime) -> None:
        """A report that was approved and read, and a package that was sent and read."""
        ane, worker, leader = self.ane, self.worker, self.leader
        by = {"citizen": ane, "written_by": worker, "written_at": now}
        report = StatusReport.objects.create(
            **by, first_day=now.date(), last_day=now.date(), sections=[{"text": WORDS}], inputs={"title": WORDS},
            state="approved", sent_by=worker, sent_at=now, approved_by=leader, approved_at=now, seal="x",
        )  # fmt: skip
        ReportReading.objects.create(report=report, reader=self.stranger, read_at=now)
        change = Transition.objects.create(
            **by,
            why="provider",
            from_unit=self.offer,
            to_outside="Fonden Unik",
            planned_on=now.date(),
            reason=WORDS,
        )
        TransitionStep.objects.create(**by, transition=change, phase="before", title=f"Pak en {WORDS}")
        TransitionTie.objects.create(**by, transition=change, name="Nabo Unik", what="goodbye")
        package = HandoverPackage.objects.create(
            **by,
            transition=change,
            number=1,
            receiver="other",
            to_outside="Fonden Unik",
            head={"name": WORDS},
        )
        PackagePart.objects.create(
            package=package, citizen=ane, name="sprog", position=1, title="Sprog", scope="goals", text=WORDS,
            made_text=WORDS,
        )  # fmt: skip
        HandoverPackage.objects.filter(pk=package.pk).update(
            reviewed_by=leader, reviewed_at=now, sent_by=worker, sent_at=now, informed_on=now.date(), basis="samtykke",
            content_hash="x",
        )  # fmt: skip
        PackageReceipt.objects.create(
            package=package, citizen=ane, user=worker, name="Nattevagt Unik", at=now
        )
        PackageQuestion.objects.create(
            package=package, citizen=ane, text=f"Hvor er den {WORDS}", asked_by=worker
        )

    def _exchanged(self, now: dt.datetime) -> None:
        """What came from another system, and what one is told."""
        ReportedPlan.objects.create(
            citizen=self.ane, case_number="Unik 1", written_by=self.worker, written_at=now
        )
        ForeignMessage.objects.create(
            kind="plan", source="Unik kommune", payload=WORDS, digest=b"x" * 32, citizen=self.ane,
            received_by=self.worker, received_at=now,
        )  # fmt: skip
        ForeignRecord.objects.create(
            kind="borgere", system="gammelt", fingerprint=b"x" * 32, citizen=self.ane, target=self.ane.pk,
            said=b"x" * 32, written_at=now,
        )  # fmt: skip

    def asked(self) -> SubjectRequest:
        """A request for access to all about Ane, gathered."""
        made = requests.register(self.leader, self.ane, asked_by="citizen", received_on=clock.today())
        requests.run_gather(made.pk)
        made.refresh_from_db()
        return made

    def released(self) -> SubjectRequest:
        """A request with its archive made."""
        made = self.asked()
        for part in requests.unseen(made):
            requests.mark_seen(self.leader, made, part.part)
        requests.release(self.leader, made)
        requests.run_make(made.pk)
        made.refresh_from_db()
        return made


def _level() -> RiskLevel:
    """A level of risk; the house's own to begin with, unless a test that commits has emptied the tables."""
    found = RiskLevel.objects.order_by("pk").first()
    if found is None:
        scale = RiskScale.objects.create(
            name="Dagens risiko", valid=DateTimeTZRange(clock.now(), None), stale_after_hours=24
        )
        found = RiskLevel.objects.create(
            scale=scale,
            rank=1,
            name="Grøn",
            tone="good",
            shape="●",
            meaning="rolig",
            action="intet",
            from_score=0,
        )
    return found


def commit() -> None:
    """What a commit does, inside the test's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def unpacked(request: SubjectRequest) -> zipfile.ZipFile:
    """The archive of a request, opened."""
    return zipfile.ZipFile(io.BytesIO(b"".join(opened(files.path_of(request.stored)))))


def data_of(request: SubjectRequest) -> dict[str, Any]:
    """What a machine reads in the archive."""
    found: dict[str, Any] = json.loads(unpacked(request).read("indsigt.json"))
    return found


def with_rules() -> None:
    """The rules every house begins with, unless a test that commits has emptied the tables."""
    ever = Period(dt.date(2020, 1, 1)).to_range()
    for category in Category:
        if not RetentionRule.objects.filter(category=category).exists():
            RetentionRule.objects.create(
                category=category,
                months=120 if category in _LONG else 60,
                archive_first=category == "record",
                source="prøvens egen",
                valid=ever,
            )


def only(*categories: str) -> None:
    """Let only these categories be deleted."""
    with_rules()
    RetentionRule.objects.exclude(category__in=categories).update(deletes=False)
