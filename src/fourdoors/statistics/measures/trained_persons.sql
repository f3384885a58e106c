-- kind: count
-- title: {zh: "订单培训取证人数", en: "Certified in order-based classes"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "本期内经订单培训取得证书的人"
--   en: "Persons who earned a certificate in an order-based class within the period"
-- source:
--   zh: "培训班台账"
--   en: "ledger of classes"
-- table: worker
SELECT coalesce(same.village, award.village) AS village, coalesce(same.person_id, enrolment.worker_id) AS object_id, 1::numeric AS value, 'B'::text AS grade
FROM training_certificateawarded AS award JOIN training_enrolment AS enrolment ON enrolment.id = award.enrolment_id
LEFT JOIN statistics_merged AS same ON same.record_id = enrolment.worker_id
WHERE award.certificate_id IS NOT NULL AND award.awarded_on BETWEEN %(from_on)s AND %(to_on)s
GROUP BY 1, 2
