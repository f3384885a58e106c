-- kind: count
-- title: {zh: "期末在外人数", en: "Out at the end of the period"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "本期最后一天正在外务工的人"
--   en: "Persons at work away from home on the last day of the period"
-- source:
--   zh: "台账时点数"
--   en: "point-in-time count of the ledger"
-- table: worker
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(to_on)s)
GROUP BY spell.village, spell.person_id
