"""The tables of the record, one file a subject."""

from roedtraad.practice.models.assessments import Assessment, AssessmentScore, Theme
from roedtraad.practice.models.attachments import Attachment
from roedtraad.practice.models.efforts import Effort, Method, MethodQualification
from roedtraad.practice.models.goals import FollowUp, Goal, GoalRating, GoalTheme
from roedtraad.practice.models.notes import Note, NoteGoal
from roedtraad.practice.models.packages import HandoverPackage, PackagePart, PackageQuestion, PackageReceipt
from roedtraad.practice.models.reports import ReportReading, StatusReport
from roedtraad.practice.models.tasks import Task, TaskCitizen, TaskSeries, TaskSeriesCitizen
from roedtraad.practice.models.transitions import PassingRule, Transition, TransitionStep, TransitionTie
from roedtraad.practice.models.wishes import Wish

__all__ = [
    "Assessment",
    "AssessmentScore",
    "Attachment",
    "Effort",
    "FollowUp",
    "Goal",
    "GoalRating",
    "GoalTheme",
    "HandoverPackage",
    "Method",
    "MethodQualification",
    "Note",
    "NoteGoal",
    "PackagePart",
    "PackageQuestion",
    "PackageReceipt",
    "PassingRule",
    "ReportReading",
    "StatusReport",
    "Task",
    "TaskCitizen",
    "TaskSeries",
    "TaskSeriesCitizen",
    "Theme",
    "Transition",
    "TransitionStep",
    "TransitionTie",
    "Wish",
]
