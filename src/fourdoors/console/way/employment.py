"""Step 7: spells and income of the province, of those carried to a factory and of those who went alone."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from fourdoors.console.demo.work import COUNTED_TO, Work, works
from fourdoors.console.demo.workbooks import Row, workbook
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.console.way.officers import ZHOUQU
from fourdoors.employment.rules import IncomeRow, SpellRow, TicketKind, TravelCostRow
from fourdoors.employment.selectors import follow_ups_due, spells_visible_to
from fourdoors.employment.services import (
    end_spell,
    load_incomes,
    load_spells,
    load_travel_costs,
    merge_ledger,
    open_spell,
    record_follow_up,
)
from fourdoors.engines.sheets.forms import TRANSFER_LEDGER
from fourdoors.intake.services import ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, path_of, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import months_touched
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.partners.selectors import brokers
from fourdoors.placements.selectors import placements
from fourdoors.store.scope import Scope, scoped

LEDGER_ON = date(2020, 10, 26)
LEDGER_SHARE = 0.35  # of the people of Li County whom no trip carried
SOURCE = "demonstration"
LEFT_OPEN = 12  # follow-ups that are still to be done on the day the demonstration plays on
WHY_EARLY = (
    EndReason.PERSONAL,
    EndReason.PAY_TOO_LOW,
    EndReason.LIVING_CONDITIONS,
    EndReason.NOT_AS_PROMISED,
)
EARLY_RETURNS = len(WHY_EARLY)
TICKET_FEN = {True: 42_000, False: 18_000}  # invented fares, outside and inside the province


def employ(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Open spells, record income with its evidence, follow up, take early returns."""
    bar.expect(5)
    loaded, months, tickets = _load(journey)
    bar.advance()
    nearby = _nearby(journey)
    bar.advance()
    ledger = _ledger(journey)
    bar.advance()
    entered = _incomes_of_the_carried(journey)
    bar.advance()
    visits = _follow_up(journey)
    bar.advance()
    must(entered, "nobody who entered a factory has an income")
    return {
        "spells": loaded + nearby,
        "entered_factory": entered,
        "ledger": ledger,
        "income_months": months,
        "tickets": tickets,
        **visits,
    }


