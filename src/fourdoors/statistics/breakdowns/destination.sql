-- Persons transferred by destination; a person with two spells is counted by the latest.
SELECT latest.village, latest.key, 1::numeric AS value
FROM (
    SELECT DISTINCT ON (spell.person_id) spell.village, (spell.place / 10000000000 * 10000000000)::text AS key
    FROM statistics_spell AS spell JOIN register_worker AS worker ON worker.id = spell.person_id
    WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
    ORDER BY spell.person_id, spell.left_on DESC
) AS latest
