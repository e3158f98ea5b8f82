"""Searching the notes: in every form of a word, past a slip of the finger, and only in what one may read.

A text search is no leakproof operator, so behind a policy the database would read every note before it looks for
the word. `practice_search` therefore runs as the tables' owner, past the policies, and is itself the rule: it takes
the citizens that Python found and keeps those that the policies' own functions name.

The words that occur are kept in a table of their own, where a misspelt word finds its nearest. Words out of all
records stand in it, so only the owner reads it.

And the rows that hang on others ask for their own parent instead of gathering all parents first: with a million notes
that is the difference between one row read and all of them.
"""

import django.contrib.postgres.search
import roedtraad.practice.models.notes
from django.contrib.postgres.operations import CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

TEXT = r"""
-- Small letters in every language, and marks, quotes and dashes as spaces: the cluster's own notion of letters may
-- be ASCII alone. Named with their schemas, because a restore works without a search path.
CREATE FUNCTION practice_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT pg_catalog.regexp_replace(
        pg_catalog.lower(words COLLATE pg_catalog.pg_c_utf8), '[[:punct:]]+' COLLATE pg_catalog.pg_c_utf8, ' ', 'g')
$$;
CREATE FUNCTION practice_search_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT pg_catalog.to_tsvector('pg_catalog.danish'::pg_catalog.regconfig, public.practice_plain(words))
$$;
ALTER TABLE practice_note ALTER COLUMN search SET EXPRESSION AS (practice_search_vector(text));
"""

TEXT_BACK = """
ALTER TABLE practice_note ALTER COLUMN search
    SET EXPRESSION AS (to_tsvector('danish'::regconfig, coalesce(text, '')));
DROP FUNCTION practice_search_vector(text);
DROP FUNCTION practice_plain(text);
"""

WORDS = r"""
CREATE TABLE practice_noteword (
    word text COLLATE "C" PRIMARY KEY,
    -- Without accents, and the word's stem: what it is found by.
    plain text COLLATE "C" NOT NULL,
    stem text COLLATE "C" NOT NULL
);
CREATE INDEX noteword_plain ON practice_noteword (plain);
CREATE INDEX noteword_stem ON practice_noteword (stem);
CREATE INDEX noteword_near ON practice_noteword USING gin (plain gin_trgm_ops);

CREATE FUNCTION practice_stem(word text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce((pg_catalog.ts_lexize('pg_catalog.danish_stem', word))[1], '')
$$;

-- The words worth knowing in a text: no numbers, which may be somebody's.
CREATE FUNCTION practice_words(words text) RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    SELECT lexeme FROM unnest(to_tsvector('simple', practice_plain(words)))
    WHERE length(lexeme) BETWEEN 3 AND 40 AND lexeme !~ '[0-9@/.]'
$$;

-- Learn words. Whoever finds another just learning one leaves it to them: nobody waits, and there is no deadlock.
CREATE FUNCTION practice_learn(words text[]) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO practice_noteword (word, plain, stem)
    SELECT fresh.word, unaccent(fresh.word), practice_stem(fresh.word)
    FROM (
        SELECT DISTINCT w COLLATE "C" AS word FROM unnest(words) w
        WHERE NOT EXISTS (SELECT 1 FROM practice_noteword known WHERE known.word = w COLLATE "C") OFFSET 0
    ) fresh
    WHERE practice_stem(fresh.word) <> ''
      AND pg_try_advisory_xact_lock(7104031, hashtext(fresh.word) & 255)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION practice_learn_written() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM practice_learn(ARRAY(SELECT DISTINCT w FROM written, practice_words(written.text) w));
    RETURN NULL;
END $$;
CREATE FUNCTION practice_learn_corrected() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM practice_learn(ARRAY(SELECT practice_words(NEW.text)));
    RETURN NULL;
END $$;
CREATE TRIGGER words_written AFTER INSERT ON practice_note REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION practice_learn_written();
CREATE TRIGGER words_corrected AFTER UPDATE OF text ON practice_note
    FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION practice_learn_corrected();
SELECT practice_learn(ARRAY(SELECT DISTINCT w FROM practice_note n, practice_words(n.text) w));
"""

WORDS_BACK = """
DROP TRIGGER words_corrected ON practice_note;
DROP TRIGGER words_written ON practice_note;
DROP FUNCTION practice_learn_corrected();
DROP FUNCTION practice_learn_written();
DROP FUNCTION practice_learn(text[]);
DROP FUNCTION practice_words(text);
DROP FUNCTION practice_stem(text);
DROP TABLE practice_noteword;
"""

