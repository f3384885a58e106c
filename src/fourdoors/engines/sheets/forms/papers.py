"""The papers of the way: household, coach, clinic, class, claim. Each may be taken out empty.

``origin`` as in ``work.py``. Columns of health are known by their titles, so that they are dropped where they
stand, and never printed: health duty asks on its own page, and what it asks goes after its days.
"""

from dataclasses import replace

from fourdoors.engines.sheets.columns import Column, Form, Kind
from fourdoors.engines.sheets.forms.work import (
    EDUCATION,
    HEAD_NAME,
    HEALTH,
    IDENTITY,
    NAME,
    NEVER_KEPT,
    NOT_NEEDED,
    PHONE,
    SEX,
    drop,
    pick,
    titled,
    words_of,
)
from fourdoors.kernel.terms import RelationToHead


def _code(key: str, *titles: str) -> Column:
    return Column(key, titles, kind=Kind.CODE)


def _number(key: str, *titles: str) -> Column:
    return Column(key, titles, kind=Kind.INTEGER)


def _money(key: str, *titles: str) -> Column:
    return Column(key, titles, kind=Kind.MONEY)


def _day(key: str, *titles: str) -> Column:
    return Column(key, titles, kind=Kind.DATE)


def _text(key: str, *titles: str) -> Column:
    return Column(key, titles)


_SERIAL = _text("serial", "序号")

COUNTY_PERSON = Form(
    "yiliang_person",
    "县级农户家庭成员信息",
    (
        _SERIAL,
        HEAD_NAME,
        IDENTITY,
        _number("household_size", "家庭人数"),
        _text("home_words", "家庭地址"),
        SEX,
        NEVER_KEPT[0],
        _text("household_kind", "贫困属性"),
        _text("relocation_kind", "易迁户属性"),
        PHONE,
        _text("relocated_to", "搬迁地点"),
        _day("relocated_on", "搬迁时间"),
        _text("remarks", "备注"),
        _number("age", "年龄"),
        EDUCATION,
        pick("is_labour", "是否劳动力"),
        pick("at_school", "是否在校"),
        drop(NOT_NEEDED, "school_stage", "教育阶段"),
        drop(NOT_NEEDED, "school", "就读学校"),
        drop(NOT_NEEDED, "school_class", "就读年级"),
        drop(NOT_NEEDED, "is_aided", "是否享受资助"),
        drop(NOT_NEEDED, "aid", "资助项目"),
        drop(NOT_NEEDED, "aid_amount", "资助金额"),
        drop(HEALTH, "health", "健康状况", "身体状况"),
        drop(NOT_NEEDED, "pension", "是否养老保险"),
        drop(NOT_NEEDED, "medical", "是否医保"),
        drop(NOT_NEEDED, "insurance", "参保险种"),
        drop(NOT_NEEDED, "insured_at", "参保地或单位"),
        drop(HEALTH, "illness", "是否患病", "所患疾病"),
        _text("training", "参加何种培训"),
        pick("work_kind", "就业类型", choices=("外出务工", "自主创业", "未就业")),
        pick("work_ring", "务工地域", choices=("省外", "省内县外", "县内")),
        _text("work_province", "务工省份"),
        _text("work_prefecture", "务工城市"),
        _text("workplace", "务工地点"),
        _text("employer_name", "企业名称"),
        _text("post", "岗位名称"),
        _text("months_worked", "务工时间"),
        _money("monthly_income", "月工资"),
        _text("business", "创业项目"),
        _text("business_place", "创业地点"),
        _day("business_since", "创业时间"),
        _money("business_income", "月收入"),
        _text("wish_place", "务工去向"),
        _text("wish_public_post", "公益性岗位"),
        _text("wish_business", "自主创业"),
        _text("stays_why", "无法外出原因"),
        _text("wish_training", "培训需求"),
        drop(NOT_NEEDED, "homestead", "宅基地面积"),
        drop(NOT_NEEDED, "forest", "林地面积"),
        drop(NOT_NEEDED, "field", "耕地面积"),
        drop(NOT_NEEDED, "crop", "种植品种"),
        drop(NOT_NEEDED, "crop_area", "种植面积"),
        pick("relation", "与户主关系", choices=words_of(RelationToHead)),
        _text("township", "乡镇"),
        _text("village", "村庄"),
        drop(NOT_NEEDED, "photo", "照片"),
    ),
    origin="S43; it names the head only: the member's own name is ours, told so that it can be read again",
    also=(replace(NAME, required=False), NEVER_KEPT[1], NEVER_KEPT[2], NEVER_KEPT[4]),
    told=("name",),
)

