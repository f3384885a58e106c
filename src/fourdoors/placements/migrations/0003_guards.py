"""What the database holds by itself: no placement without a live consent, and openings counted for everybody."""

from django.db import migrations

LIVE_CONSENT = """
CREATE FUNCTION consent_must_be_live() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM 1 FROM register_consent
    WHERE id = NEW.consent_id AND worker_id = NEW.worker_id AND purpose = 'move' AND withdrawn_at IS NULL
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no live consent of this worker to this move' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER live_consent BEFORE INSERT OR UPDATE OF consent_id, worker_id ON placements_placement
    FOR EACH ROW EXECUTE FUNCTION consent_must_be_live();
"""
UNDO_LIVE_CONSENT = """
DROP TRIGGER live_consent ON placements_placement;
DROP FUNCTION consent_must_be_live();
"""
# A count crosses counties and names nobody, so it may step over the row-level policy.
TAKEN = """
CREATE FUNCTION placements_taken(vacancy bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public AS
$$ SELECT count(*) FROM placements_placement WHERE vacancy_id = vacancy AND closed_on IS NULL $$;
"""
HELD = """
CREATE FUNCTION placements_held(vacancies bigint[]) RETURNS TABLE (vacancy bigint, held bigint) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public AS
$$ SELECT vacancy_id, count(*) FROM placements_offer
   WHERE vacancy_id = ANY(vacancies) AND state IN ('made', 'accepted', 'placed') GROUP BY vacancy_id $$;
"""


class Migration(migrations.Migration):
    dependencies = [("placements", "0002_policies"), ("register", "0001_initial")]

    operations = [
        migrations.RunSQL(LIVE_CONSENT, UNDO_LIVE_CONSENT),
        migrations.RunSQL(TAKEN, "DROP FUNCTION placements_taken(bigint)"),
        migrations.RunSQL(HELD, "DROP FUNCTION placements_held(bigint[])"),
    ]
