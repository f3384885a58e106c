-- kind: count
-- title: {zh: "点对点输送人数", en: "Carried point to point"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "本期内乘有组织的车次、在第四道门（进厂门）有过门记录的人，每人只计一次"
--   en: "Persons carried by an organised trip with a scan at the fourth door, the factory gate, within the period; each person once"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 110000
-- table: worker
SELECT coalesce(same.village, seat.village) AS village, coalesce(same.person_id, seat.worker_id) AS object_id, 1::numeric AS value, 'A'::text AS grade
FROM travel_passage AS passage JOIN travel_seat AS seat ON seat.id = passage.seat_id
LEFT JOIN statistics_merged AS same ON same.record_id = seat.worker_id
WHERE passage.door = 4 AND passage.verdict IN ('accepted', 'out_of_order')
  AND (passage.device_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(from_on)s AND %(to_on)s
GROUP BY 1, 2
