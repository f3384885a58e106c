"""Policy rules: read, asked, and never more generous than their paper."""

from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Window
from fourdoors.kernel.terms import HouseholdStatusKind
from fourdoors.subsidies.rules import (
    IncomeFact,
    Kind,
    Policy,
    PolicyNotComputableError,
    PolicyUnsoundError,
    Situation,
    SpellFact,
    StatusFact,
    TicketFact,
    assess_situation,
    heads_of,
    missing_of,
    over_ceiling,
    period_of,
    read_policy,
    refuse_if_not_computable,
    span_of,
)
from fourdoors.subsidies.rules.computable import (
    HELD_CLASSES,
)
from fourdoors.subsidies.rules.shapes import (
    Base,
    Fixed,
    Part,
    PctOfIncome,
    PerDay,
)
from tests.subsidies.tables import Case, cases, policy_of

FIELD_RECORDS = frozenset(
    {
        "zhouqu-2020-travel-100", "zhouqu-2020-travel-70", "zhouqu-2020-reward", "zhouqu-2020-broker",
        "gansu-2019-broker", "gansu-2019-training-allowance", "gansu-2019-startup", "gansu-2020-workshop-A",
        "gansu-2020-workshop-B", "gansu-2020-workshop-freight", "gansu-2018-workshop-recognition",
        "gansu-rural-public-job", "kangxian-2019-reward", "chongxin-2024-travel", "gansu-ceiling-travel",
        "gansu-workshop-yearly", "yinchuan-travel", "yongning-broker", "guizhou-baili-travel",
        "guizhou-qingzhen-travel", "county-2023-two-part", "linyi-travel", "sichuan-2020-coach",
        "yantai-2020-placement", "work-for-training", "haiyuan-2025-certificate",
    }
)  # fmt: skip
COMPUTABLE = {
    "zhouqu-2020-travel", "zhouqu-2020-reward", "zhouqu-2020-broker", "gansu-2019-broker",
    "kangxian-2019-reward", "chongxin-2024-travel", "linyi-travel", "gansu-ceiling-travel",
}  # fmt: skip
SHIPPED = sorted(
    path.name.removesuffix(".yaml") for path in (files("fourdoors.subsidies") / "policies").iterdir()
)


def test_every_record_of_the_field_is_read_once() -> None:
    records = [record for key in SHIPPED for record in policy_of(key).records]
    assert len(records) == len(set(records)) == 26
    assert set(records) == FIELD_RECORDS


@pytest.mark.parametrize("key", SHIPPED)
def test_a_policy_says_where_it_was_read_and_since_when(key: str) -> None:
    policy = policy_of(key)
    assert policy.key == key
    assert policy.sources[0].mark.startswith("S")
    assert policy.document.zh
    assert policy.in_force.start
    assert all(policy_of(other).conflicts_with == (key,) for other in policy.conflicts_with)


def test_what_is_computable_is_known_by_name_and_the_rest_by_what_is_missing() -> None:
    assert {key for key in SHIPPED if not missing_of(policy_of(key))} == COMPUTABLE
    assert missing_of(policy_of("gansu-2018-workshop-recognition")) == ("kind:status",)
    assert "shape:per_coach" in missing_of(policy_of("sichuan-2020-coach"))
    assert missing_of(policy_of("yinchuan-travel")) == ("class:three_kinds",)


@pytest.mark.parametrize(
    ("amounts", "missing"),
    [
        ((), ("shape:none",)),
        ((Fixed(100), Fixed(200)), ()),
        ((PctOfIncome(4, Base.WAGE),), ()),
        ((PctOfIncome(4, Base.WAGE), PctOfIncome(5, Base.WAGE)), ("shape:mixed",)),
        ((Fixed(100), PctOfIncome(4, Base.WAGE)), ("shape:mixed",)),
        ((Fixed(100), PerDay(20)), ("shape:per_day", "shape:mixed")),
    ],
)
def test_amounts_that_do_not_say_which_of_them_is_due_are_not_computed(
    amounts: tuple[Fixed | PctOfIncome | PerDay, ...], missing: tuple[str, ...]
) -> None:
    policy = replace(policy_of("zhouqu-2020-travel"), parts=tuple(Part(amount) for amount in amounts))
    assert missing_of(policy) == missing


