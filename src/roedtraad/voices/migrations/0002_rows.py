"""Messages are read by those who take part, and how somebody is by the citizen and those who read the record.

A conversation is read by the staff where it is with them, by the citizen where it is with them, and by a relation who
is named in it while the citizen shares messages with that one (`citizens_consented`): a consent withdrawn shuts it at
once. One writes under one's own name, and withdraws only one's own.
"""

from django.db import migrations

SYSTEM = "(SELECT access_system())"
ME = "(SELECT access_user())"
RECORD = "citizen_id IN (SELECT journeys_record_citizens())"
OWN = "citizen_id IN (SELECT journeys_own_citizens())"
WORKED = "citizen_id IN (SELECT journeys_worked_citizens())"
CONSENTED = "citizen_id IN (SELECT citizens_consented('messages'))"

PARTS = """
-- The conversations in which a relation that is the reader's own takes part today.
CREATE FUNCTION voices_taking_part() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.conversation_id FROM voices_participant p
    JOIN citizens_relation r ON r.id = p.relation_id
    WHERE r.user_id = access_user() AND r.valid @> access_today()
$$;
"""


def in_conversation(table: str, condition: str = "true") -> str:
    """The row's own conversation is seen (its policy decides), and `condition` holds for it."""
    return (
        f"EXISTS (SELECT 1 FROM voices_conversation c WHERE c.id = {table}.conversation_id AND ({condition}))"  # nosec B608  our own words
    )


WRITES = (
    "(c.with_staff AND c.citizen_id IN (SELECT journeys_worked_citizens()))"
    " OR (c.with_citizen AND c.citizen_id IN (SELECT journeys_own_citizens()))"
    " OR c.citizen_id IN (SELECT citizens_consented('messages'))"
)


def bind(table: str, read: str, insert: str, update: str, history: bool = True) -> tuple[str, str]:
    """The SQL that binds a table and its history, and the SQL that frees them again."""
    event = f"{table}event"
    forward = f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON {table} FOR SELECT USING ({SYSTEM} OR {read});
CREATE POLICY rows_write ON {table} FOR INSERT WITH CHECK ({SYSTEM} OR ({insert}));
CREATE POLICY rows_change ON {table} FOR UPDATE USING ({SYSTEM} OR ({update}));
CREATE POLICY rows_remove ON {table} FOR DELETE USING ({SYSTEM});
"""
    backward = f"""
DROP POLICY rows_remove ON {table};
DROP POLICY rows_change ON {table};
DROP POLICY rows_write ON {table};
DROP POLICY rows_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    if history:
        forward += f"""
ALTER TABLE {event} ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON {event} FOR SELECT USING (
    {SYSTEM} OR EXISTS (SELECT 1 FROM {table} t WHERE t.id = {event}.pgh_obj_id));
CREATE POLICY history_write ON {event} FOR INSERT WITH CHECK ({SYSTEM} OR pg_trigger_depth() > 0);
"""  # nosec B608  our own words
        backward = f"""
DROP POLICY history_write ON {event};
DROP POLICY history_read ON {event};
ALTER TABLE {event} DISABLE ROW LEVEL SECURITY;
{backward}"""
    return forward, backward


SQL = [
    (PARTS, "DROP FUNCTION voices_taking_part();"),
    bind(
        "voices_conversation",
        f"(with_staff AND {RECORD}) OR (with_citizen AND {OWN})"
        f" OR ({CONSENTED} AND (id IN (SELECT voices_taking_part()) OR written_by_id = {ME}))",
        f"written_by_id = {ME} AND ((with_staff AND {WORKED}) OR (with_citizen AND {OWN}) OR {CONSENTED})",
        "false",
    ),
    bind(
        "voices_participant",
        in_conversation("voices_participant"),
        in_conversation(
            "voices_participant",
            "c.citizen_id IN (SELECT journeys_worked_citizens())"
            " OR c.citizen_id IN (SELECT journeys_own_citizens())"
            " OR (c.citizen_id IN (SELECT citizens_consented('messages')) AND relation_id IN"
            f" (SELECT r.id FROM citizens_relation r WHERE r.user_id = {ME}))",  # nosec B608  our own words
        ),
        "false",
    ),
    bind(
        "voices_message",
        in_conversation("voices_message"),
        f"written_by_id = {ME} AND " + in_conversation("voices_message", WRITES),
        f"written_by_id = {ME} AND " + in_conversation("voices_message", WRITES),
    ),
    bind("voices_messageread", f"user_id = {ME}", f"user_id = {ME}", "false", history=False),
    bind("voices_moodreading", f"{RECORD} OR {OWN}", f"{OWN} AND written_by_id = {ME}", "false"),
    bind("voices_readingchoice", f"user_id = {ME}", f"user_id = {ME}", f"user_id = {ME}", history=False),
]


class Migration(migrations.Migration):
    dependencies = [("voices", "0001_voices"), ("journeys", "0007_relation_rows")]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in SQL]
