"""Reads of policies, claims, notices and payment lists; and the facts that rules are asked about."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Sum, When

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.employment.models import IncomeRecord, Spell, TravelCost
from fourdoors.employment.rules import TicketKind
from fourdoors.kernel.divisions import Range, names_of, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import PaymentResult, Sex
from fourdoors.register.models import HouseholdStatus, Passbook, Worker
from fourdoors.register.selectors import homes_of, identity_shown
from fourdoors.subsidies import rules
from fourdoors.subsidies.models import (
    Claim,
    NoticePeriod,
    Objection,
    Payment,
    PaymentAnswer,
    PaymentBatch,
    Policy,
)
from fourdoors.subsidies.rules import BatchState, ClaimState, Situation

Where = Mapping[str, Any]
_GRADES = {grade.value: grade for grade in Grade}


@dataclass(frozen=True)
class DryRun:
    """What a rule would cost, before anybody signs it.

    Attributes:
        asked: Persons it was asked of.
        granted: Persons it pays.
        fen: What it costs.
        reasons: How often each condition failed; one person may fail several.
        payers: Fen by payer.
    """

    asked: int
    granted: int
    fen: int
    reasons: dict[str, int]
    payers: dict[str, int]


def policies() -> QuerySet[Policy]:
    """Return the newest version of every policy, by key."""
    newest = Policy.objects.order_by("key", "-loaded_at", "-pk").distinct("key")
    return Policy.objects.filter(pk__in=newest.values("pk")).order_by("key")


def current_policy(key: str) -> Policy | None:
    """Return the newest version of a policy."""
    return Policy.objects.filter(key=key).order_by("-loaded_at", "-pk").first()


def rule_of(policy: Policy) -> rules.Policy:
    """Return what a stored version says."""
    return rules.read_policy(policy.yaml)


def situations_in(division: int) -> list[Situation]:
    """Return everybody of a division who ever had a spell, with all that rules ask about. Six queries.

    A person of two records is asked once, by the kept one: in its village, with the statuses of its
    household, and with the spells of both.
    """
    home = range_of(division)
    inside = {"village__gte": home.lo, "village__lt": home.hi}
    joined = merged_records(Worker.objects.filter(**inside))
    return _situations(Q(**inside), inside, inside, joined)


def situations_of(workers: Iterable[int]) -> list[Situation]:
    """Return some workers with all that rules ask about, with the records merged into each. Six queries."""
    numbers = list(workers)
    joined = merged_records(numbers)
    households = {"household__memberships__worker__in": numbers}
    return _situations(Q(worker__in=numbers), households, {"pk__in": numbers}, joined)


def merged_records(kept: Iterable[int] | QuerySet[Worker]) -> dict[int, int]:
    """Return the records that were merged into these, each with the one that is kept; one query."""
    merged = Worker.objects.filter(merged_into__in=kept).values_list("pk", "merged_into_id")
    return {record: owner for record, owner in merged if owner}


def companions_of(worker: int) -> set[int]:
    """Return everybody who moved with a worker: same broker, same day, same place; the worker too."""
    led = Spell.objects.filter(worker=worker, broker__isnull=False).values("broker", "left_on", "place")
    same = Q(pk=None)
    for movement in led:
        same |= Q(**movement)
    return {worker, *Spell.objects.filter(same).values_list("worker_id", flat=True)}


def _situations(rows: Q, households: Where, people: Where, joined: Mapping[int, int]) -> list[Situation]:
    rows |= Q(worker__in=list(joined))
    incomes, tickets = _incomes(rows), _tickets(rows)
    spells: dict[int, list[rules.SpellFact]] = defaultdict(list)
    for spell in Spell.objects.filter(rows).order_by("pk"):
        owner = joined.get(spell.worker_id, spell.worker_id)
        spells[owner].append(_spell(spell, incomes[spell.pk], tickets[spell.pk]))
    statuses = _statuses(households)
    kept = Worker.objects.filter(**people, merged_into=None)
    workers = kept.order_by("pk").values_list("pk", "village", "born_on")
    return [
        Situation(pk, village, born_on, tuple(statuses[pk]), tuple(spells[pk]))
        for pk, village, born_on in workers
        if pk in spells
    ]


def _incomes(rows: Q) -> dict[int, list[rules.IncomeFact]]:
    found: dict[int, list[rules.IncomeFact]] = defaultdict(list)
    columns = ("spell_id", "pk", "month", "fen", "measured", "grade")
    held = IncomeRecord.objects.filter(rows).order_by("pk").values_list(*columns)
    for spell, pk, month, fen, measured, grade in held:
        found[spell].append(rules.IncomeFact(pk, month, fen, measured, _GRADES[grade]))
    return found


def _tickets(rows: Q) -> dict[int, list[rules.TicketFact]]:
    found: dict[int, list[rules.TicketFact]] = defaultdict(list)
    columns = ("spell_id", "pk", "kind", "fen", "grade")
    for spell, pk, kind, fen, grade in TravelCost.objects.filter(rows).order_by("pk").values_list(*columns):
        found[spell].append(rules.TicketFact(pk, kind, fen, _GRADES[grade]))
    return found


def _spell(spell: Spell, incomes: list[rules.IncomeFact], tickets: list[rules.TicketFact]) -> rules.SpellFact:
    return rules.SpellFact(
        number=spell.pk,
        place=spell.place,
        left_on=spell.left_on,
        from_on=spell.arrived_on or spell.left_on,
        ended_on=spell.ended_on,
        carried=spell.trip_id is not None,
        employer=spell.employer_id or spell.employer_name or None,
        grade=_GRADES[spell.grade],
        contract_signed=spell.contract_signed,
        insured=spell.insured,
        broker=spell.broker_id,
        incomes=tuple(incomes),
        tickets=tuple(tickets),
    )


def _statuses(households: Where) -> dict[int, list[rules.StatusFact]]:
    """Return each worker's statuses: the household's, while the worker belonged to it."""
    rows = HouseholdStatus.objects.filter(**households).values_list(
        "pk", "kind", "from_on", "to_on", "grade", "household__memberships__worker_id",
        "household__memberships__from_on", "household__memberships__to_on",
    )  # fmt: skip
    found: dict[int, list[rules.StatusFact]] = defaultdict(list)
    for pk, kind, from_on, to_on, grade, worker, joined_on, left_on in rows:
        first, last = max(from_on, joined_on), min(to_on or date.max, left_on or date.max)
        if worker is not None and first < last:
            until = None if last == date.max else last
            found[worker].append(rules.StatusFact(pk, kind, first, until, _GRADES[grade]))
    return found


def assess_all(
    rule: rules.Policy, situations: list[Situation], *, period: str, on: date
) -> dict[int, rules.Assessment]:
    """Ask a rule of everybody, and return the answers by worker.

    Raises:
        PolicyNotComputableError: it needs what we do not have.
    """
    rules.refuse_if_not_computable(rule)
    heads = rules.heads_of(situations, rule.classes)
    return {
        situation.worker: rules.assess_situation(rule, situation, period=period, on=on, heads=heads)
        for situation in situations
    }


def dry_run(rule: rules.Policy, *, division: int, period: str, on: date) -> DryRun:
    """Return what a rule, signed or not, would cost a division on what is held today."""
    answers = assess_all(rule, situations_in(division), period=period, on=on).values()
    payers: Counter[str] = Counter()
    for answer in answers:
        payers[answer.payer] += answer.fen
    granted = [answer for answer in answers if answer.is_granted]
    return DryRun(
        asked=len(answers),
        granted=len(granted),
        fen=sum(answer.fen for answer in granted),
        reasons=dict(Counter(code for answer in answers for code in answer.reasons).most_common()),
        payers={payer: fen for payer, fen in payers.items() if fen},
    )


def passbooks_of(workers: Iterable[int], *, on: date) -> dict[int, int]:
    """Return the number of each worker's account on a day: the newest one."""
    rows = Passbook.objects.filter(worker__in=list(workers), from_on__lte=on).order_by("from_on", "pk")
    return dict(rows.values_list("worker_id", "pk"))


