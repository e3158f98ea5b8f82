"""The units below some units, as a function: the access rules in Python and those in the database ask the same.

Access follows the tree of the day; units that are closed by then keep the parent they last had.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION organisation_units_below(roots bigint[], day date) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE last_version AS (
        SELECT DISTINCT ON (unit_id) unit_id, parent_id FROM organisation_unitversion
        WHERE lower(valid) <= day ORDER BY unit_id, lower(valid) DESC
    ), below AS (
        SELECT unnest(roots) AS id
        UNION
        SELECT v.unit_id FROM last_version v JOIN below b ON v.parent_id = b.id
    ) SELECT id FROM below
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION organisation_units_below(bigint[], date);")]
