"""Whom a figure counts: the person, whatever number of records the register found to be of that person.

A record that was merged into another counts as that one, where that one lives, and nowhere for those who may not
see that one: each view runs with the rights and the row-level scope of whoever asks. What belongs to merged
records is a half of its own, so that a figure of one county reads that county by its index; the home is looked
up by a subquery because a join would read every worker for a handful of merges.
"""

from django.db import migrations

MERGED = """
CREATE VIEW statistics_merged WITH (security_invoker = true) AS
SELECT record_id, person_id, village
FROM (
    SELECT other.id AS record_id, other.merged_into_id AS person_id,
           (SELECT kept.village FROM register_worker AS kept WHERE kept.id = other.merged_into_id) AS village
    FROM register_worker AS other WHERE other.merged_into_id IS NOT NULL
) AS found
WHERE village IS NOT NULL;
"""
SPELL = """
CREATE VIEW statistics_spell WITH (security_invoker = true) AS
SELECT spell.id, spell.worker_id AS person_id, spell.village, spell.left_on, spell.ended_on, spell.place,
       spell.channel, spell.industry, spell.employer_id, spell.grade
FROM employment_spell AS spell
WHERE NOT EXISTS (
    SELECT FROM register_worker AS other WHERE other.id = spell.worker_id AND other.merged_into_id IS NOT NULL)
UNION ALL
SELECT spell.id, same.person_id, same.village, spell.left_on, spell.ended_on, spell.place,
       spell.channel, spell.industry, spell.employer_id, spell.grade
FROM employment_spell AS spell JOIN statistics_merged AS same ON same.record_id = spell.worker_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0002_policies"),
        ("employment", "0001_initial"),
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MERGED, "DROP VIEW statistics_merged"),
        migrations.RunSQL(SPELL, "DROP VIEW statistics_spell"),
    ]
