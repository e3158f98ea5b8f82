"""Alarms and their logs are seen by those who work in the unit, and by the neighbours from when they are called.

As `Alarm.objects.visible_to` says in Python. Escalation and overdue check-ins are the system's work.
"""

from django.db import migrations

FORWARD = """
-- The units where the reader works.
CREATE FUNCTION safety_units() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT journeys_units_now() UNION SELECT journeys_units_booked()
$$;

-- The alarms that were passed on to them. It runs as the tables' owner: the alarm's policy asks it of the log, and the
-- log's policy asks the alarm.
CREATE FUNCTION safety_alarms_passed_on() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.alarm_id FROM safety_alarmstep s
    WHERE s.kind = 'escalated' AND s.unit_id IN (SELECT safety_units())
$$;

ALTER TABLE safety_alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY alarms_read ON safety_alarm FOR SELECT USING (
    (SELECT access_system()) OR unit_id IN (SELECT safety_units())
    OR id IN (SELECT safety_alarms_passed_on()));
CREATE POLICY alarms_raise ON safety_alarm FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (raised_by_id = (SELECT access_user()) AND unit_id IN (SELECT safety_units())));
CREATE POLICY alarms_end ON safety_alarm FOR UPDATE USING (
    (SELECT access_system()) OR unit_id IN (SELECT safety_units())
    OR id IN (SELECT safety_alarms_passed_on()));
CREATE POLICY alarms_remove ON safety_alarm FOR DELETE USING ((SELECT access_system()));

ALTER TABLE safety_alarmstep ENABLE ROW LEVEL SECURITY;
CREATE POLICY steps_read ON safety_alarmstep FOR SELECT USING (
    (SELECT access_system()) OR alarm_id IN (SELECT id FROM safety_alarm));
CREATE POLICY steps_write ON safety_alarmstep FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (user_id = (SELECT access_user()) AND kind IN ('raised', 'acknowledged', 'ended')
        AND alarm_id IN (SELECT id FROM safety_alarm)));

ALTER TABLE safety_lonework ENABLE ROW LEVEL SECURITY;
CREATE POLICY lone_work_read ON safety_lonework FOR SELECT USING (
    (SELECT access_system()) OR user_id = (SELECT access_user()) OR unit_id IN (SELECT safety_units()));
CREATE POLICY lone_work_start ON safety_lonework FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (user_id = (SELECT access_user()) AND unit_id IN (SELECT safety_units())));
CREATE POLICY lone_work_go_on ON safety_lonework FOR UPDATE USING (
    (SELECT access_system()) OR user_id = (SELECT access_user()));
CREATE POLICY lone_work_remove ON safety_lonework FOR DELETE USING ((SELECT access_system()));

ALTER TABLE safety_alarmevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON safety_alarmevent FOR SELECT USING (
    (SELECT access_system()) OR pgh_obj_id IN (SELECT id FROM safety_alarm));
CREATE POLICY history_write ON safety_alarmevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE safety_loneworkevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON safety_loneworkevent FOR SELECT USING (
    (SELECT access_system()) OR pgh_obj_id IN (SELECT id FROM safety_lonework));
CREATE POLICY history_write ON safety_loneworkevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
"""

BACKWARD = """
DROP POLICY history_write ON safety_loneworkevent;
DROP POLICY history_read ON safety_loneworkevent;
ALTER TABLE safety_loneworkevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON safety_alarmevent;
DROP POLICY history_read ON safety_alarmevent;
ALTER TABLE safety_alarmevent DISABLE ROW LEVEL SECURITY;
DROP POLICY lone_work_remove ON safety_lonework;
DROP POLICY lone_work_go_on ON safety_lonework;
DROP POLICY lone_work_start ON safety_lonework;
DROP POLICY lone_work_read ON safety_lonework;
ALTER TABLE safety_lonework DISABLE ROW LEVEL SECURITY;
DROP POLICY steps_write ON safety_alarmstep;
DROP POLICY steps_read ON safety_alarmstep;
ALTER TABLE safety_alarmstep DISABLE ROW LEVEL SECURITY;
DROP POLICY alarms_remove ON safety_alarm;
DROP POLICY alarms_end ON safety_alarm;
DROP POLICY alarms_raise ON safety_alarm;
DROP POLICY alarms_read ON safety_alarm;
ALTER TABLE safety_alarm DISABLE ROW LEVEL SECURITY;
DROP FUNCTION safety_alarms_passed_on();
DROP FUNCTION safety_units();
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_alarm"), ("journeys", "0006_record_rows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
