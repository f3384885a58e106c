"""Words that several steps share: a stable English code, the words of the pages, the words of real forms."""

import re
import unicodedata
from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the field: the code is stored, ``en`` and ``zh`` are shown, aliases are only read.

    ``zh`` is the word of the real forms, so that what is written out can be read in again; ``en`` is the
    ``msgid`` of the pages (``gettext(term.en)``).

    >>> Sex.read("女") is Sex.FEMALE, Sex.FEMALE.zh, Sex("female") == "female"
    (True, '女', True)
    """

    en: str
    zh: str
    aliases: tuple[str, ...]

    def __new__(cls, code: str, en: str = "", zh: str = "", *aliases: str) -> Self:
        """Make a member out of code, English, Chinese and other spellings; ``Sex("female")`` looks one up."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.en, member.zh, member.aliases = en, zh, aliases
        return member

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the member that a cell means, or None: width of signs, spaces and case do not matter.

        >>> Education.read(" 初中 "), Education.read("初 小")
        (<Education.JUNIOR_MIDDLE: 'junior_middle'>, None)
        """
        return next((member for member in cls if _plain(text) in map(_plain, member.spellings)), None)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every text that is read as this word."""
        return (self.value, self.en, self.zh, *self.aliases)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


class Sex(Term):
    """As the identity number says it (性别)."""

    FEMALE = "female", "Female", "女", "女性"
    MALE = "male", "Male", "男", "男性"


class Education(Term):
    """Schooling completed (文化程度), lowest first; the six words of the national member export."""

    ILLITERATE = "illiterate", "Illiterate or barely literate", "文盲或半文盲", "文盲", "半文盲"
    PRIMARY = "primary", "Primary school", "小学", "小学毕业"
    JUNIOR_MIDDLE = "junior_middle", "Junior middle school", "初中", "初中毕业"
    SENIOR_MIDDLE = "senior_middle", "Senior middle school", "高中", "中专", "职高", "技校", "高中或中专"
    JUNIOR_COLLEGE = "junior_college", "Junior college", "大专", "专科", "高职"
    BACHELOR = (
        "bachelor",
        "Bachelor or above",
        "本科及以上",
        "本科",
        "大学",
        "大学本科",
        "硕士",
        "博士",
        "研究生",
    )

    @property
    def rank(self) -> int:
        """0 for the lowest: what a vacancy asks for is compared by it."""
        return list(Education).index(self)


class LabourCapacity(Term):
    """What work a person's health and skill allow (劳动技能, 劳动能力), as the poverty register says it."""

    ORDINARY = "ordinary", "Ordinary worker", "普通劳动力", "普通劳动者"
    SKILLED = "skilled", "Skilled worker", "技能劳动力", "技能型劳动力"
    WEAK = "weak", "Weak or half worker", "弱劳动力或半劳动力", "弱劳动力", "半劳动力"
    LOST = "lost", "Lost capacity", "丧失劳动力", "丧失劳动能力"
    NONE = "none", "No capacity", "无劳动力", "无劳动能力"

    @property
    def may_work(self) -> bool:
        """Tell whether any work away from home can be offered."""
        return self not in (LabourCapacity.LOST, LabourCapacity.NONE)


