"""Shares that are rounded and still add up."""

from collections.abc import Sequence


def rounded_shares(counts: Sequence[int], *, places: int = 1) -> tuple[int, ...]:
    """Return per cent of the whole, in units of the last place, that add up to exactly 100 %.

    Every share is rounded down; the units that are missing go to the largest remainders, the earlier one of
    two equal ones (Hare and Niemeyer). No share is off by a whole unit.

    Args:
        counts: none below zero.
        places: decimal places of the per cent, 0 to 6.

    Returns:
        Whole numbers: with one place, 333 is 33.3 %. All zero when the whole is zero.

    Raises:
        ValueError: a count below zero, or places out of range.

    >>> rounded_shares([1, 1, 1])
    (334, 333, 333)
    """
    if not 0 <= places <= 6:
        raise ValueError(f"places: {places} is outside 0..6")
    if min(counts, default=0) < 0:
        raise ValueError(f"counts: {min(counts)} is below zero")
    whole, units = sum(counts), 10 ** (2 + places)
    if not whole:
        return (0,) * len(counts)
    shares = [count * units // whole for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: -(counts[place] * units % whole))
    for place in by_remainder[: units - sum(shares)]:
        shares[place] += 1
    return tuple(shares)
