"""Who sees requests and lists, the only door through which anything is deleted for good, and the rules to begin with.

Requests are handled by those who lead where the citizen lives or has lived; the citizen reads their own. A line of a
list that names a citizen is shown to who leads there, never to who only counts.

`rights_erase` and its sisters run as the tables' owner, because the application's role may delete neither history nor
look-ups. They are themselves the rule: they act for the system under the name "opbevaring" alone, and only on a line
of a list that is under way and was approved by another than who made it.
"""

from django.db import migrations

SYSTEM = "(SELECT access_system())"
LEADS = """(citizen_id IN (SELECT journeys_record_citizens())
        AND EXISTS (SELECT 1 FROM access_grants() g WHERE g.role = 'leader'))"""
OWN = "citizen_id IN (SELECT journeys_own_citizens())"
CONFIGURES = "EXISTS (SELECT 1 FROM access_grants() g WHERE g.role IN ('administrator', 'leader'))"


def history(table: str) -> str:
    """The history is read with its row and written by the triggers alone."""
    return f"""
ALTER TABLE {table}event ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON {table}event FOR SELECT USING (
    {SYSTEM} OR EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {table}event.pgh_obj_id));
CREATE POLICY history_write ON {table}event FOR INSERT WITH CHECK ({SYSTEM} OR pg_trigger_depth() > 0);
"""  # nosec B608  our own words


def child(table: str) -> str:
    """Rows of a request: read with it, written by who handles it."""
    read = f"EXISTS (SELECT 1 FROM rights_subjectrequest r WHERE r.id = {table}.request_id)"  # nosec B608  our own words
    handled = f"EXISTS (SELECT 1 FROM rights_subjectrequest r WHERE r.id = {table}.request_id AND {LEADS})"  # nosec B608  our own words
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON {table} FOR SELECT USING ({SYSTEM} OR {read});
CREATE POLICY rows_write ON {table} FOR INSERT WITH CHECK ({SYSTEM} OR {handled});
CREATE POLICY rows_change ON {table} FOR UPDATE USING ({SYSTEM} OR {handled});
CREATE POLICY rows_remove ON {table} FOR DELETE USING ({SYSTEM} OR {handled});
{history(table)}"""


ROWS = f"""
ALTER TABLE rights_subjectrequest ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON rights_subjectrequest FOR SELECT USING ({SYSTEM} OR {LEADS} OR {OWN});
CREATE POLICY rows_write ON rights_subjectrequest FOR INSERT WITH CHECK ({SYSTEM} OR {LEADS});
CREATE POLICY rows_change ON rights_subjectrequest FOR UPDATE USING ({SYSTEM} OR {LEADS});
CREATE POLICY rows_remove ON rights_subjectrequest FOR DELETE USING ({SYSTEM});
{history("rights_subjectrequest")}
{child("rights_requestpart")}
{child("rights_leftout")}

ALTER TABLE rights_download ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON rights_download FOR SELECT USING (
    {SYSTEM} OR EXISTS (SELECT 1 FROM rights_subjectrequest r WHERE r.id = rights_download.request_id));
CREATE POLICY rows_write ON rights_download FOR INSERT WITH CHECK (
    {SYSTEM} OR (user_id = (SELECT access_user())
        AND EXISTS (SELECT 1 FROM rights_subjectrequest r WHERE r.id = rights_download.request_id)));

ALTER TABLE rights_legalhold ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON rights_legalhold FOR SELECT USING ({SYSTEM} OR {LEADS});
CREATE POLICY rows_write ON rights_legalhold FOR INSERT WITH CHECK ({SYSTEM} OR {LEADS});
CREATE POLICY rows_change ON rights_legalhold FOR UPDATE USING ({SYSTEM} OR {LEADS});
CREATE POLICY rows_remove ON rights_legalhold FOR DELETE USING ({SYSTEM});
{history("rights_legalhold")}

-- Who has been erased is asked by the job alone, and written by the door below.
ALTER TABLE rights_erasedcitizen ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON rights_erasedcitizen FOR SELECT USING ({SYSTEM});

ALTER TABLE rights_deletionitem ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON rights_deletionitem FOR SELECT USING (
    {SYSTEM} OR (citizen_id IS NULL AND {CONFIGURES}) OR {LEADS});
