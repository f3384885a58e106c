-- kind: count
-- title: {zh: "其中建档立卡劳动力", en: "From registered-poor households"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "累计输转人数中，本期内所在户为建档立卡户的人"
--   en: "Persons transferred whose household was in the poverty register within the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 1899000
-- within: transferred_persons
-- table: worker
-- trend: true
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
  AND EXISTS (
    SELECT 1 FROM register_membership AS member
    JOIN register_householdstatus AS status ON status.household_id = member.household_id
    WHERE member.worker_id = spell.person_id AND member.from_on <= %(to_on)s
      AND (member.to_on IS NULL OR member.to_on > %(from_on)s)
      AND status.kind = 'registered_poor' AND status.from_on <= %(to_on)s
      AND (status.to_on IS NULL OR status.to_on > %(from_on)s)
)
GROUP BY spell.village, spell.person_id
