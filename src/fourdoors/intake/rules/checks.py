"""The checks of a row, and of a row against its file: pure functions, each with the code of its fault.

Source:
    The checks that county staff wrote for themselves, in programs for exports of the national system
    (``engines.sheets.forms``, S40 to S42).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from fourdoors.engines.sheets import Column, Form, Kind
from fourdoors.intake.rules.cells import day_of, read_cell
from fourdoors.intake.rules.faults import Code, Fault, stops
from fourdoors.kernel.divisions import find_by_names, path_of, range_of
from fourdoors.kernel.identity import read_identity
from fourdoors.kernel.names import outside_font
from fourdoors.kernel.periods import full_years
from fourdoors.kernel.terms import NO_HOUSEHOLD_STATUS, HouseholdStatusKind, LabourCapacity, RelationToHead

MINIMUM_AGE_YEARS = 16  # Labour Law of the People's Republic of China, article 15
MONTHS_OF_A_YEAR = 12
PRIVATE_KEYS = frozenset(
    {"identity", "head_identity", "payee_identity", "phone", "household_phone", "account"}
)  # sealed as soon as they are read
_PLACES = ("province", "prefecture", "county", "township", "village")

Cells = dict[str, str]


@dataclass
class Reading:
    """One file being read: its form, whom it speaks for, and what its rows have said so far.

    Attributes:
        form: the form of the file.
        division: 12-digit code that the file speaks for; no row may lie outside.
        on: the day of the file; ages are counted on it.
        people: identity number (and day of leaving, in a ledger) to the first row that has it.
        heads: household number to the row of its head.
    """

    form: Form
    division: int
    on: date
    people: dict[tuple[str, ...], int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)


def read_row(
    reading: Reading, number: int, raw: Mapping[str, str], known: Sequence[Fault] = ()
) -> tuple[Cells, list[Fault]]:
    """Read one row: its cells as they are stored, and everything that is wrong with it.

    A cell with a fault is left blank and no other check looks at it: one mistake makes one note.

    Args:
        reading: the file so far; this row is added to it.
        number: row of the sheet, from 1.
        raw: cells by key, as the engine read them.
        known: faults that a mapping found already; a fault of the whole row ends the reading.
    """
    cells: Cells = {}
    faults = list(known)
    wrong = {fault.column for fault in faults}
    if "" in wrong:
        return cells, faults
    for column in reading.form.readable:
        if not column.dropped and column.key in raw and column.key not in wrong:
            _take(column, raw[column.key], reading.on, cells, faults)
    faults += (fault for fault in _absent(reading.form, raw) if fault.column not in wrong)
    wrong = {fault.column for fault in faults if stops([fault])}
    for columns, check in _CHECKS[reading.form.key]:
        if not wrong.intersection(columns):
            faults += check(cells, reading, number)
    return cells, faults


def _take(column: Column, text: str, on: date, cells: Cells, faults: list[Fault]) -> None:
    read = read_cell(column, text, on) if text else ""
    if isinstance(read, Fault):
        faults.append(read)
        read = ""
    elif column.kind is Kind.DATE and column.key != "born_on" and text and day_of(text) is None:
        faults.append(Fault(column.key, Code.DAY_ASSUMED, {"text": text[:30], "day": read}))
    cells[column.key] = read


def _absent(form: Form, raw: Mapping[str, str]) -> Iterator[Fault]:
    for column in form.readable:
        if column.required and not raw.get(column.key):
            yield Fault(column.key, Code.MISSING)


def _number(cells: Cells, key: str) -> int:
    return int(cells.get(key) or 0)


def _identity_agrees(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    holder = read_identity(cells["identity"])
    born_on, sex = cells.get("born_on"), cells.get("sex")
    if born_on and not holder.born_on.isoformat().startswith(born_on):  # a month alone may agree too
        said = {"cell": born_on, "identity": holder.born_on.isoformat()}
        yield Fault("born_on", Code.BIRTH_DIFFERS, {**said})
    if sex and sex != holder.sex.value:
        yield Fault("sex", Code.SEX_DIFFERS, {"cell": sex, "identity": holder.sex.value})


def _person_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["identity"],), number)


def _spell_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["identity"], cells["left_on"]), number)


def _once(reading: Reading, key: tuple[str, ...], number: int) -> Iterator[Fault]:
    first = reading.people.setdefault(key, number)
    if first != number:
        yield Fault("identity", Code.TWICE_IN_FILE, {"row": first})


def _months(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    months, place = _number(cells, "months_worked"), cells.get("workplace", "")
    if months > MONTHS_OF_A_YEAR:
        yield Fault("months_worked", Code.MONTHS_OVER_TWELVE, {"months": months})
    if months and not place:
        yield Fault("workplace", Code.MONTHS_WITHOUT_PLACE, {"months": months})
    if place and not months:
        yield Fault("months_worked", Code.PLACE_WITHOUT_MONTHS, {"place": place[:30]})


def _post_months(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if (months := _number(cells, "welfare_post_months")) > MONTHS_OF_A_YEAR:
        yield Fault("welfare_post_months", Code.MONTHS_OVER_TWELVE, {"months": months})


def _old_enough(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    working = [key for key in ("months_worked", "workplace", "employer_name", "welfare_post_kind", "left_on")
               if cells.get(key) not in ("", "0", None)]  # fmt: skip
    on = date.fromisoformat(cells["left_on"]) if cells.get("left_on") else reading.on
    age = full_years(read_identity(cells["identity"]).born_on, on)
    if working and age < MINIMUM_AGE_YEARS:
        yield Fault(working[0], Code.UNDER_SIXTEEN_WORKING, {"age": age, "minimum": MINIMUM_AGE_YEARS})


def _able(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    capacity = cells.get("labour_capacity", "")
    if capacity and _number(cells, "months_worked") and not LabourCapacity(capacity).may_work:
        yield Fault("labour_capacity", Code.NO_CAPACITY_BUT_WORKING)


def _one_head(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    household = cells["household_number"]
    if cells.get("relation") == RelationToHead.HEAD.value:
        first = reading.heads.setdefault(household, number)
        if first != number:
            yield Fault("relation", Code.TWO_HEADS, {"row": first})


def _kind_of_household(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    text = cells.get("household_kind", "")
    if text and text not in NO_HOUSEHOLD_STATUS:
        kind = HouseholdStatusKind.read(text)
        cells["household_kind"] = kind.value if kind else ""
        if kind is None:
            choices = "、".join(member.zh for member in HouseholdStatusKind)
            yield Fault("household_kind", Code.NOT_IN_LIST, {"text": text[:30], "choices": choices})
    elif text:
        cells["household_kind"] = "none"


def _home(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Find the village's code by its names; a blank name above it is that of the file's division."""
    if not any(cells.get(key) for key in _PLACES):
        cells["village_code"] = ""
        return
    code = _village(reading.division, tuple(cells.get(key, "") for key in _PLACES))
    cells["village_code"] = str(code or "")
    column = next(key for key in reversed(_PLACES) if cells.get(key))
    if code is None:
        names = " ".join(filter(None, (cells.get(key, "") for key in _PLACES)))
        yield Fault(column, Code.VILLAGE_UNKNOWN, {"names": names[:60]})
    elif code not in range_of(reading.division):
        yield Fault(column, Code.VILLAGE_OUTSIDE, {"names": cells[column][:30]})


