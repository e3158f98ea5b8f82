"""A search by those who read many records.

To find the citizens first and hand them to the search cost an inspector of 1,500 more than the search itself. So
`practice_search` takes one citizen or none, and finds the reach itself with the policies' own functions; Python
checks the citizens of what was found. And a rare word is looked up in its own list at once instead of in the latest
weeks first: the database's own estimate says which words are rare.
"""

import importlib

from django.db import migrations

FORWARD = r"""
DROP FUNCTION practice_search(text, bigint[], timestamptz, bigint, integer);

-- About how many notes answer to a query, as the planner sees it; no note is read. Volatile, because EXPLAIN may not
-- be asked for elsewhere.
CREATE FUNCTION practice_estimate(query tsquery) RETURNS numeric LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT 1 FROM practice_note n WHERE n.search @@ %L::tsquery', query)
        INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
END $$;

-- Notes in which every word asked for occurs, newest first, before a place in the list: about one citizen, or about
-- everybody whose record is within reach. A record opened with a written reason is not searched.
-- Frequent words are looked for in the latest weeks; only what is not found there is looked up in all years, where
-- the database itself chooses between the word's list and the citizens'.
CREATE FUNCTION practice_search(asked text, only_citizen bigint, before timestamptz, before_id bigint, most integer)
RETURNS TABLE (note_id bigint, stems text[]) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    working bigint[];
    readable bigint[];
    query tsquery;
    tried tsquery;
    words text[];
    part record;
    found bigint[];
    upto timestamptz := coalesce(before, 'infinity');
    upto_id bigint := coalesce(before_id, 9223372036854775807);
    since timestamptz;
BEGIN
    IF access_system() THEN
        working := ARRAY(SELECT c.id FROM citizens_citizen c WHERE only_citizen IS NULL OR c.id = only_citizen);
    ELSE
        working := ARRAY(
            SELECT c FROM journeys_reached_citizens() c WHERE only_citizen IS NULL OR c = only_citizen);
    END IF;
    readable := working || ARRAY(
        SELECT c FROM journeys_own_citizens() c WHERE only_citizen IS NULL OR c = only_citizen);
    IF cardinality(readable) = 0 THEN
        RETURN;
    END IF;
    -- About one note a day and citizen: some thousand notes to look through.
    since := least(upto, access_now())
        - make_interval(days => greatest(3, least(365, 4000 / cardinality(readable))));

    FOR round IN 0..1 LOOP
        query := NULL;
        words := '{}';
        FOR part IN SELECT a.stems FROM practice_asked(asked, round = 1) a ORDER BY a.place LOOP
            words := words || part.stems;
            -- Quoted, so that nothing in a word is taken for a sign between words.
            query := CASE WHEN query IS NULL THEN '' ELSE '(' || query::text || ') & ' END
                || (SELECT '(' || string_agg(quote_literal(s), ' | ') || ')' FROM unnest(part.stems) s);
        END LOOP;
        -- Nothing to look for, or nothing else than before.
        EXIT WHEN query IS NULL OR query = tried;
        tried := query;
        found := '{}';
        IF practice_estimate(query) > 4000 THEN
            found := ARRAY(
                SELECT n.id FROM practice_note n
                WHERE n.citizen_id = ANY(readable) AND n.occurred_at >= since AND n.occurred_at <= upto
                  AND (n.occurred_at, n.id) < (upto, upto_id) AND n.withdrawn_at IS NULL
                  -- Said so that the word's list, which may be half of all notes, is not read for a few weeks.
                  AND (n.search @@ query) IS TRUE
                  AND (n.shared_with_citizen OR n.citizen_id = ANY(working))
                ORDER BY n.occurred_at DESC, n.id DESC LIMIT most);
        END IF;
        IF cardinality(found) < most THEN
            found := ARRAY(
                WITH everywhere AS MATERIALIZED (
                    SELECT n.id, n.occurred_at FROM practice_note n
                    WHERE n.citizen_id = ANY(readable) AND n.occurred_at <= upto
                      AND (n.occurred_at, n.id) < (upto, upto_id) AND n.withdrawn_at IS NULL AND n.search @@ query
                      AND (n.shared_with_citizen OR n.citizen_id = ANY(working))
                )
                SELECT e.id FROM everywhere e ORDER BY e.occurred_at DESC, e.id DESC LIMIT most);
        END IF;
        EXIT WHEN cardinality(found) > 0;
    END LOOP;
    RETURN QUERY SELECT f.id, words FROM unnest(found) WITH ORDINALITY AS f(id, place) ORDER BY f.place;
END $$;

-- How often a word occurs in records is nobody's business but the search's.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT p.oid::regprocedure AS what, r.rolname FROM pg_proc p, aclexplode(p.proacl) a
        JOIN pg_roles r ON r.oid = a.grantee
        WHERE p.proname = 'practice_estimate' AND a.grantee <> p.proowner GROUP BY 1, 2
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I', held.what, held.rolname);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION practice_estimate(tsquery) FROM PUBLIC;
"""

# What stood here before, from where it was written.
_BEFORE = importlib.import_module("roedtraad.practice.migrations.0005_search").SEARCH
_FROM = _BEFORE.index("-- Notes about these citizens in which every word")
_TO = _BEFORE.index("-- Everybody but the owner")
BACKWARD = f"""
DROP FUNCTION practice_search(text, bigint, timestamptz, bigint, integer);
DROP FUNCTION practice_estimate(tsquery);
{_BEFORE[_FROM:_TO]}
"""


class Migration(migrations.Migration):
    dependencies = [("practice", "0009_outcomes"), ("journeys", "0010_reached")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
