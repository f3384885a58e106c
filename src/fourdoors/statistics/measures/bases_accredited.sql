-- kind: count
-- title: {zh: "授牌家政劳务基地", en: "Accredited domestic-service bases"}
-- unit: {zh: "个", en: "bases"}
-- definition:
--   zh: "期末牌匾有效的家政服务劳务基地"
--   en: "Domestic-service bases whose plaque is valid at the end of the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 15
-- table: base
-- level: province
SELECT 620000000000::bigint AS village, base.id AS object_id, 1::numeric AS value, 'B'::text AS grade
FROM partners_base AS base
WHERE base.plaque_on <= %(to_on)s AND base.expires_on > %(to_on)s