def test_a_rule_that_is_not_computable_is_refused_with_what_is_missing() -> None:
    refuse_if_not_computable(policy_of("zhouqu-2020-travel"))
    with pytest.raises(PolicyNotComputableError) as refusal:
        refuse_if_not_computable(policy_of("yinchuan-travel"))
    assert refusal.value.values == {"key": "yinchuan-travel", "missing": "class:three_kinds"}
    with pytest.raises(PolicyNotComputableError, match="kind:ceiling"):
        refuse_if_not_computable(policy_of("gansu-ceiling-travel"))


def test_an_amount_that_nobody_computes_is_refused_even_when_it_is_asked_past_the_door() -> None:
    policy = replace(policy_of("zhouqu-2020-travel"), parts=(Part(PerDay(20)),))
    case = next(case for case in cases() if case.policy.key == policy.key and case.gives_fen)
    with pytest.raises(PolicyNotComputableError) as refusal:
        assess_situation(policy, case.situation, period=case.period, on=case.on, heads={})
    assert refusal.value.values == {"key": policy.key, "missing": "shape:per_day"}


def test_every_class_that_counts_as_held_is_a_status_of_the_register() -> None:
    assert {kind.value for kind in HouseholdStatusKind} | {"any"} == HELD_CLASSES


def test_every_computable_policy_has_a_table_that_an_officer_can_read() -> None:
    grants = {key for key in COMPUTABLE if policy_of(key).kind is Kind.GRANT}
    assert {case.policy.key for case in cases()} == grants


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_the_tables(case: Case) -> None:
    heads = {spell.movement: case.heads for spell in case.situation.spells if spell.movement}
    found = assess_situation(case.policy, case.situation, period=case.period, on=case.on, heads=heads)

    assert (found.fen, found.reasons) == (case.gives_fen, case.refused)
    if case.payer:
        assert found.payer == case.payer
    assert set(case.lines) <= {line.code for line in found.lines}


GOOD = (files("fourdoors.subsidies") / "policies" / "zhouqu-2020-travel.yaml").read_text()


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("percent: 100", "percent: lots", "parts[0].amount"),
        ("shape: pct_of_ticket, percent: 70", "shape: by_magic, percent: 70", "parts[1].amount"),
        ("{reach: in_province, yuan: 500}", "{reach: in_province, dollars: 500}", "caps[0].dollars"),
        ("to: 2020-02-29", "to: 2020-01-29", "parts[0].window"),
        ("payee: worker", "payee: mayor", "payee"),
        ("division: 623023000000", "division: 6230", "division"),
        ("where: out_of_prefecture", "wherever: out_of_prefecture", "wherever"),
        ("{min_grade: B}", "{min_grade: Z}", "min_grade"),
        ("classes: [any]", "classes: any", "classes"),
        ("yuan: 800", "yuan: -800", "caps[1]"),
        ("percent: 70, ticket: one_way", "percent: 70", "parts[1].amount.ticket"),
    ],
)
def test_a_slip_in_a_file_is_refused_by_its_place(before: str, after: str, place: str) -> None:
    assert before in GOOD
    with pytest.raises(PolicyUnsoundError) as refusal:
        read_policy(GOOD.replace(before, after, 1))
    assert refusal.value.values == {"key": "zhouqu-2020-travel", "place": place}


def test_a_file_without_a_key_is_refused() -> None:
    with pytest.raises(PolicyUnsoundError):
        read_policy("[1, 2]")


