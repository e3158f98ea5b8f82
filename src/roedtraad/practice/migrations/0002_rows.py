"""The record is shown to those who may read it, and written in by those who work with the citizen now.

Read: whoever reads the citizen's record (`journeys_record_citizens`), and the citizen (`journeys_own_citizens`) –
of the notes only those that are shared. Written: by those who work where the citizen lives, under their own name;
a citizen writes wishes and ratings too. Nothing is deleted by a person.
"""

from django.db import migrations

SYSTEM = "(SELECT access_system())"
RECORD = "citizen_id IN (SELECT journeys_record_citizens())"
OWN = "citizen_id IN (SELECT journeys_own_citizens())"
WORKED = "citizen_id IN (SELECT journeys_worked_citizens())"
MINE = "written_by_id = (SELECT access_user())"
# Where one works now, and where one leads or inspects.
UNITS_READ = "unit_id IN (SELECT journeys_units_now() UNION SELECT journeys_units_always())"
UNITS_WORKED = "unit_id IN (SELECT journeys_units_now() UNION SELECT journeys_units_booked())"


def bind(table: str, read: str, insert: str, update: str, remove: str = "false") -> tuple[str, str]:
    """The SQL that binds a table and its history, and the SQL that frees them again."""
    event = f"{table}event"
    forward = f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON {table} FOR SELECT USING ({SYSTEM} OR {read});
CREATE POLICY rows_write ON {table} FOR INSERT WITH CHECK ({SYSTEM} OR ({insert}));
CREATE POLICY rows_change ON {table} FOR UPDATE USING ({SYSTEM} OR ({update}));
CREATE POLICY rows_remove ON {table} FOR DELETE USING ({SYSTEM} OR ({remove}));
ALTER TABLE {event} ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON {event} FOR SELECT USING ({SYSTEM} OR pgh_obj_id IN (SELECT id FROM {table}));
CREATE POLICY history_write ON {event} FOR INSERT WITH CHECK ({SYSTEM} OR pg_trigger_depth() > 0);
"""  # nosec B608  our own words
    backward = f"""
DROP POLICY history_write ON {event};
DROP POLICY history_read ON {event};
ALTER TABLE {event} DISABLE ROW LEVEL SECURITY;
DROP POLICY rows_remove ON {table};
DROP POLICY rows_change ON {table};
DROP POLICY rows_write ON {table};
DROP POLICY rows_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    return forward, backward


def child(table: str, parent: str, link: str) -> tuple[str, str]:
    """Rows that hang on a row of the record: read with it, changed and removed by whoever may change it."""
    worked = f"{link} IN (SELECT id FROM {parent} WHERE {WORKED})"  # nosec B608  our own words
    return bind(table, f"{link} IN (SELECT id FROM {parent})", worked, worked, worked)  # nosec B608  our own words


def planned(table: str, citizens: str, link: str) -> tuple[str, str]:
    """Tasks: about a citizen they follow the citizen, of a unit or a group they follow the unit."""
    taking_part = f"(citizen_id IS NULL AND id IN (SELECT {link} FROM {citizens} WHERE {OWN}))"  # nosec B608  our own words
    worked = f"(citizen_id IS NULL AND {UNITS_WORKED}) OR {WORKED}"
    return bind(
        table,
        f"(citizen_id IS NULL AND {UNITS_READ}) OR {RECORD} OR {OWN} OR {taking_part}",
        f"({worked}) AND {MINE}",
        worked,
    )


BOTH = f"({RECORD} OR {OWN})"
SQL = [
    bind("practice_wish", BOTH, f"({WORKED} OR {OWN}) AND {MINE}", "false"),
    bind("practice_goal", BOTH, f"{WORKED} AND {MINE}", WORKED),
    bind("practice_goalrating", BOTH, f"({WORKED} OR ({OWN} AND rater = 'citizen')) AND {MINE}", WORKED),
    bind("practice_followup", BOTH, f"{WORKED} AND {MINE}", WORKED),
    bind("practice_effort", BOTH, f"{WORKED} AND {MINE}", WORKED),
    bind("practice_assessment", BOTH, f"{WORKED} AND {MINE}", WORKED),
    bind("practice_note", f"{RECORD} OR (shared_with_citizen AND withdrawn_at IS NULL AND {OWN})",
         f"{WORKED} AND {MINE}", WORKED),
    bind(
        "practice_attachment",
        "note_id IN (SELECT id FROM practice_note) OR wish_id IN (SELECT id FROM practice_wish)",
        f"({WORKED} OR ({OWN} AND wish_id IS NOT NULL)) AND {MINE}",
        "false",
    ),
    child("practice_assessmentscore", "practice_assessment", "assessment_id"),
    child("practice_goaltheme", "practice_goal", "goal_id"),
    child("practice_notegoal", "practice_note", "note_id"),
    bind("practice_taskseriescitizen", BOTH, WORKED, WORKED, WORKED),
    bind("practice_taskcitizen", BOTH, WORKED, WORKED, WORKED),
    planned("practice_taskseries", "practice_taskseriescitizen", "series_id"),
    planned("practice_task", "practice_taskcitizen", "task_id"),
]


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_record"), ("journeys", "0006_record_rows")]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in SQL]
