"""The network map, shown to those who read the citizen's record, to the citizen, and to whom the citizen shares it with."""

from django.db import migrations

FORWARD = """
ALTER TABLE citizens_networkmap ENABLE ROW LEVEL SECURITY;
CREATE POLICY maps_read ON citizens_networkmap FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens())
    OR citizen_id IN (SELECT citizens_consented('network')));
CREATE POLICY maps_write ON citizens_networkmap FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (recorded_by_id = (SELECT access_user()) AND citizen_id IN (SELECT journeys_worked_citizens())));
CREATE POLICY maps_change ON citizens_networkmap FOR UPDATE USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY maps_remove ON citizens_networkmap FOR DELETE USING ((SELECT access_system()));

-- The people of the maps one sees; changed on the maps of those one works with.
ALTER TABLE citizens_networkperson ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_read ON citizens_networkperson FOR SELECT USING (
    (SELECT access_system()) OR map_id IN (SELECT id FROM citizens_networkmap));
CREATE POLICY people_write ON citizens_networkperson FOR INSERT WITH CHECK (
    (SELECT access_system()) OR map_id IN (
        SELECT m.id FROM citizens_networkmap m WHERE m.citizen_id IN (SELECT journeys_worked_citizens())));
CREATE POLICY people_change ON citizens_networkperson FOR UPDATE USING (
    (SELECT access_system()) OR map_id IN (
        SELECT m.id FROM citizens_networkmap m WHERE m.citizen_id IN (SELECT journeys_worked_citizens())));
CREATE POLICY people_remove ON citizens_networkperson FOR DELETE USING (
    (SELECT access_system()) OR map_id IN (
        SELECT m.id FROM citizens_networkmap m WHERE m.citizen_id IN (SELECT journeys_worked_citizens())));

ALTER TABLE citizens_networkmapevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_networkmapevent FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_record_citizens()));
CREATE POLICY history_write ON citizens_networkmapevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE citizens_networkpersonevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_networkpersonevent FOR SELECT USING (
    (SELECT access_system()) OR map_id IN (
        SELECT m.id FROM citizens_networkmap m WHERE m.citizen_id IN (SELECT journeys_record_citizens())));
CREATE POLICY history_write ON citizens_networkpersonevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
"""

BACKWARD = """
DROP POLICY history_write ON citizens_networkpersonevent;
DROP POLICY history_read ON citizens_networkpersonevent;
ALTER TABLE citizens_networkpersonevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON citizens_networkmapevent;
DROP POLICY history_read ON citizens_networkmapevent;
ALTER TABLE citizens_networkmapevent DISABLE ROW LEVEL SECURITY;
DROP POLICY people_remove ON citizens_networkperson;
DROP POLICY people_change ON citizens_networkperson;
DROP POLICY people_write ON citizens_networkperson;
DROP POLICY people_read ON citizens_networkperson;
ALTER TABLE citizens_networkperson DISABLE ROW LEVEL SECURITY;
DROP POLICY maps_remove ON citizens_networkmap;
DROP POLICY maps_change ON citizens_networkmap;
DROP POLICY maps_write ON citizens_networkmap;
DROP POLICY maps_read ON citizens_networkmap;
ALTER TABLE citizens_networkmap DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0007_relation_rows"), ("citizens", "0007_network_map")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
