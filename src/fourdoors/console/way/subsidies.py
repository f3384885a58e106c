"""Step 8: the rules of Zhouqu County of 2020, from evidence held to a payment list."""

from collections.abc import Mapping
from datetime import date, timedelta

from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, StepFailedError, at, must
from fourdoors.console.way.officers import ZHOUQU
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.terms import RelationToHead
from fourdoors.register.rules import PassbookRow
from fourdoors.register.services import load_passbooks
from fourdoors.store.scope import Scope, scoped
from fourdoors.subsidies.selectors import current_policy
from fourdoors.subsidies.services import (
    load_policies,
    make_batch,
    make_claims,
    open_notice,
    payment_list,
    release_batch,
    review_claims,
)

# key, period, day of making claims: the travel subsidy in spring, the rewards when the months are full
RULES = (
    ("zhouqu-2020-travel", "once", date(2020, 6, 22)),
    ("zhouqu-2020-broker", "once", date(2020, 7, 20)),
    ("zhouqu-2020-reward", "once", date(2020, 10, 19)),
)


def subsidise(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Load the rules, make claims without an application, put them on notice, review, pay."""
    bar.expect(len(RULES) + 1)
    with scoped(Scope(territory=range_of(ZHOUQU))):
        policies = load_policies(at=at(date(2020, 6, 1)), by=journey.officers["province"])
        _passbooks(journey)
        bar.advance()
        counts: dict[str, object] = {"policies": len(policies)}
        for key, period, day in RULES:
            counts[key] = _pay(journey, key, period, day)
            bar.advance()
    return counts


def _passbooks(journey: Journey) -> None:
    """Enter an account for each household of Zhouqu: the money goes to the head."""
    load_passbooks(
        PassbookRow(
            village=person.village,
            worker_id=journey.worker_numbers[person.number],
            holder_name=home.members[0].name,
            holder_relation=RelationToHead.HEAD,
            bank="甘肃省农村信用社（演示）",
            account=f"62109900{home.number:010d}",
            from_on=date(2019, 1, 1),
            source="demonstration",
        )
        for home in journey.homes
        if home.village // 10**6 == ZHOUQU // 10**6
        for person in home.members
    )


def _pay(journey: Journey, key: str, period: str, day: date) -> dict[str, int]:
    maker, reviewer, payer = (journey.officers[name] for name in ("zhouqu", "zhouqu2", "zhouqu3"))
    policy = current_policy(key)
    if policy is None:
        raise StepFailedError(f"{key} was not loaded")
    made = make_claims(policy=policy, division=ZHOUQU, period=period, by=maker, at=at(day))
    must(made.made, f"{key}: nobody of {made.asked} has a claim: {made.reasons}")
    notice = open_notice(policy=policy, division=ZHOUQU, by=maker, at=at(day, 10))
    after = notice.to_on + timedelta(days=1)
    review = review_claims(notice=notice, by=reviewer, at=at(after))
    must(review.approved, f"{key}: no claim was approved: {review}")
    batch = make_batch(policy=policy, division=ZHOUQU, by=reviewer, at=at(after, 11))
    batch = release_batch(batch=batch, by=payer, at=at(after, 15))
    paper = payment_list(batch=batch, by=payer, at=at(after, 16))
    (journey.papers / f"{batch.number}.xlsx").write_bytes(paper)
    must(batch.total_fen == sum(one.fen for one in batch.payments.all()), f"{key}: the list does not add up")
    return {"asked": made.asked, "claims": made.made, "paid": batch.persons, "fen": batch.total_fen}
