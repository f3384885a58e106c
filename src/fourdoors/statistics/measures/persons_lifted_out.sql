-- kind: count
-- title: {zh: "脱贫户劳动力人数", en: "Workers of lifted-out households"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "脱贫户中登记的劳动力"
--   en: "Workers of the register who belong to lifted-out households"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- table: worker
SELECT member.village, member.worker_id AS object_id, 1::numeric AS value, min(status.grade) AS grade
FROM register_membership AS member
JOIN register_householdstatus AS status ON status.household_id = member.household_id
WHERE member.from_on <= %(to_on)s AND (member.to_on IS NULL OR member.to_on > %(to_on)s)
  AND status.kind = 'lifted_out' AND status.from_on <= %(to_on)s
  AND (status.to_on IS NULL OR status.to_on > %(to_on)s)
  AND NOT EXISTS (SELECT FROM register_worker AS same WHERE same.id = member.worker_id AND same.merged_into_id IS NOT NULL)
GROUP BY member.village, member.worker_id
