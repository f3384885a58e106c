"""Every nasty file of the corpus, all the way in: each is answered, and nothing is guessed."""

import io
import json
from collections.abc import Sequence

import openpyxl
import pytest

from fourdoors.engines.sheets import FORMS, SheetError
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import Fault
from fourdoors.intake.services import HeaderUnknownError, annotated_workbook
from fourdoors.store.vault import vault
from tests.engines.sheets.corpus import CASES, FIRST, SECOND, TITLES, csv, xlsx
from tests.makers.intake import make_import, roster_row, workbook

pytestmark = pytest.mark.django_db

LEDGER = "transfer_ledger"
KEYS = {"name": "name", "identity": "identity", "months": "months_worked", "employer": "employer_name"}
READ = [title for title, case in CASES.items() if not isinstance(case.answer, str)]
REFUSED = [title for title in CASES if title not in READ]
HIDDEN = "the table on a hidden sheet"  # the cadre cannot see it, so nobody answers for it
IDENTITIES = {str(FIRST[1]), str(SECOND[1])}

Note = tuple[str, str]


def staged(batch: Import) -> list[dict[str, str]]:
    """Return the rows of an import with their sealed cells."""
    return [
        row.cells | json.loads(vault().open("private", row.private_cipher) if row.private_cipher else "{}")
        for row in StagedRow.objects.filter(batch=batch).order_by("number")
    ]


def notes(batch: Import) -> list[list[Note]]:
    rows = StagedRow.objects.filter(batch=batch).order_by("number")
    return [[(fault["column"], fault["code"]) for fault in row.faults] for row in rows]


@pytest.mark.parametrize("title", [title for title in READ if title != HIDDEN])
def test_every_person_of_the_corpus_is_staged_or_named(title: str) -> None:
    case = CASES[title]
    batch = make_import(data=case.make(), form=LEDGER, name=case.name)

    assert not isinstance(case.answer, str)
    assert batch.counts["rows"] == len(case.answer)
    for row, said, told in zip(staged(batch), case.answer, notes(batch), strict=True):
        assert row.get("name") == said["name"]
        assert row.get("left_on") == said["left_on"].replace("43891", "2020-03-01")[:10] or told
        assert row.get("identity") in IDENTITIES or told[0][0] == "identity"


@pytest.mark.parametrize("title", REFUSED)
def test_every_file_that_is_refused_leaves_nothing_behind(title: str) -> None:
    case = CASES[title]
    with pytest.raises(SheetError) as refusal:
        make_import(data=case.make(), form=LEDGER, name=case.name)

    assert refusal.value.code == case.answer
    assert not Import.objects.exists()


def test_a_hidden_sheet_is_not_read_and_the_file_says_that_it_has_no_table() -> None:
    with pytest.raises(HeaderUnknownError):
        make_import(data=CASES[HIDDEN].make(), form=LEDGER)


def people_of(batch: Import) -> list[str]:
    return [row.get("identity", "") for row in staged(batch)]


@pytest.mark.parametrize(
    ("at", "typed", "key", "stored", "told"),
    [
        (1, "99110119850615329x", "identity", "99110119850615329X", []),
        (1, "９９１１０１１９８５０６１５３２９Ｘ", "identity", "99110119850615329X", []),
        (1, "991101 19850615 329X", "identity", "99110119850615329X", []),
        (1, "'99110119850615329X", "identity", "99110119850615329X", []),
        (1, '="99110119850615329X"', "identity", "99110119850615329X", []),
        (1, "99110119850615329X43", "identity", "99110119850615329X", []),
        (1, "9.91101E+17", "identity", None, [("identity", "identity_broken")]),
        (1, "991101198506153000", "identity", None, [("identity", "identity_broken")]),
        (1, "9911011985061532", "identity", None, [("identity", "identity_form")]),
        (1, "991101850615329", "identity", None, [("identity", "identity_old_form")]),
        (1, "991101198502303014", "identity", None, [("identity", "identity_birth_day")]),
        (1, "991101198506153299", "identity", None, [("identity", "identity_check_character")]),
        (1, "", "identity", None, [("identity", "missing")]),
        (4, "2020.4.10", "left_on", "2020-04-10", []),
        (4, "2020/4/10", "left_on", "2020-04-10", []),
        (4, "20200410", "left_on", "2020-04-10", []),
        (4, "2020年4月10日", "left_on", "2020-04-10", []),
        (4, "２０２０．４．１０", "left_on", "2020-04-10", []),
        (4, "43931", "left_on", "2020-04-10", []),
        (4, "2020年4月", "left_on", "2020-04-01", [("left_on", "day_assumed")]),
        (4, "2019年3月初", "left_on", "2019-03-01", [("left_on", "day_assumed")]),
        (4, "腊月初八", "left_on", None, [("left_on", "not_a_day")]),
        (4, "2020.1", "left_on", None, [("left_on", "not_a_day")]),
        (2, "4个月", "months_worked", "4", []),
        (2, "四", "months_worked", None, [("months_worked", "not_a_number")]),
    ],
)
def test_a_cell_as_cadres_type_it(
    at: int, typed: str, key: str, stored: str | None, told: list[Note]
) -> None:
    line = [*SECOND[:at], typed, *SECOND[at + 1 :]]
    batch = make_import(data=xlsx([TITLES, FIRST, line]), form=LEDGER)

    assert staged(batch)[1].get(key) == stored
    assert notes(batch) == [[], told]


