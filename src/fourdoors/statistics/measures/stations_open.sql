-- kind: count
-- title: {zh: "驻外劳务工作站", en: "Labour-service stations outside the province"}
-- unit: {zh: "个", en: "stations"}
-- definition:
--   zh: "期末正在运行的驻外劳务工作站"
--   en: "Stations outside the province that are open at the end of the period"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 103
-- table: station
-- level: province
SELECT 620000000000::bigint AS village, station.id AS object_id, 1::numeric AS value, 'B'::text AS grade
FROM partners_station AS station
WHERE station.opened_on <= %(to_on)s AND (station.closed_on IS NULL OR station.closed_on > %(to_on)s)
