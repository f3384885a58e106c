"""Matching at size: ``python -m benchmarks.matching [--quick] [--record] [--family F --workers N]``."""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from benchmarks.figures import Figure, tell, write_page
from benchmarks.rounds import FAMILIES, PROVINCE_WORKERS, make_round
from fourdoors.engines.matching.auction.plan import auction
from fourdoors.engines.matching.auction.running import AuctionParams
from fourdoors.engines.matching.backends import prepare
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem, answer_hash
from fourdoors.engines.matching.utility import Utility
from fourdoors.engines.matching.verify import verify, verify_pairs

TITLE = "Benchmark: matching"
ABOUT = (
    "`make bench-matching`. Invented rounds of three kinds: wages that overlap, regional specialists, a few"
    " huge employers; each size in a process of its own. The gap is proved against all possible pairs and"
    " stands in per cent of the soft points placed. The second look checks each pair of every plan by other"
    " code; the bound too, up to 100,000 workers: beyond it looking at every pair takes hours. The peer is"
    " OR-Tools SimpleMinCostFlow on a graph of candidates that it is given: of each worker the 32 pairs"
    " with most points beside the price of the plan, with the pair that the plan gives."
    " What the fields say: [README](README.md)."
)
QUICK = (3_000, 20_000)
SIZES = (100_000, 1_000_000, PROVINCE_WORKERS)
MOST_GAP, MOST_GIGABYTES = 0.02, 2.5  # per cent, B1
MOST_SECONDS = {100_000: 1.0, 1_000_000: 10.0, PROVINCE_WORKERS: 90.0}
BOUND_UP_TO = 100_000
PEER_UP_TO = 100_000  # its graph is made from every pair, by the plain code
CANDIDATES = 32


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument(
        "--record", action="store_true", help="append to docs/benchmarks/matching.jsonl, make the page"
    )
    parser.add_argument("--family", choices=FAMILIES, help="one family alone")
    parser.add_argument("--workers", type=int, help="one size alone")
    parser.add_argument("--alone", action="store_true", help="in this very process; prints the measures")
    options = parser.parse_args()
    if options.alone:
        sys.stdout.write(json.dumps(measured(options.family, options.workers)) + "\n")
        return
    sizes = (options.workers,) if options.workers else QUICK if options.quick else SIZES
    for size in sizes:
        for family in (options.family,) if options.family else FAMILIES:
            for figure in figures(family, size, _in_a_process(family, size)):
                tell(figure, record="matching" if options.record else "")
    if options.record:
        write_page("matching", title=TITLE, about=ABOUT)


