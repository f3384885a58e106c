"""Makers of provinces, employers, budgets, agreements and brands. Every unit here is invented."""

from datetime import UTC, date, datetime
from itertools import count

from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.partners.models import (
    ActionPlan,
    Agreement,
    Base,
    Brand,
    Employer,
    Letter,
    Mission,
    PartnerProvince,
    PostBudget,
    Station,
)
from fourdoors.partners.rules import EmployerKind, EmployerRow, MissionKind, Strategy
from fourdoors.partners.services import (
    accredit_base,
    add_province,
    make_action_plan,
    open_station,
    record_mission,
    register_brand,
    register_employer,
    send_letter,
    set_post_budget,
    sign_agreement,
)
from tests.makers.accounts import LI_COUNTY, QINGDAO_JIAOZHOU

SHANDONG = 370000_000000
BEIJING = 110000_000000
MARCH = datetime(2020, 3, 2, 1, 0, tzinfo=UTC)  # 2 March 2020, 09:00 in China
_sequence = count(1)


def make_province(*, code: int = SHANDONG, strategy: Strategy = Strategy.HOLD_EAST) -> PartnerProvince:
    """Make Shandong a partner."""
    return add_province(code=code, strategy=strategy, at=MARCH, by=None)


def make_employer(
    *,
    name: str = "胶州第一缝纫厂",
    kind: EmployerKind = EmployerKind.ENTERPRISE,
    place: int | None = QINGDAO_JIAOZHOU,
    credit_code: str = "",
) -> Employer:
    """Make an employer; each call another one."""
    row = EmployerRow(
        credit_code=credit_code or invented_credit_code(next(_sequence)),
        name=name,
        kind=kind.value,
        place=place,
        invented=True,
    )
    return register_employer(row=row, at=MARCH, by=None)


def make_budget(
    *, employer: Employer | None = None, year: int = 2020, posts: int = 10, fen_per_month: int = 50_000
) -> PostBudget:
    """Make a budget of public-welfare posts of Li County."""
    employer = employer or make_employer(
        name="礼县盐官镇人民政府", kind=EmployerKind.PUBLIC_WELFARE, place=LI_COUNTY
    )
    return set_post_budget(
        employer=employer, year=year, posts=posts, fen_per_month=fen_per_month, payer="省级财政",
        at=MARCH, by=None,
    )  # fmt: skip


def make_agreement(
    *,
    number: str = "",
    province: PartnerProvince | None = None,
    employer: Employer | None = None,
    home: int = LI_COUNTY,
    quota_persons: int | None = 300,
    from_on: date = date(2020, 1, 1),
    to_on: date = date(2020, 12, 31),
) -> Agreement:
    """Make an agreement of Li County with Shandong for the year 2020."""
    if province is None and employer is None:
        province = make_province()
    return sign_agreement(
        number=number or f"礼劳协〔2020〕{next(_sequence)}号", title="劳务协作协议", home=home,
        province=province, employer=employer, quota_persons=quota_persons, from_on=from_on, to_on=to_on,
        at=MARCH, by=None,
    )  # fmt: skip


def make_letter(
    *, number: str = "甘人社函〔2020〕1号", sent_on: date = date(2020, 2, 20), code: int = SHANDONG
) -> Letter:
    """Send a letter to Shandong."""
    return send_letter(
        province=make_province(code=code),
        number=number,
        asks="请协助稳定甘肃籍务工人员岗位",
        sent_on=sent_on,
        at=MARCH,
        by=None,
    )


def make_station(*, name: str = "礼县驻青岛劳务工作站", place: int = QINGDAO_JIAOZHOU) -> Station:
    """Open a station in Qingdao."""
    return open_station(
        name=name, place=place, home=LI_COUNTY, head_name="张站长", phone="0532-00000000",
        opened_on=date(2019, 3, 1), at=MARCH, by=None,
    )  # fmt: skip


def make_mission(*, title: str = "青岛劳务对接", on: date = date(2020, 6, 10), posts: int = 500) -> Mission:
    """Record a matching event in Qingdao."""
    return record_mission(
        province=make_province(), title=title, kind=MissionKind.MATCHING_EVENT, place=QINGDAO_JIAOZHOU,
        on=on, posts_promised=posts, at=MARCH, by=None,
    )  # fmt: skip


def make_base(
    *, name: str = "北京家政服务基地一", plaque_on: date = date(2020, 10, 14), capacity: int = 200
) -> Base:
    """Accredit a domestic-service base in Beijing."""
    return accredit_base(
        name=name, place=110105_000000, capacity_persons=capacity, plaque_on=plaque_on,
        expires_on=plaque_on.replace(year=plaque_on.year + 3), at=MARCH, by=None,
    )  # fmt: skip


def make_brand(*, name: str = "陇原妹", occupation: str = "4-10-01-06", level: int | None = 5) -> Brand:
    """Register a brand of domestic helpers: a certificate of level 5 or better."""
    point = {
        "kind": "certificate",
        "occupation": occupation,
        "level": level,
        "zh": "家政服务员五级及以上证书",
        "en": "certificate of domestic helper, level 5 or better",
    }
    return register_brand(
        name=name, name_en="Longyuan Sister", owner="甘肃省妇女联合会", occupation=occupation,
        standard=[point], at=MARCH, by=None,
    )  # fmt: skip


def make_plan(*, title: str = "东西部扶贫劳务协作三年行动计划", to_year: int = 2020) -> ActionPlan:
    """Make a plan of three years."""
    return make_action_plan(title=title, from_year=to_year - 2, to_year=to_year, at=MARCH, by=None)
