"""Whose record a connection may read, and whose it may write in.

As `visible_q("citizens.Citizen", user, "record.view" | "record.write" | …)` says in Python. The tables of the record
stand on floors above; their policies ask here, because only this app knows that a citizen is seen through a stay.
"""

from django.db import migrations

FORWARD = """
-- Whose record is read: by those who work where the citizen lives or is coming, by those who lead or inspect where
-- the citizen has lived, and by whoever opened it with a written reason.
CREATE FUNCTION journeys_record_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
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

-- Whose record is written in: of those who live there now or are coming, by those who work or lead there.
CREATE FUNCTION journeys_worked_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.citizen_id FROM organisation_placeterm t
    JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
    WHERE t.unit_id IN (SELECT journeys_units_now() UNION SELECT journeys_units_booked())
      AND s.withdrawn_at IS NULL AND (s.actual_end IS NULL OR s.actual_end >= access_today())
      AND s.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;

-- The reader's own record.
CREATE FUNCTION journeys_own_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'citizen'
$$;

-- Whose report is read by the municipality that decides or pays.
CREATE FUNCTION journeys_municipal_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.citizen_id FROM (
        SELECT r.citizen_id FROM citizens_municipalityrelation r
        WHERE r.kind IN ('acting', 'paying') AND r.valid @> access_today()
          AND r.municipality_id IN (SELECT journeys_municipalities())
        UNION
        SELECT s.citizen_id FROM journeys_stay s
        WHERE s.paying_municipality_id IN (SELECT journeys_municipalities())
    ) found
    WHERE found.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;
"""

BACKWARD = """
DROP FUNCTION journeys_municipal_citizens();
DROP FUNCTION journeys_own_citizens();
DROP FUNCTION journeys_worked_citizens();
DROP FUNCTION journeys_record_citizens();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0005_sensitive_rows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
