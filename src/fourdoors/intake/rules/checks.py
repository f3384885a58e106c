"""The checks of a row, and of a row against its file: pure functions, each with the code of its fault.

Source:
    The checks that county staff wrote for themselves, in programs for exports of the national system
    (``engines.sheets.forms``, S40 to S42).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from fourdoors.engines.sheets import Column, Form, Kind
from fourdoors.intake.rules.cells import assumed_day, day_of, read_cell, stated
from fourdoors.intake.rules.faults import Code, Fault, stops
from fourdoors.intake.rules.pay import income_likely
from fourdoors.intake.rules.places import PLACES, home_found, home_known, local_work
from fourdoors.intake.rules.reading import Cells, Reading, number_in
from fourdoors.kernel.identity import Identity, read_identity
from fourdoors.kernel.names import outside_font
from fourdoors.kernel.periods import Month, full_years
from fourdoors.kernel.terms import (
    NO_HOUSEHOLD,
    NO_HOUSEHOLD_STATUS,
    HouseholdStatusKind,
    LabourCapacity,
    RelationToHead,
)

MINIMUM_AGE_YEARS = 16  # Labour Law of the People's Republic of China, article 15
MONTHS_OF_A_YEAR = 12
BEST_MARK = 100
_FULL_CAPACITY = frozenset({LabourCapacity.ORDINARY.value, LabourCapacity.SKILLED.value})
_NOT_AT_SCHOOL = frozenset({"", "非在校生", "否", "无", "不在校"})
_SEALED = "identity", "head_identity", "payee_identity", "phone", "household_phone", "account"
PRIVATE_KEYS = frozenset(_SEALED)  # as soon as they are read
_DAY = timedelta(days=1)


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
    said = stated(reading.form.key, raw)
    for column in reading.form.readable:
        if not column.dropped and column.key in said and column.key not in wrong:
            _take(column, said[column.key], reading.on, cells, faults)
    faults += (fault for fault in _absent(reading.form, raw) if fault.column not in wrong)
    for columns, check in _CHECKS[reading.form.key]:
        wrong = {fault.column for fault in faults if stops([fault])} if faults else wrong
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


@lru_cache(maxsize=8)
def _holder(identity: str) -> Identity:
    """Read a sound identity number; several checks of a row ask for it one after the other."""
    return read_identity(identity)


def _identity_agrees(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    holder = _holder(cells["identity"])
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


def _once(reading: Reading, key: tuple[str, ...], number: int, column: str = "identity") -> Iterator[Fault]:
    first = reading.people.setdefault(key, number)
    if first != number:
        yield Fault(column, Code.TWICE_IN_FILE, {"row": first})


def _trainee_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["identity"], cells["class_number"]), number)


def _candidate_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["candidate_number"],), number, "candidate_number")


def _seat_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if cells.get("seat"):
        yield from _once(reading, (cells["trip_number"], cells["seat"]), number, "seat")


def _marks(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    for key in ("theory", "practice"):
        if (mark := number_in(cells, key)) > BEST_MARK:
            yield Fault(key, Code.MARK_OVER, {"mark": mark, "most": BEST_MARK})


def _months(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    months, place = number_in(cells, "months_worked"), cells.get("workplace", "")
    if months > MONTHS_OF_A_YEAR:
        yield Fault("months_worked", Code.MONTHS_OVER_TWELVE, {"months": months})
    if months and not place:
        yield Fault("workplace", Code.MONTHS_WITHOUT_PLACE, {"months": months})
    if place and not months:
        yield Fault("months_worked", Code.PLACE_WITHOUT_MONTHS, {"place": place[:30]})


def _post_months(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if (months := number_in(cells, "welfare_post_months")) > MONTHS_OF_A_YEAR:
        yield Fault("welfare_post_months", Code.MONTHS_OVER_TWELVE, {"months": months})


def _old_enough(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    working = [key for key in ("months_worked", "workplace", "employer_name", "welfare_post_kind", "left_on")
               if cells.get(key) not in ("", "0", None)]  # fmt: skip
    on = date.fromisoformat(cells["left_on"]) if cells.get("left_on") else reading.on
    age = full_years(_holder(cells["identity"]).born_on, on)
    if working and age < MINIMUM_AGE_YEARS:
        yield Fault(working[0], Code.UNDER_SIXTEEN_WORKING, {"age": age, "minimum": MINIMUM_AGE_YEARS})


def _able(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    capacity = cells.get("labour_capacity", "")
    if capacity and number_in(cells, "months_worked") and not LabourCapacity(capacity).may_work:
        yield Fault("labour_capacity", Code.NO_CAPACITY_BUT_WORKING)


def _one_head(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    household = cells["household_number"]
    if cells.get("relation") == RelationToHead.HEAD.value and household != NO_HOUSEHOLD:
        first = reading.heads.setdefault(household, number)
        if first != number:
            yield Fault("relation", Code.TWO_HEADS, {"row": first})


def _one_couple(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    household, relation = cells["household_number"], cells.get("relation")
    if household == NO_HOUSEHOLD:
        return
    if relation == RelationToHead.SPOUSE.value:
        first = reading.spouses.setdefault(household, number)
        if first != number:
            yield Fault("relation", Code.TWO_SPOUSES, {"row": first})
            return
    if relation in (RelationToHead.HEAD.value, RelationToHead.SPOUSE.value):
        sex = _holder(cells["identity"]).sex.value
        if (
            reading.sexes.setdefault(household + relation, sex)
            and _other(reading, household, relation) == sex
        ):
            yield Fault("relation", Code.SPOUSES_OF_ONE_SEX)


def _other(reading: Reading, household: str, relation: str) -> str:
    """Return the sex of the head where ``relation`` is the spouse, and of the spouse where it is the head."""
    head, spouse = RelationToHead.HEAD.value, RelationToHead.SPOUSE.value
    return reading.sexes.get(household + (spouse if relation == head else head), "")


def _some_head(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if members := reading.headless.pop(cells["household_number"], 0):  # told once, at the first of them
        yield Fault("household_number", Code.NO_HEAD, {"members": members})


def _employed(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    months = number_in(cells, "months_worked")
    if months and "employer_name" in cells and not cells["employer_name"]:
        yield Fault("employer_name", Code.MONTHS_WITHOUT_EMPLOYER, {"months": months})


def _young_capacity(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    age = full_years(_holder(cells["identity"]).born_on, reading.on)
    idle = not number_in(cells, "months_worked")  # else the work itself is told
    if idle and age < MINIMUM_AGE_YEARS and cells.get("labour_capacity") in _FULL_CAPACITY:
        yield Fault("labour_capacity", Code.UNDER_SIXTEEN_WITH_CAPACITY, {"age": age})


def _school(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    at_school = cells.get("school_status", "") not in _NOT_AT_SCHOOL
    if at_school and (months := number_in(cells, "months_worked")):
        yield Fault("school_status", Code.AT_SCHOOL_AND_WORKING, {"months": months})
    if at_school and cells.get("education"):
        yield Fault("education", Code.SCHOOL_AND_EDUCATION)


def _post(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if cells.get("welfare_post_kind") and not number_in(cells, "welfare_post_months"):
        yield Fault("welfare_post_months", Code.POST_WITHOUT_MONTHS)


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


def _month(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Say which month a row is about: what it names, else the last that was over when the file came in."""
    text = cells.get("month", "")
    day = (day_of(text) or assumed_day(text, on=reading.on)) if text else Month.of(reading.on).first_on - _DAY
    if day is None:
        yield Fault("month", Code.NOT_A_DAY, {"text": text[:30]})
    cells["month"] = Month.of(day).first_on.isoformat() if day else ""


