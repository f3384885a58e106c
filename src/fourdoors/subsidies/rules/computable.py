"""Whether a rule can be computed from what we hold; what is missing is named, never guessed."""

from typing import ClassVar

from fourdoors.kernel.errors import RuleError
from fourdoors.subsidies.rules.shapes import ComputedAmount, Kind, Payee, PctOfIncome, Policy, shape_of

COMPUTED_PAYEES = frozenset({Payee.WORKER, Payee.BROKER})
HELD_CLASSES = frozenset(
    {"any", "registered_poor", "at_risk", "lifted_out", "monitored", "relocated"}
)  # kernel.terms.HouseholdStatusKind
HELD_NEEDS = frozenset({"contract", "social_insurance"})
HELD_EXCLUSIONS = frozenset({"carried_by_organised_trip"})


class PolicyNotComputableError(RuleError):
    """The rule needs a shape or a fact that we do not have (value: ``missing``, by name)."""

    code: ClassVar[str] = "policy_not_computable"


def missing_of(policy: Policy) -> tuple[str, ...]:
    """Return, by name, what stands between a rule and its computation; nothing where it is computable.

    ``shape:`` an amount we cannot compute, ``payee:`` somebody whose account we do not hold, ``class:``,
    ``need:`` and ``exclusion:`` facts that nobody records here, ``kind:status`` a rule that pays nothing,
    ``division:`` a place without a code. A ceiling is computable as a check of other rules.

    A grant without an amount (``shape:none``) pays nothing we know. Amounts that count in different ways, or
    two shares of income (``shape:mixed``), leave open whether both are due: nobody guesses.
    """
    if policy.kind is Kind.STATUS:
        return ("kind:status",)
    if policy.kind is Kind.CEILING:
        return ()
    found = [
        f"shape:{shape_of(part.amount)}"
        for part in policy.parts
        if not isinstance(part.amount, ComputedAmount)
    ]
    found += [f"shape:{name}" for name in _unclear_parts(policy)]
    found += [] if policy.payee in COMPUTED_PAYEES else [f"payee:{policy.payee}"]
    found += [f"class:{name}" for name in policy.classes if name not in HELD_CLASSES]
    found += [f"need:{name}" for name in policy.conditions.needs if name not in HELD_NEEDS]
    found += [f"exclusion:{name}" for name in policy.conditions.excludes if name not in HELD_EXCLUSIONS]
    found += ["shape:max_per_household"] if policy.conditions.max_per_household else []
    found += ["division:no_code"] if policy.division is None else []
    return tuple(dict.fromkeys(found))


def _unclear_parts(policy: Policy) -> tuple[str, ...]:
    shapes = {type(part.amount) for part in policy.parts}
    if not shapes:
        return ("none",)
    several_incomes = shapes == {PctOfIncome} and len(policy.parts) > 1
    return ("mixed",) if len(shapes) > 1 or several_incomes else ()


def refuse_if_not_computable(policy: Policy) -> None:
    """Let a rule pass that can be asked of people.

    Raises:
        PolicyNotComputableError: something is missing, or it pays nobody by itself.
    """
    missing = missing_of(policy)
    if policy.kind is not Kind.GRANT:
        missing = (f"kind:{policy.kind}",)
    if missing:
        raise PolicyNotComputableError(key=policy.key, missing=", ".join(missing))
