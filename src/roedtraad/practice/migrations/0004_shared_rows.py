"""Relatives read what the citizen shares with them: wishes, goals with what is done for them, and shared notes.

The consent in force decides, and nothing else (`citizens_consented`); of notes only those that were shared.
"""

from django.db import migrations

WISHES = "citizen_id IN (SELECT citizens_consented('wishes'))"
GOALS = "citizen_id IN (SELECT citizens_consented('goals'))"
NOTES = "shared_with_relatives AND withdrawn_at IS NULL AND citizen_id IN (SELECT citizens_consented('notes'))"
PICTURES = "note_id IN (SELECT id FROM practice_note) AND citizen_id IN (SELECT citizens_consented('photos'))"

TABLES = [
    ("practice_wish", WISHES),
    ("practice_goal", GOALS),
    ("practice_goalrating", GOALS),
    ("practice_effort", GOALS),
    ("practice_note", NOTES),
]

SQL = [
    (
        f"CREATE POLICY shared_read ON {table} FOR SELECT USING ({condition});",
        f"DROP POLICY shared_read ON {table};",
    )
    for table, condition in TABLES
]
# A picture is read with its note by everybody but a relative, who needs the consent to pictures too.
SQL.append(
    (
        f"""
ALTER POLICY rows_read ON practice_attachment USING (
    (SELECT access_system())
    OR ((note_id IN (SELECT id FROM practice_note) OR wish_id IN (SELECT id FROM practice_wish))
        AND citizen_id NOT IN (SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'relative'))
    OR ({PICTURES}));
""",  # nosec B608  our own words
        """
ALTER POLICY rows_read ON practice_attachment USING (
    (SELECT access_system())
    OR note_id IN (SELECT id FROM practice_note) OR wish_id IN (SELECT id FROM practice_wish));
""",
    )
)


class Migration(migrations.Migration):
    dependencies = [("practice", "0003_themes"), ("journeys", "0007_relation_rows")]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in SQL]
