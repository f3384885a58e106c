"""A payment list that was released is closed for good: the database itself refuses to change it.

A bank answers for payments of released lists only, and what it paid is paid.
"""

from django.db import migrations

FREEZE = """
CREATE FUNCTION subsidies_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'subsidies_paymentbatch' THEN
        IF OLD.state = 'released' THEN
            RAISE EXCEPTION 'payment batch % is released', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF EXISTS (SELECT FROM subsidies_paymentbatch WHERE id = OLD.batch_id AND state = 'released') THEN
        RAISE EXCEPTION 'payment % is released', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON subsidies_paymentbatch
    FOR EACH ROW EXECUTE FUNCTION subsidies_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON subsidies_payment
    FOR EACH ROW EXECUTE FUNCTION subsidies_frozen();
CREATE FUNCTION subsidies_no_late_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM subsidies_paymentbatch WHERE id = NEW.batch_id AND state <> 'made') THEN
        RAISE EXCEPTION 'payment batch % is closed', NEW.batch_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_late_payment BEFORE INSERT ON subsidies_payment
    FOR EACH ROW EXECUTE FUNCTION subsidies_no_late_payment();
CREATE FUNCTION subsidies_answer_of_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM subsidies_payment p JOIN subsidies_paymentbatch b ON b.id = p.batch_id
        WHERE p.id = NEW.payment_id AND b.state = 'released'
    ) OR (TG_OP = 'UPDATE' AND OLD.result = 'paid') THEN
        RAISE EXCEPTION 'payment % takes no answer', NEW.payment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_of_released BEFORE INSERT OR UPDATE ON subsidies_paymentanswer
    FOR EACH ROW EXECUTE FUNCTION subsidies_answer_of_released();
"""
THAW = """
DROP TRIGGER answer_of_released ON subsidies_paymentanswer;
DROP FUNCTION subsidies_answer_of_released();
DROP TRIGGER frozen ON subsidies_paymentbatch;
DROP TRIGGER frozen ON subsidies_payment;
DROP TRIGGER no_late_payment ON subsidies_payment;
DROP FUNCTION subsidies_frozen();
DROP FUNCTION subsidies_no_late_payment();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0002_policies")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
