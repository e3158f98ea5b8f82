"""A draft is its writer's alone, also in the database; and it goes when the account is closed, whoever closes it."""

from django.db import migrations

FORWARD = """
ALTER TABLE drafts_draft ENABLE ROW LEVEL SECURITY;

CREATE POLICY drafts_own ON drafts_draft USING (user_id = (SELECT access_user()));
-- For what runs by itself: forgetting the old ones, changing the keys, copying everything for a backup.
CREATE POLICY drafts_kept ON drafts_draft USING ((SELECT access_system()));

-- It runs as the tables' owner: who closes an account sees none of its drafts.
CREATE FUNCTION drafts_forget_closed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM drafts_draft WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER drafts_forget_closed AFTER UPDATE OF is_active ON accounts_user
FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION drafts_forget_closed();
"""

BACKWARD = """
DROP TRIGGER drafts_forget_closed ON accounts_user;
DROP FUNCTION drafts_forget_closed();
DROP POLICY drafts_kept ON drafts_draft;
DROP POLICY drafts_own ON drafts_draft;
ALTER TABLE drafts_draft DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_draft"), ("access", "0008_sent_request"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