SEARCH = r"""
-- The forms of a stem that the Danish stemmer keeps apart: cyklede and cykle, cykel and cykler, gaffel and gafler.
CREATE FUNCTION practice_forms(stem text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    WITH base AS (SELECT regexp_replace(stem, '^(.{2,}[^aeiouyæøå])ed$', '\1') AS b),
    forms AS (
        SELECT b FROM base
        UNION SELECT regexp_replace(regexp_replace(b, 'e([lrn])$', '\1'), '(.)\1([lrn])$', '\1\2') FROM base
            WHERE b ~ '.[^aeiouyæøå]e[lrn]$'
        UNION SELECT regexp_replace(b, '([lrn])$', 'e\1') FROM base WHERE b ~ '.[^aeiouyæøålrn][lrn]$'
        UNION SELECT regexp_replace(b, '(.)([lrn])$', '\1\1e\2') FROM base WHERE b ~ '.[^aeiouyæøålrn][lrn]$'
    )
    SELECT b FROM forms
    UNION SELECT b || 'ed' FROM forms WHERE b ~ '[^aeiouyæøå]$'
    UNION SELECT stem
$$;

-- The stems that answer to each word asked for, at most ten words; stop words are left out. A word nobody wrote is
-- taken for the nearest that somebody did; when `wide`, every word is.
CREATE FUNCTION practice_asked(asked text, wide boolean) RETURNS TABLE (place bigint, stems text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one record;
    bare text;
    known boolean;
BEGIN
    -- Not as a setting of the function: a restore may not set what a library it has not loaded yet defines.
    PERFORM set_limit(0.18);
    FOR one IN
        SELECT w.word, w.ordinality, practice_stem(w.word) AS stem
        FROM regexp_split_to_table(practice_plain(left(asked, 400)), '\s+') WITH ORDINALITY AS w(word, ordinality)
        WHERE w.word <> '' AND length(w.word) <= 100 ORDER BY w.ordinality LIMIT 10
    LOOP
        CONTINUE WHEN one.stem = '';
        place := one.ordinality;
        bare := unaccent(one.word);
        stems := ARRAY(
            SELECT practice_forms(one.stem) UNION SELECT n.stem FROM practice_noteword n WHERE n.plain = bare);
        known := EXISTS (SELECT 1 FROM practice_noteword n WHERE n.stem = ANY(stems));
        IF (wide OR NOT known) AND length(bare) BETWEEN 3 AND 40 AND bare !~ '[0-9]' THEN
            stems := stems || ARRAY(
                SELECT near.stem FROM (
                    SELECT n.stem, n.plain FROM practice_noteword n
                    WHERE n.plain % bare AND abs(length(n.plain) - length(bare)) <= 2
                    ORDER BY similarity(n.plain, bare) DESC LIMIT 200
                ) near
                WHERE levenshtein_less_equal(near.plain, bare, CASE WHEN length(bare) < 5 THEN 1 ELSE 2 END)
                    <= CASE WHEN length(bare) < 5 THEN 1 ELSE 2 END
                LIMIT 20);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- Notes about these citizens in which every word asked for occurs, newest first, before a place in the list.
-- First in the latest weeks: what occurs often is found there. Only what is rare is looked up in all years, where
-- the database itself chooses between the word's list and the citizens'.
CREATE FUNCTION practice_search(asked text, citizens bigint[], before timestamptz, before_id bigint, most integer)
RETURNS TABLE (note_id bigint, stems text[]) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    working bigint[];
    readable bigint[];
    query tsquery;
    words text[];
    part record;
    found bigint[];
    upto timestamptz := coalesce(before, 'infinity');
    upto_id bigint := coalesce(before_id, 9223372036854775807);
    since timestamptz;
BEGIN
    IF access_system() THEN
        working := citizens;
    ELSE
        working := ARRAY(SELECT c FROM unnest(citizens) c WHERE c IN (SELECT journeys_record_citizens()));
    END IF;
    readable := working || ARRAY(SELECT c FROM unnest(citizens) c WHERE c IN (SELECT journeys_own_citizens()));
    IF cardinality(readable) = 0 THEN
        RETURN;
    END IF;
    -- About one note a day and citizen: some thousand notes to look through.
    since := least(upto, access_now())
        - make_interval(days => greatest(7, least(365, 4000 / cardinality(readable))));

    FOR round IN 0..1 LOOP
        query := NULL;
        words := '{}';
        FOR part IN SELECT a.stems FROM practice_asked(asked, round = 1) a ORDER BY a.place LOOP
            words := words || part.stems;
            -- Quoted, so that nothing in a word is taken for a sign between words.
            query := CASE WHEN query IS NULL THEN '' ELSE '(' || query::text || ') & ' END
                || (SELECT '(' || string_agg(quote_literal(s), ' | ') || ')' FROM unnest(part.stems) s);
        END LOOP;
        IF query IS NULL THEN
            RETURN;
        END IF;
        found := ARRAY(
            SELECT n.id FROM practice_note n
            WHERE n.citizen_id = ANY(readable) AND n.occurred_at >= since AND n.occurred_at <= upto
              AND (n.occurred_at, n.id) < (upto, upto_id) AND n.withdrawn_at IS NULL
              -- Said so that the word's list, which may be half of all notes, is not read for a few weeks.
              AND (n.search @@ query) IS TRUE
              AND (n.shared_with_citizen OR n.citizen_id = ANY(working))
            ORDER BY n.occurred_at DESC, n.id DESC LIMIT most);
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

-- Everybody but the owner, whatever the application's role is called here: it asks through `practice_search` alone.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT r.rolname FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.oid = 'practice_noteword'::regclass AND a.grantee <> c.relowner GROUP BY 1
    LOOP
        EXECUTE format('REVOKE ALL ON practice_noteword FROM %I', held.rolname);
    END LOOP;
    FOR held IN
        SELECT p.oid::regprocedure AS what, r.rolname FROM pg_proc p, aclexplode(p.proacl) a
        JOIN pg_roles r ON r.oid = a.grantee
        WHERE p.proname IN ('practice_learn', 'practice_asked') AND a.grantee <> p.proowner GROUP BY 1, 2
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I', held.what, held.rolname);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION practice_learn(text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION practice_asked(text, boolean) FROM PUBLIC;
"""

