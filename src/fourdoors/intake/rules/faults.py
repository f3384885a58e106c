"""What may be wrong with a cell or a row: a code and its values; the words are the faces'."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Every check of a row.

    A fault may also carry the code of any refusal (``RuleError``): those of identity numbers and money do,
    and a step that merges rows names its own refusals.
    """

    MISSING = "missing"
    NOT_IN_LIST = "not_in_list"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    DAY_ASSUMED = "day_assumed"
    PHONE_FORM = "phone_form"
    MASKED = "masked"
    CREDIT_CODE_FORM = "credit_code_form"
    BIRTH_DIFFERS = "birth_differs"
    SEX_DIFFERS = "sex_differs"
    TWICE_IN_FILE = "twice_in_file"
    MONTHS_OVER_TWELVE = "months_over_twelve"
    MONTHS_WITHOUT_PLACE = "months_without_place"
    PLACE_WITHOUT_MONTHS = "place_without_months"
    UNDER_SIXTEEN_WORKING = "under_sixteen_working"
    NO_CAPACITY_BUT_WORKING = "no_capacity_but_working"
    TWO_HEADS = "two_heads"
    TWO_SPOUSES = "two_spouses"
    SPOUSES_OF_ONE_SEX = "spouses_of_one_sex"
    NO_HEAD = "no_head"
    MONTHS_WITHOUT_EMPLOYER = "months_without_employer"
    UNDER_SIXTEEN_WITH_CAPACITY = "under_sixteen_with_capacity"
    AT_SCHOOL_AND_WORKING = "at_school_and_working"
    SCHOOL_AND_EDUCATION = "school_and_education"
    LOCAL_WORK_AWAY = "local_work_away"
    POST_WITHOUT_MONTHS = "post_without_months"
    INCOME_UNLIKELY = "income_unlikely"
    MONTHS_WITHOUT_INCOME = "months_without_income"
    INCOME_WITHOUT_MONTHS = "income_without_months"
    VILLAGE_UNKNOWN = "village_unknown"
    VILLAGE_OUTSIDE = "village_outside"
    RETURNED_BEFORE_LEFT = "returned_before_left"
    DAY_NOT_COME = "day_not_come"
    MARK_OVER = "mark_over"
    NO_OPENINGS = "no_openings"
    NAME_OUTSIDE_FONT = "name_outside_font"
    # said by a mapping of a foreign file
    MAPPING_NO_NUMBER = "mapping_no_number"
    MAPPING_NO_DATE = "mapping_no_date"
    MAPPING_UNKNOWN_VALUE = "mapping_unknown_value"
    MAPPING_OUT_OF_RANGE = "mapping_out_of_range"
    MAPPING_OUT_OF_ORDER = "mapping_out_of_order"
    MAPPING_REASON = "mapping_reason"  # one of its own: the words are among the values
    # found at merging only, against what is in the register
    WORKER_ELSEWHERE = "registered_elsewhere"
    OTHER_VILLAGE = "registered_in_other_village"
    HOUSEHOLD_ELSEWHERE = "household_elsewhere"
    SAME_PERSON = "same_person"
    HOUSEHOLD_NOT_FOUND = "household_not_found"
    MEMBER_NAME_MISSING = "member_name_missing"
    APPLICATION_NO_ACCOUNT = "application_no_account"
    APPLICATION_OTHER_ACCOUNT = "application_other_account"
    APPLICATION_OTHER_AMOUNT = "application_other_amount"


class Severity(StrEnum):
    """What a finding does to its row."""

    STOP = "stop"  # the row stays out until the cell is mended
    EXPLAIN = "explain"  # the row stays out until it is mended, or an officer explains it and signs
    NOTE = "note"  # told, but the row is merged all the same


_EXPLAIN = (
    Code.MONTHS_WITHOUT_PLACE, Code.PLACE_WITHOUT_MONTHS, Code.NO_CAPACITY_BUT_WORKING, Code.TWO_SPOUSES,
    Code.SPOUSES_OF_ONE_SEX, Code.UNDER_SIXTEEN_WITH_CAPACITY, Code.AT_SCHOOL_AND_WORKING,
    Code.LOCAL_WORK_AWAY, Code.INCOME_UNLIKELY,
)  # fmt: skip
_NOTES = (
    Code.NAME_OUTSIDE_FONT, Code.DAY_ASSUMED, Code.NO_HEAD, Code.MONTHS_WITHOUT_EMPLOYER,
    Code.SCHOOL_AND_EDUCATION, Code.POST_WITHOUT_MONTHS, Code.MONTHS_WITHOUT_INCOME,
    Code.INCOME_WITHOUT_MONTHS, Code.HOUSEHOLD_NOT_FOUND, Code.APPLICATION_NO_ACCOUNT,
    Code.APPLICATION_OTHER_ACCOUNT, Code.APPLICATION_OTHER_AMOUNT,
)  # fmt: skip
_SEVERITIES: dict[str, Severity] = {
    **{code.value: Severity.EXPLAIN for code in _EXPLAIN},
    **{code.value: Severity.NOTE for code in _NOTES},
}


def severity_of(code: str) -> Severity:
    """Return what a finding does to its row; a code that is not listed stops it."""
    return _SEVERITIES.get(code, Severity.STOP)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the key of the column, the code, and numbers and words that explain it.

    Attributes:
        column: the key of its column.
        code: of the check.
        values: for the words.
        explained: an officer's reason why the row goes in all the same, with the name; else blank.
    """

    column: str
    code: str
    values: dict[str, str | int] = field(default_factory=dict)
    explained: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {name: value for name, value in asdict(self).items() if value or name != "explained"}

    @property
    def severity(self) -> Severity:
        """What it does to its row; what was explained is a note."""
        return Severity.NOTE if self.explained else severity_of(self.code)


def stops(faults: list[Fault]) -> bool:
    """Tell whether a row with these faults must stay out."""
    return any(fault.severity is not Severity.NOTE for fault in faults)
