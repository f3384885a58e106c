-- kind: count
-- title: {zh: "就近就地就业人数", en: "In nearby work"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "本期内在扶贫车间、公益性岗位或本县内务工的人"
--   en: "Persons who worked in a workshop, a public-welfare post or otherwise inside their home county within the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）：扶贫车间、乡村公益性岗位就近就地"
--   en: "report of 11 November 2020 (January to October 2020): workshops and public-welfare posts in the nearest town"
-- reported: 120800
-- table: worker
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
LEFT JOIN partners_employer AS employer ON employer.id = spell.employer_id
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
  AND (employer.kind IN ('workshop', 'public_welfare') OR spell.place / 1000000 = spell.village / 1000000)
GROUP BY spell.village, spell.person_id
