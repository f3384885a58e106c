"""The forms that tell of people, posts and payments, and the columns that other forms share.

Titles are facts, copied as the forms print them. ``origin`` says where they are known from: S numbers are
the list of sources at the end of this file; K is common knowledge of the field, to be looked at again
before a county relies on it.
"""

from fourdoors.engines.sheets.columns import Column, Form, Kind
from fourdoors.kernel.terms import (
    Channel,
    ChannelOfJob,
    Education,
    LabourCapacity,
    PaymentResult,
    RelationToHead,
    Sex,
    Term,
)

YES_NO = ("是", "否")

# Why a column is dropped. Personal Information Protection Law, articles 6, 28 and 29 (in force 1 November
# 2021): least data for the purpose; sensitive data need a purpose of their own and separate consent.
ETHNICITY, RELIGION, POLITICS, HEALTH, NOT_NEEDED = (
    "ethnicity",
    "religion",
    "politics",
    "health",
    "not_needed",
)


def words_of(terms: type[Term]) -> tuple[str, ...]:
    """Return the words of a list, as forms print them."""
    return tuple(term.zh for term in terms)


def pick(key: str, *titles: str, choices: tuple[str, ...] = YES_NO) -> Column:
    """Return a column that offers words to choose from."""
    return Column(key, titles, kind=Kind.ENUM, choices=choices)


def drop(reason: str, key: str, *titles: str) -> Column:
    """Return a column that must not be kept."""
    return Column(key, titles, dropped=reason)


NEVER_KEPT = (
    drop(ETHNICITY, "ethnicity", "民族", "族别"),
    drop(RELIGION, "religion", "宗教信仰", "宗教", "信仰", "是否信教", "宗教教职人员"),
    drop(POLITICS, "politics", "政治面貌", "是否党员", "党员", "入党时间"),
    drop(HEALTH, "health", "健康状况", "身体状况", "是否患病", "所患疾病", "病史", "是否残疾"),
    drop(HEALTH, "disability", "残疾类别", "残疾等级", "残疾证号"),
)

NAME = Column("name", ("姓名", "aab002", "务工人员姓名", "劳动力姓名", "成员姓名"), required=True)
IDENTITY = Column(
    "identity",
    ("身份证号", "证件号码", "aab004", "身份证号码", "公民身份号码", "身份证", "身份证件号码"),
    required=True,
    kind=Kind.IDENTITY,
    hint="18 位，末位可为 X；先把单元格设为文本再输入",
)
SEX = pick("sex", "性别", choices=words_of(Sex))
EDUCATION = pick("education", "文化程度", "学历", choices=words_of(Education))
PHONE = Column(
    "phone", ("联系电话", "手机", "手机号", "手机号码", "电话", "本人电话", "成员联系电话"), kind=Kind.CODE
)
HOUSEHOLD_NUMBER = Column("household_number", ("户编号", "家庭编号", "户编码"), kind=Kind.CODE)
HOUSEHOLD_KIND = Column("household_kind", ("户类型", "贫困户属性", "脱贫属性", "户属性", "监测对象类别"))
HEAD_NAME = Column("head_name", ("户主姓名", "户主"))


def titled(column: Column, title: str, *, required: bool | None = None) -> Column:
    """Return the column with another first title: the one that this form prints."""
    titles = (title, *(other for other in column.titles if other != title))
    needed = column.required if required is None else required
    return Column(
        column.key, titles, needed, column.dropped, column.kind, column.choices, column.hint, column.group
    )


