"""The row that names the columns, and the rows under it."""

from fourdoors.engines.sheets import Column, Sheet, find_header, rows_under
from tests.engines.sheets.corpus import COLUMNS, FIRST, TITLES


def sheet(*lines: list[str]) -> Sheet:
    return Sheet("台账", [tuple(line) for line in lines])


def test_what_must_not_be_kept_never_reaches_a_row() -> None:
    tab = sheet([*TITLES, "民族"], [*FIRST, "回族"])
    header = find_header(tab, COLUMNS)
    assert header is not None
    assert header.dropped == {6: "ethnicity"}
    assert "回族" not in str([row.cells for row in rows_under(tab, header)])


def test_unknown_missing_and_repeated_columns_are_told() -> None:
    header = find_header(sheet(["姓名", "天气", "务工单位", "务工企业名称"]), COLUMNS)
    assert header is not None
    assert header.unknown == (2,)
    assert header.missing == ("identity",)
    assert header.keys == {1: "name", 3: "employer"}
    assert header.repeated == (4,)
    assert header.titles[4] == "务工企业名称"


def test_the_unit_of_a_title_is_kept_apart() -> None:
    header = find_header(sheet(["姓名", "务工时间【月】", "务工企业名称"]), COLUMNS)
    assert header is not None
    assert header.units == {"months": "月"}
    columns = (Column("name", ("姓名",)), Column("pay", ("月收入",)))
    header = find_header(sheet(["姓名", "月收入（万元）"]), columns)
    assert header is not None
    assert header.units["pay"] == "万元"


def test_a_title_without_its_unit_serves_only_where_it_means_one_column() -> None:
    columns = (
        Column("name", ("姓名",)),
        Column("months", ("公益性岗位(月数)",)),
        Column("kind", ("公益性岗位(类型)",)),
        Column("id", ("证号",)),
    )
    header = find_header(sheet(["姓名", "公益性岗位", "证号"]), columns)
    assert header is not None
    assert header.keys == {1: "name", 3: "id"}


def test_a_header_stands_in_the_first_ten_rows_or_nowhere() -> None:
    assert find_header(sheet(*[[]] * 9, TITLES), COLUMNS) is not None
    assert find_header(sheet(*[[]] * 10, TITLES), COLUMNS) is None


def test_one_title_makes_no_header() -> None:
    assert find_header(sheet(["姓名", "天气"]), COLUMNS) is None


def test_of_two_rows_the_one_that_names_more_is_the_header() -> None:
    header = find_header(sheet(["姓名", "证件号码"], TITLES), COLUMNS)
    assert header is not None
    assert header.row == 2


def test_a_ditto_in_the_first_row_has_nothing_to_repeat() -> None:
    tab = sheet(TITLES, [FIRST[0], "同上", "", "〃"], ["乙", "2", "", "″"])
    header = find_header(tab, COLUMNS)
    assert header is not None
    assert [row.cells["identity"] for row in rows_under(tab, header)] == ["", "2"]
    assert [row.cells["employer"] for row in rows_under(tab, header)] == ["", ""]


def test_a_person_whose_remark_looks_like_a_signature_stays() -> None:
    tab = sheet(["备注", *TITLES], ["备注:长期", *FIRST], ["说明:见附件"])
    header = find_header(tab, COLUMNS)
    assert header is not None
    assert [row.number for row in rows_under(tab, header)] == [2]