def claims_visible_to(
    officer: Officer, *, state: str = "", key: str = "", worker: int | None = None
) -> QuerySet[Claim]:
    """Return the claims of an officer's territory, the newest first; nobody else reads claims."""
    if officer.duty not in TERRITORIAL:
        return Claim.objects.none()
    found = Claim.objects.filter(village__gte=officer.lo, village__lt=officer.hi)
    wanted = {"state": state, "policy_key": key, "worker_id": worker}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return found.select_related("worker", "policy", "broker", "spell").order_by("-made_at", "-pk")


def claim_counts(claims: QuerySet[Claim]) -> dict[str, tuple[int, int]]:
    """Return the number of claims and the fen in each state, every state named."""
    rows = claims.order_by().values("state").annotate(count=Count("pk"), total=Sum("fen"))
    held = {row["state"]: (int(row["count"]), int(row["total"])) for row in rows}
    return {state.value: held.get(state.value, (0, 0)) for state in ClaimState}


def claims_of(worker: Worker) -> QuerySet[Claim]:
    """Return what a worker claims or was paid, the newest first."""
    return Claim.objects.filter(worker=worker).select_related("policy").order_by("-made_at", "-pk")


TRAVEL_KEYS = "-travel"  # every key of a rule about the way to work ends so


def application_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the applications for a travel subsidy (交通补助申请表): a place's claims of the year so far.

    The account shows its last digits only; what the worker signs stays blank.
    """
    claims = Claim.objects.filter(village__gte=home.lo, village__lt=home.hi, made_at__year=on.year)
    found = claims.filter(policy_key__endswith=TRAVEL_KEYS, made_at__date__lte=on).order_by("village", "pk")
    found = found.select_related("worker", "policy", "spell", "passbook")
    homes = homes_of(list(found.values_list("worker", flat=True)), on=on)
    tickets = dict(
        TravelCost.objects.filter(spell__in=found.order_by().values("spell"), kind=TicketKind.ONE_WAY.value)
        .order_by("pk").values_list("spell", "fen")
    )  # fmt: skip
    for claim in found.iterator(chunk_size=2000):
        worker, kind = claim.worker, homes.get(claim.worker_id)
        yield {
            "name": worker.name, "sex": Sex(worker.sex).zh, "claimed": claim.fen,
            "identity": identity_shown(worker.identity_cipher, worker.identity_tail, whole=whole),
            "home_words": "".join(names_of(worker.village).values()),
            "household_kind": kind.kind_words if kind else "", "ticket": tickets.get(claim.spell_id or 0),
            "policy": rule_of(claim.policy).title.zh, **_of_work(claim.spell), **_of_account(claim.passbook),
        }  # fmt: skip


def _of_work(spell: Spell | None) -> dict[str, Any]:
    if spell is None:
        return {}
    worked = f"{spell.left_on:%Y-%m-%d}至{spell.ended_on or '今'}"
    return {
        "workplace": "".join(names_of(spell.place).values()), "employer_name": spell.employer_name,
        "post": spell.post, "worked_words": worked,
    }  # fmt: skip


def _of_account(book: Passbook | None) -> dict[str, Any]:
    if book is None:
        return {}
    return {"bank": book.bank, "account": f"****{book.account_tail}", "payee_name": book.holder_name}


def objections_to(claim: Claim) -> QuerySet[Objection]:
    """Return the objections to a claim, in order."""
    return Objection.objects.filter(claim=claim).order_by("raised_at", "pk")


def notices_visible_to(officer: Officer) -> QuerySet[NoticePeriod]:
    """Return the notices of an officer's territory, the newest first, with their claims counted."""
    if officer.duty not in TERRITORIAL:
        return NoticePeriod.objects.none()
    found = NoticePeriod.objects.filter(division__gte=officer.lo, division__lt=officer.hi)
    counted = found.select_related("policy").annotate(
        claims_held=Count("claims"),
        claims_open=Count("claims", filter=Q(claims__state=ClaimState.ON_NOTICE.value)),
    )
    return counted.order_by("-from_on", "-pk")


