"""The checks of a row, each at its edge; no database."""

from datetime import date

import pytest

from fourdoors.engines.sheets import FORMS, Kind
from fourdoors.intake.rules import (
    Code,
    Fault,
    Outcome,
    Reading,
    State,
    households_without_head,
    may_become,
    read_row,
    stops,
)
from fourdoors.intake.rules.cells import assumed_day, day_of, read_cell, written_cell
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from tests.makers.accounts import LI_COUNTY
from tests.makers.intake import ROSTER, roster_row

ON = date(2020, 3, 1)


def reading(form: str = ROSTER) -> Reading:
    return Reading(form=FORMS[form], division=LI_COUNTY, on=ON)


def faults(**changed: str) -> list[tuple[str, str]]:
    _, found = read_row(reading(), 2, roster_row(1, **changed))
    return [(fault.column, fault.code) for fault in found]


def person(born_on: date, sex: Sex = Sex.MALE) -> dict[str, str]:
    identity = invented_identity(sequence=9, born_on=born_on, sex=sex)
    return {"identity": identity, "born_on": born_on.isoformat(), "sex": sex.zh}


def test_a_sound_row_has_no_fault_and_becomes_codes() -> None:
    cells, found = read_row(reading(), 2, roster_row(1))

    assert found == []
    assert (cells["sex"], cells["education"], cells["relation"]) == ("male", "junior_middle", "son")
    assert cells["village_code"] == "621226100001"
    assert cells["born_on"] == "1971-02-02"


def test_columns_that_must_not_be_kept_are_not_even_read() -> None:
    cells, _ = read_row(reading(), 2, roster_row(1))

    assert not {"ethnicity", "politics", "health", "disability", "illness_aid"} & set(cells)
    assert "某族" not in "".join(cells.values())


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("9.90000E+17", "identity_broken"),
        ("990000197102020", "identity_old_form"),
        ("99000019710202001", "identity_form"),
        ("990000197102300012", "identity_birth_day"),
        ("000000197102020012", "identity_form"),
    ],
)
def test_a_wrong_number_makes_one_note_and_silences_what_hangs_on_it(identity: str, code: str) -> None:
    assert faults(identity=identity) == [("identity", code)]


def test_a_disability_card_carries_the_identity_number() -> None:
    number = roster_row(1)["identity"]
    cells, found = read_row(reading(), 2, roster_row(1, identity=f"{number}43", identity_type="残疾人证"))

    assert (cells["identity"], found) == (number, [])


@pytest.mark.parametrize("key", ["name", "identity", "household_number"])
def test_what_is_needed_must_be_there(key: str) -> None:
    assert faults(**{key: ""}) == [(key, "missing")]