def _load(journey: Journey) -> tuple[int, int, int]:
    seed, spring = journey.seed + 3, ZHOUQU // 10**6
    made = list(works(homes=journey.homes, employers=journey.units, seed=seed, spring_county=spring))
    broker = brokers().get(home=ZHOUQU)
    brought = _brought_by_broker(made)
    rows = [_spell(journey, one, broker.pk if one.person.number in brought else None) for one in made]
    numbers = load_spells(rows)
    months = load_incomes(
        IncomeRow(one.person.village, spell, row.worker_id, month, fen, measured, SOURCE, grade)
        for one, row, spell in zip(made, rows, numbers, strict=True)
        for month, fen, measured, grade in one.incomes
    )
    tickets = load_travel_costs(
        TravelCostRow(
            village=one.person.village,
            spell_id=spell,
            worker_id=row.worker_id,
            kind=TicketKind.ONE_WAY,
            fen=TICKET_FEN[one.place // 10**10 != GANSU // 10**10] + 100 * (one.person.number % 90),
            travelled_on=one.left_on,
            source=SOURCE,
            grade=Grade.B,
        )
        for one, row, spell in zip(made, rows, numbers, strict=True)
        if one.person.village // 10**6 == ZHOUQU // 10**6
    )
    return len(numbers), months, tickets


def _brought_by_broker(made: list[Work]) -> set[int]:
    """Choose the largest movement of one day from Zhouqu: the broker brought those people."""
    days: dict[date, list[int]] = {}
    for one in made:
        if one.person.village // 10**6 == ZHOUQU // 10**6 and one.registered_poor:
            days.setdefault(one.left_on, []).append(one.person.number)
    return set(days[max(days, key=lambda day: len(days[day]))]) if days else set()


def _spell(journey: Journey, one: Work, broker: int | None) -> SpellRow:
    return SpellRow(
        village=one.person.village,
        worker_id=journey.worker_numbers[one.person.number],
        channel=one.channel,
        place=one.place,
        left_on=one.left_on,
        arrived_on=one.left_on + timedelta(days=1),
        ended_on=one.ended_on,
        end_reason=one.end_reason,
        employer_id=journey.employers[one.unit.credit_code],
        employer_name=one.unit.name,
        broker_id=broker,
        post=one.unit.post,
        occupation=one.unit.occupation,
        industry=one.unit.industry,
        contract_signed=True,
        source=SOURCE,
        grade=one.grade,
    )


def _nearby(journey: Journey) -> int:
    """Open the spells of those who were placed inside the county: no trip, the same placement."""
    count = 0
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        for one in placements().filter(place=LI_COUNTY):
            open_spell(
                row=SpellRow(
                    village=one.village,
                    worker_id=one.worker_id,
                    channel=Channel.ORGANISED,
                    place=LI_COUNTY,
                    left_on=one.starts_on,
                    arrived_on=one.starts_on,
                    employer_id=one.employer_id,
                    employer_name=one.employer.name,
                    placement_id=one.pk,
                    post=one.vacancy.title,
                    occupation=one.vacancy.occupation,
                    source="employer",
                    grade=Grade.B,
                ),
                at=at(one.starts_on, 18),
                by=journey.officers["county"],
            )
            count += 1
    return count


def _ledger(journey: Journey) -> dict[str, Any]:
    """Bring the transfer ledger of Li County in: people who went by themselves, estimated by their cadres."""
    clerk = journey.officers["county"]
    data = workbook(TRANSFER_LEDGER, list(_ledger_rows(journey)), title="礼县农村劳动力输转台账")
    (journey.papers / "礼县输转台账.xlsx").write_bytes(data)
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        batch = receive_file(
            form="transfer_ledger",
            division=LI_COUNTY,
            data=data,
            name="礼县输转台账.xlsx",
            by=clerk,
            at=at(LEDGER_ON),
        )
        stage_rows(import_id=batch.pk, at=at(LEDGER_ON, 9, 1))
        ask_for_merge(import_id=batch.pk, by=clerk, at=at(LEDGER_ON, 9, 2))
        batch = merge_ledger(import_id=batch.pk, by=clerk, at=at(LEDGER_ON, 9, 5))
    must(batch.counts["new"], f"the ledger was not merged: {batch.counts}")
    return {name: count for name, count in batch.counts.items() if count}


def _ledger_rows(journey: Journey) -> Iterator[Row]:
    draw = np.random.default_rng(journey.seed + 9)
    placed = set(placements().values_list("worker", flat=True))
    number = 0
    for home in journey.li_homes:
        for person in home.members:
            worker = journey.worker_numbers.get(person.number)
            if worker is None or worker in placed or draw.random() > LEDGER_SHARE:
                continue
            number += 1
            left = date(2020, int(draw.integers(3, 7)), int(draw.integers(1, 28)))
            unit = journey.units[int(draw.integers(len(journey.units)))]
            places = [d.name for d in path_of(unit.place)]
            names = [d.name for d in path_of(person.village)]
            months = (COUNTED_TO - left).days // 30
            yield {
                "serial": str(number),
                "township": names[3],
                "village": names[4],
                "head_name": home.members[0].name,
                "name": person.name,
                "sex": person.sex.zh,
                "identity": person.identity,
                "ethnicity": "略",
                "registered_poor": "是",
                "left_on": left.isoformat(),
                "work_province": places[0],
                "work_prefecture": places[1],
                "work_county": places[-1],
                "employer_name": unit.name,
                "industry": unit.industry,
                "post": unit.post,
                "channel": Channel.SELF_ARRANGED.zh,
                "has_contract": "否",
                "monthly_income": str(unit.pay_yuan),
                "months_worked": str(months),
                "total_income": str(unit.pay_yuan * months),
            }


def _incomes_of_the_carried(journey: Journey) -> int:
    """Record pay month by month, from the bank, for everybody whom the way itself placed."""
    draw = np.random.default_rng(journey.seed + 10)
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        spells = list(
            spells_visible_to(journey.officers["county"])
            .filter(placement__isnull=False)
            .select_related("placement")
            .order_by("pk")
        )
        load_incomes(
            IncomeRow(
                village=one.village,
                spell_id=one.pk,
                worker_id=one.worker_id,
                month=date(month.year, month.month, 1),
                fen=100 * int(draw.integers(*_pay_of(one.placement))),
                measured=True,
                source="bank",
                grade=Grade.A,
            )
            for one in spells
            for month in months_touched(one.left_on, COUNTED_TO)
        )
    return sum(1 for one in spells if one.trip_id)


def _pay_of(placement: Any) -> tuple[int, int]:
    return placement.wage_low_yuan, placement.wage_high_yuan + 1


def _follow_up(journey: Journey) -> dict[str, int]:
    """Visit those who are due, leave a few for the desk, and take a few early returns."""
    done = 0
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        due = list(follow_ups_due(COUNTED_TO))
        for visit in due[: max(0, len(due) - LEFT_OPEN)]:
            record_follow_up(
                follow_up=visit,
                still_there=True,
                paid=True,
                trouble="",
                at=at(visit.due_on, 15),
                by=journey.officers["county"],
            )
            done += 1
        leaving = spells_visible_to(journey.officers["county"]).filter(trip__isnull=False, ended_on=None)
        for number, spell in enumerate(leaving.order_by("-pk")[:EARLY_RETURNS]):
            day = COUNTED_TO - timedelta(days=3 + number)
            end_spell(
                spell=spell, ended_on=day, reason=WHY_EARLY[number], at=at(day), by=journey.officers["county"]
            )
    return {"visits": done, "early_returns": EARLY_RETURNS}
