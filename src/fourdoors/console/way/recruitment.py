"""Step 3: vacancies by workbook and in bulk, each verified; a campaign, and one job fair with its outcome."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from fourdoors.console.demo.people import Person
from fourdoors.console.demo.work import MARK, Unit
from fourdoors.console.demo.workbooks import Row, workbook
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.console.way.partners import BEIJING, FUJIAN, NEARBY, SHANDONG, TIANJIN, XINJIANG
from fourdoors.engines.sheets.forms import JOB_LIST
from fourdoors.intake.services import ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, path_of, range_of
from fourdoors.recruitment.rules import (
    ApplicationChannel,
    EventKind,
    PayBasis,
    Source,
    VacancyDraft,
    VacancyRow,
    VisitOutcome,
)
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.recruitment.services import (
    apply,
    close_event,
    load_vacancies,
    merge_job_list,
    open_campaign,
    open_event,
    record_visit_outcome,
    sign_in_visit,
    verify_vacancy,
)
from fourdoors.register.selectors import workers_by_number
from fourdoors.store.scope import Scope, scoped

LIST_ON = date(2020, 2, 17)
FAIR_ON = date(2020, 2, 18)
SPRING_ON = date(2020, 1, 6)  # posts of the other counties; they have died again when Li County matches
FAULTY_ROWS = 4
# province, openings, title, CSCO code, lowest and highest pay, board and lodging; all invented
POSTS = (
    (SHANDONG, 44, "缝纫工", "6-05-01-03", 4200, 5500, True),
    (TIANJIN, 34, "电子产品装配工", "6-25-04-07", 4800, 6000, True),
    (FUJIAN, 30, "食品加工工", "6-01-02-03", 4300, 5200, True),
    (BEIJING, 22, "家政服务员", "4-10-01-06", 5000, 7000, True),
    (XINJIANG, 20, "采摘工", "5-01-02-01", 4600, 5600, True),
    (GANSU, 20, "餐厅服务员", "4-03-02-05", 3200, 3800, False),
)
HOME_POSTS = ((0, 26, "缝纫工", "6-05-01-03", 2600, 3400), (1, 12, "果园工", "5-01-02-01", 2400, 3000))
CERTIFICATE = "4-10-01-06"
VISITORS = 24


def recruitment(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Bring the job list in, verify it, hold the fair; load what other counties and the autumn need."""
    bar.expect(3)
    batch = _job_list(journey)
    bar.advance()
    loaded = load_vacancies(bulk(journey, SPRING_ON))
    bar.advance()
    visits = _fair(journey)
    bar.advance()
    counts = batch.counts
    must(
        (counts["new"], counts["faulty"]) == (len(POSTS) + len(HOME_POSTS), FAULTY_ROWS),
        f"job list: {counts}",
    )
    return {"job_list": counts, "loaded": len(loaded), "fair_visits": visits,
            "open": open_vacancies(on=FAIR_ON).count()}  # fmt: skip


def _job_list(journey: Journey) -> Any:
    clerk = journey.officers["county"]
    data = workbook(JOB_LIST, list(_rows(journey)), title="招聘岗位信息表")
    (journey.papers / "礼县岗位信息表.xlsx").write_bytes(data)
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        batch = receive_file(
            form="job_list",
            division=LI_COUNTY,
            data=data,
            name="礼县岗位信息表.xlsx",
            by=clerk,
            at=at(LIST_ON),
        )
        stage_rows(import_id=batch.pk, at=at(LIST_ON, 9, 1))
        ask_for_merge(import_id=batch.pk, by=clerk, at=at(LIST_ON, 9, 2))
        batch = merge_job_list(import_id=batch.pk, by=clerk, at=at(LIST_ON, 9, 3))
    for vacancy in open_vacancies(on=LIST_ON, verified=False):
        if vacancy.verified_at is None:
            verify_vacancy(vacancy=vacancy, by=journey.officers["county2"], at=at(LIST_ON, 15))
    return batch


def _rows(journey: Journey) -> Iterator[Row]:
    for province, openings, title, code, low, high, lodging in POSTS:
        unit = unit_for(journey, province, title)
        yield _row(
            unit.name, unit.credit_code, unit.place, openings, title, code, (low, high), lodging=lodging
        )
    for number, openings, title, code, low, high in HOME_POSTS:
        near = NEARBY[number]
        yield _row(near.name, near.credit_code, LI_COUNTY, openings, title, code, (low, high), lodging=False)
    unit = unit_for(journey, SHANDONG, "缝纫工")
    for claim in (
        {"age_claim": "18-45周岁"},
        {"sex_claim": "限女"},
        {"openings": ""},
        {"credit_code": "9137"},
    ):
        row = _row(unit.name, unit.credit_code, unit.place, 5, "包装工", "", (3800, 4500), lodging=True)
        yield {**row, **claim}