SEARCH_BACK = """
DROP FUNCTION practice_search(text, bigint[], timestamptz, bigint, integer);
DROP FUNCTION practice_asked(text, boolean);
DROP FUNCTION practice_forms(text);
"""

SYSTEM = "(SELECT access_system())"
WORKED = "citizen_id IN (SELECT journeys_worked_citizens())"
NO_RELATIVE = "citizen_id NOT IN (SELECT g.citizen_id FROM access_grants() g WHERE g.role = 'relative')"
TRACKED = (
    "wish", "goal", "goalrating", "followup", "effort", "assessment", "note", "attachment", "assessmentscore",
    "goaltheme", "notegoal", "taskseriescitizen", "taskcitizen", "taskseries", "task",
)  # fmt: skip
CHILDREN = (("assessmentscore", "assessment"), ("goaltheme", "goal"), ("notegoal", "note"))


def parents(*, one_by_one: bool) -> str:
    """The SQL that makes the policies ask for the parent of each row, or gather all parents as before."""

    def parent(table: str, link: str, home: str, condition: str = "") -> str:
        if one_by_one:
            also = f" AND parent.{condition}" if condition else ""
            return f"EXISTS (SELECT 1 FROM practice_{home} parent WHERE parent.id = practice_{table}.{link}{also})"  # nosec B608  our own words
        where = f" WHERE {condition}" if condition else ""
        return f"{link} IN (SELECT id FROM practice_{home}{where})"  # nosec B608  our own words

    told = []
    for name in TRACKED:
        rule = f"{SYSTEM} OR {parent(f'{name}event', 'pgh_obj_id', name)}"
        told.append(f"ALTER POLICY history_read ON practice_{name}event USING ({rule});")
    for name, home in CHILDREN:
        read = f"{SYSTEM} OR {parent(name, f'{home}_id', home)}"
        worked = f"{SYSTEM} OR ({parent(name, f'{home}_id', home, WORKED)})"
        told += [
            f"ALTER POLICY rows_read ON practice_{name} USING ({read});",
            f"ALTER POLICY rows_write ON practice_{name} WITH CHECK ({worked});",
            f"ALTER POLICY rows_change ON practice_{name} USING ({worked});",
            f"ALTER POLICY rows_remove ON practice_{name} USING ({worked});",
        ]
    on_note, on_wish = parent("attachment", "note_id", "note"), parent("attachment", "wish_id", "wish")
    # As 0004_shared_rows has it: a relative needs the consent to pictures too.
    told.append(
        f"ALTER POLICY rows_read ON practice_attachment USING ({SYSTEM} OR (({on_note} OR {on_wish}) AND {NO_RELATIVE})"
        f" OR ({on_note} AND citizen_id IN (SELECT citizens_consented('photos'))));"
    )
    return "\n".join(told)


class Migration(migrations.Migration):
    dependencies = [("practice", "0004_shared_rows")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TEXT, TEXT_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name="note",
                    name="search",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=roedtraad.practice.models.notes.SearchWords("text"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                )
            ],
        ),
        migrations.RunSQL(WORDS, WORDS_BACK),
        migrations.RunSQL(SEARCH, SEARCH_BACK),
        migrations.RunSQL(parents(one_by_one=True), parents(one_by_one=False)),
    ]