CREATE POLICY rows_write ON rights_deletionitem FOR INSERT WITH CHECK ({SYSTEM});
CREATE POLICY rows_change ON rights_deletionitem FOR UPDATE USING ({SYSTEM});
CREATE POLICY rows_remove ON rights_deletionitem FOR DELETE USING ({SYSTEM});
"""  # nosec B608  our own words

ERASE = """
-- A line of a list under way, made by one and approved by another, on behalf of the house's own job.
CREATE FUNCTION rights_may_erase(item bigint) RETURNS void LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(current_setting('roedtraad.system', true), '') <> 'opbevaring' OR NOT EXISTS (
        SELECT 1 FROM rights_deletionitem i JOIN rights_deletionlist l ON l.id = i.list_id
        WHERE i.id = item AND i.state = 'waiting' AND l.state = 'running'
          AND l.approved_by_id IS NOT NULL AND l.approved_by_id <> l.made_by_id AND l.approved_digest = l.digest
    ) THEN
        RAISE EXCEPTION 'Only an approved list deletes.' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- Which triggers of a table look away: those that keep it from being rewritten, and those that write its history.
CREATE FUNCTION rights_look_away(VARIADIC homes regclass[]) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('pgtrigger.ignore', '{' || coalesce(string_agg(tgname, ','), '') || '}', true)
    FROM pg_trigger WHERE tgrelid = ANY(homes) AND tgname LIKE 'pgtrigger%'
$$;

-- Rows of a table with their history. A look-up leaves its seal, a note the words that nobody else uses.
CREATE FUNCTION rights_erase(item bigint, home text, ids bigint[]) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here regclass := to_regclass('public.' || quote_ident(home));
    past regclass := to_regclass('public.' || quote_ident(home || 'event'));
    gone bigint;
    words text[];
BEGIN
    PERFORM rights_may_erase(item);
    IF here IS NULL OR home !~ '^(access|citizens|duty|exchange|journeys|practice|safety|voices|rights)_'
        OR home IN ('citizens_citizen', 'journeys_stay', 'rights_deletionlist', 'rights_deletionitem',
                    'rights_receipt', 'rights_erasedseal', 'rights_erasedcitizen', 'rights_retentionrule') THEN
        RAISE EXCEPTION 'Nothing is deleted from %.', home USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM rights_look_away(here, coalesce(past, here));
    IF home = 'practice_note' THEN
        words := ARRAY(
            SELECT w FROM practice_note n, practice_words(n.text) w WHERE n.id = ANY(ids)
            UNION SELECT w FROM practice_noteevent e, practice_words(e.text) w WHERE e.pgh_obj_id = ANY(ids));
    END IF;
    IF past IS NOT NULL THEN
        EXECUTE format('DELETE FROM %s WHERE pgh_obj_id = ANY($1)', past) USING ids;
    END IF;
    IF home = 'access_lookuplog' THEN
        INSERT INTO rights_erasedseal (position, previous, hash)
        SELECT s.position, s.previous, s.hash FROM access_lookupseal s WHERE s.log_id = ANY(ids);
        PERFORM rights_look_away('access_lookupseal');
        DELETE FROM access_lookupseal WHERE log_id = ANY(ids);
        PERFORM rights_look_away(here);
    END IF;
    EXECUTE format('DELETE FROM %s WHERE id = ANY($1)', here) USING ids;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF words IS NOT NULL THEN
        DELETE FROM practice_noteword w WHERE w.word = ANY(words) AND NOT EXISTS (
            SELECT 1 FROM practice_note n WHERE n.search @@ quote_literal(w.stem)::tsquery);
    END IF;
    PERFORM set_config('pgtrigger.ignore', '', true);
    RETURN gone;
END $$;

-- History of rows that are no longer there: what was deleted in everyday work left its past behind.
CREATE FUNCTION rights_erase_past(item bigint, home text, link text, ids bigint[]) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    past regclass := to_regclass('public.' || quote_ident(home || 'event'));
    gone bigint;
