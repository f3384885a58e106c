"""A foreign file is read by a mapping that is data: every word of its language at its edge."""

import gzip
from importlib import resources
from typing import Any

import pytest
import yaml

from fourdoors.engines.sheets import (
    MappedRow,
    Sheet,
    SheetError,
    mapping_from_yaml,
    read_workbook,
    rows_through,
)

TITLES = ("ID", "Firm", "Pay", "Unit", "Hours", "From", "To", "Town", "State", "Kind")
LINE = ("7", "Orchard Ltd", "10.00", "Hour", "40", "03/01/2020", "09/30/2020", "Wells", "ME", "open")
RATES = {"eur_cny": {"value": "7.8", "as_of": "2020-06-30", "source": "a bank"}, "weeks": {"value": "52/12"}}


def mapped(rule: dict[str, Any], line: tuple[str, ...] = LINE, **more: Any) -> MappedRow:
    """Read one line with a mapping that has one interesting cell."""
    data = {"name": "x", "target": "job_list", "rates": RATES, "cells": {"title": rule}} | more
    mapping = mapping_from_yaml(yaml.safe_dump(data, allow_unicode=True))
    (row,) = rows_through(mapping, Sheet("x", [TITLES, line]))
    return row


def cell(rule: dict[str, Any], **changed: str) -> str:
    line = tuple(changed.get(title, text) for title, text in zip(TITLES, LINE, strict=True))
    row = mapped(rule, line)
    return f"fault {row.faults[0].code}" if row.faults else row.cells["title"]


def test_a_cell_comes_from_a_column_a_constant_or_several_columns() -> None:
    assert cell({"from": "Firm"}) == "Orchard Ltd"
    assert cell({"constant": "US"}) == "US"
    assert cell({"join": ["Town", "State"]}) == "Wells, ME"
    assert cell({"join": ["Town", "State"], "with": "/"}, Town="") == "ME"
    assert cell({"template": "{Town} ({State})"}) == "Wells (ME)"
    assert cell({"rate": "eur_cny"}) == "7.8"
    assert cell({"rate_as_of": "eur_cny"}) == "2020-06-30"


def test_an_amount_is_multiplied_exactly_and_rounded_half_up() -> None:
    monthly = {"times": ["Pay", "Hours", "weeks", "eur_cny"], "round": 0}
    assert cell(monthly) == "13520"  # 10 x 40 x 52/12 x 7.8
    assert cell({"times": ["Pay", 0.25], "round": 0}, Pay="10") == "3"  # 2.5
    assert cell({"times": ["Pay", 0.25], "round": 1}, Pay="10") == "2.5"
    assert cell({"times": ["Pay", "1/3"]}, Pay="1") == "0.3333333333"
    assert cell({"times": ["Pay"]}, Pay="$1,389.67") == "1389.67"
    assert cell({"times": ["Pay"]}, Pay="") == "fault blank"
    assert cell({"times": ["Pay"]}, Pay="ten") == "fault no_number"


def test_a_date_is_read_in_its_own_format() -> None:
    rule = {"from": "From", "date": "%m/%d/%Y"}
    assert cell(rule) == "2020-03-01"
    assert cell(rule, From="") == ""
    assert cell(rule, From="2020-03-01") == "fault no_date"


def test_values_are_translated_and_an_unknown_one_is_told() -> None:
    rule = {"from": "Kind", "values": {"open": "开", "": "无"}}
    assert [cell(rule), cell(rule, Kind=""), cell(rule, Kind="x")] == ["开", "无", "fault unknown_value"]


@pytest.mark.parametrize(
    ("hours", "answer"),
    [("19.99", "fault out_of_range"), ("20", "20"), ("80", "80"), ("80.01", "fault out_of_range"), ("", "")],
)
def test_a_range_holds_at_both_edges(hours: str, answer: str) -> None:
    assert cell({"from": "Hours", "between": [20, 80]}, Hours=hours) == answer


def test_what_is_required_must_be_there() -> None:
    assert cell({"from": "Firm", "required": True}, Firm="") == "fault blank"


def test_the_first_case_that_fits_counts() -> None:
    rule = {
        "cases": [
            {"when": {"Unit": ["Hour", "Day"], "Pay": {"between": [5, 100]}}, "constant": "small"},
            {"when": {"Unit": {"not": "Hour"}, "Firm": {"blank": False}}, "constant": "other"},
            {"when": {"Firm": {"blank": True}}, "constant": "nobody"},
        ]
    }
    assert cell(rule) == "small"
    assert cell(rule, Unit="Day", Pay="100.5") == "other"
    assert cell(rule, Unit="Week") == "other"
    assert cell(rule, Unit="Week", Firm="") == "nobody"
    assert cell(rule, Pay="101") == "fault unknown_value"


