"""Claims and rules in plain words: every line of an assessment, every code of a policy."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourdoors.kernel.divisions import Ring
from fourdoors.kernel.terms import HouseholdStatusKind
from fourdoors.subsidies.rules import ONCE, Policy, Words
from fourdoors.web import words

Sentence = str | Promise


class Explained(NamedTuple):
    """One line as the reader sees it."""

    words: str
    holds: bool


# What a line says where it holds, and what it says, with the way to mend it, where it does not.
LINES: dict[str, tuple[Sentence, Sentence]] = {
    "in_force": ("", gettext_lazy("The rule is not in force for this home or this day.")),
    "spell": ("", gettext_lazy("No work away from home is known. Record it first.")),
    "class": (
        gettext_lazy("Household class: %(class)s"),
        gettext_lazy("The household is not %(class)s on the day of leaving."),
    ),
    "place": (
        gettext_lazy("Place of work: %(place)s (%(ring)s)"),
        gettext_lazy("The place of work, %(place)s (%(ring)s), is not far enough from home."),
    ),
    "window": (
        gettext_lazy("Left home on %(left_on)s, between %(from)s and %(to)s"),
        gettext_lazy("Left home on %(left_on)s, which is not between %(from)s and %(to)s."),
    ),
    "months": (
        gettext_lazy("%(months)s full months of work, %(needed)s are asked for"),
        gettext_lazy("Only %(months)s full months of work so far; %(needed)s are asked for."),
    ),
    "contract": (
        gettext_lazy("A contract is signed"),
        gettext_lazy("No signed contract is recorded. Record it on the spell of work."),
    ),
    "insurance": (
        gettext_lazy("Social insurance is paid"),
        gettext_lazy("No social insurance is recorded. Record it on the spell of work."),
    ),
    "age": (
        gettext_lazy("%(age)s years old on the day of leaving, at least %(needed)s are asked for"),
        gettext_lazy("%(age)s years old on the day of leaving; at least %(needed)s are asked for."),
    ),
    "not_carried": (
        gettext_lazy("Travelled on their own"),
        gettext_lazy("Was carried by an organised trip, so paid no fare."),
    ),
    "broker": (
        gettext_lazy("Led by a licensed broker"),
        gettext_lazy("No broker is recorded for this movement."),
    ),
    "heads": (
        gettext_lazy("%(heads)s persons in one movement, at least %(needed)s are asked for"),
        gettext_lazy("%(heads)s persons in this movement; at least %(needed)s are asked for."),
    ),
    "proof": (
        gettext_lazy("The work is proved by evidence of grade %(grade)s"),
        gettext_lazy("The work rests on grade %(grade)s; bring a paper of the employer or the bank."),
    ),
    "ticket": (
        gettext_lazy("One-way ticket: %(fen)s"),
        gettext_lazy("No ticket is held. Record it on the spell of work."),
    ),
    "income": (
        gettext_lazy("Proven pay of %(months)s months: %(fen)s"),
        gettext_lazy("No proven pay is held. Bring a payroll or a bank statement."),
    ),
    "left_out": (
        gettext_lazy("Left out: pay of %(months)s months, %(fen)s, that is said but not proved"),
        "",
    ),
    "percent": (gettext_lazy("%(fen)s = %(base_fen)s × %(percent)s%%"), ""),
    "fixed": (gettext_lazy("Amount by the rule: %(fen)s"), ""),
    "ring": (
        gettext_lazy("Amount for %(place)s: %(fen)s"),
        gettext_lazy("The rule has no amount for %(place)s."),
    ),
    "cap": (gettext_lazy("Cap %(cap_fen)s, so %(fen)s"), ""),
    "payer": (gettext_lazy("Paid by: %(payer)s"), ""),
}
NAMES: dict[str, Sentence] = {
    "any": gettext_lazy("anybody"),
    "hard_to_employ": gettext_lazy("hard-to-employ persons"),
    "zero_employment_family": gettext_lazy("zero-employment families"),
    "veteran": gettext_lazy("veterans"),
    "returning_migrant": gettext_lazy("returned migrant workers"),
    "three_kinds": gettext_lazy("the “three kinds of people” of the paper"),
    "graduate": gettext_lazy("graduates"),
    "registered_unemployed": gettext_lazy("registered unemployed"),
    "county_integrated_poverty_fund": gettext_lazy("integrated poverty fund of the county"),
    "county_budget": gettext_lazy("county budget"),
    "employment_fund": gettext_lazy("employment subsidy fund"),
    "province_prefecture_county": gettext_lazy("province, prefecture and county together"),
    "province_or_county": gettext_lazy("province or county"),
    "not_stated": gettext_lazy("not stated in the paper"),
    "": gettext_lazy("not stated in the paper"),
    "worker": gettext_lazy("the worker"),
    "broker": gettext_lazy("the broker"),
    "agency": gettext_lazy("the agency"),
    "workshop": gettext_lazy("the workshop"),
    "employer": gettext_lazy("the employer"),
    "trainer": gettext_lazy("the training provider"),
    "carrier": gettext_lazy("the carrier"),
    "up_to": gettext_lazy("an upper limit that the county fills in"),
    "up_to_pct_of_pay": gettext_lazy("an upper share of pay that the county fills in"),
    "per_day": gettext_lazy("an amount a day of class"),
    "per_month": gettext_lazy("an amount a month on post"),
    "per_head_by_months": gettext_lazy("an amount a head by months on post"),
    "per_head_by_batch": gettext_lazy("an amount a head by size of the batch"),
    "by_household_income": gettext_lazy("an amount by income of the household"),
    "by_certificate_level": gettext_lazy("an amount by level of certificate"),
    "pct_of_freight": gettext_lazy("a share of freight cost"),
    "per_coach": gettext_lazy("an amount a coach"),
    "max_per_household": gettext_lazy("a limit per household"),
    "mixed": gettext_lazy("several amounts that count in different ways"),
    "none": gettext_lazy("an amount that the file does not name"),
    "business_started": gettext_lazy("a business was started"),
    "recognised_workshop": gettext_lazy("recognition as a workshop"),
    "spring_breeze_trip": gettext_lazy("a trip of the Spring Breeze campaign"),
    "small_or_medium_enterprise": gettext_lazy("the employer is a small or medium enterprise"),
    "newly_hired": gettext_lazy("newly hired"),
    "no_record_there_past_6_months": gettext_lazy("no work at that employer in the past six months"),
    "first_time": gettext_lazy("the first stable work"),
    "unemployment_benefit": gettext_lazy("draws unemployment benefit"),
    "other_public_job": gettext_lazy("holds another public job"),
    "village_cadre_family": gettext_lazy("family of a village cadre"),
    "same_trade_twice": gettext_lazy("the same trade twice"),
    "more_than_three_times": gettext_lazy("more than three times"),
    "status": gettext_lazy("it recognises and pays nothing"),
    "no_code": gettext_lazy("its place has no division code"),
}
KINDS: dict[str, Sentence] = {
    "shape": gettext_lazy("Not computed yet: %(name)s"),
    "payee": gettext_lazy("We hold no account of %(name)s"),
    "class": gettext_lazy("We do not record who belongs to %(name)s"),
    "need": gettext_lazy("We do not record: %(name)s"),
    "exclusion": gettext_lazy("We do not record: %(name)s"),
    "kind": gettext_lazy("Nothing to pay: %(name)s"),
    "division": gettext_lazy("In force nowhere we know: %(name)s"),
}
REFUSALS: dict[str, Sentence] = {
    "proof_missing": gettext_lazy("Record the missing proof, then make the claim again."),
    "passbook_wrong": gettext_lazy("Correct the passbook or card, then make the claim again."),
    "not_at_work": gettext_lazy("If this is an error, record a proof of the work and make the claim again."),
    "objection_upheld": gettext_lazy("The objection and its answer are kept with the claim."),
    "paid_elsewhere": gettext_lazy("It was paid already; nothing is left to do."),
    "merged": gettext_lazy("Make the claims of this policy again: the kept record claims for the person."),
    "withdrawn": gettext_lazy("The worker may claim again at any time."),
}
_FEN = ("fen", "base_fen", "cap_fen", "fen_before", "measured_fen")
_DAYS = ("left_on", "from", "to", "on")


def explained(trace: Iterable[Mapping[str, Any]]) -> list[Explained]:
    """Return the lines of a claim as sentences, in order."""
    return [Explained(_sentence(line), bool(line["holds"])) for line in trace]


def _sentence(line: Mapping[str, Any]) -> str:
    holds, fails = LINES[line["code"]]
    said = {name: _value(name, value) for name, value in line["values"].items()}
    return str(holds if line["holds"] else fails) % said


def _value(name: str, value: Any) -> str:
    if name in _FEN:
        return words.fen(int(value))
    if name in _DAYS:
        return words.day(datetime.date.fromisoformat(value)) if value else "…"
    if name == "place":
        return words.place(int(value))
    if name == "ring":
        return _(Ring(value).en)
    if name == "class":
        return named_class(value)
    return named(value) if name == "payer" else str(value)


def named(code: str) -> str:
    """Return the words of a code of a policy file."""
    return str(NAMES.get(code, code))


def named_class(codes: str) -> str:
    """Return the words of household classes, several parted by a stroke."""
    kinds = {kind.value: _(kind.en) for kind in HouseholdStatusKind}
    return " / ".join(kinds.get(code) or named(code) for code in codes.split("/"))


def missing_words(code: str) -> str:
    """Return in words what stands between a rule and its computation."""
    kind, name = code.split(":", 1)
    return str(KINDS[kind]) % {"name": named(name)}


def title_of(rule: Policy) -> str:
    """Return the title of a rule in the reader's language."""
    return said(rule.title)


def said(both: Words) -> str:
    """Return what a policy file says in both languages in the reader's one."""
    return both.zh if words.in_chinese() else both.en


def period_words(period: str) -> str:
    """Return the name of a period: a year as it is, or that it is paid once."""
    return _("once and for all") if period == ONCE else period
