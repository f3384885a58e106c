-- kind: count
-- title: {zh: "发函省份数", en: "Provinces written to"}
-- unit: {zh: "个", en: "provinces"}
-- definition:
--   zh: "本期内收到本省劳务协作函的省份"
--   en: "Provinces that were sent a letter on labour cooperation within the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 15
-- table: province
-- level: province
SELECT 620000000000::bigint AS village, letter.province_id AS object_id, 1::numeric AS value, 'B'::text AS grade
FROM partners_letter AS letter
WHERE letter.sent_on BETWEEN %(from_on)s AND %(to_on)s
GROUP BY letter.province_id