def test_a_refused_row_carries_that_reason_alone() -> None:
    refuse: dict[str, Any] = {
        "refuse": [{"when": {"Kind": "closed"}, "code": "closed"}, {"when": {"Pay": ""}, "code": "unpaid"}],
        "reasons": {code: {"en": "x", "zh": "甲"} for code in ("closed", "unpaid")},
    }
    row = mapped({"times": ["Pay"]}, (*LINE[:2], "", *LINE[3:9], "closed"), **refuse)
    assert [(fault.key, fault.code) for fault in row.faults] == [("", "closed")]
    assert mapped({"from": "Pay"}, **refuse).faults == ()


def test_dates_in_the_wrong_order_are_told() -> None:
    cells = {
        "starts_on": {"from": "From", "date": "%m/%d/%Y"},
        "ends_on": {"from": "To", "date": "%m/%d/%Y"},
    }
    ordered: dict[str, Any] = {"cells": cells, "ordered": [["starts_on", "ends_on"]]}
    same_day = (*LINE[:6], "03/01/2020", *LINE[7:])
    before = (*LINE[:6], "02/29/2020", *LINE[7:])
    assert mapped({}, same_day, **ordered).faults == ()
    assert [fault.code for fault in mapped({}, before, **ordered).faults] == ["out_of_order"]


def test_rows_keep_their_numbers_and_short_ones_are_filled() -> None:
    mapping = mapping_from_yaml(
        "{name: x, target: job_list, cells: {title: {from: Kind}, source_row: {from: ID}}}"
    )
    rows = list(rows_through(mapping, Sheet("x", [("a foreign title",), TITLES, LINE, (), ("8",)])))
    assert [(row.number, row.cells["source_row"], row.cells["title"]) for row in rows] == [
        (3, "7", "open"),
        (5, "8", ""),
    ]


def test_a_file_without_the_columns_is_refused_and_they_are_named() -> None:
    mapping = mapping_from_yaml("{name: x, target: job_list, cells: {title: {join: [Firm, Colour, Taste]}}}")
    with pytest.raises(SheetError) as refusal:
        list(rows_through(mapping, Sheet("orders", [TITLES, LINE])))
    assert refusal.value.code == "mapping_misfit"
    assert refusal.value.values == {"name": "orders", "mapping": "x", "missing": "Colour, Taste"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[", "line 1"),
        ("just text", "name, target, cells"),
        ("{name: x, cells: {}}", "name, target, cells"),
        ("{name: x, target: job_list, cells: {}, code: 'print()'}", "name, target, cells"),
        ("{name: x, target: nothing, cells: {}}", "nothing"),
        ("{name: x, target: job_list, cells: {colour: {from: A}}}", "cells.colour"),
        ("{name: x, target: job_list, cells: {ethnicity: {from: A}}}", "cells.ethnicity"),
        ("{name: x, target: job_list, cells: {title: {from: A, constant: b}}}", "cells.title"),
        ("{name: x, target: job_list, cells: {title: {with: A}}}", "cells.title"),
        ("{name: x, target: job_list, cells: {title: {from: A, eval: b}}}", "cells.title"),
        ("{name: x, target: job_list, cells: {title: {from: A, between: [2, 1]}}}", "cells.title"),
        ("{name: x, target: job_list, cells: {title: {rate: usd}}}", "cells.title.usd"),
        (
            "{name: x, target: job_list, cells: {title: {cases: [{when: {A: {like: b}}, from: A}]}}}",
            "cells.title.cases.1.A",
        ),
        ("{name: x, target: job_list, cells: {title: {fault: bad}}}", "reasons.bad"),
        ("{name: x, target: job_list, cells: {}, refuse: [{when: {A: b}, code: bad}]}", "reasons.bad"),
        ("{name: x, target: job_list, cells: {}, ordered: [[starts_on, ends_on]]}", "ordered.starts_on"),
        ("{name: x, target: job_list, cells: {}, rates: {a: {value: 1/0}}}", "Fraction"),
    ],
)
def test_what_is_not_said_as_it_should_be_is_named(text: str, place: str) -> None:
    with pytest.raises(SheetError) as refusal:
        mapping_from_yaml(text)
    assert refusal.value.code == "mapping_unsound"
    assert place in str(refusal.value.values["place"])


