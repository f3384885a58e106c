"""Step 2: partner provinces, letters, stations, agreements, plans, missions, bases, brands, employers.

The counts are those of the report of 11 November 2020 (15 letters, 103 stations, 15 bases, two brands, ten
prefectures to four cities, nine provinces); every name, number and reply is invented and marked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fourdoors.console.demo.work import MARK, OUTSIDE, SEATS, employer_rows, units
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, Level, all_divisions, find_division
from fourdoors.kernel.identity import invented_phone
from fourdoors.partners.rules import CheckKind, EmployerKind, EmployerRow, MissionKind, StandardKind, Strategy
from fourdoors.partners.selectors import agreements, bases, brands, letters, stations
from fourdoors.partners.services import (
    accredit_base,
    add_province,
    check_employer,
    load_employers,
    make_action_plan,
    open_station,
    record_mission,
    record_outcome,
    record_reply,
    register_brand,
    register_broker,
    register_employer,
    send_letter,
    set_post_budget,
    set_target,
    sign_agreement,
)

BEIJING, TIANJIN, FUJIAN, SHANDONG, XINJIANG = (
    110000_000000,
    120000_000000,
    350000_000000,
    370000_000000,
    650000_000000,
)
EAST = {TIANJIN: "天津市", FUJIAN: "福州市、厦门市", SHANDONG: "青岛市"}  # pairing before 2021
STATIONS = 103
BASES = 15
TARGETS = {
    2018: {TIANJIN: 1500, FUJIAN: 1500, SHANDONG: 1500},
    2019: {TIANJIN: 2500, FUJIAN: 2500, SHANDONG: 2500},
    2020: {TIANJIN: 3500, FUJIAN: 4000, SHANDONG: 4000},
}  # invented
JUNE = {TIANJIN: 120111_000000, SHANDONG: 370281_000000, FUJIAN: 350211_000000}
PLACES_OF_STATIONS = 21  # prefectures a province, at most


def partners(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Fill the cooperation desk and the list of employers."""
    bar.expect(6)
    for part in (_provinces, _stations, _plan, _missions, _employers, _bases_and_brands):
        part(journey)
        bar.advance()
    found = {
        "letters": letters().count(),
        "stations": stations(open_on=date(2020, 10, 31)).count(),
        "agreements": agreements().count(),
        "bases": bases().count(),
        "brands": brands().count(),
        "employers": len(journey.employers),
    }
    must(found["letters"] == len(OUTSIDE), f"{found['letters']} letters")
    must((found["stations"], found["bases"]) == (STATIONS, BASES), f"{found}")
    return found


def _provinces(journey: Journey) -> None:
    by, day = journey.officers["province"], date(2020, 1, 6)
    for number, (code, _) in enumerate(OUTSIDE, 1):
        strategy = Strategy.HOLD_EAST if code in EAST else Strategy.OTHER
        strategy = Strategy.GROW_WEST if code == XINJIANG else strategy
        province = add_province(
            code=code, strategy=strategy, paired_with=EAST.get(code, ""), at=at(day), by=by
        )
        journey.provinces[code] = province
        letter = send_letter(
            province=province,
            number=f"甘人社函〔2020〕{number}号{MARK}",
            asks="请协助稳定甘肃务工人员就业岗位,并提供新增岗位信息。",
            sent_on=date(2020, 2, 10 + number % 5),
            at=at(date(2020, 2, 10 + number % 5)),
            by=by,
        )
        if number % 7:  # two provinces have not answered
            record_reply(
                letter=letter,
                replied_on=date(2020, 2, 20),
                reply="同意加强劳务协作,岗位清单另附。",
                posts_offered=200 * (1 + number % 9),
                at=at(date(2020, 2, 20)),
                by=by,
            )
        sign_agreement(
            number=f"甘劳协〔2020〕{number:02d}{MARK}",
            title="劳务协作协议",
            home=GANSU,
            province=province,
            quota_persons=500 * (1 + number % 6),
            from_on=date(2020, 1, 1),
            to_on=date(2020, 12, 15) if number % 5 == 0 else date(2022, 12, 31),
            at=at(day),
            by=by,
        )


