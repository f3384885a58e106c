"""Collection as an open vehicle-routing problem: mixed coaches, windows, second waves; solved by PyVRP.

The start is the plan that is there already, so that a short run never makes it worse. The limit is a number
of iterations and the seed is given: the same question has the same answer on any machine.
"""

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    Depot,
    Location,
    PenaltyParams,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
)
from pyvrp import solve as solve_routes
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxIterations, MultipleCriteria, NoImprovement, StoppingCriterion

from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.groups import Group, families
from fourdoors.engines.routing.plan import ride_of
from fourdoors.engines.routing.problem import CHINA, Coach, CoachPlan, Plan, Problem, Rider
from fourdoors.engines.routing.times import Place
from fourdoors.engines.routing.timetable import standing_minutes

Table = np.ndarray[Any, np.dtype[np.int64]]
HORIZON_MINUTES = 36 * 60  # before the gathering: nobody boards earlier
START, GATHER = 0, 1  # locations; villages follow
STARTING, ENDING, EMPTYING = 0, 1, 2  # depots
FAR = 1 << 30  # no way


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What the search weighs, in fen. Assumptions: only the order of plans depends on them.

    Attributes:
        coach: a coach for the day, whatever its size.
        seat: each of its seats.
        road_km: a kilometre of collection.
        left_behind: a person without a seat, more than any coach.
        moved: a person who must change the coach (stability; see ``moved`` of ``improve``).
    """

    coach: int = 80_000
    seat: int = 1_500
    road_km: int = 700
    left_behind: int = 1_000_000
    moved: int = 3_000


USUAL = Prices()


def cost_fen(problem: Problem, answer: Plan, prices: Prices = USUAL) -> int:
    """Return what a plan costs by these prices, in fen."""
    seats = {coach.key: coach.seats for coach in problem.fleet}
    coaches = sum(prices.coach + prices.seat * seats[ride.coach] for ride in answer.coaches)
    road = sum(ride.collection_road_km for ride in answer.coaches)
    return coaches + round(road * prices.road_km) + len(answer.left_behind) * prices.left_behind


@dataclass(frozen=True)
class _Piece:
    """People who board together: one client of the search."""

    place: Place
    riders: tuple[Rider, ...]
    own_coach: int | None = field(default=None)  # where they sit so far

    @property
    def standing(self) -> int:
        return standing_minutes(len(self.riders))


def improve(
    problem: Problem,
    start: Plan,
    *,
    iterations: int,
    seed: int = 0,
    prices: Prices = USUAL,
    patience: int | None = None,
    stays: bool = False,
) -> Plan:
    """Return a cheaper lawful plan than ``start``, or ``start`` itself.

    Args:
        problem: all that the plan must keep to.
        start: a plan of it; it may break windows or leave people behind, which the search then mends.
        iterations: at most so many.
        seed: of the search.
        prices: what it weighs.
        patience: it ends after so many iterations without progress; None: never before ``iterations``.
        stays: everybody who changes the coach costs ``prices.moved``; ``start`` is what people were told.

    Returns:
        A plan without a fault if one was found; its parts of villages are those of ``start``.
    """
    pieces = _pieces(problem, start)
    if not pieces or not problem.fleet:
        return start
    fleet = _Fleet(problem, apart=stays)
    data = _data(problem, pieces, fleet, prices, stays=stays)
    initial = Solution(data, _routes(data, start, pieces, fleet))
    limits: list[StoppingCriterion] = [MaxIterations(iterations)]
    if patience:
        limits.append(NoImprovement(patience))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # it says that a lawful plan is hard to find
        best = solve_routes(
            data,
            MultipleCriteria(limits),
            seed=seed % 2**32,
            collect_stats=False,
            params=_params(data, prices),
            initial_solution=initial,
        ).best
    found = _plan_of(problem, best, pieces, fleet, start)
    if check(problem, found):
        return start

    def cost(answer: Plan) -> int:
        moving = len(moved(start, answer)) * prices.moved if stays else 0
        return cost_fen(problem, answer, prices) + moving

    return start if not check(problem, start) and cost(start) <= cost(found) else found


def _params(data: ProblemData, prices: Prices) -> SolveParams:
    """Return how the search weighs a broken rule: where people may stay behind, more than a seat is worth.

    A second wave is only found through a coach that is too full for a while.
    """
    has_waves = any(kind.reload_depots for kind in data.vehicle_types())
    if has_waves or all(client.required for client in data.clients()):
        return SolveParams()
    return SolveParams(
        penalty=PenaltyParams(min_penalty=1.1 * prices.left_behind, max_penalty=100 * prices.left_behind)
    )


def moved(before: Plan, after: Plan) -> tuple[int, ...]:
    """Return who rides in another coach than before, of those who ride in both plans."""
    was = {key: ride.coach for ride in before.coaches for key in ride.seat_of}
    now = {key: ride.coach for ride in after.coaches for key in ride.seat_of}
    return tuple(sorted(key for key, coach in now.items() if was.get(key, coach) != coach))


def _pieces(problem: Problem, start: Plan) -> list[_Piece]:
    place_of = {village.code: village for village in problem.villages}
    rider_of = {rider.key: rider for rider in problem.riders}
    pieces = [
        _Piece(place_of[stop.village], tuple(rider_of[key] for key in stop.riders), ride.coach)
        for ride in start.coaches
        for stop in ride.stops
        if stop.riders
    ]
    most = max((coach.permitted(problem.rule) for coach in problem.fleet), default=1)
    left = [rider_of[key] for key in start.left_behind]
    for code in sorted({rider.village for rider in left}):
        group = Group(code, tuple(rider for rider in left if rider.village == code))
        pieces += [_Piece(place_of[code], family) for family in families(group, most=max(most, 1))]
    return pieces


class _Fleet:
    """Coaches of one size are one type of the search, unless it must know each by itself."""

    def __init__(self, problem: Problem, *, apart: bool) -> None:
        kinds: dict[tuple[int, ...], list[Coach]] = {}
        for coach in sorted(problem.fleet, key=lambda coach: (coach.seats, coach.key)):
            room = coach.permitted(problem.rule)
            kinds.setdefault((room, coach.seats, coach.key if apart else 0), []).append(coach)
        self.kinds = list(kinds.values())
        self.rooms = [name[0] for name in kinds]
        self.kind_of = {coach.key: number for number, kind in enumerate(self.kinds) for coach in kind}


def _data(
    problem: Problem, pieces: Sequence[_Piece], fleet: _Fleet, prices: Prices, *, stays: bool
) -> ProblemData:
    """Return the numbers of the search: minutes from 0, fen as distances, one location a piece.

    Standing is part of the way into a stop, and none for the first one: the limit on a collection counts from
    leaving there. A client's moment is that of leaving.
    """
    minutes, fen = _matrices(problem, pieces, prices)
    profiles = [_with_moves(fen, pieces, kind, prices) for kind in fleet.kinds] if stays else [fen]
    must_all_go = sum(fleet.rooms[fleet.kind_of[c.key]] for c in problem.fleet) * problem.most_waves
    required = must_all_go >= len(problem.riders) and all(piece.own_coach for piece in pieces)
    longest = problem.most_collection_minutes if problem.most_waves == 1 else None
    emptying = standing_minutes(max(fleet.rooms))
    return ProblemData(
        locations=[Location(0, 0) for _ in range(len(pieces) + 2)],
        clients=[
            Client(
                location=number + 2,
                delivery=[len(piece.riders)],
                tw_early=early,
                tw_late=late,
                prize=0 if required else prices.left_behind * len(piece.riders),
                required=required,
            )
            for number, piece in enumerate(pieces)
            for early, late in (_leaving(problem, piece),)
        ],
        depots=[
            Depot(START),
            Depot(GATHER, tw_late=HORIZON_MINUTES),
            Depot(GATHER, service_duration=emptying),
        ],
        vehicle_types=[
            VehicleType(
                num_available=len(kind),
                capacity=[room],
                start_depot=STARTING,
                end_depot=ENDING,
                fixed_cost=prices.coach + prices.seat * kind[0].seats,
                shift_duration=HORIZON_MINUTES if longest is None else longest,
                profile=number if stays else 0,
                reload_depots=[EMPTYING] if problem.most_waves > 1 else [],
                max_reloads=problem.most_waves - 1,
            )
            for number, (kind, room) in enumerate(zip(fleet.kinds, fleet.rooms, strict=True))
        ],
        distance_matrices=profiles,
        duration_matrices=[minutes for _ in profiles],
    )


def _matrices(problem: Problem, pieces: Sequence[_Piece], prices: Prices) -> tuple[Table, Table]:
    places = [problem.gather, *(piece.place for piece in pieces)]
    size = len(places) + 1
    minutes, fen = np.full((size, size), FAR), np.full((size, size), FAR)
    standing = [0, *(piece.standing for piece in pieces)]
    for row, here in enumerate(places, start=1):
        for column, there in enumerate(places, start=1):
            minutes[row, column] = problem.times.minutes(here, there) + standing[column - 1]
            fen[row, column] = round(problem.times.road_km(here, there) * prices.road_km)
    minutes[START], fen[START] = 0, 0
    np.fill_diagonal(minutes, 0)
    np.fill_diagonal(fen, 0)
    return minutes, fen


def _with_moves(
    fen: Table,
    pieces: Sequence[_Piece],
    kind: Sequence[Coach],
    prices: Prices,
) -> Table:
    """Return the ways of one coach: into a stop of another's people they cost more."""
    own = fen.copy()
    for number, piece in enumerate(pieces, start=2):
        if piece.own_coach not in (None, kind[0].key):
            own[:, number] += prices.moved * len(piece.riders)
    np.fill_diagonal(own, 0)
    return own


