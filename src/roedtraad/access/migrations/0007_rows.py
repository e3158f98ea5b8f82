"""What row-level security asks: for whom the connection works, what day it is, and which grants hold.

The functions read the settings that `access.rows` says on the connection. The tables they protect come in the
migrations of the apps that own them; here, the log of look-ups.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION access_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('roedtraad.system', true), '') <> ''
$$;

CREATE FUNCTION access_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('roedtraad.user', true), '')::bigint
$$;

-- The moment the house says it is; it may be held still in a demo.
CREATE FUNCTION access_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('roedtraad.now', true), '')::timestamptz, now())
$$;

CREATE FUNCTION access_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (access_now() AT TIME ZONE 'Europe/Copenhagen')::date
$$;

-- The grants in force today of the one the connection works for; none when the account is closed.
CREATE FUNCTION access_grants() RETURNS SETOF access_grant LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT g.* FROM access_grant g JOIN accounts_user u ON u.id = g.user_id AND u.is_active
    WHERE g.user_id = access_user() AND g.valid @> access_today()
$$;

ALTER TABLE access_lookuplog ENABLE ROW LEVEL SECURITY;

-- Read by the one who looked, by the citizen whose data it was, by who draws samples, and by the system.
CREATE POLICY lookups_read ON access_lookuplog FOR SELECT USING (
    (SELECT access_system())
    OR user_id = (SELECT access_user())
    OR citizen_id IN (SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'citizen')
    OR EXISTS (SELECT 1 FROM access_grants() g WHERE g.role = 'administrator')
);
CREATE POLICY lookups_write ON access_lookuplog FOR INSERT WITH CHECK (
    (SELECT access_system()) OR (user_id = (SELECT access_user()) AND actor <> 'system')
);
"""

BACKWARD = """
DROP POLICY lookups_write ON access_lookuplog;
DROP POLICY lookups_read ON access_lookuplog;
ALTER TABLE access_lookuplog DISABLE ROW LEVEL SECURITY;
DROP FUNCTION access_grants();
DROP FUNCTION access_today();
DROP FUNCTION access_now();
DROP FUNCTION access_user();
DROP FUNCTION access_system();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_emergency_access"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
