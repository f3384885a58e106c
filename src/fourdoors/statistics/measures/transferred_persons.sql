-- kind: count
-- title: {zh: "累计输转人数", en: "Persons transferred"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "本期内外出务工或县内非农务工过的人，每人只计一次，不论时间长短，含有组织与自发"
--   en: "Persons who did non-farm work away from home or in the county within the period, each person once, of any length, organised or self-arranged"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）；劳务部门台账口径，每人每年只计一次"
--   en: "report of 11 November 2020 (January to October 2020); labour offices' ledger definition, each person once a calendar year"
-- reported: 5260000
-- table: worker
-- trend: true
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
GROUP BY spell.village, spell.person_id
