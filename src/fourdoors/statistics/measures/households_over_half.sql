-- kind: count
-- title: {zh: "务工收入过半的脱贫户", en: "Lifted-out households living mainly on work"}
-- unit: {zh: "户", en: "households"}
-- definition:
--   zh: "脱贫户中，本期务工收入超过户总收入（务工收入加其他收入）一半的户"
--   en: "Lifted-out households whose labour income exceeds half of their total income (labour and other income of the year)"
-- source:
--   zh: "报道中71%背后的指标，按户数占比理解"
--   en: "the indicator behind 71 % in the report, read as a share of households"
-- within: households_lifted_out
-- table: household
WITH work AS (
    SELECT member.household_id, sum(income.fen) AS fen, max(income.grade) AS grade
    FROM employment_incomerecord AS income
    JOIN register_membership AS member ON member.worker_id = income.worker_id
      AND member.from_on <= %(to_on)s AND (member.to_on IS NULL OR member.to_on > %(to_on)s)
    WHERE income.month BETWEEN date_trunc('month', %(from_on)s::date) AND %(to_on)s
    GROUP BY member.household_id
), lifted AS (
    SELECT DISTINCT status.household_id, status.village
    FROM register_householdstatus AS status
    WHERE status.kind = 'lifted_out' AND status.from_on <= %(to_on)s
      AND (status.to_on IS NULL OR status.to_on > %(to_on)s)
)

SELECT lifted.village, lifted.household_id AS object_id, 1::numeric AS value, greatest(work.grade, other.grade) AS grade
FROM lifted
JOIN work ON work.household_id = lifted.household_id
JOIN register_otherincome AS other
  ON other.household_id = lifted.household_id AND other.year = date_part('year', %(to_on)s::date)
WHERE work.fen > other.fen
