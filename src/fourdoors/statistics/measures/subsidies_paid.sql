-- kind: sum
-- title: {zh: "已发放补贴奖补", en: "Subsidies paid"}
-- unit: {zh: "元", en: "yuan"}
-- definition:
--   zh: "本期内已发放清册中的补贴奖补金额"
--   en: "Amount of travel subsidies and rewards in payment lists released within the period"
-- source:
--   zh: "补贴发放台账"
--   en: "ledger of payments"
-- table: payment
SELECT payment.village, payment.id AS object_id, payment.fen::numeric AS value, 'A'::text AS grade
FROM subsidies_payment AS payment JOIN subsidies_paymentbatch AS batch ON batch.id = payment.batch_id
WHERE (batch.released_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(from_on)s AND %(to_on)s