NATIONAL_MEMBER_EXPORT = Form(
    "national_member_export",
    "全国扶贫开发信息系统家庭成员信息",
    (
        Column("province", ("省", "省份")),
        Column("prefecture", ("市", "市州", "地市")),
        Column("county", ("县", "县区", "区县")),
        Column("township", ("乡", "乡镇", "镇", "乡(镇)")),
        Column("village", ("村", "行政村", "村名")),
        Column("household_number", ("户编号", "家庭编号", "户编码"), required=True, kind=Kind.CODE),
        Column("person_number", ("人口编号", "人编号"), kind=Kind.CODE),
        NAME,
        SEX,
        Column("born_on", ("出生日期", "出生年月"), kind=Kind.DATE),
        Column("identity_type", ("证件类型",)),
        titled(IDENTITY, "证件号码"),
        NEVER_KEPT[0],
        Column("household_phone", ("户联系电话", "户电话"), kind=Kind.CODE),
        Column("phone", ("成员联系电话", "联系电话", "手机号码", "电话"), kind=Kind.CODE),
        Column("year", ("年度", "aar040"), kind=Kind.INTEGER),
        pick("relation", "与户主关系", "aab006", choices=words_of(RelationToHead)),
        EDUCATION,
        Column("school_status", ("在校生状况", "在校状况")),
        pick("labour_capacity", "劳动技能", "aab010", "劳动能力", choices=words_of(LabourCapacity)),
        Column("months_worked", ("务工时间(月)", "aab012", "务工时间", "务工月数"), kind=Kind.INTEGER),
        NEVER_KEPT[3],
        NEVER_KEPT[2],
        Column("employer_name", ("务工企业名称", "aab029", "务工单位")),
        drop(NOT_NEEDED, "minimum_living", "是否享受低保"),
        drop(NOT_NEEDED, "employee_pension", "是否参加城镇职工基本养老保险"),
        drop(HEALTH, "illness_insurance", "是否参加大病保险"),
        drop(
            NOT_NEEDED,
            "resident_medical",
            "是否参加新型农村合作医疗(城乡居民基本医疗保险)",
            "是否参加新型农村合作医疗",
            "是否参加城乡居民基本医疗保险",
        ),
        drop(NOT_NEEDED, "resident_pension", "是否参加城乡居民基本养老保险"),
        drop(NOT_NEEDED, "left_school_why", "失学或辍学原因"),
        pick("speaks_mandarin", "是否会讲普通话"),
        drop(NOT_NEEDED, "medical_supplement", "是否参加商业补充医疗保险"),
        pick("works_abroad", "是否国外务工"),
        Column("industry", ("产业分类",)),
        drop(HEALTH, "illness_aid", "是否接受大病医疗救助"),
        drop(HEALTH, "health_aid", "是否接受其他健康扶贫"),
        Column("welfare_post_kind", ("公益性岗位类型", "公益岗位类型")),
        Column("welfare_post_months", ("公益性岗位(月数)", "公益岗位(月数)"), kind=Kind.INTEGER),
        pick("channel_of_job", "就业渠道", choices=words_of(ChannelOfJob)),
        NEVER_KEPT[4],
        Column("workplace", ("务工所在地", "务工地点")),
        HEAD_NAME,
        Column("head_identity", ("户主证件号码", "户主身份证号", "户主身份证号码"), kind=Kind.IDENTITY),
        drop(NOT_NEEDED, "employee_medical", "是否参加城镇职工基本医疗保险"),
        drop(NOT_NEEDED, "destitute", "是否特困供养人员"),
        drop(HEALTH, "disability_year", "残疾证办证年度"),
        Column("recognition", ("识别标准",)),
    ),
    origin="S41, S42",
    also=(
        NEVER_KEPT[1],
        HOUSEHOLD_KIND,
        Column("work_ring", ("务工状况",)),
        Column("household_size", ("人数", "家庭人数"), kind=Kind.INTEGER),
        drop(NOT_NEEDED, "poverty_cause", "主要致贫原因", "致贫原因"),
        drop(NOT_NEEDED, "unsafe_house", "危房户", "是否危房户"),
        drop(NOT_NEEDED, "drinking_water", "饮水安全", "是否解决安全饮用水"),
        drop(NOT_NEEDED, "income_per_head", "人均纯收入"),
        drop(NOT_NEEDED, "bank", "开户银行名称"),
        drop(NOT_NEEDED, "bank_account", "银行卡号"),
    ),
    told=("household_kind",),
)

