"""What the tests of the measures share."""

from datetime import date, timedelta
from decimal import Decimal

from fourdoors.employment.models import Spell
from fourdoors.kernel.divisions import GANSU
from fourdoors.statistics.selectors import live_value, rows_behind
from fourdoors.statistics.services import count_figures
from tests.makers.employment import make_spell
from tests.makers.register import make_worker
from tests.makers.statistics import COUNTED_AT, FIRST, LAST

DAY = timedelta(days=1)


def counted(measure: str, *, from_on: date = FIRST, to_on: date = LAST) -> int:
    """Return a measure that is counted itself: persons, rows or fen."""
    rows = rows_behind(measure=measure, division=GANSU, from_on=from_on, to_on=to_on, most=500)
    return int(sum((row.value for row in rows), Decimal(0)))


def live(measure: str) -> Decimal | None:
    count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)
    return live_value(measure=measure, division=GANSU).value


def a_spell(left_on: date = date(2020, 3, 2), ended_on: date | None = None, **more: object) -> Spell:
    return make_spell(worker=make_worker(), left_on=left_on, ended_on=ended_on, **more)  # type: ignore[arg-type]