BEGIN
    PERFORM rights_may_erase(item);
    IF past IS NULL OR home !~ '^(access|citizens|duty|exchange|journeys|practice|safety|voices|rights)_'
        OR NOT EXISTS (SELECT 1 FROM rights_deletionitem i WHERE i.id = item AND i.category = 'record')
        OR (link = 'citizen_id' AND NOT EXISTS (
            SELECT 1 FROM rights_deletionitem i WHERE i.id = item AND ids = ARRAY[i.citizen_id])) THEN
        RAISE EXCEPTION 'Nothing is deleted from %.', home USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM rights_look_away(past);
    EXECUTE format('DELETE FROM %s WHERE %I = ANY($1)', past, link) USING ids;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', '', true);
    RETURN gone;
END $$;

-- What is left of a citizen: a number, the year of birth and the stays, so that the figures hold.
CREATE FUNCTION rights_empty_citizen(item bigint, whom bigint, today date, nowhere bytea) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known uuid;
BEGIN
    PERFORM rights_may_erase(item);
    IF NOT EXISTS (SELECT 1 FROM rights_deletionitem i
                   WHERE i.id = item AND i.category = 'record' AND i.citizen_id = whom) THEN
        RAISE EXCEPTION 'The line is about another.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT c.key INTO known FROM citizens_citizen c WHERE c.id = whom;
    PERFORM rights_look_away('citizens_citizen', 'citizens_citizenevent', 'journeys_stay', 'journeys_stayevent',
        'citizens_municipalityrelation', 'citizens_municipalityrelationevent', 'access_emergencyaccess',
        'access_emergencyaccessevent', 'access_emergencyreview', 'access_emergencyreviewevent',
        'access_lookupreview', 'access_lookupreviewevent');
    -- What is left of the control of colleagues: that it was done, and nothing anybody wrote about the citizen.
    DELETE FROM access_emergencyaccessevent WHERE citizen_id = whom;
    UPDATE access_emergencyaccess SET reason = 'slettet' WHERE citizen_id = whom;
    DELETE FROM access_emergencyreviewevent WHERE emergency_id IN (
        SELECT e.id FROM access_emergencyaccess e WHERE e.citizen_id = whom);
    UPDATE access_emergencyreview SET note = '' WHERE emergency_id IN (
        SELECT e.id FROM access_emergencyaccess e WHERE e.citizen_id = whom);
    DELETE FROM access_lookupreviewevent WHERE log_id IN (
        SELECT l.id FROM access_lookuplog l WHERE l.citizen_id = whom);
    UPDATE access_lookupreview SET note = '' WHERE log_id IN (
        SELECT l.id FROM access_lookuplog l WHERE l.citizen_id = whom);
    DELETE FROM citizens_citizenevent WHERE pgh_obj_id = whom;
    DELETE FROM journeys_stayevent WHERE citizen_id = whom;
    DELETE FROM citizens_municipalityrelationevent WHERE citizen_id = whom;
    UPDATE journeys_stay SET key = 'slettet-' || gen_random_uuid() WHERE citizen_id = whom;
    UPDATE citizens_citizen SET key = gen_random_uuid(), first_name = 'Slettet', last_name = 'borger',
        sort_key = 'slettet borger', cpr = NULL, cpr_index = NULL, birth_date = date_trunc('year', birth_date)::date,
        address = nowhere, address_protected = false WHERE id = whom;
    DELETE FROM access_sentrequest WHERE location LIKE '%' || known::text || '%' OR route LIKE '%' || known::text || '%';
    UPDATE rights_deletionitem SET citizen_id = NULL WHERE citizen_id = whom AND id <> item;
    INSERT INTO rights_erasedcitizen (citizen_id, erased_on) VALUES (whom, today);
    PERFORM set_config('pgtrigger.ignore', '', true);
END $$;

