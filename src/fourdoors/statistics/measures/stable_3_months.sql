-- kind: count
-- title: {zh: "稳定就业三个月以上", en: "In work for 3 months or more"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "本期内同一段务工已满3个月的人（截至期末）"
--   en: "Persons with one spell that has lasted 3 full months by the end of the period"
-- source:
--   zh: "参照海原县2025年考核指标：稳定就业3个月"
--   en: "model indicator set of Haiyuan County 2025: stable 3 months"
-- table: worker
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
  -- a month that lacks the day is full on its last day (kernel.periods.full_months): one day more is asked
  AND spell.left_on + interval '3 months'
      + CASE WHEN date_part('day', spell.left_on + interval '3 months') < date_part('day', spell.left_on)
             THEN interval '1 day' ELSE interval '0' END
      <= least(coalesce(spell.ended_on, %(to_on)s::date + 1), %(to_on)s::date + 1)
GROUP BY spell.village, spell.person_id