HOUSEHOLD_WAGE = Form(
    "household_wage_quarterly",
    "农户务工收入季度表",
    (
        titled(_code("household_number", "户编号", "家庭编号", "户编码"), "家庭编号", required=True),
        NAME,
        _text("post", "务工工种"),
        _text("workplace", "务工省市县"),
        _number("months_worked", "务工累计时间(月)"),
        _text("employer_name", "务工企业名称"),
        Column("year", ("年份",), required=True, kind=Kind.INTEGER),
        *(
            _money(f"income_{months.replace('-', '_')}", f"{months}月")
            for months in ("1-3", "4-6", "7-9", "10", "11", "12")
        ),
    ),
    origin="S42",
    also=NEVER_KEPT,
)

MANIFEST_VEHICLE = Form(
    "p2p_manifest_vehicle",
    "点对点返岗包车登记表(车辆)",
    (
        Column("plate", ("车牌",), required=True),
        _number("seats", "核载人数"),
        _number("riders", "实载人数"),
        _text("carrier", "承运企业"),
        _code("charter", "包车合同号"),
        _text("driver_1", "驾驶员1"),
        _text("driver_2", "驾驶员2"),
        drop(HEALTH, "driver_temperature", "驾驶员体温"),
        _text("staff", "随车工作人员"),
        _text("leader", "车长"),
        _text("deputy", "副车长"),
        _text("from_words", "出发地"),
        _day("leaves_on", "发车时间"),
        _text("to_words", "目的地"),
        _text("employer_name", "用工企业"),
        _text("route", "途经路线"),
        _text("arrives", "预计到达"),
        _text("disinfected", "消毒记录"),
    ),
    origin="S20 to S29, K",
    also=NEVER_KEPT,
)

MANIFEST_PERSON = Form(
    "p2p_manifest_person",
    "点对点返岗包车花名册",
    (
        _SERIAL,
        _number("seat", "座位号"),
        NAME,
        SEX,
        IDENTITY,
        titled(PHONE, "手机"),
        _text("home_words", "户籍乡村"),
        _text("address", "现住址"),
        _text("employer_name", "用工企业"),
        _text("post", "岗位"),
        _code("employer_phone", "企业联系人电话"),
        drop(HEALTH, "contacts_14_days", "14天旅居或接触史"),
        drop(HEALTH, "health_paper_kind", "健康凭证类型"),
        drop(HEALTH, "health_paper", "健康凭证编号"),
        drop(HEALTH, "temperature_leaving", "出发体温"),
        drop(HEALTH, "temperature_1", "途中体温1"),
        drop(HEALTH, "temperature_2", "途中体温2"),
        drop(HEALTH, "temperature_arriving", "到达体温"),
        _text("emergency_contact", "紧急联系人"),
        _text("signature", "签名"),
    ),
    origin="S20 to S29, K; the number of the trip is ours: a list alone does not say which it is of",
    also=(
        *NEVER_KEPT,
        Column("trip_number", ("趟次", "趟次号", "趟次编号"), required=True, kind=Kind.CODE),
    ),
)

HANDOVER = Form(
    "p2p_handover",
    "点对点返岗交接单",
    (
        _number("expected", "应到"),
        _number("present", "实到"),
        _text("unusual", "异常情况"),
        _text("handled", "处置"),
        _text("handed_by", "移交人"),
        _text("carrier", "承运人"),
        _text("employer_name", "接收企业"),
        _text("received_by", "接收人"),
        _text("station", "输入地人社签收"),
        _day("handed_on", "时间"),
    ),
    origin="S26, S29, K",
    also=NEVER_KEPT,
)

