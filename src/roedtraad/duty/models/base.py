"""What the shift's tables have in common."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import F, Func, Value

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Moments(Func):
    """tstzrange(first, last, '[)'): the time from one moment up to another; without the other it still runs."""

    function = "tstzrange"
    output_field = DateTimeRangeField()

    def __init__(self, first: str, last: str, **extra: Any) -> None:
        super().__init__(F(first), F(last), Value("[)"), **extra)
