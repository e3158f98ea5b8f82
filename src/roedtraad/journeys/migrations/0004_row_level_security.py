"""Citizens, their municipalities, their stays and the history of these, shown only to those whose grants reach them.

The same rule as `citizens.visibility` and `journeys.visibility` say in Python, written once more where a
forgotten filter cannot get round it; tests/properties/test_rows.py compares the two in random worlds. It stands
here because only this app knows that a citizen is seen through a stay.

Figures need every stay and no person: they read the view `journeys_staydays`, which belongs to the tables' owner.
"""

import django.contrib.postgres.fields.ranges
from django.db import migrations, models

FORWARD = """
-- Units where the past is seen too, and units where only those who live there or are coming are seen.
CREATE FUNCTION journeys_units_always() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT organisation_units_below(array_agg(g.unit_id), access_today()) FROM access_grants() g
    WHERE g.unit_id IS NOT NULL AND g.role IN ('leader', 'inspector')
$$;
CREATE FUNCTION journeys_units_now() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT organisation_units_below(array_agg(g.unit_id), access_today()) FROM access_grants() g
    WHERE g.unit_id IS NOT NULL AND g.role = 'support_worker'
$$;
-- Units where stays are booked and changed.
CREATE FUNCTION journeys_units_booked() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT organisation_units_below(array_agg(g.unit_id), access_today()) FROM access_grants() g
    WHERE g.unit_id IS NOT NULL AND g.role = 'leader'
$$;
CREATE FUNCTION journeys_municipalities() RETURNS SETOF varchar LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT g.municipality_id FROM access_grants() g WHERE g.role = 'caseworker'
$$;

-- Citizens named by a grant, or opened with a written reason that has not run out.
CREATE FUNCTION journeys_named_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT g.citizen_id FROM access_grants() g WHERE g.role IN ('citizen', 'relative')
    UNION
    SELECT e.citizen_id FROM access_emergencyaccess e
    WHERE e.user_id = access_user() AND e.expires_at > access_now()
      AND EXISTS (SELECT 1 FROM access_grants() g WHERE g.role IN ('support_worker', 'leader'))
$$;

-- Protected citizens whose protection does not name the reader.
CREATE FUNCTION journeys_hidden_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT p.citizen_id FROM citizens_protection p
    WHERE p.valid @> access_today()
      AND NOT EXISTS (
        SELECT 1 FROM citizens_protectionmember m WHERE m.protection_id = p.id AND m.user_id = access_user())
      AND NOT EXISTS (
        SELECT 1 FROM access_grants() g
        WHERE g.citizen_id = p.citizen_id AND g.role IN ('citizen', 'relative'))
$$;

-- The citizens the connection may see. It runs as the tables' owner, who is not bound: the function is the rule itself.
CREATE FUNCTION journeys_visible_citizens() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.citizen_id FROM (
        SELECT n AS citizen_id FROM journeys_named_citizens() n
        UNION
        SELECT r.citizen_id FROM citizens_municipalityrelation r
        WHERE r.kind IN ('acting', 'paying') AND r.valid @> access_today()
          AND r.municipality_id IN (SELECT journeys_municipalities())
        UNION
        SELECT s.citizen_id FROM journeys_stay s
        WHERE s.paying_municipality_id IN (SELECT journeys_municipalities())
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

ALTER TABLE citizens_citizen ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizens_read ON citizens_citizen FOR SELECT USING (
    (SELECT access_system()) OR id IN (SELECT journeys_visible_citizens())
);
CREATE POLICY citizens_write ON citizens_citizen FOR INSERT WITH CHECK ((SELECT access_system()));
CREATE POLICY citizens_change ON citizens_citizen FOR UPDATE USING (
    (SELECT access_system()) OR (
        EXISTS (SELECT 1 FROM journeys_units_booked()) AND id IN (SELECT journeys_visible_citizens()))
);
CREATE POLICY citizens_remove ON citizens_citizen FOR DELETE USING ((SELECT access_system()));

ALTER TABLE citizens_municipalityrelation ENABLE ROW LEVEL SECURITY;
CREATE POLICY relations_read ON citizens_municipalityrelation FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_visible_citizens())
);
CREATE POLICY relations_write ON citizens_municipalityrelation FOR ALL USING (
    (SELECT access_system()) OR (
        EXISTS (SELECT 1 FROM journeys_units_booked()) AND citizen_id IN (SELECT journeys_visible_citizens()))
);

ALTER TABLE journeys_stay ENABLE ROW LEVEL SECURITY;
CREATE POLICY stays_read ON journeys_stay FOR SELECT USING (
    (SELECT access_system()) OR (
        citizen_id NOT IN (SELECT journeys_hidden_citizens()) AND (
            citizen_id IN (SELECT journeys_named_citizens())
            OR paying_municipality_id IN (SELECT journeys_municipalities())
            OR EXISTS (
                SELECT 1 FROM organisation_placeterm t
                WHERE t.place_id = journeys_stay.place_id AND t.valid && journeys_stay.planned AND (
                    t.unit_id IN (SELECT journeys_units_always())
                    OR (t.unit_id IN (SELECT journeys_units_now()) AND journeys_stay.withdrawn_at IS NULL
                        AND (journeys_stay.actual_end IS NULL
                             OR journeys_stay.actual_end >= (SELECT access_today())))))))
);
CREATE POLICY stays_write ON journeys_stay FOR INSERT WITH CHECK (
    (SELECT access_system()) OR EXISTS (
        SELECT 1 FROM organisation_placeterm t
        WHERE t.place_id = journeys_stay.place_id AND t.valid && journeys_stay.planned
          AND t.unit_id IN (SELECT journeys_units_booked()))
);
CREATE POLICY stays_change ON journeys_stay FOR UPDATE USING (
    (SELECT access_system()) OR (
        citizen_id NOT IN (SELECT journeys_hidden_citizens()) AND EXISTS (
            SELECT 1 FROM organisation_placeterm t
            WHERE t.place_id = journeys_stay.place_id AND t.valid && journeys_stay.planned
              AND t.unit_id IN (SELECT journeys_units_booked())))
);
CREATE POLICY stays_remove ON journeys_stay FOR DELETE USING ((SELECT access_system()));

-- History shows what the rows themselves show, and only the triggers that keep it may add to it.
ALTER TABLE citizens_citizenevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_citizenevent FOR SELECT USING (
    (SELECT access_system()) OR pgh_obj_id IN (SELECT id FROM citizens_citizen));
CREATE POLICY history_write ON citizens_citizenevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE citizens_municipalityrelationevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON citizens_municipalityrelationevent FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT id FROM citizens_citizen));
CREATE POLICY history_write ON citizens_municipalityrelationevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
ALTER TABLE journeys_stayevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON journeys_stayevent FOR SELECT USING (
    (SELECT access_system()) OR pgh_obj_id IN (SELECT id FROM journeys_stay));
CREATE POLICY history_write ON journeys_stayevent FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);

-- A place's terms are kept from being cut under a stay, whosever stay it is.
ALTER FUNCTION journeys_terms_keep_stays() SECURITY DEFINER SET search_path = public, pg_temp;

-- Days and money of every stay, without a key to a person's page: what figures are counted from.
CREATE VIEW journeys_staydays AS
    SELECT id, citizen_id, place_id, paying_municipality_id, ordered_start, ordered_end, actual_start, actual_end,
           agreed_day_rate, withdrawn_at, planned, actual
    FROM journeys_stay;

-- A simple view can be written through, with its owner's rights; this one cannot.
CREATE FUNCTION journeys_staydays_read_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journeys_staydays is for reading' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON journeys_staydays
    FOR EACH ROW EXECUTE FUNCTION journeys_staydays_read_only();

-- Figures are kept until something changes; the number of the latest change tells, and nothing about whom.
CREATE VIEW journeys_laststaychange AS SELECT max(pgh_id) AS id FROM journeys_stayevent;
"""

