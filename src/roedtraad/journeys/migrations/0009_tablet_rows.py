"""A login narrowed to a unit sees those who live there or are coming, and no particular facts.

As `access.scope` and the actions that may be done with a PIN say in Python.
"""

from django.db import migrations

UNITS = """
CREATE OR REPLACE FUNCTION journeys_units_now() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT organisation_units_below(array_agg(g.unit_id), access_today()) FROM access_grants() g
    WHERE g.unit_id IS NOT NULL AND g.role IN ({roles})
$$;
"""

CLOSE = """
CREATE OR REPLACE FUNCTION journeys_close_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.citizen_id FROM (
        SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'citizen'
        UNION
        SELECT s.citizen_id FROM organisation_placeterm t
        JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
        WHERE t.unit_id IN (SELECT journeys_units_now() UNION SELECT journeys_units_booked())
          AND s.withdrawn_at IS NULL AND (s.actual_end IS NULL OR s.actual_end >= access_today())
    ) found
    WHERE found.citizen_id NOT IN (SELECT journeys_hidden_citizens()){narrowed}
$$;
"""

FORWARD = UNITS.format(roles="'support_worker', 'shared_tablet'") + CLOSE.format(
    narrowed="\n      AND access_unit() IS NULL"
)
BACKWARD = CLOSE.format(narrowed="") + UNITS.format(roles="'support_worker'")


class Migration(migrations.Migration):
    dependencies = [("journeys", "0008_network_rows"), ("access", "0014_narrowed_logins")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