HEALTH_FOLLOW_UP = Form(
    "health_followup",
    "返岗农民工健康状况随访记录表",
    (
        NAME,
        SEX,
        IDENTITY,
        _text("home_words", "户籍地"),
        _text("workplace", "拟去往地"),
        drop(HEALTH, "history", "流行病史咨询"),
        drop(HEALTH, "temperature", "体温"),
        drop(HEALTH, "blood_pressure", "血压"),
        drop(HEALTH, "heart_rate", "心率"),
        drop(HEALTH, "breathing", "呼吸道症状筛查"),
        _text("advice", "职业健康防护建议"),
        _text("doctor", "医务人员签名"),
        _text("stamp", "机构盖章"),
        _day("seen_on", "日期"),
    ),
    origin="S21b",
    also=NEVER_KEPT,
)

TRAVEL_SUBSIDY = Form(
    "travel_subsidy_form",
    "一次性交通补助申请(审批)表",
    (
        NAME,
        SEX,
        IDENTITY,
        titled(PHONE, "电话"),
        _text("home_words", "家庭住址"),
        _text("household_kind", "户类型"),
        _text("workplace", "务工省市县"),
        _text("employer_name", "务工单位"),
        _text("post", "岗位"),
        _text("worked_words", "起止时间"),
        _money("monthly_income", "月工资"),
        pick("travelled_by", "交通方式", choices=("火车", "汽车", "飞机", "包车", "其他")),
        _money("ticket", "票据金额"),
        _money("claimed", "申请金额"),
        _text("bank", "开户行"),
        Column("account", ("社保卡或一折通号",), required=True, kind=Kind.CODE),
        Column("payee_name", ("收款人",), required=True),
        _text("payee_relation", "收款人与本人关系"),
        _text("promise", "承诺"),
        _text("signature", "签名"),
        _text("filed_by", "代办人"),
    ),
    origin="S14 to S19, K; the name of the subsidy is ours",
    also=(*NEVER_KEPT, _text("policy", "补贴项目", "补贴名称")),
    told=("policy",),
)

TRAINING_RESULTS = Form(
    "training_results",
    "培训考核成绩表",
    (
        _SERIAL,
        Column("candidate_number", ("准考证号",), required=True, kind=Kind.CODE),
        NAME,
        Column("theory", ("理论", "理论成绩"), required=True, kind=Kind.INTEGER),
        Column("practice", ("实作", "实作成绩", "实操"), required=True, kind=Kind.INTEGER),
        _text("remarks", "备注"),
    ),
    origin="S47",
    also=NEVER_KEPT,
)

TRAINING_CERTIFICATES = Form(
    "training_certificates",
    "培训证书发放表",
    (
        _SERIAL,
        NAME,
        _text("employer_name", "单位"),
        SEX,
        _day("born_on", "出生日期"),
        titled(IDENTITY, "身份证号码"),
        titled(EDUCATION, "学历"),
        _number("theory", "理论成绩"),
        _number("practice", "实践成绩"),
        Column("certificate_number", ("证书编号",), required=True, kind=Kind.CODE),
        _text("remarks", "备注"),
    ),
    origin="S47",
    also=NEVER_KEPT,
)

CLASS_APPLICATION = Form(
    "class_application",
    "开班申请表",
    (
        Column("class_number", ("班级代码",), required=True, kind=Kind.CODE),
        _text("nature", "性质"),
        _text("occupation_words", "工种"),
        _text("hours", "上课时间"),
        _day("starts_on", "开班日期"),
        _text("place_words", "开班地点"),
        _money("fee", "学费标准"),
        pick("state", "状态", choices=("审批中", "通过", "驳回")),
        _text("refused_why", "驳回理由"),
    ),
    origin="S46",
    also=NEVER_KEPT,
)

PAPERS = (
    COUNTY_PERSON,
    HOUSEHOLD_WAGE,
    MANIFEST_VEHICLE,
    MANIFEST_PERSON,
    HANDOVER,
    HEALTH_FOLLOW_UP,
    TRAVEL_SUBSIDY,
    TRAINING_RESULTS,
    TRAINING_CERTIFICATES,
    CLASS_APPLICATION,
)
