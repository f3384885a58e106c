"""Four ways to make a plan behind one face, and which one takes a round."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from fourdoors.engines.matching.assign import MOST_PAIRS, assign, deferred, greedy
from fourdoors.engines.matching.auction.plan import auction
from fourdoors.engines.matching.auction.running import AuctionParams, Watch, unwatched
from fourdoors.engines.matching.problem import Answer, Problem, Vacancies, Workers


class Backend(Protocol):
    """Something that makes a plan of a problem."""

    def solve(self, problem: Problem, *, watch: Watch = unwatched) -> Answer:
        """Return a plan with prices and the bound that they prove over all possible pairs.

        Raises:
            ValueError: the problem is too large, or its numbers too wide, for this backend.
        """
        ...


@dataclass(frozen=True)
class Exact:
    """Minimum-cost flow over every possible pair: the best plan, proved."""

    def solve(self, problem: Problem, *, watch: Watch = unwatched) -> Answer:
        """Return the best plan."""
        return assign(problem)


@dataclass(frozen=True)
class Auction:
    """The lazy auction: any number of people, with a small proved gap."""

    params: AuctionParams = field(default_factory=AuctionParams)

    def solve(self, problem: Problem, *, watch: Watch = unwatched) -> Answer:
        """Return a plan near the best."""
        return auction(problem, self.params, watch=watch)


@dataclass(frozen=True)
class Greedy:
    """A queue, tier by tier: a baseline."""

    def solve(self, problem: Problem, *, watch: Watch = unwatched) -> Answer:
        """Return the plan of the queue."""
        return greedy(problem)


@dataclass(frozen=True)
class Deferred:
    """Deferred acceptance, workers propose: stable, and a baseline."""

    def solve(self, problem: Problem, *, watch: Watch = unwatched) -> Answer:
        """Return the stable plan."""
        return deferred(problem)


def choose(
    problem: Problem, *, exact_pairs: int = MOST_PAIRS, auction_params: AuctionParams | None = None
) -> Backend:
    """Return the exact backend while all pairs fit its memory, else the auction.

    Args:
        problem: the round.
        exact_pairs: workers times vacancies that are solved exactly.
        auction_params: how the auction runs, where it is chosen.
    """
    if len(problem.workers) * len(problem.vacancies) <= min(exact_pairs, MOST_PAIRS):
        return Exact()
    return Auction(auction_params or AuctionParams())


def prepare() -> None:
    """Compile the auction, so that nobody waits for it at the first round: at install, or at start.

    What was compiled before is read from the folder that numba keeps (see ``auction/compiled.py``).
    """
    workers = Workers.of(
        key=[1, 2], tier=[0, 0], consents=[True, True], born_on=["1990-01-01"] * 2, sex=[1, 2],
        capacity=[2, 2], education=[2, 2], certificates=[1, 0], skills=[1, 0], occupations=[(1, -1, -1)] * 2,
        destinations=[1, 1], first_destination=[0, 0], stays_in_county=[False, False], county=[620100] * 2,
        village=[1, 1], wage_floor_yuan_per_month=[2000, 2005], earliest_on=["2020-01-01"] * 2,
        near_home=[True, False], lon_degrees=[104.0, 104.0], lat_degrees=[36.0, 36.0],
    )  # fmt: skip
    vacancies = Vacancies.of(
        key=[1], openings=[1], employer=[1], region=[0], county=[620100], occupation=[1],
        wage_yuan_per_month=[3000], starts_on=["2020-02-01"], age_min_years=[16], age_max_men_years=[127],
        age_max_women_years=[127], age_basis=[0], sex=[0], sex_basis=[0], capacity=[0], education=[0],
        certificates=[0], skills=[1], lodging=[True], lon_degrees=[104.0], lat_degrees=[36.0],
    )  # fmt: skip
    one = np.array([[1, 1]])
    problem = Problem(workers=workers, vacancies=vacancies, applied=one, links=one)
    for copies in (0, 1):
        auction(problem, AuctionParams(cold_below=2 * copies, sample_of=2, samples=1))
