-- kind: sum
-- title: {zh: "建档立卡劳动力劳务收入", en: "Labour income of registered poor households"}
-- unit: {zh: "元", en: "yuan"}
-- definition:
--   zh: "劳务收入中，建档立卡户劳动力的部分"
--   en: "Labour income earned by workers of registered poor households"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 35370000000
-- within: labour_income
-- table: income
SELECT income.village, income.id AS object_id, income.fen::numeric AS value, income.grade
FROM employment_incomerecord AS income
LEFT JOIN statistics_merged AS same ON same.record_id = income.worker_id
WHERE income.month BETWEEN date_trunc('month', %(from_on)s::date) AND %(to_on)s
  AND EXISTS (
    SELECT 1 FROM register_membership AS member
    JOIN register_householdstatus AS status ON status.household_id = member.household_id
    WHERE member.worker_id = coalesce(same.person_id, income.worker_id) AND member.from_on <= %(to_on)s
      AND (member.to_on IS NULL OR member.to_on > %(from_on)s)
      AND status.kind = 'registered_poor' AND status.from_on <= %(to_on)s
      AND (status.to_on IS NULL OR status.to_on > %(from_on)s)
)
