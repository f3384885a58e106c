"""Evidence grades: how well a fact that is counted is proved."""

from collections import Counter
from collections.abc import Iterable, Mapping

from fourdoors.kernel.terms import Term


class Grade(Term):
    """The grade of one fact, best first; every published number carries the mix of its facts.

    A: read by a machine or a bank (door scan, insurance record, bank flow). B: a document of employer or
    station. C: the worker's own word, confirmed. D: a cadre's word. Our own scale: it grades where a fact
    comes from, not the person who gave it.

    >>> worst([Grade.A, Grade.C]), best([Grade.A, Grade.C])
    (<Grade.C: 'C'>, <Grade.A: 'A'>)
    """

    A = "A", "Machine or bank", "机器或银行记录"
    B = "B", "Employer or station document", "企业或工作站单据"
    C = "C", "Worker's own word, confirmed", "本人确认"
    D = "D", "Cadre's word", "干部填报"


def worst(grades: Iterable[Grade]) -> Grade:
    """Return the weakest grade: what a fact made of several facts is worth.

    Raises:
        ValueError: there is none.
    """
    return max(grades)


def best(grades: Iterable[Grade]) -> Grade:
    """Return the strongest grade: what a fact proved several times is worth.

    Raises:
        ValueError: there is none.
    """
    return min(grades)


def mix(grades: Iterable[Grade]) -> dict[Grade, float]:
    """Return the share of each grade, in [0, 1]; all four are there, and all are 0 where nothing is counted.

    >>> mix([Grade.A, Grade.A, Grade.D, Grade.A])[Grade.A]
    0.75
    """
    return shares(Counter(grades))


def shares(counts: Mapping[Grade, int]) -> dict[Grade, float]:
    """Return the share of each grade where the database has counted already.

    >>> shares({Grade.B: 1, Grade.C: 3})[Grade.C]
    0.75
    """
    total = sum(counts.values())
    return {grade: counts.get(grade, 0) / total if total else 0.0 for grade in Grade}
