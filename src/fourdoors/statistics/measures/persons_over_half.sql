-- kind: count
-- title: {zh: "务工收入过半脱贫户的劳动力", en: "Workers of households living mainly on work"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "务工收入过半的脱贫户中登记的劳动力"
--   en: "Workers of the register who belong to lifted-out households living mainly on work"
-- source:
--   zh: "报道中76%背后的指标，按人数占比理解；登记的是劳动力，不含儿童"
--   en: "the indicator behind 76 % in the report, read as a share of persons; the register holds workers, not children"
-- within: persons_lifted_out
-- table: worker
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

SELECT member.village, member.worker_id AS object_id, 1::numeric AS value, greatest(work.grade, other.grade) AS grade
FROM lifted
JOIN work ON work.household_id = lifted.household_id
JOIN register_otherincome AS other
  ON other.household_id = lifted.household_id AND other.year = date_part('year', %(to_on)s::date)
JOIN register_membership AS member ON member.household_id = lifted.household_id
  AND member.from_on <= %(to_on)s AND (member.to_on IS NULL OR member.to_on > %(to_on)s)
WHERE work.fen > other.fen
  AND NOT EXISTS (SELECT FROM register_worker AS same WHERE same.id = member.worker_id AND same.merged_into_id IS NOT NULL)