def public_notice(number: int, *, on: date) -> NoticePeriod | None:
    """Return a notice that everybody may read today; none before its first and after its last day."""
    notices = NoticePeriod.objects.select_related("policy")
    return notices.filter(pk=number, from_on__lte=on, to_on__gte=on).first()


def public_notices(*, on: date) -> QuerySet[NoticePeriod]:
    """Return every notice that everybody may read today."""
    running = NoticePeriod.objects.filter(from_on__lte=on, to_on__gte=on)
    return running.select_related("policy").defer("masked").order_by("to_on", "pk")


def approved_keys(officer: Officer) -> list[tuple[str, int]]:
    """Return the policies with approved claims in an officer's territory, and how many each."""
    approved = claims_visible_to(officer, state=ClaimState.APPROVED.value).order_by()
    rows = approved.values("policy_key").annotate(count=Count("pk")).order_by("policy_key")
    return [(row["policy_key"], int(row["count"])) for row in rows]


def batches_visible_to(officer: Officer) -> QuerySet[PaymentBatch]:
    """Return the payment lists of an officer's territory: those that wait for release first."""
    if officer.duty not in TERRITORIAL:
        return PaymentBatch.objects.none()
    found = PaymentBatch.objects.filter(division__gte=officer.lo, division__lt=officer.hi)
    waits = Case(When(state=BatchState.MADE.value, then=0), default=1)
    return found.select_related("policy", "made_by", "released_by").order_by(waits, "-pk")


