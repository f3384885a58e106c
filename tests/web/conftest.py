"""Days on which pages are looked at, and the scope in which tests look at the tables."""

from datetime import date

import pytest
from pytest_django import Settings

from tests.makers.statistics import count, make_ledger
from tests.web.officers import again


@pytest.fixture
def in_march(db: None, settings: Settings) -> None:
    """Play on the day on which the makers of placements match."""
    settings.DEMONSTRATION_DAY = date(2020, 3, 3)
    again()


@pytest.fixture
def on_the_day_after_the_plan(db: None, settings: Settings) -> None:
    """Play on the day after the makers of trips planned."""
    settings.DEMONSTRATION_DAY = date(2020, 3, 6)
    again()


@pytest.fixture
def ledger(db: None) -> None:
    """Count a small ledger of three counties, and go on seeing the province."""
    again()
    make_ledger()
    count()
