"""What the database itself refuses: a seat or a departure without consent, a changed receipt."""

from django.db import migrations

SEAT = """
CREATE TRIGGER live_consent BEFORE INSERT OR UPDATE OF worker_id, consent_id, given_up_at ON travel_seat
    FOR EACH ROW WHEN (NEW.given_up_at IS NULL) EXECUTE FUNCTION live_consent_needed();
"""
SEAT_BACK = "DROP TRIGGER live_consent ON travel_seat;"

# Asked at a door, where nobody may read the register: yes or no, and nothing else, leaves the function.
# With a moment it answers for that moment: a scan that arrives late is judged by when it was made.
HOLDS = """
CREATE FUNCTION travel_consent_holds(consent bigint, made_at timestamptz DEFAULT 'infinity') RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM register_consent WHERE id = consent AND (withdrawn_at IS NULL OR withdrawn_at > made_at)
    )
$$;
"""
HOLDS_BACK = "DROP FUNCTION travel_consent_holds(bigint, timestamptz);"

# The signed list names revoked passes of every county by their random numbers; no person leaves the functions.
REVOKED = """
CREATE FUNCTION travel_revoked_passes(asked_at timestamptz) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT pass_number FROM travel_pass WHERE revoked_at IS NOT NULL AND expires_at > asked_at ORDER BY 1
$$;
CREATE FUNCTION travel_passes_end(issued_until timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT max(expires_at) FROM travel_pass WHERE issued_at <= issued_until
$$;
REVOKE UPDATE, DELETE ON travel_devicescan FROM fourdoors_app;
"""
REVOKED_BACK = "DROP FUNCTION travel_revoked_passes(timestamptz); DROP FUNCTION travel_passes_end(timestamptz);"

DEPARTURE = """
CREATE FUNCTION travel_departure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM register_consent
        WHERE id IN (SELECT consent_id FROM travel_seat WHERE trip_id = NEW.id AND given_up_at IS NULL)
        ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT FROM travel_seat JOIN register_consent ON register_consent.id = consent_id
        WHERE trip_id = NEW.id AND given_up_at IS NULL AND withdrawn_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'trip % holds a seat whose consent is withdrawn', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER departure BEFORE UPDATE OF state ON travel_trip FOR EACH ROW
    WHEN (NEW.state = 'departed' AND OLD.state <> 'departed') EXECUTE FUNCTION travel_departure();
"""
DEPARTURE_BACK = "DROP TRIGGER departure ON travel_trip; DROP FUNCTION travel_departure();"

RECEIPT = """
CREATE FUNCTION travel_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'handover % is signed by all three', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER receipt BEFORE UPDATE OR DELETE ON travel_handover FOR EACH ROW
    WHEN (OLD.sent_at IS NOT NULL AND OLD.carried_at IS NOT NULL AND OLD.received_at IS NOT NULL)
    EXECUTE FUNCTION travel_receipt();
"""
RECEIPT_BACK = "DROP TRIGGER receipt ON travel_handover; DROP FUNCTION travel_receipt();"


class Migration(migrations.Migration):
    dependencies = [("travel", "0002_policies"), ("placements", "0003_live_consent")]

    operations = [
        migrations.RunSQL(SEAT, SEAT_BACK),
        migrations.RunSQL(HOLDS, HOLDS_BACK),
        migrations.RunSQL(REVOKED, REVOKED_BACK),
        migrations.RunSQL(DEPARTURE, DEPARTURE_BACK),
        migrations.RunSQL(RECEIPT, RECEIPT_BACK),
    ]
