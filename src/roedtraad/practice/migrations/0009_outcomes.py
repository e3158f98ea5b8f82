"""What figures count goals, ratings and methods in use from: facts without texts and without a key to anybody's page.

As `journeys_staydays`: the views belong to the tables' owner, so row-level security does not stand before them. A
goal's words, its wish and who wrote it are not in them, nor what was said at a rating; a rating taken back is left
out, and so are sub-goals, which are steps towards a goal and do not count for themselves.
"""

from django.db import migrations

FORWARD = """
CREATE VIEW practice_goalfacts AS
    SELECT id, citizen_id, kind, starts_on, closed_on FROM practice_goal WHERE parent_id IS NULL;

CREATE VIEW practice_ratingfacts AS
    SELECT id, goal_id, level, rater, rated_at FROM practice_goalrating WHERE withdrawn_at IS NULL;

-- Which methods are in use, for how many people: nothing of what is done.
CREATE VIEW practice_methoduse AS
    SELECT citizen_id, method_id, starts_on, ends_on FROM practice_effort WHERE method_id IS NOT NULL;

-- A simple view can be written through, with its owner's rights; these cannot.
CREATE FUNCTION practice_facts_read_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is for reading', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON practice_goalfacts
    FOR EACH ROW EXECUTE FUNCTION practice_facts_read_only();
CREATE TRIGGER read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON practice_ratingfacts
    FOR EACH ROW EXECUTE FUNCTION practice_facts_read_only();
CREATE TRIGGER read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON practice_methoduse
    FOR EACH ROW EXECUTE FUNCTION practice_facts_read_only();

-- Figures are kept until something changes; the numbers of the latest changes tell, and nothing about whom.
CREATE VIEW practice_lastoutcomechange AS
    SELECT (SELECT max(pgh_id) FROM practice_goalevent) AS goal,
           (SELECT max(pgh_id) FROM practice_goalratingevent) AS rating;
"""

BACKWARD = """
DROP VIEW practice_lastoutcomechange;
DROP VIEW practice_methoduse;
DROP VIEW practice_ratingfacts;
DROP VIEW practice_goalfacts;
DROP FUNCTION practice_facts_read_only();
"""


class Migration(migrations.Migration):
    dependencies = [("practice", "0008_transitions"), ("journeys", "0004_row_level_security")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
