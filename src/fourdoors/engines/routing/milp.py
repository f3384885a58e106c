"""Mixed-integer programs, small ones: rows in, values out, by HiGHS on one thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

INFINITE = highspy.kHighsInf


@dataclass
class Program:
    """Minimise what the columns cost, with sums of columns between bounds."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Mapping[int, float], float, float]] = field(default_factory=list)

    def column(self, cost: float, *, upper: float = INFINITE, whole: bool = True) -> int:
        """Add a column from 0 to ``upper`` and return its number."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, weights: Mapping[int, float], *, least: float = -INFINITE, most: float = INFINITE) -> None:
        """Ask that the weighted sum of columns is between ``least`` and ``most``."""
        self.rows.append((weights, least, most))


@dataclass(frozen=True)
class Answer:
    """The best columns found, and a number below which no answer costs."""

    values: tuple[float, ...]
    cost: float
    bound: float


def solve(
    program: Program, *, nodes: int = 20_000, gap: float = 0.0, start: Sequence[float] | None = None
) -> Answer | None:
    """Return the best answer that ``nodes`` of the search tree find; None where there is none.

    The limit is in nodes and the search runs on one thread, so that the same program has the same answer on
    any machine.

    Args:
        program: the columns and rows.
        nodes: of the search tree, at most.
        gap: it ends when the answer is proved to be within this share of the best.
        start: an answer to begin with.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    for name, value in (
        ("threads", 1), ("random_seed", 1), ("mip_max_nodes", nodes), ("mip_rel_gap", gap),
        ("mip_max_stall_nodes", max(nodes // 4, 1)),
    ):  # fmt: skip
        highs.setOptionValue(name, value)
    highs.passModel(_model(program))
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = list(start)
        highs.setSolution(first)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = tuple(
        float(round(value)) if whole else float(value)
        for value, whole in zip(highs.getSolution().col_value, program.whole, strict=True)
    )
    cost = sum(cost * value for cost, value in zip(program.costs, values, strict=True))
    bound = info.mip_dual_bound if any(program.whole) else cost
    return Answer(values, cost, min(bound, cost))


def _model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.costs), len(program.rows)
    model.col_cost_ = np.array(program.costs, float)
    model.col_lower_ = np.zeros(model.num_col_)
    model.col_upper_ = np.array(program.uppers, float)
    model.row_lower_ = np.array([least for _, least, _ in program.rows], float)
    model.row_upper_ = np.array([most for _, _, most in program.rows], float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    ends = np.cumsum([0, *(len(weights) for weights, _, _ in program.rows)])
    model.a_matrix_.start_ = ends.astype(np.int32)
    model.a_matrix_.index_ = np.array([c for weights, _, _ in program.rows for c in weights], np.int32)
    model.a_matrix_.value_ = np.array([w for weights, _, _ in program.rows for w in weights.values()], float)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in program.whole]
    return model
