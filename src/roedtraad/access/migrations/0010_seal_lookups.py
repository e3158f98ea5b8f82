"""Each look-up is sealed by the database when its transaction is committed: the chain of `LookupSeal`.

The seal is made at commit, and the lock that keeps the chain in one line is taken only then: an import that writes
100,000 look-ups holds nobody up while it reads, only while it is committed. The function belongs to the owner of
the tables, and the application's role may neither write a seal nor change or remove a look-up – not even by telling
the triggers to look away (`pgtrigger.ignore`), for it lacks the right itself.
"""

from django.db import migrations

FORWARD = """
-- All columns of a look-up, each with its length before it, so that no two rows read alike. `access.seals` says the
-- same in Python; a column added later belongs in a new edition of both, for rows from then on.
CREATE FUNCTION access_lookup_text(looked access_lookuplog) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-'), ',' ORDER BY number)
    FROM unnest(ARRAY[
        '1', looked.id::text, (extract(epoch FROM looked.at) * 1000000)::bigint::text, looked.actor,
        looked.user_id::text, looked.actor_name, looked.role, looked.citizen_id::text, looked.part, looked.purpose,
        looked.emergency_id::text
    ]) WITH ORDINALITY AS columns(value, number)
$$;

CREATE FUNCTION access_seal_lookup() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public
-- The plan is kept for the session: made while the table was small, it would read all of it for each seal.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    head bytea;
    place bigint;
BEGIN
    -- One at a time, until the commit is done: the next one sees this seal.
    PERFORM pg_advisory_xact_lock(7104023, 0);
    SELECT s.hash, s.position INTO head, place FROM access_lookupseal s ORDER BY s.position DESC LIMIT 1;
    head := coalesce(head, decode(repeat('00', 32), 'hex'));
    INSERT INTO access_lookupseal (log_id, position, previous, hash)
    VALUES (NEW.id, coalesce(place, 0) + 1, head, sha256(head || convert_to(access_lookup_text(NEW), 'UTF8')));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION access_seal_lookup() FROM PUBLIC;

-- What is there already.
DO $$
DECLARE
    looked access_lookuplog;
    head bytea := decode(repeat('00', 32), 'hex');
    next bytea;
    place bigint := 0;
BEGIN
    FOR looked IN SELECT * FROM access_lookuplog ORDER BY id LOOP
        place := place + 1;
        next := sha256(head || convert_to(access_lookup_text(looked), 'UTF8'));
        INSERT INTO access_lookupseal (log_id, position, previous, hash) VALUES (looked.id, place, head, next);
        head := next;
    END LOOP;
END $$;

-- Whom and whose is asked when the row is written, not at commit: who waits for the chain's lock then holds
-- nothing that the one before needs.
SET CONSTRAINTS ALL IMMEDIATE;
DO $$
DECLARE
    link record;
BEGIN
    FOR link IN SELECT conrelid::regclass AS home, conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid IN ('access_lookuplog'::regclass, 'access_lookupseal'::regclass) LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY IMMEDIATE', link.home, link.conname);
    END LOOP;
END $$;

CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON access_lookuplog DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION access_seal_lookup();

-- Everybody but the owner: whatever the application's role is called here.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT DISTINCT c.oid::regclass AS home, r.rolname FROM pg_class c, aclexplode(c.relacl) a
        JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.oid IN ('access_lookuplog'::regclass, 'access_lookupseal'::regclass,
                        'access_emergencyattempt'::regclass) AND a.grantee <> c.relowner LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', held.home, held.rolname);
        IF held.home = 'access_lookupseal'::regclass THEN
            EXECUTE format('REVOKE INSERT ON %s FROM %I', held.home, held.rolname);
        END IF;
    END LOOP;
END $$;
"""

BACKWARD = """
DROP TRIGGER seal ON access_lookuplog;
DROP FUNCTION access_seal_lookup();
DROP FUNCTION access_lookup_text(access_lookuplog);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0009_sealed_lookups")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
