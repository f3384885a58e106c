-- kind: count
-- title: {zh: "赴津青榕厦建档立卡劳动力", en: "Registered poor to Tianjin, Qingdao, Fuzhou, Xiamen"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "2018年以来赴天津、青岛、福州、厦门务工的建档立卡劳动力，每人只计一次"
--   en: "Workers of registered poor households who went to Tianjin, Qingdao, Fuzhou or Xiamen since 2018, each once"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）；一律自2018年起算，与统计期起始日无关"
--   en: "report of 11 November 2020 (January to October 2020); counted from 2018 on, whatever the first day of the period"
-- reported: 23600
-- table: worker
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on BETWEEN '2018-01-01' AND %(to_on)s
  AND (spell.place / 10000000000 = 12 OR spell.place / 100000000 IN (3702, 3501, 3502))
  AND EXISTS (
    SELECT 1 FROM register_membership AS member
    JOIN register_householdstatus AS status ON status.household_id = member.household_id
    WHERE member.worker_id = spell.person_id AND member.from_on <= %(to_on)s
      AND (member.to_on IS NULL OR member.to_on > '2018-01-01')
      AND status.kind = 'registered_poor' AND status.from_on <= %(to_on)s
      AND (status.to_on IS NULL OR status.to_on > '2018-01-01')
)
GROUP BY spell.village, spell.person_id
