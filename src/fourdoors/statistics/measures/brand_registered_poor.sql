-- kind: count
-- title: {zh: "品牌输转建档立卡劳动力", en: "Registered poor transferred under a brand"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "持有劳务品牌资格、本期内务工的建档立卡劳动力"
--   en: "Workers of registered poor households who belong to a labour brand and worked within the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 51000
-- table: worker
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
  AND EXISTS (
    SELECT 1 FROM partners_brandmember AS brand
    LEFT JOIN statistics_merged AS same ON same.record_id = brand.worker_id
    WHERE coalesce(same.person_id, brand.worker_id) = spell.person_id AND brand.joined_on <= %(to_on)s
      AND (brand.left_on IS NULL OR brand.left_on > %(from_on)s)
  )
  AND EXISTS (
    SELECT 1 FROM register_membership AS member
    JOIN register_householdstatus AS status ON status.household_id = member.household_id
    WHERE member.worker_id = spell.person_id AND member.from_on <= %(to_on)s
      AND (member.to_on IS NULL OR member.to_on > %(from_on)s)
      AND status.kind = 'registered_poor' AND status.from_on <= %(to_on)s
      AND (status.to_on IS NULL OR status.to_on > %(from_on)s)
)
GROUP BY spell.village, spell.person_id