class RelationToHead(Term):
    """Relation to the head of household (与户主关系): the words of the national member export."""

    HEAD = "head", "Head of household", "户主", "本人", "户主本人"
    SPOUSE = "spouse", "Spouse", "配偶", "妻子", "丈夫", "妻", "夫", "之妻", "之夫"
    SON = "son", "Son", "之子", "儿子", "子", "长子", "次子", "三子"
    DAUGHTER = "daughter", "Daughter", "之女", "女儿", "女", "长女", "次女", "三女"
    DAUGHTER_IN_LAW = "daughter_in_law", "Daughter-in-law", "之儿媳", "儿媳", "儿媳妇"
    SON_IN_LAW = "son_in_law", "Son-in-law", "之女婿", "女婿"
    GRANDSON = "grandson", "Son's son", "之孙子", "孙子"
    GRANDDAUGHTER = "granddaughter", "Son's daughter", "之孙女", "孙女"
    DAUGHTERS_SON = "daughters_son", "Daughter's son", "之外孙子", "外孙子", "外孙"
    DAUGHTERS_DAUGHTER = "daughters_daughter", "Daughter's daughter", "之外孙女", "外孙女"
    FATHER = "father", "Father", "之父", "父亲", "父"
    MOTHER = "mother", "Mother", "之母", "母亲", "母"
    WIFES_FATHER = "wifes_father", "Wife's father", "之岳父", "岳父"
    WIFES_MOTHER = "wifes_mother", "Wife's mother", "之岳母", "岳母"
    HUSBANDS_FATHER = "husbands_father", "Husband's father", "之公公", "公公"
    HUSBANDS_MOTHER = "husbands_mother", "Husband's mother", "之婆婆", "婆婆"
    GRANDFATHER = "grandfather", "Father's father", "之祖父", "祖父", "爷爷"
    GRANDMOTHER = "grandmother", "Father's mother", "之祖母", "祖母", "奶奶"
    MOTHERS_FATHER = "mothers_father", "Mother's father", "之外祖父", "外祖父", "外公"
    MOTHERS_MOTHER = "mothers_mother", "Mother's mother", "之外祖母", "外祖母", "外婆"
    SIBLING = "sibling", "Brother or sister", "之兄弟姐妹", "兄弟姐妹", "兄弟", "姐妹", "兄", "弟", "姐", "妹"
    GREAT_GRANDSON = "great_grandson", "Great-grandson", "之曾孙子", "曾孙子", "曾孙"
    GREAT_GRANDDAUGHTER = "great_granddaughter", "Great-granddaughter", "之曾孙女", "曾孙女"
    NEPHEW = "nephew", "Brother's son", "之侄儿", "侄儿", "侄子"
    NIECE = "niece", "Brother's daughter", "之侄女", "侄女"
    BROTHERS_WIFE = "brothers_wife", "Brother's wife", "之兄弟媳妇", "兄弟媳妇", "嫂子", "弟媳"
    UNCLE = "uncle", "Father's brother", "之叔伯", "叔伯", "叔父", "伯父"
    OTHER = "other", "Other relation", "其他", "其它", "其他关系"


class HouseholdStatusKind(Term):
    """What a household is in the registers, always with dates; one household may carry several.

    Until 2020 the words are 建档立卡 and 边缘户, from 2021 脱贫户 and 监测对象.
    """

    REGISTERED_POOR = (
        "registered_poor", "Registered poor household", "建档立卡贫困户", "建档立卡户", "建档立卡", "贫困户",
        "一般贫困户", "低保贫困户", "未脱贫户",
    )  # fmt: skip
    AT_RISK = "at_risk", "At-risk household", "边缘户", "边缘易致贫户", "贫困边缘户"
    LIFTED_OUT = "lifted_out", "Lifted-out household", "脱贫户", "已脱贫户", "已脱贫", "稳定脱贫户"
    MONITORED = "monitored", "Monitored household", "监测对象", "监测户", "脱贫不稳定户", "突发严重困难户"
    RELOCATED = "relocated", "Relocated household", "易地扶贫搬迁户", "易地搬迁户", "易迁户", "搬迁户"


NO_HOUSEHOLD_STATUS = frozenset(
    {"一般户", "一般农户", "普通农户", "非贫困户", "否", "无"}
)  # read as: no status
NOT_STATED = "未填报"  # in a cell of a filled form: not known yet, and not to be read as forgotten
NO_HOUSEHOLD = "无户"  # in place of a household's number: this person is in none


class Channel(Term):
    """How a worker came to go (输转方式), the most watched split of the statistics."""

    ORGANISED = "organised", "Organised", "有组织", "有组织输转", "组织输转", "劳务经纪人", "点对点"
    SELF_ARRANGED = (
        "self_arranged",
        "Self-arranged",
        "自发",
        "自谋",
        "自主",
        "自行外出",
        "自谋职业",
        "投亲靠友",
    )
    RETURNED_TO_POST = "returned_to_post", "Returned to post", "返岗", "返岗复工", "复工"


