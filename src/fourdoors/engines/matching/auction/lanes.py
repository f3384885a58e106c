"""Sixty-four lines at a time: vectors of 64 numbers of 16 bits, and the same in plain loops.

The vectors are written as LLVM's own vector code, so that it makes AVX-512, AVX2, SSE or NEON of them,
whatever the machine has. The plain twins give the same numbers and are what tests compare with.

A *word* is 64 neighbouring slots; a *mask* is a uint64 with one bit for each of them. Two small arrays carry
what varies from call to call:

    masks  uint64  (6,)  possible, short, wish 1, wish 2, wish 3, skill, companions  (see MASKS)
    terms  int64   (8,)  floor, most wage points, base, wish 1..3, skill, companions (see TERMS)
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fourdoors.engines.matching.auction.compiled import compiled

LANES = 64
NEVER = -32768  # the value of a lane that is not possible
POSSIBLE, SHORT, WISHES, SKILL, COMPANIONS = 0, 1, 2, 5, 6  # places in masks; three wishes
FLOOR, MOST_WAGE, BASE, WISH_POINTS, SKILL_POINTS, COMPANION_POINTS = 0, 1, 2, 3, 6, 7  # places in terms
MASKS, TERMS = 7, 8
_BONUSES = tuple((WISHES + number, WISH_POINTS + number) for number in range(5))


def emitted(function: Callable[..., Any]) -> Any:
    """Make a function of types into one that compiled code calls."""
    return intrinsic(function)


_I1, _I16, _I32, _I64 = (ir.IntType(bits) for bits in (1, 16, 32, 64))
_VECTOR, _BITS = ir.VectorType(_I16, LANES), ir.VectorType(_I1, LANES)


def _all(number: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [number] * LANES)


def _spread(build: Any, number: ir.Value) -> ir.Value:
    """Return a vector with the low 16 bits of ``number`` in each lane."""
    one = build.insert_element(
        ir.Constant(_VECTOR, ir.Undefined), build.trunc(number, _I16), ir.Constant(_I32, 0)
    )
    order = ir.Constant(ir.VectorType(_I32, LANES), [0] * LANES)
    return build.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), order)


class _Emit:
    """Writes loads and stores of one intrinsic."""

    def __init__(self, context: Any, build: Any) -> None:
        self.context, self.build = context, build

    def _at(self, kind: Any, array: ir.Value, word: ir.Value) -> ir.Value:
        data = self.context.make_array(kind)(self.context, self.build, array).data
        where = self.build.gep(data, [self.build.mul(word, ir.Constant(_I64, LANES))])
        return self.build.bitcast(where, _VECTOR.as_pointer())

    def load(self, kind: Any, array: ir.Value, word: ir.Value) -> ir.Value:
        value = self.build.load(self._at(kind, array, word))
        value.align = 2
        return value

    def store(self, kind: Any, array: ir.Value, word: ir.Value, value: ir.Value) -> None:
        self.build.store(value, self._at(kind, array, word)).align = 2

    def item(self, kind: Any, array: ir.Value, place: int) -> ir.Value:
        data = self.context.make_array(kind)(self.context, self.build, array).data
        return self.build.load(self.build.gep(data, [ir.Constant(_I64, place)]))

    def smaller(self, left: ir.Value, right: ir.Value) -> ir.Value:
        return self.build.select(self.build.icmp_signed("<", left, right), left, right)

    def with_bonuses(self, value: ir.Value, masks: tuple[Any, Any], terms: tuple[Any, Any]) -> ir.Value:
        for mask, points in _BONUSES:
            lanes = self.build.bitcast(self.item(*masks, mask), _BITS)
            gift = self.build.select(lanes, _spread(self.build, self.item(*terms, points)), _all(0))
            value = self.build.add(value, gift)
        return value


@emitted
def vector_values(_: Any, pay: Any, ask: Any, near: Any, out: Any, word: Any, masks: Any, terms: Any) -> Any:
    """Write the net values of the 64 lines of ``word`` into ``out``, NEVER where not possible."""

    def emit(context: Any, build: Any, signature: Any, given: Any) -> ir.Value:
        kinds, write = signature.args, _Emit(context, build)
        first = ir.Constant(_I64, 0)
        the_masks, the_terms = (kinds[5], given[5]), (kinds[6], given[6])
        over = build.sub(
            write.load(kinds[0], given[0], given[4]), _spread(build, write.item(*the_terms, FLOOR))
        )
        short = build.bitcast(write.item(*the_masks, SHORT), _BITS)
        over = build.sub(over, build.select(short, _all(1), _all(0)))
        possible = build.and_(
            build.bitcast(write.item(*the_masks, POSSIBLE), _BITS), build.icmp_signed(">=", over, _all(0))
        )
        value = write.smaller(over, _spread(build, write.item(*the_terms, MOST_WAGE)))
        value = build.add(value, _spread(build, write.item(*the_terms, BASE)))
        value = build.sub(value, write.load(kinds[1], given[1], given[4]))
        value = build.add(value, write.load(kinds[2], given[2], first))
        value = write.with_bonuses(value, the_masks, the_terms)
        write.store(kinds[3], given[3], first, build.select(possible, value, _all(NEVER)))
        return ir.Constant(_I64, 0)

    return types.int64(pay, ask, near, out, types.int64, masks, terms), emit


@emitted
def vector_bounds(
    _: Any, top: Any, flat: Any, out: Any, place: Any, group: Any, masks: Any, terms: Any
) -> Any:
    """Write what the lines of each of 64 words are worth at most into ``out`` at ``place``."""

    def emit(context: Any, build: Any, signature: Any, given: Any) -> ir.Value:
        kinds, write = signature.args, _Emit(context, build)
        the_masks, the_terms = (kinds[5], given[5]), (kinds[6], given[6])
        rising = build.sub(
            write.load(kinds[0], given[0], given[4]), _spread(build, write.item(*the_terms, FLOOR))
        )
        most = _spread(build, write.item(*the_terms, MOST_WAGE))
        full = build.add(write.load(kinds[1], given[1], given[4]), most)
        value = build.add(write.smaller(rising, full), _spread(build, write.item(*the_terms, BASE)))
        value = write.with_bonuses(value, the_masks, the_terms)
        possible = build.bitcast(write.item(*the_masks, POSSIBLE), _BITS)
        write.store(kinds[2], given[2], given[3], build.select(possible, value, _all(NEVER)))
        return ir.Constant(_I64, 0)

    return types.int64(top, flat, out, types.int64, types.int64, masks, terms), emit


@emitted
def vector_above(_: Any, values: Any, place: Any, limit: Any) -> Any:
    """Return the mask of the lanes of ``values`` at ``place`` that are above ``limit``."""

    def emit(context: Any, build: Any, signature: Any, given: Any) -> ir.Value:
        value = _Emit(context, build).load(signature.args[0], given[0], given[1])
        return build.bitcast(build.icmp_signed(">", value, _spread(build, given[2])), _I64)

    return types.uint64(values, types.int64, types.int64), emit


@emitted
def lowest_bit(_: Any, mask: Any) -> Any:
    """Return the number of the lowest bit that is set."""

    def emit(context: Any, build: Any, signature: Any, given: Any) -> ir.Value:
        return build.cttz(given[0], ir.Constant(_I1, 0))

    return types.int64(types.uint64), emit


@emitted
def count_bits(_: Any, mask: Any) -> Any:
    """Return how many bits are set."""

    def emit(context: Any, build: Any, signature: Any, given: Any) -> ir.Value:
        return build.ctpop(given[0])

    return types.int64(types.uint64), emit


@compiled()
def plain_values(pay: Any, ask: Any, near: Any, out: Any, word: Any, masks: Any, terms: Any) -> None:
    """Do what :func:`vector_values` does, lane by lane."""
    for lane in range(64):
        slot = word * 64 + lane
        over = int(pay[slot]) - terms[FLOOR] - bit(masks[SHORT], lane)
        value = min(over, terms[MOST_WAGE]) + terms[BASE] - int(ask[slot]) + int(near[lane])
        for number in range(5):
            value += terms[WISH_POINTS + number] * bit(masks[WISHES + number], lane)
        out[lane] = value if over >= 0 and bit(masks[POSSIBLE], lane) else NEVER


@compiled()
def plain_bounds(top: Any, flat: Any, out: Any, place: Any, group: Any, masks: Any, terms: Any) -> None:
    """Do what :func:`vector_bounds` does, word by word."""
    for lane in range(64):
        word = group * 64 + lane
        value = min(int(top[word]) - terms[FLOOR], int(flat[word]) + terms[MOST_WAGE]) + terms[BASE]
        for number in range(5):
            value += terms[WISH_POINTS + number] * bit(masks[WISHES + number], lane)
        out[place * 64 + lane] = value if bit(masks[POSSIBLE], lane) else NEVER


@compiled()
def plain_above(values: Any, place: Any, limit: Any) -> Any:
    """Do what :func:`vector_above` does."""
    mask = types.uint64(0)
    for lane in range(64):
        if values[place * 64 + lane] > limit:
            mask |= types.uint64(1) << types.uint64(lane)
    return mask


@compiled()
def bit(mask: Any, lane: Any) -> Any:
    """Return bit ``lane`` of ``mask``, 0 or 1."""
    return types.int64((mask >> types.uint64(lane)) & types.uint64(1))