H2A = (resources.files("fourdoors.intake") / "mappings" / "us_h2a_fy2017.yaml").read_text(encoding="utf-8")
ORDER = {
    "CASE_NUMBER": "H-1",
    "CASE_STATUS": "DETERMINATION ISSUED - CERTIFICATION",
    "REQUESTED_START_DATE_OF_NEED": "2017-05-01 00:00:00",
    "REQUESTED_END_DATE_OF_NEED": "2018-02-01 00:00:00",
    "PRIMARY/SUB": "PRI",
    "EMPLOYER_NAME": "An invented farm",
    "JOB_TITLE": "Farmworker",
    "SOC_CODE": "45-2093",
    "SOC_TITLE": "Farmworkers, Farm, Ranch, and Aquacultural Animals",
    "PRIMARY_CROP": "Livestock",
    "NAICS_CODE": "1121",
    "NBR_WORKERS_CERTIFIED": "15",
    "BASIC_NUMBER_OF_HOURS": "40",
    "HOURLY_WORK_SCHEDULE_AM": "08:00 AM",
    "HOURLY_WORK_SCHEDULE_PM": "05:00 PM",
    "BASIC_RATE_OF_PAY": "11.59",
    "BASIC_UNIT_OF_PAY": "Hour",
    "EDUCATION_LEVEL": "",
    "EMP_EXPERIENCE_REQD": "Y",
    "EMP_EXP_NUM_MONTHS": "3",
    "WORKSITE_CITY": "Palacios",
    "WORKSITE_COUNTY": "Matagorda",
    "WORKSITE_STATE": "TX",
    "JOB_END_DATE": "2017-09-16 00:00:00",
}


def order(**changed: str) -> MappedRow:
    line = [f'"{text}"' for text in (ORDER | changed).values()]
    data = gzip.compress(f"{','.join(ORDER)}\n{','.join(line)}\n".encode())
    book = read_workbook(data, name="us_h2a_fy2017.csv.gz")
    (row,) = rows_through(mapping_from_yaml(H2A), book.sheets[0])
    return row


def test_an_american_order_becomes_a_vacancy_in_yuan_a_month() -> None:
    row = order()
    assert row.faults == ()
    told = {"wage_low_yuan": "13564", "wage_high_yuan": "13564", "currency": "USD", "openings": "15"}
    told |= {"starts_on": "2017-05-01", "ends_on": "2018-02-01", "place_words": "Palacios, Matagorda, TX"}
    told |= {"occupation_code": "45-2093", "source_row": "H-1", "exchange_as_of": "2017-12-31"}
    assert {key: row.cells[key] for key in told} == told  # 11.59 x 40 x 52/12 x 6.7518 = 13,563.9


@pytest.mark.parametrize(
    ("unit", "pay", "yuan"),
    [("Month", "1389.67", "9383"), ("Week", "925.00", "27063"), ("Bi-Weekly", "694.84", "10165")],
)
def test_other_units_of_pay_are_brought_to_a_month(unit: str, pay: str, yuan: str) -> None:
    assert order(BASIC_UNIT_OF_PAY=unit, BASIC_RATE_OF_PAY=pay).cells["wage_low_yuan"] == yuan


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"PRIMARY/SUB": "SUB"}, ("", "counted_in_primary")),
        ({"CASE_STATUS": "DETERMINATION ISSUED - DENIED"}, ("", "not_certified")),
        ({"BASIC_UNIT_OF_PAY": "Select Pay Range"}, ("wage_low_yuan", "wage_unclear")),
        ({"BASIC_RATE_OF_PAY": "7.24"}, ("wage_low_yuan", "wage_unclear")),
        ({"BASIC_RATE_OF_PAY": "1389.67"}, ("wage_low_yuan", "wage_unclear")),
        ({"NBR_WORKERS_CERTIFIED": "0"}, ("openings", "out_of_range")),
        ({"BASIC_NUMBER_OF_HOURS": "475"}, ("hours_per_week", "out_of_range")),
        ({"REQUESTED_END_DATE_OF_NEED": "2017-04-30 00:00:00"}, ("ends_on", "out_of_order")),
    ],
)
def test_an_american_order_that_makes_no_sense_is_refused_with_its_reason(
    changed: dict[str, str], reason: tuple[str, str]
) -> None:
    fault = order(**changed).faults[0]
    assert (fault.key, fault.code) == reason