def lists_to_print(home: Range) -> QuerySet[PaymentBatch]:
    """Return the payment lists of a place that are not withdrawn, the newest first."""
    held = PaymentBatch.objects.filter(division__gte=home.lo, division__lt=home.hi)
    return held.exclude(state=BatchState.WITHDRAWN.value).order_by("-pk")


def payments_of(batch: PaymentBatch) -> QuerySet[Payment]:
    """Return the payments of a list, by village; account numbers stay sealed."""
    rows = Payment.objects.filter(batch=batch).select_related(
        "claim__worker", "claim__passbook", "claim__broker", "answer"
    )
    return rows.order_by("village", "pk")


def answer_counts(batch: PaymentBatch) -> dict[str, int]:
    """Return how many payments of a list the bank paid, returned, and said nothing of yet (``open``)."""
    rows = PaymentAnswer.objects.filter(payment__batch=batch).values("result").annotate(count=Count("pk"))
    held = {row["result"]: int(row["count"]) for row in rows}
    said = {result.value: held.get(result.value, 0) for result in PaymentResult}
    return {**said, "open": batch.persons - sum(said.values())}


def answers_to(claims: Iterable[Claim]) -> dict[int, PaymentAnswer]:
    """Return what the bank said of the payments of claims, by number of the claim."""
    found = PaymentAnswer.objects.filter(payment__claim__in=list(claims)).select_related("payment")
    return {one.payment.claim_id: one for one in found}


def notices_over(officer: Officer, *, on: date) -> QuerySet[NoticePeriod]:
    """Return the notices whose days are over and whose claims wait for a second officer."""
    over = notices_visible_to(officer).filter(to_on__lt=on)
    return over.filter(claims__state=ClaimState.ON_NOTICE.value).distinct()


def batches_to_release(officer: Officer) -> QuerySet[PaymentBatch]:
    """Return the payment lists that wait for a release by somebody else than who made them."""
    return batches_visible_to(officer).filter(state=BatchState.MADE.value).exclude(made_by=officer)
