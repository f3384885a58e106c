-- kind: count
-- title: {zh: "有组织输转人数", en: "Organised"}
-- unit: {zh: "人", en: "persons"}
-- definition:
--   zh: "通过政府、劳务工作站、中介、经纪人（有花名册）或用工订单输转的人；返岗点对点计入"
--   en: "Persons who went through a government, station, agency or broker with a roster, or an employer's order; returns to post by organised trip count"
-- source:
--   zh: "台账口径：以务工记录的输转方式为准，录入时须注明来源（车次、协议、订单、花名册）和证据等级"
--   en: "ledger definition: the channel of the spell, entered with its source (trip, agreement, order, roster) and evidence grade"
-- table: worker
SELECT spell.village, spell.person_id AS object_id, 1::numeric AS value, min(spell.grade) AS grade
FROM statistics_spell AS spell
WHERE spell.left_on <= %(to_on)s AND (spell.ended_on IS NULL OR spell.ended_on > %(from_on)s)
  AND spell.channel IN ('organised', 'returned_to_post')
GROUP BY spell.village, spell.person_id
