"""What the target picture, the plans and the indicators can be asked; one function per question."""

from roedtraad.steering.queries.changes import Change, changes
from roedtraad.steering.queries.picture import (
    IndicatorView,
    MarkView,
    TargetPicture,
    TrackView,
    UnitView,
    indicators_of,
    target_picture,
)
from roedtraad.steering.queries.plans import all_plans, goal, pejlemaerke, plan_with_all
from roedtraad.steering.queries.rows import CountedRows, counted_rows

__all__ = [
    "Change",
    "CountedRows",
    "IndicatorView",
    "MarkView",
    "TargetPicture",
    "TrackView",
    "UnitView",
    "all_plans",
    "changes",
    "counted_rows",
    "goal",
    "indicators_of",
    "pejlemaerke",
    "plan_with_all",
    "target_picture",
]
