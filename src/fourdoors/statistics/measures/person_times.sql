-- kind: count
-- title: {zh: "输转人次", en: "Person-times"}
-- unit: {zh: "人次", en: "person-times"}
-- definition:
--   zh: "本期内新开始的务工次数，一人可有多次"
--   en: "Spells of work begun within the period; one person may have several"
-- source:
--   zh: "劳务部门台账口径；不与人数混用"
--   en: "labour offices' ledger definition; never mixed with persons"
-- table: spell
SELECT spell.village, spell.id AS object_id, 1::numeric AS value, spell.grade
FROM statistics_spell AS spell
WHERE spell.left_on BETWEEN %(from_on)s AND %(to_on)s