def _in_a_process(family: str, workers: int) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.matching", "--alone", "--family", family]
    done = subprocess.run([*words, "--workers", str(workers)], stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def figures(family: str, workers: int, found: dict[str, Any]) -> Iterator[Figure]:
    """Yield the figures of one family and size."""
    of = f"{workers:,} workers, {found['lines']:,} vacancies, {family}"
    name = f"matching.{family}.{workers}"
    yield Figure(f"{name}.seconds", f"plan and proof, {of}", found["seconds"], "s", MOST_SECONDS.get(workers))
    yield Figure(f"{name}.cpu", f"processor seconds of both, {of}", found["cpu_seconds"], "s")
    yield Figure(f"{name}.gap", f"proved gap, {of}", found["gap_percent"], "%", MOST_GAP)
    yield Figure(f"{name}.memory", f"peak of plan and proof, {of}", found["gigabytes"], "GB", MOST_GIGABYTES)
    yield Figure(f"{name}.violations", f"second look at {found['looked_at']}, {of}", found["faults"],
                 "faults", 0)  # fmt: skip
    yield Figure(f"{name}.look", f"processor seconds of that look, {of}", found["look_cpu_seconds"], "s")
    yield Figure(f"{name}.poor", f"registered poor placed, proved the most possible, {of}",
                 found["placed_by_tier"][0], "people")  # fmt: skip
    yield Figure(
        f"{name}.placed", f"placed of {found['openings']:,} openings, {of}", found["placed"], "people"
    )
    if "peer_seconds" in found:
        yield Figure(f"{name}.peer", f"plan and proof over all pairs, {of}", found["seconds"], "s",
                     peer="OR-Tools on given candidates", peer_value=found["peer_seconds"])  # fmt: skip
        yield Figure(f"{name}.loss", f"against the peer's optimum on its candidates, {of}",
                     found["loss_percent"], "%", MOST_GAP)  # fmt: skip


def measured(family: str, workers: int) -> dict[str, Any]:
    """Plan one round, look at it again, and let the peer plan it where it can."""
    prepare()
    problem = make_round(family, workers=workers)
    begun, cpu = time.perf_counter(), time.process_time()
    answer = auction(problem, AuctionParams())
    found: dict[str, Any] = {
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "gigabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "lines": len(problem.vacancies),
        "gap_percent": round(100 * answer.gap / answer.utility, 4),
        "placed": answer.statistics.placed,
        "placed_by_tier": answer.statistics.placed_by_tier,
        "openings": answer.statistics.openings,
        "hash": answer_hash(problem, answer),
    }
    cpu = time.process_time()
    whole = workers <= BOUND_UP_TO
    found["faults"] = len((verify if whole else verify_pairs)(problem, answer).faults)
    found["looked_at"] = "pairs and bound" if whole else "pairs"
    found["look_cpu_seconds"] = round(time.process_time() - cpu, 2)
    return found | (peer(problem, answer) if workers <= PEER_UP_TO else {})


def peer(problem: Problem, answer: Answer) -> dict[str, Any]:
    """Let OR-Tools solve the same round on candidates that it is given."""
    worker, line, value = candidates(problem, answer)
    people, lines = len(problem.workers), len(problem.vacancies)
    openings = problem.vacancies.openings.astype(np.int64)
    home, sink = np.arange(people), people + lines
    begun = time.perf_counter()
    network = min_cost_flow.SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(worker, people + line, np.ones_like(worker), -value)
    network.add_arcs_with_capacity_and_unit_cost(
        home, np.full(people, sink), np.ones_like(home), np.zeros_like(home)
    )
    network.add_arcs_with_capacity_and_unit_cost(
        people + np.arange(lines), np.full(lines, sink), openings, np.zeros_like(openings)
    )
    network.set_nodes_supplies(np.append(home, sink), np.append(np.ones_like(home), -people))
    if network.solve() != network.OPTIMAL:
        raise ArithmeticError("the peer found no plan")
    seconds = time.perf_counter() - begun
    loss = -network.optimal_cost() - _plain_value(problem, answer)
    return {"peer_seconds": round(seconds, 2), "loss_percent": round(100 * loss / answer.utility, 5)}


TIER_STEP = 2_000  # points between two tiers, for the peer: the points of "placing first" overflow its costs


def _plain_value(problem: Problem, answer: Answer) -> int:
    steps = (len(problem.tiers) - np.arange(len(problem.tiers))) * TIER_STEP
    return answer.utility + int((steps * np.array(answer.statistics.placed_by_tier)).sum())


def candidates(problem: Problem, answer: Answer) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return worker, line and value of the pairs that the peer is given."""
    utility, parts = Utility(problem), []
    steps = (len(problem.tiers) - problem.workers.tier.astype(np.int64)) * TIER_STEP
    for rows, reasons in Eligibility(problem).blocks():
        points = utility.block(rows)
        net = np.where(reasons == 0, points - answer.prices, np.iinfo(np.int64).min // 2)
        some = min(CANDIDATES, net.shape[1] - 1)
        best = np.argpartition(-net, some, axis=1)[:, :some]
        own = np.maximum(answer.assignment[rows], 0)[:, None]
        line = np.where((best == own).any(axis=1)[:, None], best[:, :1], own)
        line = np.concatenate([best, line], axis=1)
        worker = np.repeat(rows, line.shape[1]).reshape(line.shape)
        fits = np.take_along_axis(reasons, line, axis=1) == 0
        value = np.take_along_axis(points, line, axis=1) + steps[rows][:, None]
        parts.append((worker[fits], line[fits], value[fits].astype(np.int64)))
    worker, line, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    _, kept = np.unique(worker.astype(np.int64) * len(problem.vacancies) + line, return_index=True)
    assert (answer.assignment != UNPLACED).sum() <= len(kept)  # noqa: S101
    return worker[kept], line[kept], value[kept]


if __name__ == "__main__":
    main()
