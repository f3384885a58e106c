"""The auction: its bound holds, its gap is small, its tiers are served as well as any plan could."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.matching.assign import assign, most_placeable
from fourdoors.engines.matching.auction.index import TooWideError
from fourdoors.engines.matching.auction.plan import auction
from fourdoors.engines.matching.auction.running import AuctionParams, Progress
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED, Problem, Weights, answer_hash
from fourdoors.engines.matching.verify import verify
from tests.engines.matching.instances import make_county, make_lines, make_workers

SEEDS = st.integers(0, 2**32)
TIER_POINTS = st.sampled_from([None, (3000, 2000, 1000), (500, 250, 1), (1, 1, 1)])
SAMPLED = AuctionParams(cold_below=0, sample_of=4)
PARAMS = st.sampled_from([AuctionParams(), SAMPLED, AuctionParams(row_pairs=4, step_points=3)])


@settings(deadline=None, max_examples=60)
@given(
    seed=SEEDS,
    people=st.integers(0, 60),
    lines=st.integers(0, 12),
    openings=st.integers(0, 60),
    tier_points=TIER_POINTS,
    params=PARAMS,
)
def test_no_plan_is_above_the_bound_and_the_second_look_finds_the_same_bound(
    seed: int, people: int, lines: int, openings: int, tier_points: tuple[int, ...] | None,
    params: AuctionParams,
) -> None:  # fmt: skip
    problem = make_county(
        seed=seed, people=people, lines=lines, openings=openings if lines else 0, tier_points=tier_points
    )

    answer, best = auction(problem, params), assign(problem)

    assert answer.value <= best.value <= answer.bound
    assert verify(problem, answer).faults == ()


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, openings=st.integers(0, 90), step=st.integers(1, 5), tier_points=TIER_POINTS)
def test_a_cold_auction_loses_at_most_its_step_for_each_person_placed(
    seed: int, openings: int, step: int, tier_points: tuple[int, ...] | None
) -> None:
    problem = make_county(seed=seed, people=80, lines=12, openings=openings, tier_points=tier_points)
    answer = auction(problem, AuctionParams(step_points=step))

    moved_for_priority = 3 * problem.weights.most  # a chain may cost the points of those it moves
    assert assign(problem).value - answer.value <= step * answer.statistics.placed + (
        moved_for_priority if tier_points is None else 0
    )


def test_a_county_is_planned_within_a_thousandth_of_the_best() -> None:
    problem = make_county(seed=5, people=1500, lines=120, openings=1300)

    answer, best = auction(problem), assign(problem)

    assert best.value - answer.value <= best.utility / 1000
    assert answer.gap <= best.utility / 1000


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, openings=st.integers(0, 60), params=PARAMS)
def test_every_tier_has_all_the_places_that_any_plan_could_give_it(
    seed: int, openings: int, params: AuctionParams
) -> None:
    problem = make_county(seed=seed, people=60, lines=9, openings=openings)

    placed = np.cumsum(auction(problem, params).statistics.placed_by_tier)

    assert placed.tolist() == [most_placeable(problem, tiers=tiers) for tiers in (1, 2, 3)]


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, tier_points=TIER_POINTS, params=PARAMS)
def test_no_price_buys_a_hard_rule(
    seed: int, tier_points: tuple[int, ...] | None, params: AuctionParams
) -> None:
    everyone_asked = [[10 + person, 1000 + line] for person in range(40) for line in range(8)]
    problem = make_county(
        seed=seed, people=40, lines=8, openings=30, tier_points=tier_points, applied=everyone_asked
    )
    chosen = auction(problem, params).assignment
    placed = np.flatnonzero(chosen != UNPLACED)

    assert not Eligibility(problem).reasons(np.s_[:])[placed, chosen[placed]].any()
    assert (np.bincount(chosen[placed], minlength=8) <= problem.vacancies.openings).all()


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, params=PARAMS)
def test_vectors_and_plain_loops_and_any_number_of_threads_give_one_plan(
    seed: int, params: AuctionParams
) -> None:
    problem = make_county(seed=seed, people=150, lines=20, openings=130)
    answer = auction(problem, params)

    for other in (replace(params, wide=False), replace(params, threads=1), replace(params, threads=5)):
        again = auction(problem, other)
        assert answer_hash(problem, again) == answer_hash(problem, answer)
        assert np.array_equal(again.prices, answer.prices)


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    problem = make_county(seed=seed, people=90, lines=14, openings=70)
    draw = np.random.default_rng(seed)
    shuffled = replace(
        problem,
        workers=problem.workers.at(draw.permutation(90)),
        vacancies=problem.vacancies.at(draw.permutation(14)),
    )
    first, second = auction(problem), auction(shuffled)

    assert answer_hash(problem, first) == answer_hash(shuffled, second)
    assert first.bound == second.bound


def test_large_rounds_bid_in_parts_and_are_still_proved() -> None:
    problem = make_county(seed=3, people=9000, lines=90, openings=8000, applied=np.empty((0, 2), np.int64))
    answer = auction(problem, AuctionParams(cold_below=0))
    again = auction(problem, AuctionParams(cold_below=0, threads=3, wide=False))

    assert answer_hash(problem, answer) == answer_hash(problem, again)
    assert answer.gap <= answer.utility / 500
    assert verify(problem, answer).faults == ()


def test_an_employer_of_many_lines_gives_the_points_of_companions_on_each() -> None:
    workers = make_workers({"village": 7}, {"village": 8})
    lines = make_lines(*({"employer": 5, "lodging": number == 69} for number in range(70)))
    problem = Problem(workers=workers, vacancies=lines, links=np.array([[7, 5]]), weights=Weights(lot=0))

    answer = auction(problem)

    assert answer.utility == 80 + 40
    assert answer.gap <= 2  # a step for each of the two
    assert verify(problem, answer).faults == ()


def test_near_home_counts_to_the_kilometre() -> None:
    degrees = 50 / 111.195
    workers = make_workers({"near_home": True})
    inside = {"lon_degrees": 105.0, "lat_degrees": 34.0 + degrees * (1 - 1e-12)}
    outside = {"lon_degrees": 105.0, "lat_degrees": 34.0 + degrees * (1 + 1e-9)}
    for place in (inside, outside, {"lon_degrees": float("nan")}):
        problem = Problem(workers=workers, vacancies=make_lines(place), weights=Weights(lot=0))
        assert auction(problem).utility == assign(problem).utility


def test_progress_is_told_and_a_watch_can_end_the_work() -> None:
    problem = make_county(seed=3, people=200, lines=20, openings=150)
    told: list[Progress] = []
    auction(problem, SAMPLED, watch=told.append)
    assert [*dict.fromkeys(one.phase for one in told)] == [
        "sample 1", "sample 2", "sample 3", "sample 4", "auction", "priority", "proof",
    ]  # fmt: skip

    class StoppedError(Exception):
        pass

    def stop(_: Progress) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        auction(problem, watch=stop)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tier_points": (40_000, 39_999, 39_998)}, None),  # steps of one point
        ({"tier_points": (40_000, 39_999, 39_999)}, "tier points"),  # no step between two tiers
        ({"weights": Weights(lot=1000)}, None),
    ],
)
def test_numbers_that_do_not_fit_are_refused(change: dict[str, object], said: str | None) -> None:
    problem = replace(make_county(seed=4, people=30, lines=6, openings=20), **change)  # type: ignore[arg-type]
    if said:
        with pytest.raises(TooWideError, match=said):
            auction(problem)
    else:
        assert verify(problem, auction(problem)).faults == ()


def test_floors_of_a_hundred_thousand_yuan_are_refused() -> None:
    workers = make_workers({"wage_floor_yuan_per_month": 500_000})
    with pytest.raises(TooWideError, match="wage floor"):
        auction(Problem(workers=workers, vacancies=make_lines({"wage_yuan_per_month": 600_000})))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("step_points", 0),  # prices would not rise
        ("step_points", 501),  # prices could leave 16 bits
        ("row_pairs", 3),  # a row needs some pairs
        ("row_pairs", 129),  # and has room for so many
        ("batch", 2047),  # smaller than what one thread finishes
        ("share", 0),
        ("sample_of", 3),  # no power of two
        ("sample_of", 1),
        ("cap_percent", 101),
        ("threads", 0),
    ],
)
def test_a_param_out_of_its_range_is_refused_by_name(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=field):
        AuctionParams(**{field: value})  # type: ignore[arg-type]