def test_day_of_birth_and_sex_must_agree_with_the_number() -> None:
    assert faults(born_on="1971-02-03") == [("born_on", "birth_differs")]
    assert faults(sex="女") == [("sex", "sex_differs")]
    assert faults(born_on="", sex="") == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"months_worked": "12"}, []),
        ({"months_worked": "13"}, [("months_worked", "months_over_twelve")]),
        ({"months_worked": "6", "workplace": ""}, [("workplace", "months_without_place")]),
        ({"months_worked": "0", "workplace": ""}, []),
        ({"months_worked": "0"}, [("months_worked", "place_without_months")]),
        ({"months_worked": ""}, [("months_worked", "place_without_months")]),
        ({"months_worked": "七"}, [("months_worked", "not_a_number")]),
        ({"months_worked": "6个月"}, []),
        ({"welfare_post_months": "13"}, [("welfare_post_months", "months_over_twelve")]),
        ({"welfare_post_months": "12"}, []),
    ],
)
def test_months_of_work_have_a_place_and_a_year_has_twelve(
    changed: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert faults(**changed) == found


@pytest.mark.parametrize(
    ("born_on", "found"),
    [
        (date(2004, 3, 1), []),  # sixteen on the very day
        (date(2004, 3, 2), [("months_worked", "under_sixteen_working")]),
    ],
)
def test_nobody_works_under_sixteen(born_on: date, found: list[tuple[str, str]]) -> None:
    assert faults(**person(born_on)) == found


@pytest.mark.parametrize("months", ["", "0"])
def test_a_child_that_does_not_work_is_no_fault(months: str) -> None:
    idle = {"months_worked": months, "workplace": "", "employer_name": "", "labour_capacity": ""}
    assert faults(**person(date(2015, 6, 1)), **idle) == []


def test_a_child_that_works_is_told_once_and_not_for_its_capacity_too() -> None:
    child = person(date(2015, 6, 1))
    assert faults(**child, labour_capacity="普通劳动力") == [("months_worked", "under_sixteen_working")]


def test_a_fault_of_the_whole_row_ends_the_reading() -> None:
    known = Fault("", Code.MAPPING_REASON, {"text": "退库"})
    assert read_row(reading(), 2, roster_row(1, education="初小"), [known]) == ({}, [known])


def test_who_has_no_capacity_does_not_work() -> None:
    assert faults(labour_capacity="无劳动力") == [("labour_capacity", "no_capacity_but_working")]
    assert faults(labour_capacity="无劳动力", months_worked="0", workplace="") == []
    assert faults(labour_capacity="弱劳动力或半劳动力") == []


@pytest.mark.parametrize(
    ("key", "text"),
    [("education", "初小"), ("relation", "邻居"), ("labour_capacity", "能"), ("speaks_mandarin", "一点")],
)
def test_a_word_outside_the_list_is_named_with_the_list(key: str, text: str) -> None:
    _, (fault,) = read_row(reading(), 2, roster_row(1, **{key: text}))

    assert (fault.column, fault.code, fault.values["text"]) == (key, "not_in_list", text)
    assert "、" in str(fault.values["choices"])


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"village": "石碑"}, []),
        ({"village": "石碑村委会"}, []),
        ({"township": "", "village": "北关社区"}, []),
        ({"province": "", "prefecture": "", "county": ""}, []),
        ({"village": "无此村"}, [("village", "village_unknown")]),
        ({"county": "宕昌县", "township": "城关镇", "village": ""}, [("township", "village_outside")]),
    ],
)
def test_a_village_is_found_by_its_names(changed: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert faults(**changed) == found


def test_a_row_without_any_place_is_refused() -> None:
    nowhere = dict.fromkeys(("province", "prefecture", "county", "township", "village"), "")
    assert faults(**nowhere) == [("village", "missing")]


def test_the_second_row_of_a_person_names_the_first() -> None:
    file = reading()
    read_row(file, 2, roster_row(1))
    _, (fault,) = read_row(file, 9, roster_row(1, relation="之女"))

    assert (fault.code, fault.values) == (Code.TWICE_IN_FILE, {"row": 2})


def found_in(*rows: dict[str, str]) -> list[list[str]]:
    file = reading()
    return [[fault.code for fault in read_row(file, number, row)[1]] for number, row in enumerate(rows, 2)]


def couple(relation: str, sequence: int, sex: Sex) -> dict[str, str]:
    identity = invented_identity(sequence=sequence, born_on=date(1980, 5, 1), sex=sex)
    return roster_row(1, relation=relation, identity=identity, sex="", born_on="")


def test_head_and_spouse_are_two_and_of_two_sexes() -> None:
    head, wife = couple("户主", 11, Sex.MALE), couple("配偶", 12, Sex.FEMALE)
    assert found_in(head, wife) == [[], []]
    assert found_in(wife, head) == [[], []]
    assert found_in(head, couple("配偶", 13, Sex.MALE)) == [[], ["spouses_of_one_sex"]]
    assert found_in(couple("配偶", 13, Sex.MALE), head) == [[], ["spouses_of_one_sex"]]
    assert found_in(head, wife, couple("配偶", 14, Sex.FEMALE)) == [[], [], ["two_spouses"]]
    assert found_in(head, wife, couple("配偶", 15, Sex.MALE)) == [[], [], ["two_spouses"]]


@pytest.mark.parametrize(("members", "told"), [(2, {}), (3, {"1": 3})])
def test_a_household_of_three_without_a_head_is_told_once(members: int, told: dict[str, int]) -> None:
    rows = [roster_row(number, household_number="１ ", relation="之子") for number in range(members)]
    assert households_without_head(rows) == told
    assert households_without_head([*rows, roster_row(9, household_number="1", relation="户主本人")]) == {}

    file = reading()
    file.headless = households_without_head(rows)
    found = [read_row(file, number, row)[1] for number, row in enumerate(rows, 2)]
    assert sum(fault.code == Code.NO_HEAD for faults in found for fault in faults) == len(told)
    assert [len(faults) for faults in found] == ([0] * members if not told else [1, 0, 0])


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"employer_name": ""}, [("employer_name", "months_without_employer")]),
        ({"employer_name": "", "months_worked": "13"}, [("months_worked", "months_over_twelve")]),
        ({"school_status": "高中二年级", "education": ""}, [("school_status", "at_school_and_working")]),
        ({"school_status": "非在校生"}, []),
        ({"channel_of_job": "公益岗位"}, [("channel_of_job", "local_work_away")]),
        ({"channel_of_job": "帮扶车间", "workplace": "山东"}, [("channel_of_job", "local_work_away")]),
        ({"channel_of_job": "公益岗位", "workplace": "礼县"}, []),
        ({"channel_of_job": "公益岗位", "workplace": "甘肃省"}, []),
        ({"channel_of_job": "公益岗位", "workplace": "村口"}, []),
        ({"channel_of_job": "外出务工", "workplace": "山东省"}, []),
        ({"welfare_post_kind": "护林员"}, [("welfare_post_months", "post_without_months")]),
        ({"welfare_post_kind": "护林员", "welfare_post_months": "6"}, []),
    ],
)
def test_work_and_school_agree(changed: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert faults(**changed) == found


def test_a_class_at_school_and_a_finished_education_exclude_each_other() -> None:
    idle = {"months_worked": "", "workplace": "", "employer_name": "", "channel_of_job": ""}
    assert faults(school_status="大学", **idle) == [("education", "school_and_education")]
    assert faults(school_status="大学", education="", **idle) == []


@pytest.mark.parametrize(("born_on", "told"), [(date(2004, 3, 1), False), (date(2004, 3, 2), True)])
def test_a_child_has_no_full_capacity_to_work(born_on: date, *, told: bool) -> None:
    idle = {"months_worked": "", "workplace": "", "employer_name": ""}
    expected = [("labour_capacity", "under_sixteen_with_capacity")] if told else []
    assert faults(**person(born_on), **idle) == expected


def test_a_household_has_one_head() -> None:
    file = reading()
    read_row(file, 2, roster_row(1, relation="户主"))
    _, (fault,) = read_row(file, 3, roster_row(2, relation="户主"))
    _, other = read_row(file, 4, roster_row(4, relation="户主", household_number="62122609"))

    assert (fault.column, fault.code, fault.values) == ("relation", "two_heads", {"row": 2})
    assert other == []


def test_a_rare_character_is_told_but_does_not_stop_the_row() -> None:
    _, found = read_row(reading(), 2, roster_row(1, name="马𠮷兰"))

    assert [fault.code for fault in found] == ["name_outside_font"]
    assert not stops(found)
    assert stops([*found, Fault("identity", Code.MISSING)])


def test_a_phone_is_masked_in_its_fault() -> None:
    _, (fault,) = read_row(reading(), 2, roster_row(1, phone="12893901234"))

    assert (fault.code, fault.values) == ("phone_form", {"text": "128****1234"})


@pytest.mark.parametrize(
    ("kind", "read"),
    [("建档立卡户", "registered_poor"), ("脱贫户", "lifted_out"), ("一般农户", "none"), ("", "")],
)
def test_the_kind_of_household_is_read_in_the_words_of_any_year(kind: str, read: str) -> None:
    cells, found = read_row(reading(), 2, roster_row(1, household_kind=kind))

    assert (cells["household_kind"], found) == (read, [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020.3.1", ON), ("20200301", ON), ("2020/03/01", ON), ("2020年3月1日", ON),
        ("2020-03-01 00:00:00", ON), ("２０２０－３－１", ON), ("43891", ON), ("3月初", None),
        ("2020.2.30", None), ("202003", None), ("4389", None), ("438910", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_cadres_type_it(text: str, day: date | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3月初", date(2020, 3, 1)), ("3月1日", date(2020, 3, 1)), ("3月2日", date(2019, 3, 2)),
        ("3 月 中旬", date(2019, 3, 11)), ("12月下旬", date(2019, 12, 21)), ("2月底", date(2020, 2, 29)),
        ("2020年2月末", date(2020, 2, 29)), ("2020.02", date(2020, 2, 1)), ("2020年10月", date(2020, 10, 1)),
        ("2020/3", date(2020, 3, 1)), ("2020.1", None), ("2020.13", None), ("13月初", None), ("7", None),
        ("春节后", None), ("2月30日", None),
    ],
)  # fmt: skip
def test_a_month_or_a_part_of_it_is_read_as_its_first_day(text: str, day: date | None) -> None:
    assert assumed_day(text, on=ON) == day


def test_what_was_assumed_is_told_does_not_stop_the_row_and_hides_no_other_check() -> None:
    row = {**person(date(2004, 3, 2)), "name": "马强", "left_on": "2020年3月初"}
    cells, found = read_row(reading("transfer_ledger"), 3, row)

    assert cells["left_on"] == "2020-03-01"
    assert found[0].values == {"text": "2020年3月初", "day": "2020-03-01"}
    assert [fault.code for fault in found] == ["day_assumed", "under_sixteen_working"]
    assert not stops(found[:1])


@pytest.mark.parametrize(("text", "agrees"), [("1971-02", True), ("1971年2月", True), ("1971.03", False)])
def test_a_month_of_birth_must_agree_with_the_number_too(text: str, *, agrees: bool) -> None:
    assert faults(born_on=text) == ([] if agrees else [("born_on", "birth_differs")])


@pytest.mark.parametrize(
    ("text", "openings"),
    [("1,200", "1200"), ("1.2万人", "12000"), ("２０", "20"), ("20.0", "20"), ("1,20", None), ("十", None)],
)
def test_a_whole_number_is_read_as_people_write_it(text: str, openings: str | None) -> None:
    post = {"employer_name": "青岛厂", "title": "缝纫工", "openings": text}
    cells, found = read_row(reading("job_list"), 2, post)

    assert (cells["openings"] or None) == openings
    assert [fault.code for fault in found] == ([] if openings else ["not_a_number"])


def ledger(**changed: str) -> list[tuple[str, str]]:
    row = {**person(date(1990, 5, 1)), "name": "马强", "township": "城关镇", "village": "北关社区",
           "left_on": "2020.3.1", "monthly_income": "4500", "channel": "有组织", **changed}  # fmt: skip
    _, found = read_row(reading("transfer_ledger"), 3, row)
    return [(fault.column, fault.code) for fault in found]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"left_on": "3月初"}, [("left_on", "day_assumed")]),
        ({"left_on": "3月底前后"}, [("left_on", "not_a_day")]),
        ({"left_on": "2020.1"}, [("left_on", "not_a_day")]),  # October, typed as a number, looks the same
        ({"returned_on": "2020.3.1"}, []),
        ({"returned_on": "2020.2.29"}, [("returned_on", "returned_before_left")]),
        ({"monthly_income": "四千"}, [("monthly_income", "money_form")]),
        ({"monthly_income": "499.99"}, [("monthly_income", "income_unlikely")]),
        ({"monthly_income": "500"}, []),
        ({"monthly_income": "30000"}, []),
        ({"monthly_income": "3.1万"}, [("monthly_income", "income_unlikely")]),
        ({"monthly_income": "", "months_worked": "3"}, [("monthly_income", "months_without_income")]),
        ({"monthly_income": "", "months_worked": "3", "total_income": "9000"}, []),
        ({"monthly_income": "", "total_income": "9000"}, [("months_worked", "income_without_months")]),
        ({"total_income": "9000"}, []),  # what is earned in a month says that there was one
        ({"channel": "飞机"}, [("channel", "not_in_list")]),
        (person(date(2004, 3, 2)), [("left_on", "under_sixteen_working")]),
        (person(date(2004, 3, 1)), []),
    ],
)
def test_a_ledger_row_is_checked_on_the_day_of_leaving(
    changed: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert ledger(**changed) == found


def test_a_column_that_the_file_does_not_have_is_not_asked_for() -> None:
    row = {**person(date(1990, 5, 1)), "name": "马强", "left_on": "2020.3.1", "months_worked": "3"}
    assert read_row(reading("transfer_ledger"), 3, row)[1] == []
    row = {key: text for key, text in roster_row(1).items() if key != "employer_name"}
    assert read_row(reading(), 3, row)[1] == []


def test_who_left_at_fifteen_is_told_however_old_the_file_is() -> None:
    assert ledger(**person(date(2004, 1, 15)), left_on="2020.1.10") == [("left_on", "under_sixteen_working")]
    assert ledger(**person(date(2004, 1, 15)), left_on="2020.1.15") == []


def test_a_file_of_a_township_holds_no_village_of_its_neighbour() -> None:
    own = Reading(form=FORMS[ROSTER], division=LI_COUNTY + 100_000, on=ON)
    outside = Reading(form=FORMS[ROSTER], division=LI_COUNTY + 101_000, on=ON)
    assert read_row(own, 2, roster_row(1))[1] == []
    assert [fault.code for fault in read_row(outside, 2, roster_row(1))[1]] == ["village_outside"]


def test_one_person_may_leave_twice_but_not_on_one_day() -> None:
    file = reading("transfer_ledger")
    row = {**person(date(1990, 5, 1)), "name": "马强"}
    rows = [row | {"left_on": day} for day in ("2020-03-01", "2020-09-01", "2020.3.1")]
    found = [read_row(file, number, row)[1] for number, row in enumerate(rows, 3)]

    assert [[fault.code for fault in faults] for faults in found] == [[], [], ["twice_in_file"]]


def test_a_post_needs_openings() -> None:
    post = {"employer_name": "青岛厂", "title": "缝纫工", "openings": "0", "education": "不限"}
    _, found = read_row(reading("job_list"), 2, post)
    cells, fine = read_row(reading("job_list"), 2, post | {"openings": "20人"})

    assert [fault.code for fault in found] == ["no_openings"]
    assert (fine, cells["openings"], cells["education"]) == ([], "20", "")


def test_merged_and_refused_are_the_end() -> None:
    for last in (State.MERGED, State.REFUSED):
        assert not [then for then in State if may_become(last, then)]
    assert may_become(State.FAILED, State.MERGING)
    assert not may_become(State.RECEIVED, State.MERGING)
    assert {outcome.value for outcome in Outcome} >= {"ready", "faulty", "unchanged"}


@pytest.mark.parametrize("form", FORMS)
def test_what_was_read_is_shown_in_the_words_of_its_form_and_read_again_the_same(form: str) -> None:
    plain = {Kind.MONEY: ["0.05", "3,256.50"], Kind.INTEGER: ["7"], Kind.DATE: ["2020-03-01"]}
    for column in FORMS[form].readable:
        for text in column.choices if column.kind is Kind.ENUM else plain.get(column.kind, []):
            stored = read_cell(column, text, ON)
            assert isinstance(stored, str), (column.key, text)
            assert read_cell(column, written_cell(column, stored), ON) == stored
            if column.kind is Kind.ENUM and stored:
                assert written_cell(column, stored) in column.choices
