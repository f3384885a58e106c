"""Words of recruitment: pay, requirements, fairs, applications."""

from fourdoors.kernel.terms import Term

FEWEST_SHOWN = 5  # fewer people than this are never counted on a public page (DESIGN, small numbers)


class PayBasis(Term):
    """How pay is counted (计薪方式)."""

    MONTHLY = "monthly", "By the month", "月薪", "月", "每月", "month", "固定月薪", "底薪+提成", "综合月薪"
    HOURLY = "hourly", "By the hour", "计时", "小时", "小时工", "时薪", "每小时", "hour"
    PIECE = "piece", "By the piece", "计件", "计件工资", "多劳多得", "piece"
    DAILY = "daily", "By the day", "日薪", "日", "天", "日结", "每天", "day"
    WEEKLY = "weekly", "By the week", "周薪", "周", "每周", "week"
    FORTNIGHTLY = "fortnightly", "Every two weeks", "双周薪", "两周", "bi-weekly", "biweekly"
    YEARLY = "yearly", "By the year", "年薪", "年", "每年", "year"


class RequirementKind(Term):
    """What a vacancy asks of a person; there is no kind for ethnicity, religion or politics."""

    SEX = "sex", "Sex", "性别"
    AGE_MIN = "age_min", "Youngest age", "最低年龄"
    AGE_MAX = "age_max", "Oldest age", "最高年龄"
    EDUCATION = "education", "Schooling", "文化程度"
    CERTIFICATE = "certificate", "Certificate", "证书"
    EXPERIENCE = "experience", "Experience in months", "工作经验（月）"
    OTHER = "other", "Other requirement", "其他要求"


LIMITS = frozenset({RequirementKind.SEX, RequirementKind.AGE_MIN, RequirementKind.AGE_MAX})


class Source(Term):
    """Where a vacancy came from (岗位来源)."""

    FORM = "form", "Entered at the desk", "窗口录入"
    EMPLOYER = "employer", "Posted by the employer", "企业直报"
    JOB_LIST = "job_list", "Job list", "岗位信息表"
    EAST_WEST = "east_west", "East-West cooperation", "东西部协作", "东西协作"
    STATION = "station", "Station outside the province", "驻外工作站", "驻外站"


class EventKind(Term):
    """How a fair is held (招聘会形式)."""

    FAIR = "fair", "Job fair", "现场招聘会"
    ONLINE = "online", "Online fair", "网络招聘会"
    LIVESTREAM = "livestream", "Live-stream hiring", "直播带岗"


class VisitOutcome(Term):
    """What came of a visit to a fair; each is as good as the others."""

    LOOKED = "looked", "Looked around", "了解情况"
    APPLIED = "applied", "Applied for a post", "现场报名"
    NO_INTEREST = "no_interest", "Nothing for me", "暂无合适岗位"


class ApplicationChannel(Term):
    """By which way somebody applied (报名渠道)."""

    POSTER = "poster", "Village page", "村级二维码"
    FAIR = "fair", "Job fair", "招聘会"
    PROXY = "proxy", "Entered by an officer", "代为报名"
    SELF = "self", "By the worker", "本人报名"


class Answer(Term):
    """What the office did about an application."""

    CALLED = "called", "Called back", "已回电"
    NOT_REACHED = "not_reached", "Not reached", "未接通"
    REGISTERED = "registered", "Entered in the register", "已登记入册"


class VacancyState(Term):
    """What a vacancy is on a day."""

    UNVERIFIED = "unverified", "Not yet verified", "待核验"
    OPEN = "open", "Hiring", "招聘中"
    EXPIRING = "expiring", "Confirm soon", "即将到期"
    EXPIRED = "expired", "Out of date", "已过期"
    FULL = "full", "Filled", "已招满"
    WITHDRAWN = "withdrawn", "Withdrawn", "已撤回"
