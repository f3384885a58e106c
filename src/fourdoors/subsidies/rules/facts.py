"""What is held of one worker when a rule is asked: facts with their numbers and grades, nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fourdoors.employment.rules import Stretch
from fourdoors.kernel.evidence import Grade

Movement = tuple[int, date, int]  # broker, day of leaving, place of work
Heads = Mapping[Movement, int]


class StatusFact(NamedTuple):
    """A household's status, from a day to the eve of another."""

    number: int
    kind: str
    from_on: date
    to_on: date | None
    grade: Grade

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on ``day``."""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


class IncomeFact(NamedTuple):
    """A month of pay."""

    number: int
    month: date
    fen: int
    measured: bool
    grade: Grade


class TicketFact(NamedTuple):
    """A ticket."""

    number: int
    kind: str
    fen: int
    grade: Grade


@dataclass(frozen=True)
class SpellFact:
    """A spell of work with its pay and tickets.

    Attributes:
        number: Number of the spell.
        place: 12-digit division of work.
        left_on: Day of leaving home.
        from_on: First day of work.
        ended_on: First day no longer at work.
        carried: Taken there by an organised trip.
        employer: Number or words of the employer.
        grade: Evidence of the spell itself.
        contract_signed: None where nobody said.
        insured: None where nobody said.
        broker: Who led the movement, if anybody.
    """

    number: int
    place: int
    left_on: date
    from_on: date
    ended_on: date | None
    carried: bool
    employer: int | str | None
    grade: Grade
    contract_signed: bool | None = None
    insured: bool | None = None
    broker: int | None = None
    incomes: tuple[IncomeFact, ...] = ()
    tickets: tuple[TicketFact, ...] = ()

    @property
    def stretch(self) -> Stretch:
        """The spell as stability is counted."""
        return Stretch(self.from_on, self.ended_on, self.employer)

    @property
    def movement(self) -> Movement | None:
        """The movement it belongs to: one broker, one day, one place."""
        return None if self.broker is None else (self.broker, self.left_on, self.place)


@dataclass(frozen=True)
class Situation:
    """One worker as a rule sees them."""

    worker: int
    home: int
    born_on: date
    statuses: tuple[StatusFact, ...] = ()
    spells: tuple[SpellFact, ...] = ()

    def classes_on(self, day: date) -> dict[str, StatusFact]:
        """Return the household's classes on a day."""
        return {status.kind: status for status in sorted(self.statuses) if status.holds_on(day)}


def heads_of(situations: Iterable[Situation], classes: tuple[str, ...]) -> dict[Movement, int]:
    """Return, for each movement, how many persons of these classes it moved."""
    heads: dict[Movement, set[int]] = {}
    for situation in situations:
        for spell in situation.spells:
            if spell.movement and _belongs(situation, spell.left_on, classes):
                heads.setdefault(spell.movement, set()).add(situation.worker)
    return {movement: len(workers) for movement, workers in heads.items()}


def _belongs(situation: Situation, day: date, classes: tuple[str, ...]) -> bool:
    return "any" in classes or any(name in situation.classes_on(day) for name in classes)
