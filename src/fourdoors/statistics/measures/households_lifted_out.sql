-- kind: count
-- title: {zh: "脱贫户数", en: "Households lifted out"}
-- unit: {zh: "户", en: "households"}
-- definition:
--   zh: "期末前认定脱贫且未返贫的户"
--   en: "Households recognised as lifted out by the end of the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 1345000
-- table: household
SELECT status.village, status.household_id AS object_id, 1::numeric AS value, min(status.grade) AS grade
FROM register_householdstatus AS status
WHERE status.kind = 'lifted_out' AND status.from_on <= %(to_on)s
  AND (status.to_on IS NULL OR status.to_on > %(to_on)s)
GROUP BY status.village, status.household_id
