"""A draft of an assessment may be thrown away by who wrote it; what is finished stands, for everybody."""

from django.db import migrations

SYSTEM = "(SELECT access_system())"
WORKED = "citizen_id IN (SELECT journeys_worked_citizens())"
MINE = "written_by_id = (SELECT access_user())"
DRAFT = "finished_at IS NULL"
SCORES = "assessment_id IN (SELECT id FROM practice_assessment WHERE {rows})"


def score_policies(rows: str) -> str:
    """The SQL that lets the scores of these assessments be written, changed and removed."""
    inside = f"({SYSTEM} OR ({SCORES.format(rows=rows)}))"
    return f"""
ALTER POLICY rows_write ON practice_assessmentscore WITH CHECK {inside};
ALTER POLICY rows_change ON practice_assessmentscore USING {inside};
ALTER POLICY rows_remove ON practice_assessmentscore USING {inside};
"""


def assessment_policies(change: str, remove: str) -> str:
    """The SQL that says which assessments may be changed and which removed."""
    return f"""
ALTER POLICY rows_change ON practice_assessment USING ({SYSTEM} OR ({change}))
    WITH CHECK ({SYSTEM} OR {WORKED});
ALTER POLICY rows_remove ON practice_assessment USING ({SYSTEM} OR ({remove}));
"""


class Migration(migrations.Migration):
    dependencies = [("practice", "0005_search")]

    operations = [
        migrations.RunSQL(
            score_policies(f"{WORKED} AND {DRAFT}")
            + assessment_policies(f"{WORKED} AND {DRAFT}", f"{WORKED} AND {MINE} AND {DRAFT}"),
            score_policies(WORKED) + assessment_policies(WORKED, "false"),
        )
    ]
