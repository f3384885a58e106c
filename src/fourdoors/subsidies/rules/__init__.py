"""Policy rules: read from dated files, asked of facts, answered line by line."""

from fourdoors.subsidies.rules.assess import (
    ONCE,
    Assessment,
    Evidence,
    Line,
    OverCeiling,
    assess_situation,
    over_ceiling,
    period_of,
    span_of,
)
from fourdoors.subsidies.rules.computable import (
    PolicyNotComputableError,
    missing_of,
    refuse_if_not_computable,
)
from fourdoors.subsidies.rules.facts import (
    Heads,
    IncomeFact,
    Movement,
    Situation,
    SpellFact,
    StatusFact,
    TicketFact,
    heads_of,
)
from fourdoors.subsidies.rules.loading import PolicyUnsoundError, read_policy
from fourdoors.subsidies.rules.shapes import (
    Frequency,
    Kind,
    Payee,
    PctOfIncome,
    PctOfTicket,
    PerHead,
    Policy,
    Words,
    shape_of,
)
from fourdoors.subsidies.rules.states import BatchState, ClaimState, RefusalReason

__all__ = [
    "ONCE",
    "Assessment",
    "BatchState",
    "ClaimState",
    "Evidence",
    "Frequency",
    "Heads",
    "IncomeFact",
    "Kind",
    "Line",
    "Movement",
    "OverCeiling",
    "Payee",
    "PctOfIncome",
    "PctOfTicket",
    "PerHead",
    "Policy",
    "PolicyNotComputableError",
    "PolicyUnsoundError",
    "RefusalReason",
    "Situation",
    "SpellFact",
    "StatusFact",
    "TicketFact",
    "Words",
    "assess_situation",
    "heads_of",
    "missing_of",
    "over_ceiling",
    "period_of",
    "read_policy",
    "refuse_if_not_computable",
    "shape_of",
    "span_of",
]
