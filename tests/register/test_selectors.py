"""Lists and files of workers: whom an officer sees, how people are found, what a file tells."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead, Sex
from fourdoors.register.rules import Purpose, Sought, read_pasted
from fourdoors.register.selectors import (
    first_numbers,
    for_a_list,
    has_consent,
    listed,
    newest_wishes,
    open_consents,
    pasted_numbers,
    phone_if_agreed,
    status_kinds_of,
    statuses_on,
    worker_file,
    workers_by_number,
    workers_visible_to,
)
from fourdoors.register.services import withdraw_consent
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.register import (
    SPRING,
    make_consent,
    make_household,
    make_membership,
    make_status,
    make_wish,
    make_worker,
)

pytestmark = pytest.mark.django_db

DAY = date(2020, 3, 1)


def found(**sought: object) -> list[str]:
    workers = workers_visible_to(officer=make_officer(), on=DAY, sought=Sought(**sought))  # type: ignore[arg-type]
    return [worker.name for worker in workers]


def test_an_officer_sees_the_own_territory_and_nobody_of_the_next_county() -> None:
    make_worker(name="马小兰")
    make_worker(name="王秀英", village=DANGCHANG + 100_201)

    assert found() == ["马小兰"]


@pytest.mark.parametrize("duty", [Duty.HEALTH, Duty.POLICE, Duty.TRANSPORT, Duty.STATION])
def test_a_duty_that_reads_no_register_sees_nobody(duty: Duty) -> None:
    make_worker()
    officer = make_officer(username=duty.value, duty=duty)

    assert not workers_visible_to(officer=officer, on=DAY).exists()


@pytest.mark.parametrize(
    "words", ["马小兰", "小兰", "mxl", "ma xiao", "MaXiaoLan", "0042", "+86 10000000042", "6212260001"]
)
def test_a_person_is_found_by_what_a_cadre_types(words: str) -> None:
    worker = make_worker(name="马小兰", phone=invented_phone(42))
    make_membership(worker=worker, household=make_household(number="6212260001"))
    make_worker(name="赵强", phone=invented_phone(77))

    assert found(words=words) == ["马小兰"]


def test_a_person_is_found_by_the_whole_identity_number_only() -> None:
    identity = invented_identity(sequence=77, born_on=date(1990, 5, 1), sex=Sex.FEMALE)
    make_worker(name="马小兰", identity=identity)

    assert found(words=identity.lower()) == ["马小兰"]
    assert found(words=identity[:17]) == []
    assert found(words=identity[-6:]) == []


@pytest.mark.parametrize(
    ("sought", "names"),
    [
        ({"age_from": 30}, ["甲", "乙"]),  # thirty today
        ({"age_to": 29}, ["丙"]),
        ({"age_from": 16, "age_to": 30}, ["乙", "丙"]),
        ({"sex": "male"}, ["丙"]),
        ({"education": "primary"}, ["甲"]),
        ({"division": LI_VILLAGE}, ["甲", "乙"]),
        ({"division": LI_COUNTY + 101_000}, ["丙"]),
    ],
)
def test_a_list_is_narrowed(sought: dict[str, object], names: list[str]) -> None:
    make_worker(name="甲", born_on=date(1989, 3, 1), education="primary")
    make_worker(name="乙", born_on=date(1990, 3, 1))
    make_worker(name="丙", born_on=date(1990, 3, 2), sex=Sex.MALE, village=LI_COUNTY + 101_200)

    assert found(**sought) == names


def test_an_age_is_full_on_the_last_day_of_february_in_every_year() -> None:
    make_worker(name="甲", born_on=date(1999, 2, 28))
    make_worker(name="乙", born_on=date(1999, 3, 1))
    leap_day = date(2020, 2, 29)

    def names(**sought: int) -> list[str]:
        workers = workers_visible_to(officer=make_officer(), on=leap_day, sought=Sought(**sought))  # type: ignore[arg-type]
        return [worker.name for worker in workers]

    assert names(age_from=21) == ["甲"]
    assert names(age_to=20) == ["乙"]


def test_a_status_without_a_day_narrows_nothing() -> None:
    make_worker()
    sought = Sought(status=HouseholdStatusKind.REGISTERED_POOR.value)
    assert workers_visible_to(officer=make_officer(), sought=sought).count() == 1


def test_a_page_is_shown_in_the_order_of_its_numbers_and_a_list_in_the_register_s() -> None:
    first, second = make_worker(), make_worker()
    assert listed([second.pk, first.pk], on=DAY) == [second, first]
    assert workers_by_number([second.pk, first.pk]) == [first, second]


def test_of_two_wishes_of_one_moment_the_later_one_counts() -> None:
    worker = make_worker()
    make_wish(worker=worker, wants_to_go=False)
    make_wish(worker=worker, wants_to_go=True)
    assert found(wants_to_go=True) == [worker.name]
    assert newest_wishes([worker.pk])[worker.pk].wants_to_go


def test_who_left_a_household_has_its_status_no_longer() -> None:
    worker, household = make_worker(), make_household()
    membership = make_membership(worker=worker, household=household)
    make_status(household=household)
    membership.to_on = DAY + timedelta(days=1)
    membership.save()
    assert worker.pk in status_kinds_of([worker.pk], on=DAY)
    assert status_kinds_of([worker.pk], on=DAY + timedelta(days=1)) == {}


def test_a_status_counts_on_its_days_only() -> None:
    household = make_household()
    make_membership(worker=make_worker(), household=household)
    make_status(household=household, from_on=date(2014, 1, 1), to_on=DAY + timedelta(days=1))
    officer = make_officer()

    def seen(on: date) -> int:
        sought = Sought(status=HouseholdStatusKind.REGISTERED_POOR.value)
        return workers_visible_to(officer=officer, on=on, sought=sought).count()

    assert [seen(DAY), seen(DAY + timedelta(days=1)), seen(date(2013, 12, 31))] == [1, 0, 0]
    assert [statuses_on(DAY).count(), statuses_on(DAY + timedelta(days=1)).count()] == [1, 0]


def test_the_newest_wish_is_the_one_that_counts() -> None:
    worker = make_worker()
    make_wish(worker=worker, wants_to_go=True)
    make_wish(worker=worker, wants_to_go=False, at=SPRING + timedelta(days=1))

    assert (found(wants_to_go=True), found(wants_to_go=False)) == ([], ["马小兰"])
    assert newest_wishes([worker.pk])[worker.pk].wants_to_go is False


def test_statuses_of_many_workers_come_at_once() -> None:
    poor, plain = make_worker(), make_worker()
    household = make_household()
    make_membership(worker=poor, household=household)
    make_membership(worker=plain, household=make_household())
    make_status(household=household)
    make_status(household=household, kind=HouseholdStatusKind.RELOCATED, from_on=DAY)

    kinds = status_kinds_of([poor.pk, plain.pk], on=DAY)

    assert kinds == {poor.pk: frozenset({HouseholdStatusKind.REGISTERED_POOR, HouseholdStatusKind.RELOCATED})}


def test_a_withdrawn_consent_is_none() -> None:
    worker = make_worker()
    consent = make_consent(worker=worker)
    assert has_consent(worker_id=worker.pk, purpose=Purpose.MATCHING)

    withdraw_consent(consent=consent, at=SPRING)

    assert not has_consent(worker_id=worker.pk, purpose=Purpose.MATCHING)
    assert not open_consents(purpose=Purpose.MATCHING).exists()


def test_consent_to_one_move_is_none_to_another() -> None:
    worker = make_worker()
    make_consent(worker=worker, purpose=Purpose.MOVE, move="offer:1")

    assert has_consent(worker_id=worker.pk, purpose=Purpose.MOVE, move="offer:1")
    assert not has_consent(worker_id=worker.pk, purpose=Purpose.MOVE, move="offer:2")
    assert not has_consent(worker_id=worker.pk, purpose=Purpose.MOVE)


def test_a_phone_is_opened_for_those_only_who_agreed_to_be_called() -> None:
    worker = make_worker(phone=invented_phone(42))
    assert phone_if_agreed(worker) == ""

    make_consent(worker=worker, purpose=Purpose.CONTACT)

    assert phone_if_agreed(worker) == invented_phone(42)


def test_a_file_tells_everything_the_newest_first() -> None:
    worker = make_worker()
    household = make_household()
    make_membership(worker=worker, household=household)
    make_membership(worker=make_worker(), household=household, relation=RelationToHead.SPOUSE)
    make_status(household=household, to_on=date(2019, 12, 1))
    make_wish(worker=worker, at=SPRING + timedelta(days=2))
    withdraw_consent(
        consent=make_consent(worker=worker, at=SPRING + timedelta(days=3)), at=SPRING + timedelta(days=4)
    )

    file = worker_file(worker)

    assert [entry.kind for entry in file.timeline] == [
        "consent_withdrawn", "consent_given", "wish_to_go", "registered", "status_ended", "joined",
        "status_began",
    ]  # fmt: skip
    assert len(file.members) == 2


def test_a_list_takes_the_same_queries_for_one_and_for_thirty() -> None:
    officer = make_officer()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            for worker in for_a_list(workers_visible_to(officer=officer), on=DAY):
                for membership in worker.memberships.all():
                    assert membership.household.number
                    assert len(membership.household.statuses.all()) == 1
        return len(seen)

    def add() -> None:
        household = make_household()
        make_status(household=household)
        make_membership(worker=make_worker(), household=household)

    add()
    few = queries()
    for _ in range(29):
        add()

    assert queries() == few == 3


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("马小", ["马小兰"]),
        ("小兰", []),  # in a province a name is found by how it begins
        ("maxiao", ["马晓军", "马小兰"]),  # by village
        ("mxj", ["马晓军"]),
        ("m", ["马晓军", "马小兰"]),
    ],
)
def test_in_a_province_a_name_is_found_by_its_beginning(words: str, names: list[str]) -> None:
    make_worker(name="马小兰")
    make_worker(name="马晓军", village=DANGCHANG + 100_201)
    make_worker(name="赵强")
    officer = make_officer(username="gan", duty=Duty.PROVINCE, division=GANSU)

    workers = workers_visible_to(officer=officer, on=DAY, sought=Sought(words=words))

    assert [worker.name for worker in workers] == names


@pytest.mark.parametrize(
    ("sought", "index"),
    [
        (Sought(words="马小"), "worker_name"),
        (Sought(words="0042"), "worker_phone_tail"),
        (Sought(words="6212260001"), "household_search"),
        (Sought(words="100 0000 0042"), "worker_phone"),
    ],
)
def test_behind_the_policy_a_search_of_a_province_still_has_an_index(sought: Sought, index: str) -> None:
    officer = make_officer(username="gan", duty=Duty.PROVINCE, division=GANSU)
    found = workers_visible_to(officer=officer, on=DAY, sought=sought)
    sql, values = found.order_by().query.sql_with_params()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert f"on {index}" in plan or f"using {index}" in plan


@pytest.mark.parametrize("operator", ["=(text,text)", "=(bytea,bytea)", "~>=~(text,text)", "~<~(text,text)"])
def test_what_searches_compare_with_may_use_an_index_before_the_policy_has_spoken(operator: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proleakproof FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode"
            " WHERE o.oid = %s::regoperator",
            [operator],
        )
        assert cursor.fetchall() == [(True,)]


def test_a_pasted_list_is_answered_line_by_line() -> None:
    known = invented_identity(sequence=77, born_on=date(1990, 5, 1), sex=Sex.FEMALE)
    next_county = invented_identity(sequence=78, born_on=date(1990, 5, 1), sex=Sex.FEMALE)
    make_worker(name="马小兰", identity=known)
    make_worker(name="王秀英", identity=next_county, village=DANGCHANG + 100_201)
    text = f"{known.lower()}\t马小兰\n\n{next_county}\n6.21226E+17\n{known}\n"

    answers = pasted_numbers(read_pasted(text, on=DAY), officer=make_officer())

    said = [
        (it.pasted.line, it.worker.name if it.worker else "", it.pasted.fault and it.pasted.fault.code)
        for it in answers
    ]
    assert said == [(1, "马小兰", None), (3, "", None), (4, "", "identity_broken"), (5, "马小兰", None)]
    assert [it.first_line for it in answers] == [None, None, None, 1]


@pytest.mark.parametrize("words", ["", "马小"])
def test_the_first_of_a_status_are_those_of_the_list_and_no_more_are_read(words: str) -> None:
    officer = make_officer()
    poor, plain = make_household(), make_household()
    for name, sex in (("马小兰", Sex.FEMALE), ("马小军", Sex.MALE), ("马小霞", Sex.FEMALE)):
        make_membership(worker=make_worker(name=name, sex=sex), household=poor)
    make_membership(worker=make_worker(name="马小梅"), household=plain)
    left = make_worker(name="马小云")
    make_membership(worker=left, household=poor, to_on=DAY)
    make_status(household=poor, to_on=DAY + timedelta(days=1))
    sought = Sought(status=HouseholdStatusKind.REGISTERED_POOR.value, sex=Sex.FEMALE.value, words=words)

    def first(on: date, most: int = 9) -> list[int]:
        with CaptureQueriesContext(connection) as ran:
            numbers = first_numbers(officer=officer, on=on, sought=sought, most=most)
        assert len(ran) == 1
        return numbers

    women = [worker.pk for worker in workers_visible_to(officer=officer, on=DAY, sought=sought)]
    assert first(DAY) == women
    assert len(women) == 2
    assert first(DAY, most=1) == women[:1]
    assert first(DAY + timedelta(days=1)) == []


def test_the_inside_of_a_long_name_is_found_where_no_name_begins_so() -> None:
    make_worker(name="尕让才让卓玛")

    assert found(words="才让卓玛") == ["尕让才让卓玛"]
    make_worker(name="才让卓玛")
    assert found(words="才让卓玛") == ["才让卓玛"]
