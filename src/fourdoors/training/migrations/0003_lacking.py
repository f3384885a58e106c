"""Who of some placements still lacks the certificate: a yes or no for those who see no certificate."""

from django.db import migrations

# An employer sees the own placements and nothing of the register; that somebody is not ready yet is its concern.
LACKING = """
CREATE FUNCTION training_lacking(placements bigint[]) RETURNS TABLE (placement bigint) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public AS
$$ SELECT id FROM placements_placement p
   WHERE id = ANY(placements) AND closed_on IS NULL AND certificate_needed <> ''
     AND NOT EXISTS (SELECT 1 FROM register_certificate c
                     WHERE c.worker_id = p.worker_id AND c.occupation = p.certificate_needed) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0002_policies"), ("register", "0001_initial")]

    operations = [migrations.RunSQL(LACKING, "DROP FUNCTION training_lacking(bigint[])")]
