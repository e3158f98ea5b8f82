"""Particular facts: shown by the database only to the citizen and to those who work with the citizen now.

As `citizens.queries.special_fields` says in Python. A written reason opens the citizen, not these.
"""

from django.db import migrations

FORWARD = """
-- Citizens whom the reader may see by their grants alone, through the roles that read particular facts.
CREATE FUNCTION journeys_close_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.citizen_id FROM (
        SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'citizen'
        UNION
        SELECT s.citizen_id FROM organisation_placeterm t
        JOIN journeys_stay s ON s.place_id = t.place_id AND s.planned && t.valid
        WHERE t.unit_id IN (SELECT journeys_units_now() UNION SELECT journeys_units_booked())
          AND s.withdrawn_at IS NULL AND (s.actual_end IS NULL OR s.actual_end >= access_today())
    ) found
    WHERE found.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;

ALTER TABLE citizens_sensitivefact ENABLE ROW LEVEL SECURITY;
CREATE POLICY facts_read ON citizens_sensitivefact FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_close_citizens()));
CREATE POLICY facts_write ON citizens_sensitivefact FOR INSERT WITH CHECK (
    (SELECT access_system()) OR (recorded_by_id = (SELECT access_user())
        AND citizen_id IN (SELECT journeys_close_citizens())
        AND EXISTS (SELECT 1 FROM access_grants() g WHERE g.role IN ('support_worker', 'leader'))));
CREATE POLICY facts_end ON citizens_sensitivefact FOR UPDATE USING (
    (SELECT access_system()) OR (citizen_id IN (SELECT journeys_close_citizens())
        AND EXISTS (SELECT 1 FROM access_grants() g WHERE g.role IN ('support_worker', 'leader'))));
CREATE POLICY facts_remove ON citizens_sensitivefact FOR DELETE USING ((SELECT access_system()));

ALTER TABLE citizens_sensitivefactevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_sensitivefactevent FOR SELECT USING (
    (SELECT access_system()) OR pgh_obj_id IN (SELECT id FROM citizens_sensitivefact));
CREATE POLICY history_write ON citizens_sensitivefactevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
"""

BACKWARD = """
DROP POLICY history_write ON citizens_sensitivefactevent;
DROP POLICY history_read ON citizens_sensitivefactevent;
ALTER TABLE citizens_sensitivefactevent DISABLE ROW LEVEL SECURITY;
DROP POLICY facts_remove ON citizens_sensitivefact;
DROP POLICY facts_end ON citizens_sensitivefact;
DROP POLICY facts_write ON citizens_sensitivefact;
DROP POLICY facts_read ON citizens_sensitivefact;
ALTER TABLE citizens_sensitivefact DISABLE ROW LEVEL SECURITY;
DROP FUNCTION journeys_close_citizens();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0004_row_level_security"), ("citizens", "0004_sensitive_fact")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
