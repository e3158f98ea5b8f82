"""What the tests of the shift's pages share: what is agreed, reading an answer, counting statements."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roedtraad.access.models import LookupLog
from roedtraad.duty.services.calendar import Agreed

from .conftest import at

MOST = 15
DENTIST = Agreed(
    "Tandlæge", at(9, day=16), at(10, day=16), kind="doctor", place="Torvet 3", with_whom="Dr. Dam"
)
WALK = Agreed("Gåtur", at(14), at(15), kind="activity", rrule="FREQ=DAILY", reminder_minutes=240)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]])


def logged(part: str) -> set[int]:
    return set(LookupLog.objects.filter(part=part).values_list("citizen", flat=True))
