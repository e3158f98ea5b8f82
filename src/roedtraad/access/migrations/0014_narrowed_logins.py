"""The database knows a login that is narrowed to one unit (`access.narrowing`), and gives it a role of its own.

Whoever changed user with a PIN has no grant but `shared_tablet` for the tablet's unit. No policy knows that role unless
it says so, so what is open to a support worker is closed to a PIN until somebody opens it: the floors above open the
units one works in, and with them the record and the shift of those who live there.
"""

from django.db import migrations

FORWARD = """
-- The unit that the login is narrowed to; null for an ordinary one.
CREATE FUNCTION access_unit() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('roedtraad.unit', true), '')::bigint
$$;

-- What a narrowed login has of its grants: as access.scope._narrowed says in Python.
CREATE FUNCTION access_narrowed_grants() RETURNS SETOF access_grant LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (jsonb_populate_record(g, jsonb_build_object('role', 'shared_tablet', 'unit_id', access_unit()))).*
    FROM access_grant g JOIN accounts_user u ON u.id = g.user_id AND u.is_active
    WHERE g.user_id = access_user() AND g.valid @> access_today() AND g.role IN ('support_worker', 'leader')
      AND access_unit() IN (SELECT organisation_units_below(ARRAY[g.unit_id], access_today()))
      AND NOT EXISTS (
        SELECT 1 FROM access_grant c
        WHERE c.user_id = access_user() AND c.citizen_id IS NOT NULL AND c.valid @> access_today())
$$;

-- The grants in force today of the one the connection works for; none when the account is closed.
CREATE OR REPLACE FUNCTION access_grants() RETURNS SETOF access_grant LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT g.* FROM access_grant g JOIN accounts_user u ON u.id = g.user_id AND u.is_active
    WHERE g.user_id = access_user() AND g.valid @> access_today() AND access_unit() IS NULL
    UNION ALL
    SELECT n.* FROM access_narrowed_grants() n WHERE access_unit() IS NOT NULL
$$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION access_grants() RETURNS SETOF access_grant LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT g.* FROM access_grant g JOIN accounts_user u ON u.id = g.user_id AND u.is_active
    WHERE g.user_id = access_user() AND g.valid @> access_today()
$$;
DROP FUNCTION access_narrowed_grants();
DROP FUNCTION access_unit();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0013_idempotency"), ("organisation", "0002_units_below")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