def test_a_ceiling_names_the_rows_above_it() -> None:
    ceiling, chongxin = policy_of("gansu-ceiling-travel"), policy_of("chongxin-2024-travel")
    assert over_ceiling(chongxin, ceiling) == []
    linyi = policy_of("linyi-travel")
    assert [(over.row.fen, over.ceiling_fen) for over in over_ceiling(linyi, ceiling)] == [
        (150_000, 60_000),
        (60_000, 30_000),
    ]


def test_the_notice_lasts_as_the_paper_says_and_five_days_else() -> None:
    assert policy_of("guizhou-qingzhen-travel").notice_days == 7
    assert policy_of("zhouqu-2020-reward").notice_days == 5


def test_a_period_lies_in_the_days_of_the_paper() -> None:
    travel, chongxin = policy_of("zhouqu-2020-travel"), policy_of("chongxin-2024-travel")
    assert (period_of(travel, 2020), period_of(chongxin, 2024)) == ("once", "2024")
    assert span_of(travel, "once") == Window(date(2020, 2, 10), date(2020, 3, 20))
    assert span_of(chongxin, "2025") is None


def test_heads_count_persons_of_the_class_in_one_movement() -> None:
    policy = policy_of("zhouqu-2020-broker")

    def person(number: int, *, poor: bool, day: int = 2) -> Situation:
        spell = replace(SPELL, broker=4, left_on=date(2020, 3, day))
        statuses = (StatusFact(1, "registered_poor", date(2014, 1, 1), None, Grade.B),) if poor else ()
        return Situation(number, 623023100000, date(1990, 1, 1), statuses, (spell,))

    people = [person(1, poor=True), person(2, poor=True), person(3, poor=False), person(4, poor=True, day=3)]
    counted = heads_of(people, policy.classes)
    assert counted == {
        (4, date(2020, 3, 2), SPELL.place): 2,
        (4, date(2020, 3, 3), SPELL.place): 1,
    }


def test_a_status_that_ended_before_the_day_of_leaving_does_not_count() -> None:
    gone = StatusFact(1, "registered_poor", date(2014, 1, 1), date(2020, 2, 20), Grade.B)
    assert gone.holds_on(date(2020, 2, 19))
    assert not gone.holds_on(date(2020, 2, 20))


@pytest.mark.parametrize(
    ("on", "reasons"),
    [
        (date(2020, 2, 9), ("in_force",)),  # the paper holds from 10 February
        (date(2020, 3, 1), ("spell",)),  # leaves home a day later
        (date(2020, 3, 2), ()),
    ],
)
def test_what_has_not_happened_yet_is_not_paid(on: date, reasons: tuple[str, ...]) -> None:
    spell = replace(SPELL, tickets=(TicketFact(1, "one_way", 40_000, Grade.B),))
    person = Situation(1, 623023100000, date(1990, 1, 1), (), (spell,))
    found = assess_situation(policy_of("zhouqu-2020-travel"), person, period="once", on=on, heads={})
    assert found.reasons == reasons


SPELL = SpellFact(
    number=1,
    place=370281000000,
    left_on=date(2020, 3, 2),
    from_on=date(2020, 3, 2),
    ended_on=None,
    carried=False,
    employer=7,
    grade=Grade.B,
)
PLACES = st.sampled_from([370281000000, 440300000000, 620102000000, 623001000000, 623023100000])
DAYS = st.dates(date(2020, 1, 1), date(2020, 10, 31))


