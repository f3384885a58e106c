"""Nobody is placed without a consent that holds: the database itself refuses it.

The function is for any table with ``worker_id`` and ``consent_id``. It reads the consent past the row-level
policy, and locks it: a withdrawal at the same moment comes before the row, or after it, never in between.
"""

from django.db import migrations

ASK = """
CREATE FUNCTION live_consent_needed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM register_consent
        WHERE id = NEW.consent_id AND worker_id = NEW.worker_id AND purpose = 'move' AND withdrawn_at IS NULL
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no live consent of worker % to this move', NEW.worker_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER live_consent BEFORE INSERT OR UPDATE OF worker_id, consent_id, closed_on ON placements_placement
    FOR EACH ROW WHEN (NEW.closed_on IS NULL) EXECUTE FUNCTION live_consent_needed();
"""
ASK_NO_MORE = "DROP TRIGGER live_consent ON placements_placement; DROP FUNCTION live_consent_needed();"


class Migration(migrations.Migration):
    dependencies = [("placements", "0002_policies"), ("register", "0001_initial")]

    operations = [migrations.RunSQL(ASK, ASK_NO_MORE)]
