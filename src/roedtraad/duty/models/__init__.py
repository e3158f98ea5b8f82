"""The shift's tables, a file for each subject."""

from roedtraad.duty.models.appointment_tasks import AppointmentTask
from roedtraad.duty.models.attendance import Absence
from roedtraad.duty.models.calendar import Appointment, CalendarFeed
from roedtraad.duty.models.handover import Handover, HandoverLine, HandoverRead
from roedtraad.duty.models.risk import RiskItem, RiskLevel, RiskReading, RiskScale
from roedtraad.duty.models.shifts import ShiftKind

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentTask",
    "CalendarFeed",
    "Handover",
    "HandoverLine",
    "HandoverRead",
    "RiskItem",
    "RiskLevel",
    "RiskReading",
    "RiskScale",
    "ShiftKind",
]