@pytest.mark.parametrize(
    ("title", "typed", "fen"),
    [
        ("月收入", "3,256.5", "325650"), ("月收入", "￥４５００元", "450000"), ("月收入", "0.45万", "450000"),
        ("月收入（万元）", "0.45", "450000"), ("月收入(元)", "4500.00", "450000"), ("月收入", "四千五", None),
    ],
)  # fmt: skip
def test_money_as_cadres_type_it(title: str, typed: str, fen: str | None) -> None:
    data = csv([[*TITLES, title], [*FIRST, f'"{typed}"']]).encode("gb18030")
    batch = make_import(data=data, form=LEDGER, name="台账.csv")

    assert staged(batch)[0].get("monthly_income") == fen
    assert notes(batch) == [[] if fen else [("monthly_income", "money_form")]]


def test_every_visible_sheet_that_carries_the_form_is_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([TITLES, FIRST], before=[["封面"]])))
    more, hidden = book.create_sheet("五月"), book.create_sheet("底稿")
    for line in (TITLES, SECOND):
        more.append(list(line))
        hidden.append(list(line))
    hidden.sheet_state = "veryHidden"
    batch = make_import(data=saved(book), form=LEDGER)

    assert sorted(people_of(batch)) == sorted(IDENTITIES)
    assert set(batch.mapping["sheets"]) == {"台账", "五月"}


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def broken(sequence: int) -> dict[str, str]:
    """Return one of forty-one faulty rows: five kinds of fault in turn."""
    changed = (
        {"name": ""}, {"identity": "9.90000E+17"}, {"sex": "x"}, {"education": "初小"},
        {"months_worked": "13"},
    )[sequence % 5]  # fmt: skip
    return roster_row(sequence, **changed)


def roster_of_three_thousand() -> bytes:
    faulty = set(range(7, 7 + 71 * 41, 71))
    rows: Sequence[dict[str, str]] = [
        (broken(number) if number in faulty else roster_row(number))
        | {"household_number": f"62122{number:07d}", "relation": "户主"}
        for number in range(1, 3001)
    ]
    return workbook(rows, title="礼县花名册")


def test_a_roster_of_three_thousand_with_forty_one_faults_comes_back_with_forty_one_red_notes() -> None:
    batch = make_import(data=roster_of_three_thousand())
    assert batch.counts == {"rows": 3000, "ready": 2959, "faulty": 41, "notes": 41}

    back = openpyxl.load_workbook(io.BytesIO(annotated_workbook(batch=batch, say=lambda fault: fault.code)))
    red = [
        cell
        for line in back["成员"].iter_rows()
        for cell in line
        if cell.comment and cell.fill.fgColor.rgb == "FFFFC1BD"
    ]
    assert len(red) == 41
    assert len(list(back.worksheets[0].iter_rows(min_col=2, max_col=2))) > 41


def test_every_fault_of_the_corpus_names_a_column_that_the_form_has() -> None:
    batch = make_import(data=xlsx([TITLES, [*FIRST[:1], "1", "x", "", "y"]]), form=LEDGER)
    known = {column.key for column in FORMS[LEDGER].readable}

    faults = [Fault(**stored) for row in StagedRow.objects.filter(batch=batch) for stored in row.faults]
    assert {fault.column for fault in faults} <= known
    assert len(faults) == 3