@st.composite
def spell_facts(draw: st.DrawFn, number: int) -> SpellFact:
    left_on = draw(DAYS)
    return SpellFact(
        number=number,
        place=draw(PLACES),
        left_on=left_on,
        from_on=left_on,
        ended_on=draw(st.none() | st.integers(1, 200).map(lambda days: left_on + timedelta(days))),
        carried=draw(st.booleans()),
        employer=draw(st.sampled_from([None, 7, 8])),
        grade=draw(st.sampled_from(list(Grade))),
        contract_signed=draw(st.sampled_from([None, True, False])),
        broker=draw(st.sampled_from([None, 4])),
        incomes=tuple(
            IncomeFact(10 * number + n, date(2020, n + 1, 1), fen, True, Grade.B)  # noqa: FBT003
            for n, fen in enumerate(draw(st.lists(st.integers(0, 9_000_000), max_size=9)))
        ),
        tickets=tuple(
            TicketFact(number, "one_way", fen, Grade.B)
            for fen in draw(st.lists(st.integers(1, 500_000), max_size=1))
        ),
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    kinds = draw(st.lists(st.sampled_from(["registered_poor", "at_risk", "relocated"]), unique=True))
    count = draw(st.integers(0, 4))
    return Situation(
        worker=1,
        home=623023100000,
        born_on=date(1990, 1, 1),
        statuses=tuple(StatusFact(n, kind, date(2014, 1, 1), None, Grade.B) for n, kind in enumerate(kinds)),
        spells=tuple(draw(spell_facts(number)) for number in range(count)),
    )


ZHOUQU = st.sampled_from(["zhouqu-2020-travel", "zhouqu-2020-reward", "zhouqu-2020-broker"]).map(policy_of)


@given(policy=ZHOUQU, situation=situations(), order=st.randoms())
def test_nothing_depends_on_the_order_of_the_facts(
    policy: Policy, situation: Situation, order: Random
) -> None:
    heads = {spell.movement: 6 for spell in situation.spells if spell.movement}
    spells = list(situation.spells)
    order.shuffle(spells)
    mixed = replace(
        situation,
        statuses=situation.statuses[::-1],
        spells=tuple(replace(spell, incomes=spell.incomes[::-1]) for spell in spells),
    )
    on = date(2020, 12, 31)
    assert assess_situation(policy, situation, period="once", on=on, heads=heads) == assess_situation(
        policy, mixed, period="once", on=on, heads=heads
    )


@given(policy=ZHOUQU, situation=situations())
def test_the_cap_is_never_exceeded_and_what_is_paid_has_no_open_condition(
    policy: Policy, situation: Situation
) -> None:
    heads = {spell.movement: 6 for spell in situation.spells if spell.movement}
    found = assess_situation(policy, situation, period="once", on=date(2020, 12, 31), heads=heads)
    most = {"zhouqu-2020-travel": 80_000, "zhouqu-2020-reward": 500_000, "zhouqu-2020-broker": 10_000}
    assert 0 <= found.fen <= most[policy.key]
    assert found.is_granted == (not found.reasons)
    assert found.is_granted <= bool(found.evidence)


@given(situation=situations(), on=DAYS)
def test_nothing_is_paid_for_leaving_outside_the_window(situation: Situation, on: date) -> None:
    policy = policy_of("zhouqu-2020-travel")
    found = assess_situation(policy, situation, period="once", on=on, heads={})
    if found.is_granted:
        spell = next(one for one in situation.spells if one.number == found.spell)
        assert date(2020, 2, 10) <= spell.left_on <= date(2020, 3, 20)
        assert spell.left_on <= on


@given(situation=situations())
def test_the_lines_of_a_payment_add_up_to_it(situation: Situation) -> None:
    policy = policy_of("zhouqu-2020-reward")
    found = assess_situation(policy, situation, period="once", on=date(2020, 12, 31), heads={})
    if not found.is_granted:
        return
    lines = {line.code: line.values for line in found.lines}
    used = {item.number for item in found.evidence if item.table == "income"}
    paid = sum(pay.fen for spell in situation.spells for pay in spell.incomes if pay.number in used)
    assert lines["income"]["fen"] == paid
    assert lines["percent"]["fen"] == paid * 6 // 100
    assert found.fen == min(paid * 6 // 100, 500_000) == lines["cap"]["fen"]