def _leaving(problem: Problem, piece: _Piece) -> tuple[int, int]:
    """Return from when to when the coach may leave a piece, in minutes of the search."""
    begun_at = problem.gather_at - timedelta(minutes=HORIZON_MINUTES)
    opens = round((_day_begins_at(problem) - begun_at) / timedelta(minutes=1))

    def minute(moment: datetime, rounded: Callable[[float], int]) -> int:
        return min(max(rounded((moment - begun_at) / timedelta(minutes=1)), 0), HORIZON_MINUTES)

    for window in problem.windows:
        if window.village == piece.place.code:
            early = max(minute(window.from_at, math.ceil) + piece.standing, opens)
            return early, max(early, minute(window.to_at, math.floor) + piece.standing)
    return opens, HORIZON_MINUTES


def _day_begins_at(problem: Problem) -> datetime:
    """Return from when coaches collect: the end of the parked hours, if the longest collection fits in."""
    earliest = problem.gather_at - timedelta(minutes=HORIZON_MINUTES)
    at = problem.gather_at.astimezone(CHINA).replace(hour=problem.driver_rule.parked_to_hour, minute=0)
    longest = problem.most_collection_minutes
    fits = longest is not None and problem.gather_at - at >= timedelta(minutes=longest)
    return at if fits else earliest


