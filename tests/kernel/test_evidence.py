"""Evidence grades: the weakest, the strongest, the mix."""

import pytest

from fourdoors.kernel.evidence import Grade, best, mix, shares, worst


def test_a_is_the_best_and_d_the_worst() -> None:
    assert best(Grade) is Grade.A
    assert worst(Grade) is Grade.D
    assert worst([Grade.B]) is best([Grade.B]) is Grade.B


def test_nothing_has_no_grade() -> None:
    with pytest.raises(ValueError, match="empty"):
        worst([])
    assert mix([]) == dict.fromkeys(Grade, 0.0)


def test_the_mix_names_every_grade_and_sums_to_one() -> None:
    assert mix([Grade.A, Grade.D, Grade.D, Grade.D]) == {
        Grade.A: 0.25,
        Grade.B: 0.0,
        Grade.C: 0.0,
        Grade.D: 0.75,
    }
    assert sum(shares({Grade.A: 1, Grade.B: 1, Grade.C: 1}).values()) == pytest.approx(1)