def _once_a_month(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["identity"], cells["month"], cells.get("left_on", "")), number)


def _paid_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["identity"], cells.get("policy", ""), cells.get("period", "")), number)


def _paid_by_then(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if cells.get("paid_on", "") > reading.on.isoformat():
        yield Fault("paid_on", Code.DAY_NOT_COME, {"day": cells["paid_on"]})


def _earner_once(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    yield from _once(reading, (cells["household_number"], cells["name"], cells["year"]), number, "name")


def _earned(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    months = number_in(cells, "months_worked")
    total = sum(number_in(cells, key) for key in cells if key.startswith("income_"))
    if months > MONTHS_OF_A_YEAR:
        yield Fault("months_worked", Code.MONTHS_OVER_TWELVE, {"months": months})
    elif months and not total:
        yield Fault("months_worked", Code.MONTHS_WITHOUT_INCOME, {"months": months})
    elif total and "months_worked" in cells and not months:
        yield Fault("months_worked", Code.INCOME_WITHOUT_MONTHS)


def _printable(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if signs := outside_font(cells["name"]):
        yield Fault("name", Code.NAME_OUTSIDE_FONT, {"signs": signs})


def _named_by_head(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Take the head's name where the form names nobody else and the row is the head's."""
    if not cells.get("name") and cells.get("relation") == RelationToHead.HEAD.value:
        cells["name"] = cells.get("head_name", "")
    if cells.get("name"):
        yield from _printable(cells, reading, number)


def _back_after_leaving(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    back = cells.get("returned_on", "")
    if back and back < cells.get("left_on", ""):
        yield Fault("returned_on", Code.RETURNED_BEFORE_LEFT, {"left": cells["left_on"]})


def _opens(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    if not number_in(cells, "openings"):
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
        (("household_number", "relation", "identity", "sex"), _one_couple),
        (("household_number",), _some_head),
        (("months_worked", "employer_name"), _employed),
        (("identity", "labour_capacity", "months_worked"), _young_capacity),
        (("school_status", "months_worked", "education"), _school),
        (("channel_of_job", "workplace", "months_worked"), local_work),
        (("welfare_post_kind", "welfare_post_months"), _post),
        (("household_kind",), _kind_of_household),
        (PLACES, home_known),
        (PLACES, home_found),
        (("name",), _printable),
    ),
    "transfer_ledger": (
        (("identity", "sex"), _identity_agrees),
        (("identity", "left_on"), _spell_once),
        (("identity", "left_on"), _old_enough),
        (("left_on", "returned_on"), _back_after_leaving),
        (("monthly_income", "months_worked", "total_income"), income_likely),
        (("household_kind",), _kind_of_household),
        (PLACES, home_found),
        (("name",), _printable),
    ),
    "yiliang_person": (
        (("identity", "sex"), _identity_agrees),
        (("identity",), _person_once),
        (("identity", "workplace", "employer_name"), _old_enough),
        (("household_kind",), _kind_of_household),
        (PLACES, home_known),
        (PLACES, home_found),
        (("name", "head_name", "relation"), _named_by_head),
    ),
    "travel_subsidy_form": (
        (("identity", "sex"), _identity_agrees),
        (("identity", "policy"), _paid_once),
        (("name",), _printable),
    ),
    "p2p_manifest_person": (
        (("identity", "sex"), _identity_agrees),
        (("identity",), _person_once),
        (("seat", "trip_number"), _seat_once),
        (("name",), _printable),
    ),
    "job_list": ((("openings",), _opens),),
    "training_roster": (
        (("identity", "sex"), _identity_agrees),
        (("identity", "class_number"), _trainee_once),
        (("name",), _printable),
    ),
    "training_results": (
        (("candidate_number",), _candidate_once),
        (("theory", "practice"), _marks),
    ),
    "household_wage_quarterly": (
        (("household_number", "name", "year"), _earner_once),
        (("months_worked",), _earned),
    ),
    "payment_list": (
        (("identity", "policy", "period"), _paid_once),
        (("paid_on",), _paid_by_then),
        (PLACES, home_found),
    ),
    "work_monitor_out": (
        (("month",), _month),
        (("identity", "month"), _once_a_month),
        (("identity", "left_on"), _old_enough),
        (("left_on", "returned_on"), _back_after_leaving),
        (("monthly_income",), income_likely),
        (("channel_of_job", "work_county"), local_work),
        (PLACES, home_found),
        (("name",), _printable),
    ),
}
