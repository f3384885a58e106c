"""What a column holds, told by its cells where its title does not say it."""

import pytest

from fourdoors.engines.sheets import Column, Kind, Sheet, header_with, propose, rows_under

PEOPLE = (
    Column("township", ("乡镇",)),
    Column("village", ("村",)),
    Column("name", ("姓名",), required=True),
    Column("identity", ("身份证号",), required=True, kind=Kind.IDENTITY),
    Column("head_name", ("户主姓名",)),
    Column("head_identity", ("户主身份证号",), kind=Kind.IDENTITY),
    Column("phone", ("联系电话",), kind=Kind.CODE),
    Column("sex", ("性别",), kind=Kind.ENUM, choices=("男", "女")),
    Column("born_on", ("出生日期",), kind=Kind.DATE),
    Column("left_on", ("输转时间",), kind=Kind.DATE),
    Column("ethnicity", ("民族",), dropped="ethnicity"),
)
FIRST = ["城关镇", "北关村", "马秀英", "991101199003074527", "13800000001", "女", "1990-03-07", "2020.3.1"]
SECOND = ["盐官镇", "新联社区", "李得胜", "99110119850615329x", "13900000002", "男", "1985.6.15", "3月初"]
KEYS = ["township", "village", "name", "identity", "phone", "sex", "born_on", "left_on"]
ODD = ["甲一", "甲二", "甲三", "甲四", "甲五", "甲六", "甲七", "甲八"]


def sheet(*lines: list[str]) -> Sheet:
    return Sheet("台账", [tuple(line) for line in lines])


@pytest.mark.parametrize(
    ("lines", "row"),
    [([ODD, FIRST, SECOND], 1), ([["台账"], [], ODD, FIRST, SECOND], 3), ([FIRST, SECOND], 0)],
)
def test_columns_are_told_by_their_cells(lines: list[list[str]], row: int) -> None:
    tab = sheet(*lines)
    proposal = propose(tab, PEOPLE)

    assert proposal is not None
    assert proposal.header.row == row
    assert proposal.header.keys == dict(enumerate(KEYS, start=1))
    assert proposal.guessed == frozenset(range(1, 9))
    assert [line.cells["name"] for line in rows_under(tab, proposal.header)] == ["马秀英", "李得胜"]


def test_a_title_that_says_it_is_believed() -> None:
    proposal = propose(sheet(["姓名", "身份证号", "谁"], [FIRST[2], FIRST[3], "李得胜"]), PEOPLE)

    assert proposal is not None
    assert proposal.header.keys == {1: "name", 2: "identity", 3: "head_name"}
    assert proposal.guessed == {3}


def test_a_title_that_clearly_lies_is_not_believed() -> None:
    swapped = sheet(
        ["姓名", "身份证号", "联系电话"], [FIRST[2], FIRST[4], FIRST[3]], [SECOND[2], SECOND[4], SECOND[3]]
    )
    proposal = propose(swapped, PEOPLE)

    assert proposal is not None
    assert proposal.header.keys == {1: "name", 2: "phone", 3: "identity"}
    assert proposal.guessed == {2, 3}


def test_numbers_that_lost_their_digits_still_look_like_identity_numbers() -> None:
    proposal = propose(
        sheet(["姓名", "号"], ["马秀英", "9.91101E+17"], ["李得胜", "991101850615329"]), PEOPLE
    )

    assert proposal is not None
    assert proposal.header.keys[2] == "identity"


def test_what_must_not_be_kept_is_never_given_a_meaning() -> None:
    tab = sheet(["姓名", "身份证号", "民 族"], [*FIRST[2:4], "马得海"])
    proposal = propose(tab, PEOPLE)

    assert proposal is not None
    assert proposal.header.dropped == {3: "ethnicity"}
    assert header_with(tab, 1, {1: "name", 3: "head_name"}, PEOPLE).keys == {1: "name"}


@pytest.mark.parametrize("lines", [[["甲", "乙"], ["1", "2"]], [["马秀英", "女"]], []])
def test_nothing_is_proposed_of_a_table_without_people(lines: list[list[str]]) -> None:
    assert propose(sheet(*lines), PEOPLE) is None


def test_words_of_a_list_are_no_names_and_one_guess_serves_one_column() -> None:
    lines = [
        [name, FIRST[3], "初中", "13800000001", "13800000003", "13800000004"] for name in ("马秀英", "李得胜")
    ]
    proposal = propose(sheet(["a", "b", "c", "d", "e", "f"], *lines), PEOPLE)

    assert proposal is not None
    assert proposal.header.keys == {1: "name", 2: "identity", 4: "phone"}
    assert proposal.header.missing == ()
