-- kind: sum
-- title: {zh: "劳务收入", en: "Labour income"}
-- unit: {zh: "元", en: "yuan"}
-- definition:
--   zh: "输转人员本期各月税前工资合计，不折算食宿；实测与估算的比例随数公布"
--   en: "Gross pay of all months of the period, before living costs and without board or lodging in kind; the share measured is published beside it"
-- source:
--   zh: "2020年11月11日媒体报道（2020年1—10月）"
--   en: "report of 11 November 2020 (January to October 2020)"
-- reported: 113000000000
-- table: income
-- trend: true
SELECT income.village, income.id AS object_id, income.fen::numeric AS value, income.grade
FROM employment_incomerecord AS income
WHERE income.month BETWEEN date_trunc('month', %(from_on)s::date) AND %(to_on)s
