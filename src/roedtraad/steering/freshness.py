"""What the figures were counted from, as numbers that change with it: what is kept in memory holds while they stand."""

from __future__ import annotations

from typing import Any

from django.db import connection

from roedtraad.core import clock


def state() -> tuple[Any, ...]:
    """The database, the day, and the latest change of everything that figures are counted from. One SQL statement.

    Every change of these tables leaves a row in its history; the bed-days have no history, but every recount draws
    from their sequence.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT id FROM journeys_laststaychange),
                   (SELECT max(pgh_id) FROM organisation_placetermevent),
                   (SELECT max(pgh_id) FROM organisation_placeevent),
                   (SELECT max(pgh_id) FROM organisation_unitversionevent),
                   (SELECT max(pgh_id) FROM organisation_agreedplacesevent),
                   (SELECT last_value FROM journeys_occupancymonth_id_seq),
                   goal, rating
            FROM practice_lastoutcomechange
            """
        )
        return (connection.settings_dict["NAME"], clock.today(), *(cursor.fetchone() or ()))
