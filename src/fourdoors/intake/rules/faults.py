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
    VILLAGE_UNKNOWN = "village_unknown"
    VILLAGE_OUTSIDE = "village_outside"
    RETURNED_BEFORE_LEFT = "returned_before_left"
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


WARNINGS = frozenset(
    {Code.NAME_OUTSIDE_FONT.value, Code.DAY_ASSUMED.value}
)  # told, but the row is merged all the same


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the key of the column, the code, and numbers and words that explain it."""

    column: str
    code: str
    values: dict[str, str | int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return it as it is stored."""
        return asdict(self)


def stops(faults: list[Fault]) -> bool:
    """Tell whether a row with these faults must stay out."""
    return any(fault.code not in WARNINGS for fault in faults)