class ChannelOfJob(Term):
    """By what kind of work a person earns (就业渠道), as the monthly work monitoring asks."""

    OUT_FOR_WORK = "out_for_work", "Work away from home", "外出务工", "转移就业", "务工"
    WORKSHOP = "workshop", "Village workshop", "帮扶车间", "扶贫车间", "就业帮扶车间", "乡村就业工厂"
    PUBLIC_WELFARE = (
        "public_welfare",
        "Public-welfare job",
        "公益岗位",
        "公益性岗位",
        "乡村公益性岗位",
        "公益岗",
    )
    NEARBY = "nearby", "Nearby work", "就近务工", "就近就地就业", "就近就业", "就地务工"
    SELF_EMPLOYED = "self_employed", "Own business", "自主创业", "创业", "个体经营", "自主经营"
    FLEXIBLE = "flexible", "Flexible work", "灵活就业", "临工", "零工", "打零工"
    OTHER = "other", "Other work", "其他就业", "其他", "其它"


NOT_ASKED = (
    "身体原因",
    "自身健康原因",
    "生病",
    "因病",
    "患病",
    "残疾",
)  # health is for health duty: kept as personal


class PaymentResult(Term):
    """What a bank says of one line of a payment list that came back (发放结果)."""

    PAID = "paid", "Paid into the account", "成功", "发放成功", "已发放", "已到账", "到账", "入账成功"
    RETURNED = (
        "returned",
        "Returned by the bank",
        "退回",
        "失败",
        "发放失败",
        "退票",
        "退汇",
        "未到账",
        "入账失败",
    )


class EndReason(Term):
    """Why a spell of work ended, in the worker's own words as far as they go; nothing follows from it."""

    CONTRACT_ENDED = "contract_ended", "Contract ended", "合同到期", "合同期满"
    SEASON_ENDED = "season_ended", "Season ended", "季节性务工结束", "活干完了", "完工"
    CHANGED_JOB = "changed_job", "Found other work", "另找工作", "换工作", "跳槽"
    PERSONAL = (
        "personal", "Personal or family reasons", "个人或家庭原因", "个人原因", "家庭原因", "照顾家人",
        "家中有事", *NOT_ASKED,
    )  # fmt: skip
    PAY_TOO_LOW = "pay_too_low", "Pay too low", "工资偏低", "工资低"
    WAGES_UNPAID = "wages_unpaid", "Wages not paid", "拖欠工资", "欠薪"
    NOT_AS_PROMISED = "not_as_promised", "Work not as promised", "与招聘承诺不符", "与承诺不符", "岗位不符"
    LIVING_CONDITIONS = "living_conditions", "Board or lodging", "食宿不适应", "食宿条件差", "水土不服"
    EMPLOYER_STOPPED = "employer_stopped", "Employer stopped work", "企业停产或裁员", "停产", "裁员", "放假"
    DISMISSED = "dismissed", "Dismissed", "被辞退", "辞退"
    OWN_WISH = "own_wish", "Own wish", "本人意愿", "自愿返乡"
    HOME_FOR_FESTIVAL = "home_for_festival", "Home for the festival", "回家过年", "春节返乡"
    NOT_STATED = "not_stated", "Not stated", "未说明", "不详"
    OTHER = "other", "Other reason", "其他原因", "其他", "其它"


class CannotLeaveReason(Term):
    """Why a person does not go away for work (无法外出原因): to offer work nearby, never to press."""

    CARE_OF_CHILDREN = "care_of_children", "Cares for children", "照顾小孩", "照看孩子", "带孩子"
    CARE_OF_OLD = "care_of_old", "Cares for old people", "照顾老人", "赡养老人"
    CARE_OF_SICK = "care_of_sick", "Cares for a sick person", "照顾病人", "照顾残疾人"
    PERSONAL = "personal", "Personal reasons", "个人原因", *NOT_ASKED
    FARMING = "farming", "Farms at home", "在家务农", "务农", "种养殖"
    STUDYING = "studying", "At school", "在校就读", "上学", "在校"
    NO_FITTING_JOB = "no_fitting_job", "No fitting job", "没有合适岗位", "无合适岗位"
    NOT_WISHED = "not_wished", "Does not wish to go", "不愿外出", "无外出意愿"
    OTHER = "other", "Other reason", "其他原因", "其他", "其它"