TRANSFER_LEDGER = Form(
    "transfer_ledger",
    "农村劳动力输转台账",
    (
        Column("serial", ("序号",)),
        Column("township", ("乡镇", "乡", "镇", "乡(镇)")),
        Column("village", ("村", "行政村", "村名")),
        Column("group", ("社(组)", "社", "组", "村民小组")),
        HEAD_NAME,
        NAME,
        SEX,
        NEVER_KEPT[0],
        IDENTITY,
        Column("age", ("年龄", "周岁"), kind=Kind.INTEGER),
        EDUCATION,
        pick("registered_poor", "是否建档立卡", "建档立卡", "是否贫困户", "是否建档立卡户"),
        HOUSEHOLD_KIND,
        PHONE,
        Column("skills", ("技能或工种", "技能", "工种", "技能/工种", "技能特长")),
        Column("training", ("培训情况", "参加何种培训")),
        Column(
            "left_on", ("输转时间", "外出时间", "开始时间", "务工开始时间"), required=True, kind=Kind.DATE
        ),
        Column("returned_on", ("返乡时间", "返回时间", "结束时间", "务工结束时间"), kind=Kind.DATE),
        Column("work_province", ("务工省", "务工省份", "务工所在省", "输入省份")),
        Column("work_prefecture", ("务工市", "务工城市", "务工所在市")),
        Column("work_county", ("务工县", "务工所在县", "务工县区")),
        Column("employer_name", ("务工单位", "务工企业名称", "用工单位", "企业名称", "务工企业")),
        Column("industry", ("从事行业", "所属行业", "行业")),
        Column("post", ("岗位", "岗位名称", "从事岗位", "工作岗位")),
        pick("channel", "输转方式", "转移方式", "输出方式", choices=words_of(Channel)),
        Column("organiser", ("组织单位或带队人", "组织单位", "带队人", "劳务经纪人", "组织单位/带队人")),
        pick("has_contract", "是否签订合同", "签订合同", "劳动合同"),
        pick("is_insured", "是否参保", "参加社保", "参保"),
        Column("monthly_income", ("月收入", "月工资", "务工月收入", "工资"), kind=Kind.MONEY),
        Column("months_worked", ("累计务工月数", "务工月数", "务工时间(月)"), kind=Kind.INTEGER),
        Column("total_income", ("累计劳务收入", "劳务收入", "务工收入"), kind=Kind.MONEY),
        Column("subsidies", ("享受补贴", "是否享受补贴", "是否享受交通补贴", "是否享受交通补贴/奖补")),
        Column("helper", ("联系帮扶干部", "帮扶干部", "帮扶责任人")),
        Column("remarks", ("备注",)),
    ),
    origin="K, agrees with S40, S41, S42, S43",
    also=(
        *NEVER_KEPT[1:],
        HOUSEHOLD_NUMBER,
        Column("workplace", ("务工地点", "务工地点(省市县)", "务工省市县", "务工所在地")),
    ),
)