def _routes(data: ProblemData, start: Plan, pieces: Sequence[_Piece], fleet: _Fleet) -> list[Route]:
    """Return the plan that is there as routes of the search; coaches that are gone have none."""
    number_of = {piece.riders[0].key: number for number, piece in enumerate(pieces)}
    routes = []
    for ride in start.coaches:
        if ride.coach in fleet.kind_of:
            way = [
                Activity(ActivityType.DEPOT, EMPTYING)
                if stop.unloads
                else Activity(ActivityType.CLIENT, number_of[stop.riders[0]])
                for stop in ride.stops
            ]
            routes.append(Route(data, way, fleet.kind_of[ride.coach]))
    return routes


def _plan_of(problem: Problem, best: Solution, pieces: Sequence[_Piece], fleet: _Fleet, start: Plan) -> Plan:
    """Return the routes as a plan; of equal coaches those that ride already come first."""
    riding = {ride.coach: place for place, ride in enumerate(start.coaches)}
    free = [
        sorted(kind, key=lambda coach: (riding.get(coach.key, len(riding)), coach.key))
        for kind in fleet.kinds
    ]
    rides: list[CoachPlan] = []
    for route in best.routes():
        coach = free[route.vehicle_type()].pop(0)
        rides.append(ride_of(problem, coach, _tours(route, pieces)))
    carried = {key for ride in rides for key in ride.seat_of}
    fewest = start.fewest_coaches if problem.most_waves == 1 else _fewest_with_waves(problem, fleet)
    left = tuple(sorted({rider.key for rider in problem.riders} - carried))
    return replace(
        start,
        coaches=tuple(rides),
        left_behind=left,
        fewest_coaches=min(fewest, len(rides)),
        proved=not left and len(rides) <= fewest,
    )


def _tours(route: Route, pieces: Sequence[_Piece]) -> list[list[Group]]:
    """Return the groups of each filling, in order; neighbours of one village are one stop."""
    tours: list[list[Group]] = [[]]
    for activity in route.schedule()[1:-1]:
        if activity.is_depot():
            tours.append([])
            continue
        piece, tour = pieces[activity.idx], tours[-1]
        if tour and tour[-1].village == piece.place.code:
            tour[-1] = Group(piece.place.code, tour[-1].riders + piece.riders)
        else:
            tour.append(Group(piece.place.code, piece.riders))
    return [tour for tour in tours if tour]


def _fewest_with_waves(problem: Problem, fleet: _Fleet) -> int:
    rooms = sorted((fleet.rooms[fleet.kind_of[coach.key]] for coach in problem.fleet), reverse=True)
    people, count = len(problem.riders), 0
    while people > 0 and count < len(rooms):
        people -= rooms[count] * problem.most_waves
        count += 1
    return count
