"""Two periods: the parts explain the whole."""

from hypothesis import given
from hypothesis import strategies as st

from fourdoors.engines.indicators.compare import compare

ROWS = st.dictionaries(st.integers(0, 30), st.integers(-50, 50))


@given(before=ROWS, after=ROWS)
def test_entered_left_and_changed_add_up_to_the_difference(
    before: dict[int, int], after: dict[int, int]
) -> None:
    change = compare(before, after)

    assert change.after - change.before == change.by_entered + change.by_left + change.by_changed
    assert before.keys() - after.keys() == change.left.keys()
    assert after.keys() - before.keys() == change.entered.keys()
    assert change.unchanged + len(change.changed) == len(before.keys() & after.keys())


def test_who_entered_who_left_who_changed() -> None:
    change = compare({"Ma": 4000, "Li": 3000, "Bai": 100}, {"Li": 3500, "Wang": 2000, "Bai": 100})

    assert (change.entered, change.left, change.changed) == (
        {"Wang": 2000},
        {"Ma": 4000},
        {"Li": (3000, 3500)},
    )
    assert (change.by_entered, change.by_left, change.by_changed) == (2000, -4000, 500)
    assert (change.before, change.after, change.unchanged) == (7100, 5600, 1)
