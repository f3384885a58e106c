"""Deeds of employment: every write to spells, pay, visits and arrears passes through here."""

from fourdoors.employment.services.arrears import (
    AlreadySettledError,
    AmountOwedError,
    report_arrears,
    settle_arrears,
)
from fourdoors.employment.services.doors import Entry, begin_work, enter_factory
from fourdoors.employment.services.follow_ups import (
    FollowUpClosedError,
    FollowUpEarlyError,
    record_follow_up,
    schedule_follow_ups,
)
from fourdoors.employment.services.incomes import (
    IncomeBetterProvenError,
    IncomeNegativeError,
    IncomeOutsideSpellError,
    correct_income,
    record_income,
    record_travel_cost,
)
from fourdoors.employment.services.ledger import (
    OrganiserMissingError,
    WorkerUnknownError,
    WorkPlaceUnknownError,
    merge_ledger,
)
from fourdoors.employment.services.loading import load_incomes, load_spells, load_travel_costs
from fourdoors.employment.services.monitoring import (
    JourneyUnknownError,
    WorkBeginsUnknownError,
    merge_monitoring,
)
from fourdoors.employment.services.spells import (
    SpellEndedError,
    SpellEndsBeforeItBeginsError,
    SpellOverlapError,
    end_spell,
    open_spell,
)
from fourdoors.employment.services.wages import (
    EarnerUnknownError,
    WageDiffersError,
    WageWithoutWorkError,
    merge_household_income,
)

__all__ = [
    "AlreadySettledError",
    "AmountOwedError",
    "EarnerUnknownError",
    "Entry",
    "FollowUpClosedError",
    "FollowUpEarlyError",
    "IncomeBetterProvenError",
    "IncomeNegativeError",
    "IncomeOutsideSpellError",
    "JourneyUnknownError",
    "OrganiserMissingError",
    "SpellEndedError",
    "SpellEndsBeforeItBeginsError",
    "SpellOverlapError",
    "WageDiffersError",
    "WageWithoutWorkError",
    "WorkBeginsUnknownError",
    "WorkPlaceUnknownError",
    "WorkerUnknownError",
    "begin_work",
    "correct_income",
    "end_spell",
    "enter_factory",
    "load_incomes",
    "load_spells",
    "load_travel_costs",
    "merge_household_income",
    "merge_ledger",
    "merge_monitoring",
    "open_spell",
    "record_follow_up",
    "record_income",
    "record_travel_cost",
    "report_arrears",
    "schedule_follow_ups",
    "settle_arrears",
]
