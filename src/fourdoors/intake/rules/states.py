"""The states of a file that came in, and what becomes of its rows."""

from enum import StrEnum

MERGEABLE_FORMS = (
    "national_member_export", "transfer_ledger", "job_list", "work_monitor_out", "payment_list",
    "training_roster", "training_results", "household_wage_quarterly", "yiliang_person",
    "p2p_manifest_person", "travel_subsidy_form",
)  # each with a merging service  # fmt: skip
FILE_KEPT_DAYS = 30  # our own limit: the sealed file is for sending it back with notes, and no longer

DELIVERED_ROWS = 500  # of one request of a program: our own limit, so that none holds a county for long
DELIVERED_TEXT = 200  # characters of a field; the longest that is stored has 120

COUNTS = (
    "rows", "ready", "new", "changed", "unchanged", "left_out", "faulty", "notes",
)  # of an import, in the order in which they are told  # fmt: skip

FORECAST = ("new", "changed", "unchanged", "left_out")  # told before the decision as ``would_new`` and so on


class State(StrEnum):
    """Where an import stands (导入批次)."""

    RECEIVED = "received"  # its columns wait for a confirmation
    MAPPED = "mapped"  # its columns are known, its rows are being read
    CHECKED = "checked"
    IN_REVIEW = "in_review"  # an officer has it before them: no other decides meanwhile
    MERGING = "merging"
    MERGED = "merged"
    REFUSED = "refused"
    FAILED = "failed"  # merging broke off: nothing was written, it may be tried again


MAY_BECOME: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.MAPPED, State.REFUSED}),
    State.MAPPED: frozenset({State.CHECKED, State.IN_REVIEW, State.FAILED, State.REFUSED}),
    State.CHECKED: frozenset({State.MAPPED, State.CHECKED, State.IN_REVIEW, State.MERGING, State.REFUSED}),
    State.IN_REVIEW: frozenset({State.MAPPED, State.CHECKED, State.IN_REVIEW, State.MERGING, State.REFUSED}),
    State.MERGING: frozenset({State.MERGED, State.FAILED}),
    State.FAILED: frozenset({State.MAPPED, State.CHECKED, State.MERGING, State.REFUSED}),
    State.MERGED: frozenset(),
    State.REFUSED: frozenset(),
}


def may_become(now: State, then: State) -> bool:
    """Tell whether an import may pass from one state to another; merged and refused are the end."""
    return then in MAY_BECOME[now]


class Outcome(StrEnum):
    """What became of a row."""

    READY = "ready"  # may be merged
    FAULTY = "faulty"  # stays out, and goes back with a note
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"  # sound, but not to be kept: a child in a roster of a whole household
