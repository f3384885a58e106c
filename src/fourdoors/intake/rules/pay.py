"""Checks of the pay of a row."""

from collections.abc import Iterator

from fourdoors.intake.rules.faults import Code, Fault
from fourdoors.intake.rules.reading import Cells, Reading, number_in
from fourdoors.kernel.money import FEN_PER_YUAN

LEAST_WAGE_YUAN, MOST_WAGE_YUAN = 500, 30_000  # what the counties' own checks ask about (S41)


def income_likely(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Ask about pay that is hardly that of a month, and about months or pay that stand alone."""
    monthly, months = number_in(cells, "monthly_income"), number_in(cells, "months_worked")
    least = 0 if _part_of_month(cells) else LEAST_WAGE_YUAN
    if monthly and not least <= monthly / FEN_PER_YUAN <= MOST_WAGE_YUAN:
        said = {"yuan": monthly // FEN_PER_YUAN, "least": LEAST_WAGE_YUAN, "most": MOST_WAGE_YUAN}
        yield Fault("monthly_income", Code.INCOME_UNLIKELY, {**said})
    total = number_in(cells, "total_income")
    asked = "monthly_income" in cells or "total_income" in cells
    if months and asked and not monthly and not total:
        yield Fault("monthly_income", Code.MONTHS_WITHOUT_INCOME, {"months": months})
    if total and not months and not monthly:
        yield Fault("months_worked", Code.INCOME_WITHOUT_MONTHS)


def _part_of_month(cells: Cells) -> bool:
    """Tell whether the work of a row of one month began or ended in it: a few days earn little."""
    month = cells.get("month", "")[:7]
    return bool(month) and month in (cells.get("left_on", "")[:7], cells.get("returned_on", "")[:7])