BACKWARD = """
DROP VIEW journeys_laststaychange;
DROP VIEW journeys_staydays;
DROP FUNCTION journeys_staydays_read_only();
ALTER FUNCTION journeys_terms_keep_stays() SECURITY INVOKER RESET search_path;
DROP POLICY history_write ON journeys_stayevent;
DROP POLICY history_read ON journeys_stayevent;
ALTER TABLE journeys_stayevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON citizens_municipalityrelationevent;
DROP POLICY history_read ON citizens_municipalityrelationevent;
ALTER TABLE citizens_municipalityrelationevent DISABLE ROW LEVEL SECURITY;
DROP POLICY history_write ON citizens_citizenevent;
DROP POLICY history_read ON citizens_citizenevent;
ALTER TABLE citizens_citizenevent DISABLE ROW LEVEL SECURITY;
DROP POLICY stays_remove ON journeys_stay;
DROP POLICY stays_change ON journeys_stay;
DROP POLICY stays_write ON journeys_stay;
DROP POLICY stays_read ON journeys_stay;
ALTER TABLE journeys_stay DISABLE ROW LEVEL SECURITY;
DROP POLICY relations_write ON citizens_municipalityrelation;
DROP POLICY relations_read ON citizens_municipalityrelation;
ALTER TABLE citizens_municipalityrelation DISABLE ROW LEVEL SECURITY;
DROP POLICY citizens_remove ON citizens_citizen;
DROP POLICY citizens_change ON citizens_citizen;
DROP POLICY citizens_write ON citizens_citizen;
DROP POLICY citizens_read ON citizens_citizen;
ALTER TABLE citizens_citizen DISABLE ROW LEVEL SECURITY;
DROP FUNCTION journeys_visible_citizens();
DROP FUNCTION journeys_hidden_citizens();
DROP FUNCTION journeys_named_citizens();
DROP FUNCTION journeys_municipalities();
DROP FUNCTION journeys_units_booked();
DROP FUNCTION journeys_units_now();
DROP FUNCTION journeys_units_always();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0003_terms_keep_stays"),
        ("citizens", "0003_protection"),
        ("organisation", "0002_units_below"),
        ("access", "0007_rows"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name='StayDays',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('citizen_id', models.BigIntegerField()),
                ('paying_municipality_id', models.CharField(max_length=4)),
                ('ordered_start', models.DateField()),
                ('ordered_end', models.DateField(null=True)),
                ('actual_start', models.DateField(null=True)),
                ('actual_end', models.DateField(null=True)),
                ('agreed_day_rate', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('planned', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('actual', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
            ],
            options={
                'db_table': 'journeys_staydays',
                'managed': False,
            },
        ),
    ]