def _home_known(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if not any(cells.get(key) for key in _PLACES):
        yield Fault("village", Code.MISSING)


@lru_cache(maxsize=1 << 14)
def _village(division: int, names: tuple[str, ...]) -> int | None:
    above = [step.name for step in path_of(division)]
    above += [""] * (len(names) - len(above))
    return find_by_names([name or default for name, default in zip(names, above, strict=True)])


def _printable(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if signs := outside_font(cells["name"]):
        yield Fault("name", Code.NAME_OUTSIDE_FONT, {"signs": signs})


def _back_after_leaving(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    back = cells.get("returned_on", "")
    if back and back < cells["left_on"]:
        yield Fault("returned_on", Code.RETURNED_BEFORE_LEFT, {"left": cells["left_on"]})


def _opens(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if not _number(cells, "openings"):
        yield Fault("openings", Code.NO_OPENINGS)


# A check runs where none of its columns has a fault already.
_Check = tuple[tuple[str, ...], Callable[[Cells, Reading, int], Iterator[Fault]]]
_CHECKS: dict[str, tuple[_Check, ...]] = {
    "national_member_export": (
        (("identity", "born_on", "sex"), _identity_agrees),
        (("identity",), _person_once),
        (("months_worked", "workplace"), _months),
        (("welfare_post_months",), _post_months),
        (("identity",), _old_enough),
        (("labour_capacity", "months_worked"), _able),
        (("household_number", "relation"), _one_head),
        (("household_kind",), _kind_of_household),
        (_PLACES, _home_known),
        (_PLACES, _home),
        (("name",), _printable),
    ),
    "transfer_ledger": (
        (("identity", "sex"), _identity_agrees),
        (("identity", "left_on"), _spell_once),
        (("identity", "left_on"), _old_enough),
        (("left_on", "returned_on"), _back_after_leaving),
        (("household_kind",), _kind_of_household),
        (_PLACES, _home),
        (("name",), _printable),
    ),
    "job_list": ((("openings",), _opens),),
}