def _stations(journey: Journey) -> None:
    """Open one station after another in the cities of the partner provinces, until there are 103."""
    by = journey.officers["province"]
    cities = [
        d
        for d in all_divisions()
        if d.level is Level.PREFECTURE and d.code // 10**10 * 10**10 in journey.provinces
    ]
    for number, city in enumerate(
        sorted(cities, key=lambda d: (d.code // 10**8 % 100, d.code))[:STATIONS], 1
    ):
        province = find_division(city.code // 10**10 * 10**10)
        must(province, f"{city.code} lies nowhere")
        name = province.name if province and city.name in ("市辖区", "县") else city.name
        open_station(
            name=f"甘肃驻{name}劳务工作站{number:03d}{MARK}",
            place=city.code,
            home=GANSU,
            head_name="站长",
            phone=invented_phone(900_000 + number),
            opened_on=date(2015 + number % 5, 3, 1),
            at=at(date(2020, 1, 6)),
            by=by,
        )


def _plan(journey: Journey) -> None:
    by, day = journey.officers["province"], at(date(2018, 6, 1))
    plan = make_action_plan(
        title=f"甘肃东西部扶贫劳务协作三年行动计划{MARK}", from_year=2018, to_year=2020, at=day, by=by
    )
    for year, targets in TARGETS.items():
        for code, persons in targets.items():
            set_target(plan=plan, year=year, province=journey.provinces[code], persons=persons, at=day, by=by)


def _missions(journey: Journey) -> None:
    by = journey.officers["province"]
    for code, place in JUNE.items():
        _mission(
            journey, code, place, date(2020, 6, 12), "十市州赴东部四市劳务对接", MissionKind.MATCHING_EVENT
        )
    _mission(
        journey,
        FUJIAN,
        350102_000000,
        date(2020, 6, 16),
        "十市州赴东部四市劳务对接",
        MissionKind.MATCHING_EVENT,
    )
    for code, _ in OUTSIDE[:9]:
        place, city = SEATS[code]
        _mission(journey, code, place, date(2020, 9, 15), f"赴{city}对接劳务岗位", MissionKind.MISSION)
    for day, place, title in (
        (date(2020, 9, 27), 620102_000000, "京甘扶贫劳务协作对接活动"),
        (date(2020, 10, 14), 110105_000000, "京甘家政服务劳务协作座谈会"),
    ):
        _mission(journey, BEIJING, place, day, title, MissionKind.SYMPOSIUM)
    sign_agreement(
        number=f"京甘家政〔2020〕1{MARK}",
        title="京甘家政服务劳务协作协议",
        home=GANSU,
        province=journey.provinces[BEIJING],
        sector="家政服务",
        quota_persons=1000,
        from_on=date(2020, 10, 14),
        to_on=date(2023, 10, 13),
        at=at(date(2020, 10, 14)),
        by=by,
    )


def _mission(journey: Journey, code: int, place: int, on: date, title: str, kind: MissionKind) -> None:
    by = journey.officers["province"]
    mission = record_mission(
        province=journey.provinces[code],
        title=f"{title}{MARK}",
        kind=kind,
        place=place,
        on=on,
        posts_promised=300,
        at=at(on),
        by=by,
    )
    record_outcome(
        mission=mission,
        outcome="签订岗位意向,建立月度信息交换。",
        posts_promised=300,
        at=at(on, 17),
        by=by,
    )


def _employers(journey: Journey) -> None:
    journey.units = units(seed=journey.seed + 2)
    rows = employer_rows(journey.units)
    numbers = load_employers(rows)
    journey.employers |= {row.credit_code: number for row, number in zip(rows, numbers, strict=True)}
    for unit in NEARBY:
        employer = register_employer(row=unit, at=at(date(2020, 1, 6)), by=journey.officers["county"])
        journey.employers[unit.credit_code] = employer.pk
        check_employer(
            employer=employer,
            kind=CheckKind.VISIT,
            passed=True,
            checked_on=date(2020, 1, 8),
            at=at(date(2020, 1, 8)),
            by=journey.officers["county"],
        )
        if unit.kind == EmployerKind.PUBLIC_WELFARE:
            set_post_budget(
                employer=employer,
                year=2020,
                posts=40,
                fen_per_month=50_000,  # 500 yuan a month, the provincial standard of rural public jobs
                payer="province",
                at=at(date(2020, 1, 8)),
                by=journey.officers["county"],
            )
    register_broker(
        name=f"舟曲县顺达劳务服务部{MARK}",
        licence_number=f"甘劳介〔2019〕0001{MARK}",
        home=623023_000000,
        licensed_to_on=date(2022, 12, 31),
        bank="甘肃省农村信用社（演示）",
        account="6210990000000001",
        at=at(date(2020, 1, 6)),
        by=journey.officers["province"],
    )


def _near(number: int, name: str, kind: EmployerKind, industry: str) -> EmployerRow:
    return EmployerRow(
        credit_code=invented_credit_code(700 + number),
        name=f"{name}{MARK}",
        kind=kind,
        place=LI_COUNTY,
        industry=industry,
        recognised_on=date(2019, 6, 1) if kind is EmployerKind.WORKSHOP else None,
        invented=True,
    )


NEARBY = (
    _near(1, "礼县盐官镇服装帮扶车间", EmployerKind.WORKSHOP, "制造业"),
    _near(2, "礼县苹果专业合作社", EmployerKind.COOPERATIVE, "其他"),
    _near(3, "礼县乡村公益性岗位", EmployerKind.PUBLIC_WELFARE, "居民服务业"),
)


def _bases_and_brands(journey: Journey) -> None:
    by, day = journey.officers["province"], date(2020, 10, 14)
    beijing = [unit for unit in journey.units if unit.province == BEIJING]
    for number in range(BASES):
        accredit_base(
            name=f"京甘家政服务劳务基地{number + 1:02d}{MARK}",
            place=110105_000000 if number < 8 else GANSU,
            capacity_persons=60 + 10 * (number % 5),
            plaque_on=day,
            expires_on=date(2023, 10, 13),
            at=at(day),
            by=by,
        )
    must(beijing, "no employer in Beijing")
    for name, english, owner in BRANDS:
        register_brand(
            name=name,
            name_en=english,
            owner=owner,
            occupation="4-10-01-06",
            standard=[CERTIFIED],
            registered_on=date(2018, 5, 1),
            at=at(date(2020, 1, 6)),
            by=by,
        )


BRANDS = (
    (f"陇原妹{MARK}", "Longyuan Girl (invented roster)", "甘肃省妇女联合会（演示）"),
    (f"礼贤大嫂{MARK}", "Lixian's Wife (invented roster)", "礼县劳务办（演示）"),
)
CERTIFIED: dict[str, Any] = {
    "kind": StandardKind.CERTIFICATE.value,
    "occupation": "4-10-01",
    "level": None,
    "zh": "持有家政服务类职业技能证书",
    "en": "Holds a certificate of domestic service",
}