JOB_LIST = Form(
    "job_list",
    "招聘岗位信息表",
    (
        Column("serial", ("序号",)),
        Column("employer_name", ("企业名称", "用工单位", "用人单位", "单位名称", "招聘单位"), required=True),
        Column("credit_code", ("统一社会信用代码", "社会信用代码", "信用代码"), kind=Kind.CODE, hint="18 位"),
        Column("industry", ("行业", "所属行业", "企业性质/行业", "企业性质")),
        Column("title", ("岗位", "岗位名称", "招聘岗位", "工种"), required=True),
        Column("openings", ("招聘人数", "需求人数", "用工人数", "人数"), required=True, kind=Kind.INTEGER),
        Column("filled", ("已招人数",), kind=Kind.INTEGER),
        pick("education", "学历", "学历要求", "文化程度", choices=words_of(Education)),
        Column("skills", ("技能或证书", "技能", "证书", "技能/证书", "技能要求")),
        Column("duties", ("工作内容", "岗位职责", "岗位描述")),
        Column("base_wage", ("底薪", "基本工资"), kind=Kind.MONEY),
        Column("wage", ("综合月薪", "月薪", "工资待遇", "薪资", "薪资待遇", "综合工资", "月工资")),
        Column("pay_basis", ("计薪方式", "工资计算方式")),
        Column("shifts", ("班制", "工作班制", "工作时间")),
        Column("board_lodging", ("食宿", "食宿情况", "食宿条件")),
        Column("insurance", ("社保", "社保/意外险", "保险", "五险")),
        Column("contract", ("合同期限", "劳动合同期限")),
        Column("place_words", ("工作地址", "工作地点", "务工地点", "地址")),
        Column("report_words", ("报到方式", "报到方式/交通", "交通")),
        Column("contact", ("联系人", "企业联系人")),
        Column("phone", ("电话", "联系电话", "手机", "联系方式"), kind=Kind.CODE),
        Column("expires_on", ("有效期至", "截止日期", "有效期"), kind=Kind.DATE),
        Column("source", ("来源", "岗位来源")),
        Column("verified_by", ("核验人", "审核人")),
        Column("verified_on", ("核验日期", "审核日期"), kind=Kind.DATE),
        Column("sex_claim", ("声明性别要求及法律依据", "性别要求", "性别")),
        Column("age_claim", ("声明年龄要求及法律依据", "年龄要求", "年龄")),
    ),
    origin="K",
    also=(
        *NEVER_KEPT,
        Column("wage_low_yuan", ("最低月薪", "月薪下限"), kind=Kind.INTEGER),
        Column("wage_high_yuan", ("最高月薪", "月薪上限"), kind=Kind.INTEGER),
        Column("wage_amount", ("原币工资",)),
        Column("wage_unit", ("原工资单位",)),
        Column("currency", ("币种",)),
        Column("exchange_rate", ("汇率",)),
        Column("exchange_as_of", ("汇率日期",), kind=Kind.DATE),
        Column("hours_per_week", ("每周工时",)),
        Column("country", ("国家",)),
        Column("starts_on", ("上岗日期", "上岗时间", "开工日期"), kind=Kind.DATE),
        Column("ends_on", ("用工结束日期", "完工日期"), kind=Kind.DATE),
        Column("occupation_words", ("职业名称", "职业")),
        Column("occupation_code", ("职业代码", "职业编码"), kind=Kind.CODE),
        Column("occupation_system", ("职业分类体系",)),
        Column("source_row", ("来源编号", "岗位编号"), kind=Kind.CODE),
    ),
)

WORK_MONITOR_OUT = Form(
    "work_monitor_out",
    "已外出务工信息",
    (
        Column("county", ("县", "县区")),
        Column("township", ("乡", "乡镇")),
        Column("village", ("行政村", "村")),
        HOUSEHOLD_NUMBER,
        Column("household_kind", ("户类型",)),
        Column("monitored_kind", ("监测对象类别",)),
        NAME,
        titled(IDENTITY, "证件号码"),
        Column("left_on", ("开始时间", "外出时间", "务工开始时间"), kind=Kind.DATE),
        Column("returned_on", ("结束时间", "返乡时间", "务工结束时间"), kind=Kind.DATE),
        Column("work_province", ("务工所在省", "务工省")),
        Column("work_prefecture", ("务工所在市", "务工市")),
        Column("work_county", ("务工所在县", "务工县")),
        Column("employer_name", ("务工企业名称",), required=True),
        Column("industry", ("所属行业",), required=True),
        Column("monthly_income", ("务工月收入", "月收入"), required=True, kind=Kind.MONEY),
        Column(
            "channel_of_job", ("就业渠道",), required=True, kind=Kind.ENUM, choices=words_of(ChannelOfJob)
        ),
        Column("point_to_point", ("是否点对点输送",), required=True, kind=Kind.ENUM, choices=YES_NO),
    ),
    origin="S40; title rows above, header in row 3; end, province, town and industry columns inferred",
    also=(*NEVER_KEPT, Column("month", ("月份", "监测月份", "统计月份", "所属月份"))),
    told=("month",),
)

