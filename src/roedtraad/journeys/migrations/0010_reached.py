"""Whose record is within reach without a written reason: what a search looks through.

Taken out of `journeys_record_citizens`, which adds the records opened in an emergency.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journeys_reached_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.citizen_id FROM (
        SELECT s.citizen_id FROM organisation_placeterm t
        JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
        WHERE t.unit_id IN (SELECT journeys_units_always())
        UNION
        SELECT s.citizen_id FROM organisation_placeterm t
        JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
        WHERE t.unit_id IN (SELECT journeys_units_now())
          AND s.withdrawn_at IS NULL AND (s.actual_end IS NULL OR s.actual_end >= access_today())
    ) found
    WHERE found.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;

CREATE OR REPLACE FUNCTION journeys_record_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.citizen_id FROM access_emergencyaccess e
    WHERE e.user_id = access_user() AND e.expires_at > access_now()
      AND EXISTS (SELECT 1 FROM access_grants() g WHERE g.role IN ('support_worker', 'leader'))
      AND e.citizen_id NOT IN (SELECT journeys_hidden_citizens())
    UNION
    SELECT journeys_reached_citizens()
$$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION journeys_record_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.citizen_id FROM (
        SELECT e.citizen_id FROM access_emergencyaccess e
        WHERE e.user_id = access_user() AND e.expires_at > access_now()
          AND EXISTS (SELECT 1 FROM access_grants() g WHERE g.role IN ('support_worker', 'leader'))
        UNION
        SELECT s.citizen_id FROM organisation_placeterm t
        JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
        WHERE t.unit_id IN (SELECT journeys_units_always())
        UNION
        SELECT s.citizen_id FROM organisation_placeterm t
        JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
        WHERE t.unit_id IN (SELECT journeys_units_now())
          AND s.withdrawn_at IS NULL AND (s.actual_end IS NULL OR s.actual_end >= access_today())
    ) found
    WHERE found.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;
DROP FUNCTION journeys_reached_citizens();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0009_tablet_rows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
