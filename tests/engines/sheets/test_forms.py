"""The forms as data: complete, without doubles, and without what must not be kept."""

import io

import openpyxl
import pytest

from fourdoors.engines.sheets import (
    FORMS,
    Form,
    Kind,
    Sheet,
    address,
    find_header,
    read_workbook,
    template,
)
from fourdoors.engines.sheets.columns import plain_title
from fourdoors.engines.sheets.forms import (
    JOB_LIST,
    NATIONAL_MEMBER_EXPORT,
    PAYMENT_LIST,
    TRANSFER_LEDGER,
    WORK_MONITOR_OUT,
)

REASONS = {"ethnicity", "religion", "politics", "health", "not_needed"}
FORMS_AND_COUNTS = [
    (NATIONAL_MEMBER_EXPORT, 47),
    (TRANSFER_LEDGER, 34),
    (JOB_LIST, 27),
    (WORK_MONITOR_OUT, 18),
    (PAYMENT_LIST, 18),
    (FORMS["training_roster"], 10),
    (FORMS["yiliang_person"], 57),
    (FORMS["household_wage_quarterly"], 13),
    (FORMS["p2p_manifest_vehicle"], 18),
    (FORMS["p2p_manifest_person"], 20),
    (FORMS["p2p_handover"], 10),
    (FORMS["health_followup"], 14),
    (FORMS["travel_subsidy_form"], 21),
    (FORMS["training_results"], 6),
    (FORMS["training_certificates"], 11),
    (FORMS["class_application"], 9),
]


@pytest.mark.parametrize(("form", "columns"), FORMS_AND_COUNTS, ids=lambda value: str(value)[:0])
def test_a_form_has_its_columns(form: Form, columns: int) -> None:
    assert len(form.columns) == columns


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_keys_and_titles_of_a_form_are_one_each(form: Form) -> None:
    keys = [column.key for column in form.readable]
    titles = [plain_title(title) for column in form.readable for title in column.titles]
    assert len(set(keys)) == len(keys)
    assert {title for title in titles if titles.count(title) > 1} == set()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_title_is_found_and_every_dropped_one_says_why(form: Form) -> None:
    for column in form.readable:
        other = next(c for c in form.kept if c.key != column.key)
        for title in column.titles:
            header = find_header(Sheet("x", [(other.titles[0], title)]), form.readable)
            assert header is not None
            if column.dropped:
                assert header.dropped == {2: column.dropped}
                assert column.dropped in REASONS
            else:
                assert header.keys[2] == column.key


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("title", ["民族", "宗教信仰", "政治面貌", "健康状况", "残疾类别"])
def test_no_form_keeps_what_must_not_be_kept(form: Form, title: str) -> None:
    header = find_header(Sheet("x", [(form.kept[0].titles[0], form.kept[1].titles[0], title)]), form.readable)
    assert header is not None
    assert 3 in header.dropped


def test_the_old_codes_of_the_national_system_are_known() -> None:
    codes = ("aab002", "AAB004", "aab006", "aab010", "aab012", "aab029", "aar040")
    header = find_header(Sheet("x", [codes]), NATIONAL_MEMBER_EXPORT.readable)
    assert header is not None
    assert list(header.keys.values()) == [
        "name",
        "identity",
        "relation",
        "labour_capacity",
        "months_worked",
        "employer_name",
        "year",
    ]


def test_a_payment_list_is_grouped() -> None:
    groups = list(dict.fromkeys(column.group for column in PAYMENT_LIST.columns))
    assert groups == ["户主信息", "收款人信息", "补贴对象信息", "发放信息", "扩展信息"]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_empty_form_keeps_its_lists_and_digits_and_reads_as_itself(form: Form) -> None:
    data = template(form)
    tab = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    header = find_header(read_workbook(data, name="x").sheets[0], form.readable)
    assert header is not None
    assert list(header.keys.values()) == [column.key for column in form.kept]
    assert (header.missing, header.dropped) == ((), {})

    checked = {
        letters for check in tab.data_validations.dataValidation for letters in str(check.sqref).split()
    }
    looks = {
        at: group.number_format
        for group in tab.column_dimensions.values()
        for at in range(group.min, group.max + 1)
    }
    for at, column in enumerate(form.kept, start=1):
        first = address(header.row + 1, at)
        if column.choices:
            assert any(area.split(":")[0] == first for area in checked), column.key
        if column.kind in (Kind.IDENTITY, Kind.CODE):
            assert looks[at] == "@"