-- A login that was for this citizen alone, their own or a relative's, loses its name and its ways in.
CREATE FUNCTION rights_empty_user(item bigint, login bigint, whom bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    tied record;
BEGIN
    PERFORM rights_may_erase(item);
    IF NOT EXISTS (SELECT 1 FROM rights_deletionitem i
                   WHERE i.id = item AND i.category = 'record' AND i.citizen_id = whom)
        OR NOT EXISTS (SELECT 1 FROM access_grant g WHERE g.user_id = login AND g.citizen_id = whom)
        OR EXISTS (SELECT 1 FROM access_grant g WHERE g.user_id = login AND g.citizen_id IS DISTINCT FROM whom) THEN
        RAISE EXCEPTION 'The login is not this citizen''s alone.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- What hangs on an account and nothing else: devices, factors, identities, addresses, drafts, answers.
    FOR tied IN
        SELECT c.conrelid::regclass AS home, a.attname AS link, c.conrelid AS oid FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'accounts_user'::regclass AND c.conrelid::regclass::text IN (
            'accounts_knowndevice', 'accounts_logintries', 'account_emailaddress', 'mfa_authenticator',
            'socialaccount_socialaccount', 'drafts_draft', 'access_sentrequest', 'voices_readingchoice')
    LOOP
        PERFORM rights_look_away(tied.home);
        EXECUTE format('DELETE FROM %s WHERE %I = $1', tied.home, tied.link) USING login;
    END LOOP;
    PERFORM rights_look_away('accounts_user', 'accounts_userevent', 'accounts_secondfactorevent',
        'accounts_linkedidentityevent');
    DELETE FROM accounts_userevent WHERE pgh_obj_id = login;
    DELETE FROM accounts_secondfactorevent WHERE user_id = login;
    DELETE FROM accounts_linkedidentityevent WHERE user_id = login;
    UPDATE accounts_user SET username = 'slettet-' || login, full_name = 'Slettet bruger', first_name = '',
        last_name = '', email = '', password = '!', is_active = false WHERE id = login;
    PERFORM set_config('pgtrigger.ignore', '', true);
END $$;

-- The functions are asked by the application's role; the seals of erased look-ups are written by them alone.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT DISTINCT r.rolname FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.oid = 'rights_erasedseal'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON rights_erasedseal FROM %I', held.rolname);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON rights_erasedcitizen FROM %I', held.rolname);
        EXECUTE format('REVOKE DELETE, TRUNCATE ON rights_receipt, rights_deletionlist FROM %I', held.rolname);
    END LOOP;
END $$;
"""

BACKWARD = """
DROP FUNCTION rights_empty_user(bigint, bigint, bigint);
DROP FUNCTION rights_empty_citizen(bigint, bigint, date, bytea);
DROP FUNCTION rights_erase_past(bigint, text, text, bigint[]);
DROP FUNCTION rights_erase(bigint, text, bigint[]);
DROP FUNCTION rights_look_away(VARIADIC regclass[]);
DROP FUNCTION rights_may_erase(bigint);
"""

# Category, months, archive first, source, to be confirmed.
RULES = (
    ("record", 120, True, "Journaler: 10 år efter sidste kontakt; arkivloven ved aflevering", True),
    ("notes", 120, False, "Journaler: 10 år", True),
    ("messages", 60, False, "Databeskyttelsesforordningen art. 5, stk. 1, litra e", True),
    ("moods", 60, False, "Databeskyttelsesforordningen art. 5, stk. 1, litra e", True),
    ("handover", 24, False, "Databeskyttelsesforordningen art. 5, stk. 1, litra e", True),
    ("lookups", 60, False, "Databeskyttelsesforordningen art. 5, stk. 1, litra e, og art. 32", True),
    ("alarms", 60, False, "Databeskyttelsesforordningen art. 5, stk. 1, litra e", True),
)


def begin(apps, schema_editor):  # type: ignore[no-untyped-def]  # as Django calls it
    """The rules every house begins with; each is to be confirmed by its own lawyers."""
    rule = apps.get_model("rights", "RetentionRule")
    from datetime import date

    from django.db.backends.postgresql.psycopg_any import DateRange

    for category, months, archive_first, source, doubtful in RULES:
        rule.objects.create(
            category=category,
            months=months,
            archive_first=archive_first,
            source=source,
            doubtful=doubtful,
            valid=DateRange(date(2020, 1, 1), None),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_initial"),
        ("access", "0012_request_count"),
        ("practice", "0006_assessment_drafts"),
        ("journeys", "0008_network_rows"),
        ("duty", "0002_rows_and_defaults"),
        ("voices", "0002_rows"),
        ("safety", "0002_rows"),
    ]

    operations = [
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(ERASE, BACKWARD),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
