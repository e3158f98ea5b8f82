"""A place's terms may not be shortened or removed under a stay.

The stay's own trigger looks at the terms when a stay is written; this one looks at the stays when a term is.
It waits until the end of the transaction, so that a term may be cut in two and still cover its stays. The
trigger stands on a table of the organisation but belongs here, because only this app knows what a stay is.
Both sides take the place's row first: whoever comes second waits and then sees what the first one did.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journeys_terms_keep_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    outside daterange;
BEGIN
    PERFORM 1 FROM organisation_place WHERE id = OLD.place_id FOR UPDATE;
    SELECT s.planned INTO outside FROM journeys_stay s
    WHERE s.place_id = OLD.place_id AND s.withdrawn_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM organisation_placeterm t WHERE t.place_id = OLD.place_id
        HAVING range_agg(t.valid) @> s.planned
    )
    ORDER BY s.planned LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'placeterm_keeps_stays' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'placeterm_keeps_stays', TABLE = 'organisation_placeterm',
            DETAIL = lower(outside)::text || '/' || coalesce((upper(outside) - 1)::text, '');
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER placeterm_keeps_stays
    AFTER UPDATE OR DELETE ON organisation_placeterm
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journeys_terms_keep_stays();

CREATE FUNCTION journeys_stay_holds_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM organisation_place WHERE id = NEW.place_id FOR KEY SHARE;
    RETURN NEW;
END $$;

-- Triggers of a kind fire in the order of their names: this one before "pgtrigger_inside_place_life…".
CREATE TRIGGER holds_place BEFORE INSERT OR UPDATE ON journeys_stay
    FOR EACH ROW EXECUTE FUNCTION journeys_stay_holds_place();
"""

BACKWARD = """
DROP TRIGGER holds_place ON journeys_stay;
DROP FUNCTION journeys_stay_holds_place();
DROP TRIGGER placeterm_keeps_stays ON organisation_placeterm;
DROP FUNCTION journeys_terms_keep_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_initial"), ("organisation", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
