-- Persons transferred by age band; a person with two spells is counted by the latest.
SELECT latest.village, latest.key, 1::numeric AS value
FROM (
    SELECT DISTINCT ON (spell.person_id) spell.village, (CASE WHEN age < 21 THEN '16-20' WHEN age < 31 THEN '21-30' WHEN age < 41 THEN '31-40' WHEN age < 51 THEN '41-50' ELSE '51+' END)::text AS key
    FROM statistics_spell AS spell JOIN register_worker AS worker ON worker.id = spell.person_id
CROSS JOIN LATERAL (SELECT date_part('year', age(%(to_on)s::date, worker.born_on)) AS age) AS aged
    WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
    ORDER BY spell.person_id, spell.left_on DESC
) AS latest
