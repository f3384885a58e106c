"""Pay of any basis as yuan a month, and the days until a vacancy must be confirmed anew."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import yaml

from fourdoors.kernel.errors import RuleError
from fourdoors.recruitment.rules.words import PayBasis

DAYS_A_MONTH = Decimal(
    "21.75"
)  # Ministry of Labour, Lao She Bu Fa [2008] No. 3: days that a month's pay covers
_WEEKS_A_MONTH = Decimal(52) / 12
EXPIRY_WARNING_DAYS = 3  # our own: a weekend and a day


class HoursMissingError(RuleError):
    """Pay by the hour says nothing of a month until the hours of a week are known."""

    code: ClassVar[str] = "hours_missing"


class PieceNeedsMonthError(RuleError):
    """Pay by the piece is shown as what a month brings: give the lowest and the highest."""

    code: ClassVar[str] = "piece_needs_month"


def yuan_per_month(
    amount: Decimal, *, basis: PayBasis, hours_per_week: float | None = None, rate: Decimal = Decimal(1)
) -> int:
    """Return pay as whole yuan a month before tax, rounded half up.

    Args:
        amount: in the given currency, for one unit of ``basis``.
        basis: what ``amount`` is paid for.
        hours_per_week: regular hours; needed for pay by the hour alone.
        rate: yuan for one unit of the currency.

    Raises:
        HoursMissingError: by the hour, and no hours given.
        PieceNeedsMonthError: by the piece.

    >>> yuan_per_month(Decimal("11.59"), basis=PayBasis.HOURLY, hours_per_week=40, rate=Decimal("6.7"))
    13460
    """
    monthly = amount * rate * _units_a_month(basis, hours_per_week)
    return int(monthly.quantize(Decimal(1), ROUND_HALF_UP))


def _units_a_month(basis: PayBasis, hours_per_week: float | None) -> Decimal:
    match basis:
        case PayBasis.HOURLY:
            if not hours_per_week:
                raise HoursMissingError
            return Decimal(str(hours_per_week)) * _WEEKS_A_MONTH
        case PayBasis.PIECE:
            raise PieceNeedsMonthError
        case _:
            return {
                PayBasis.MONTHLY: Decimal(1),
                PayBasis.DAILY: DAYS_A_MONTH,
                PayBasis.WEEKLY: _WEEKS_A_MONTH,
                PayBasis.FORTNIGHTLY: _WEEKS_A_MONTH / 2,
                PayBasis.YEARLY: Decimal(1) / 12,
            }[basis]


def expires_on(confirmed_on: date, *, valid_to: date | None = None) -> date:
    """Return the first day on which a vacancy is no longer shown unless it is confirmed anew.

    Args:
        confirmed_on: the day on which the employer last said that it is open.
        valid_to: the last day that the employer gave (有效期至), where there is one; it can only shorten.

    >>> expires_on(date(2020, 3, 1)), expires_on(date(2020, 3, 1), valid_to=date(2020, 3, 5))
    (datetime.date(2020, 3, 15), datetime.date(2020, 3, 6))
    """
    days = [line["confirm_within_days"] for line in _expiry() if line["from"] <= confirmed_on][-1]
    confirmed_to = confirmed_on + timedelta(days=days)
    return min(confirmed_to, valid_to + timedelta(days=1)) if valid_to else confirmed_to


@cache
def _expiry() -> Sequence[dict[str, Any]]:
    text = (files("fourdoors.recruitment") / "limits" / "expiry.yaml").read_text("utf-8")
    return sorted(yaml.safe_load(text), key=lambda line: line["from"])