_HEAD, _PAYEE, _SUBJECT, _PAYING, _MORE = (
    "户主信息", "收款人信息", "补贴对象信息", "发放信息", "扩展信息",
)  # fmt: skip

PAYMENT_LIST = Form(
    "payment_list",
    "补贴资金发放清册",
    (
        Column("township", ("乡镇",), group=_HEAD),
        Column("village", ("村", "行政村"), group=_HEAD),
        Column("head_name", ("户主姓名",), group=_HEAD),
        Column("head_identity", ("户主身份证号",), kind=Kind.IDENTITY, group=_HEAD),
        Column("payee_name", ("收款人姓名", "收款人"), required=True, group=_PAYEE),
        Column("payee_identity", ("收款人身份证号",), kind=Kind.IDENTITY, group=_PAYEE),
        Column("payee_relation", ("与补贴对象关系", "收款人与本人关系"), group=_PAYEE),
        Column("bank", ("开户银行", "开户行"), group=_PAYEE),
        Column("account", ("一折通账号", "社保卡或一折通号"), required=True, kind=Kind.CODE, group=_PAYEE),
        Column("name", ("补贴对象姓名",), required=True, group=_SUBJECT),
        Column("identity", ("补贴对象身份证号",), required=True, kind=Kind.IDENTITY, group=_SUBJECT),
        Column("phone", ("联系电话",), kind=Kind.CODE, group=_SUBJECT),
        Column("policy", ("补贴项目",), required=True, group=_PAYING),
        Column("period", ("补贴所属期",), required=True, group=_PAYING),
        Column("standard", ("补贴标准(元)", "补贴标准"), kind=Kind.MONEY, group=_PAYING),
        Column("quantity", ("数量", "月数"), kind=Kind.INTEGER, group=_PAYING),
        Column("amount", ("补贴金额(元)", "补贴金额"), required=True, kind=Kind.MONEY, group=_PAYING),
        Column("remarks", ("备注",), group=_MORE),
    ),
    origin="groups, types and number of columns from S45; the 18 titles, and the bank's three, are ours (K)",
    also=(
        *NEVER_KEPT,
        Column(
            "result",
            ("发放结果", "发放状态", "处理结果", "交易状态", "代发结果"),
            required=True,
            kind=Kind.ENUM,
            choices=words_of(PaymentResult),
            group=_MORE,
        ),
        Column("paid_on", ("发放日期", "到账日期", "入账日期", "交易日期"), kind=Kind.DATE, group=_MORE),
        Column("returned_why", ("退回原因", "失败原因", "退票原因", "退汇原因"), group=_MORE),
    ),
    told=("paid_on", "returned_why"),
)

TRAINING_ROSTER = Form(
    "training_roster",
    "班级学员花名册",
    (
        Column("serial", ("序号",)),
        NAME,
        SEX,
        titled(EDUCATION, "学历"),
        Column("age", ("年龄",), kind=Kind.INTEGER),
        titled(IDENTITY, "身份证号码"),
        PHONE,
        Column("registered_place", ("户口所在地", "户籍地址")),
        Column("hukou_kind", ("户口性质",)),
        Column("promised_employer", ("就业安排承诺单位", "承诺就业单位")),
    ),
    origin="S47; the number of the class is ours: a roster alone does not say which class it is of",
    also=(
        *NEVER_KEPT,
        Column("class_number", ("班级代码", "班级编号", "班次代码"), required=True, kind=Kind.CODE),
    ),
)

# Sources (read in 2025 and 2026, for their columns only): S40 to S43 are column headers, code lists and
# checks in programs that county staff wrote for exports of the national system, 2015-2023; S45 a county
# subsidy system; S47 forms of home-service training, Qingdao, https://m.zixin.com.cn/doc/8842893.html