def unit_for(journey: Journey, province: int, title: str) -> Unit:
    """Return the invented employer that offers a title in a province."""
    industry = {"餐厅服务员": "住宿餐饮业", "家政服务员": "居民服务业", "采摘工": "其他"}.get(title, "制造业")
    return next(u for u in journey.units if u.province == province and u.industry == industry)


def _row(
    name: str,
    credit_code: str,
    place: int,
    openings: int,
    title: str,
    occupation: str,
    wage: tuple[int, int],
    *,
    lodging: bool,
) -> Row:
    names = [division.name for division in path_of(place)]
    return {
        "employer_name": name,
        "credit_code": credit_code,
        "title": title,
        "openings": str(openings),
        "skills": "家政服务员证书" if occupation == CERTIFICATE else "",
        "wage": f"{wage[0]}-{wage[1]}",
        "pay_basis": "月薪",
        "board_lodging": "包吃包住" if lodging else "包吃",
        "insurance": "五险",
        "place_words": "".join(names),
        "report_words": "统一组织包车" if lodging else "自行报到",
        "contact": "人事部",
        "expires_on": "2020-03-31",
        "source": "东西部协作",
    }


def bulk(journey: Journey, day: date) -> Iterator[VacancyRow]:
    """Yield a vacancy for every invented employer, confirmed on ``day`` and alive for thirty days."""
    draw = np.random.default_rng(journey.seed + day.month)
    for unit in journey.units:
        yield vacancy_of(journey, unit, openings=int(draw.integers(3, 40)), draw=draw, on=day)


def vacancy_of(
    journey: Journey, unit: Unit, *, openings: int, draw: np.random.Generator, on: date
) -> VacancyRow:
    """Return what an invented employer offers, confirmed and verified on a day, alive for thirty days."""
    low = unit.pay_yuan // 50 * 50
    return VacancyRow(
        draft=VacancyDraft(
            title=unit.post,
            openings=openings,
            wage_low_yuan=low,
            wage_high_yuan=low + 50 * int(draw.integers(6, 26)),
            pay_basis=PayBasis.MONTHLY,
            occupation=unit.occupation,
            board=bool(draw.random() < 0.7),
            lodging=bool(draw.random() < 0.8),
            insurance="五险",
            place=unit.place,
            place_words="".join(d.name for d in path_of(unit.place)),
            starts_on=on + timedelta(days=14),
        ),
        employer_id=journey.employers[unit.credit_code],
        confirmed_at=at(on),
        expires_on=on + timedelta(days=30),
        source=Source.STATION,
        verified_by_id=journey.officers["province"].pk,
        verified_at=at(on),
        invented=True,
    )


def _fair(journey: Journey) -> int:
    """Hold one fair of the Spring Breeze campaign in Li County."""
    clerk = journey.officers["county"]
    campaign = open_campaign(
        name=f"春风行动2020{MARK}",
        name_en="Spring Breeze 2020 (invented)",
        from_on=date(2020, 1, 15),
        to_on=date(2020, 3, 31),
        at=at(date(2020, 1, 10)),
        by=journey.officers["province"],
    )
    offered = list(open_vacancies(on=FAIR_ON))
    event = open_event(
        title=f"春风行动礼县专场招聘会{MARK}",
        kind=EventKind.FAIR,
        on=FAIR_ON,
        division=LI_COUNTY,
        place_words="礼县文化广场",
        campaign=campaign,
        vacancies=offered,
        at=at(date(2020, 2, 16)),
        by=clerk,
    )
    visitors = workers_by_number([journey.worker_numbers[p.number] for p in _visitors(journey)])
    for number, worker in enumerate(visitors):
        visit = sign_in_visit(event=event, worker=worker, at=at(FAIR_ON, 10), by=clerk)
        outcome = (VisitOutcome.APPLIED, VisitOutcome.LOOKED, VisitOutcome.NO_INTEREST)[number % 3]
        wanted = offered[number % len(offered)] if outcome is VisitOutcome.APPLIED else None
        record_visit_outcome(visit=visit, outcome=outcome, vacancy=wanted, at=at(FAIR_ON, 11), by=clerk)
        if wanted:
            apply(
                vacancy=wanted, worker=worker, channel=ApplicationChannel.FAIR, at=at(FAIR_ON, 11), by=clerk
            )
    close_event(event=event, outcome=f"{len(visitors)} 人进场。", at=at(FAIR_ON, 17), by=clerk)
    return len(visitors)


def _visitors(journey: Journey) -> list[Person]:
    people = [p for home in journey.li_homes for p in home.members if p.number in journey.worker_numbers]
    return people[:: max(1, len(people) // VISITORS)][:VISITORS]
