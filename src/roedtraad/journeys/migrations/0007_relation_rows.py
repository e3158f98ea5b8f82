"""Relations, guardianships, consents and contact persons, shown to those who read the citizen's record, to the
citizen, and to the one they are about; and whom a citizen has consented to share with.

`citizens_consented` is what `citizens.sharing` says in Python; tests/citizens/test_sharing.py compares the two.
"""

from django.db import migrations

FORWARD = """
-- Citizens who share this with the reader today: by a consent in force that names a relation whose login it is, to
-- a reader who is granted the citizen as a relative. Such a grant also names its holder where a citizen is protected.
CREATE FUNCTION citizens_consented(wanted varchar) RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.citizen_id FROM citizens_consent c
    JOIN citizens_relation r ON r.id = c.relation_id AND r.citizen_id = c.citizen_id
    WHERE r.user_id = access_user() AND r.valid @> access_today()
      AND c.valid @> access_today() AND c.withdrawn_at IS NULL AND wanted = ANY (c.scopes)
      AND c.citizen_id IN (SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'relative')
      AND c.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;

ALTER TABLE citizens_relation ENABLE ROW LEVEL SECURITY;
CREATE POLICY relations_read ON citizens_relation FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens())
    OR (user_id = (SELECT access_user())
        AND citizen_id IN (SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'relative')));
CREATE POLICY relations_write ON citizens_relation FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_worked_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens()));
CREATE POLICY relations_change ON citizens_relation FOR UPDATE USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_worked_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens()));
CREATE POLICY relations_remove ON citizens_relation FOR DELETE USING ((SELECT access_system()));

ALTER TABLE citizens_guardianship ENABLE ROW LEVEL SECURITY;
CREATE POLICY guardianships_read ON citizens_guardianship FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens()));
CREATE POLICY guardianships_write ON citizens_guardianship FOR INSERT WITH CHECK (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY guardianships_change ON citizens_guardianship FOR UPDATE USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY guardianships_remove ON citizens_guardianship FOR DELETE USING ((SELECT access_system()));

ALTER TABLE citizens_consent ENABLE ROW LEVEL SECURITY;
CREATE POLICY consents_read ON citizens_consent FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens())
    OR relation_id IN (SELECT r.id FROM citizens_relation r WHERE r.user_id = (SELECT access_user())));
CREATE POLICY consents_write ON citizens_consent FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (recorded_by_id = (SELECT access_user())
        AND (citizen_id IN (SELECT journeys_worked_citizens())
             OR citizen_id IN (SELECT journeys_own_citizens()))));
CREATE POLICY consents_withdraw ON citizens_consent FOR UPDATE USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_worked_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens()));
CREATE POLICY consents_remove ON citizens_consent FOR DELETE USING ((SELECT access_system()));

-- Who may write with the place knows whom to write to.
ALTER TABLE citizens_contactperson ENABLE ROW LEVEL SECURITY;
CREATE POLICY contacts_read ON citizens_contactperson FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens())
    OR citizen_id IN (SELECT journeys_own_citizens())
    OR citizen_id IN (SELECT citizens_consented('messages')));
CREATE POLICY contacts_write ON citizens_contactperson FOR INSERT WITH CHECK (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY contacts_change ON citizens_contactperson FOR UPDATE USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY contacts_remove ON citizens_contactperson FOR DELETE USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));

-- Their history is read by those who read the record; the one a row is about reads the row alone.
ALTER TABLE citizens_relationevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_relationevent FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_record_citizens()));
CREATE POLICY history_write ON citizens_relationevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE citizens_guardianshipevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_guardianshipevent FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_record_citizens()));
CREATE POLICY history_write ON citizens_guardianshipevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE citizens_consentevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_consentevent FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_record_citizens()));
CREATE POLICY history_write ON citizens_consentevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE citizens_contactpersonevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_contactpersonevent FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_record_citizens()));
CREATE POLICY history_write ON citizens_contactpersonevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
"""

BACKWARD = """
DROP POLICY history_write ON citizens_contactpersonevent;
DROP POLICY history_read ON citizens_contactpersonevent;
ALTER TABLE citizens_contactpersonevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON citizens_consentevent;
DROP POLICY history_read ON citizens_consentevent;
ALTER TABLE citizens_consentevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON citizens_guardianshipevent;
DROP POLICY history_read ON citizens_guardianshipevent;
ALTER TABLE citizens_guardianshipevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON citizens_relationevent;
DROP POLICY history_read ON citizens_relationevent;
ALTER TABLE citizens_relationevent DISABLE ROW LEVEL SECURITY;
DROP POLICY contacts_remove ON citizens_contactperson;
DROP POLICY contacts_change ON citizens_contactperson;
DROP POLICY contacts_write ON citizens_contactperson;
DROP POLICY contacts_read ON citizens_contactperson;
ALTER TABLE citizens_contactperson DISABLE ROW LEVEL SECURITY;
DROP POLICY consents_remove ON citizens_consent;
DROP POLICY consents_withdraw ON citizens_consent;
DROP POLICY consents_write ON citizens_consent;
DROP POLICY consents_read ON citizens_consent;
ALTER TABLE citizens_consent DISABLE ROW LEVEL SECURITY;
DROP POLICY guardianships_remove ON citizens_guardianship;
DROP POLICY guardianships_change ON citizens_guardianship;
DROP POLICY guardianships_write ON citizens_guardianship;
DROP POLICY guardianships_read ON citizens_guardianship;
ALTER TABLE citizens_guardianship DISABLE ROW LEVEL SECURITY;
DROP POLICY relations_remove ON citizens_relation;
DROP POLICY relations_change ON citizens_relation;
DROP POLICY relations_write ON citizens_relation;
DROP POLICY relations_read ON citizens_relation;
ALTER TABLE citizens_relation DISABLE ROW LEVEL SECURITY;
DROP FUNCTION citizens_consented(varchar);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0006_record_rows"), ("citizens", "0006_relations")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
