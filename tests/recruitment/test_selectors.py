"""Which vacancies are found: by words, place and pay, for a village, and how many applied there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.kernel.divisions import Range, range_of
from fourdoors.kernel.identity import invented_phone
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.rules import FEWEST_SHOWN, VacancyState, VisitOutcome
from fourdoors.recruitment.selectors import (
    Sought,
    applied_from,
    narrowed,
    open_vacancies,
    outcomes_of,
    vacancies_for_village,
    vacancies_in,
    visits_to,
)
from fourdoors.recruitment.services import (
    apply_from_village,
    close_full,
    record_visit_outcome,
    sign_in_visit,
    withdraw_application,
    withdraw_vacancy,
)
from fourdoors.register.models import Wish
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, LI_VILLAGE
from tests.makers.partners import MARCH, make_agreement, make_employer
from tests.makers.recruitment import make_draft, make_event, make_vacancy
from tests.makers.register import make_consent, make_wish, make_worker

pytestmark = pytest.mark.django_db
TODAY = date(2020, 3, 2)
BEIJING_CHAOYANG = 110105_000000
URUMQI = 650102_000000


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def found(**sought: object) -> list[str]:
    rows = narrowed(open_vacancies(on=TODAY), Sought(**sought))  # type: ignore[arg-type]
    return [vacancy.title for vacancy in rows]


def make_three() -> None:
    make_vacancy(employer=make_employer(name="胶州第一缝纫厂"))
    make_vacancy(
        employer=make_employer(name="陇原妹家政基地"),
        draft=make_draft(
            title="家政服务员",
            occupation="4-10-01-06",
            place=BEIJING_CHAOYANG,
            wage=(5000, 7000),
            board=False,
        ),
    )
    make_vacancy(
        employer=make_employer(name="礼县城关帮扶车间"),
        draft=make_draft(
            title="包装工 100%计件",
            occupation="",
            place=LI_COUNTY,
            wage=(2600, 3000),
            duties="苹果_包装",
            lodging=False,
        ),
    )


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("", ["家政服务员", "缝纫工", "包装工 100%计件"]),  # best pay first
        ("缝纫", ["缝纫工"]),
        ("青岛", ["缝纫工"]),
        ("qingdao", ["缝纫工"]),
        ("Beijing", ["家政服务员"]),
        ("礼县", ["包装工 100%计件"]),
        ("陇原妹", ["家政服务员"]),  # the employer
        ("居民服务人员", ["家政服务员"]),  # a class of the book holds its occupations
        ("苹果", ["包装工 100%计件"]),  # the duties
        ("缝纫 青岛", ["缝纫工"]),
        ("缝纫 北京", []),
        ("%", ["包装工 100%计件"]),  # a sign of the database is only a sign
        ("_", ["包装工 100%计件"]),
        ("\\", []),
        ("'; DROP TABLE recruitment_vacancy; --", []),
    ],
)
def test_a_vacancy_is_found_by_what_people_type(words: str, titles: list[str]) -> None:
    make_three()

    assert found(words=words) == titles


def test_a_vacancy_is_found_by_the_number_on_the_poster() -> None:
    vacancy = make_vacancy()
    make_vacancy()

    assert [it.pk for it in narrowed(open_vacancies(on=TODAY), Sought(words=str(vacancy.pk)))] == [vacancy.pk]
    assert found(words="9" * 40) == []


def test_a_list_is_narrowed_by_place_trade_pay_board_and_lodging() -> None:
    make_three()

    assert found(place=370000_000000) == ["缝纫工"]
    assert found(occupation="4-10-00-00") == ["家政服务员"]
    assert found(wage_from_yuan=5500) == ["家政服务员", "缝纫工"]
    assert found(wage_from_yuan=5501) == ["家政服务员"]
    assert found(board=True) == ["缝纫工", "包装工 100%计件"]
    assert found(board=True, lodging=True) == ["缝纫工"]


def test_every_vacancy_is_in_exactly_one_state() -> None:
    make_vacancy()
    make_vacancy(verified=False)
    make_vacancy(at=MARCH - timedelta(days=12))
    make_vacancy(at=MARCH - timedelta(days=14))
    close_full(vacancy=make_vacancy(), at=MARCH, by=None)
    gone = make_vacancy()
    close_full(vacancy=gone, at=MARCH, by=None)
    withdraw_vacancy(vacancy=gone, at=MARCH, by=None)

    assert [vacancies_in(state, on=TODAY).count() for state in VacancyState] == [1] * len(VacancyState)


def wish_for(count: int, *, destinations: list[int], occupations: list[str], agreed: bool = True) -> None:
    for _ in range(count):
        worker = make_worker()
        if agreed:
            make_consent(worker=worker)
        wish = make_wish(worker=worker)
        Wish.objects.filter(pk=wish.pk).update(destinations=destinations, occupations=occupations)


def fits() -> list[tuple[str, bool, bool, bool]]:
    rows = vacancies_for_village(LI_VILLAGE, on=TODAY)
    return [(it.title, it.is_wished, it.is_agreed, it.is_near) for it in rows]  # type: ignore[attr-defined]


def test_what_a_village_asked_for_comes_before_agreements_and_these_before_what_is_near() -> None:
    make_three()
    make_vacancy(draft=make_draft(title="摘棉工", occupation="", place=URUMQI, wage=(9000, 9000)))
    make_agreement(home=LI_COUNTY)  # with Shandong
    wish_for(FEWEST_SHOWN, destinations=[110000_000000], occupations=[])

    assert fits() == [
        ("家政服务员", True, False, False),
        ("缝纫工", False, True, False),
        ("包装工 100%计件", False, False, True),
        ("摘棉工", False, False, False),
    ]


@pytest.mark.parametrize(
    ("people", "agreed", "wished"), [(5, True, True), (4, True, False), (9, False, False)]
)
def test_a_wish_counts_from_five_people_who_may_be_matched(
    people: int, *, agreed: bool, wished: bool
) -> None:
    make_three()
    wish_for(people, destinations=[], occupations=["6-05-01-03"], agreed=agreed)

    assert {title: is_wished for title, is_wished, _, _ in fits()}["缝纫工"] is wished


def test_only_the_newest_wish_of_a_worker_counts() -> None:
    make_three()
    wish_for(FEWEST_SHOWN, destinations=[110000_000000], occupations=[])
    make_wish(worker=Wish.objects.all()[0].worker, wants_to_go=False, at=MARCH)

    assert not any(is_wished for _, is_wished, _, _ in fits())


def test_wishes_of_other_villages_do_not_count() -> None:
    make_three()
    for _ in range(FEWEST_SHOWN):
        worker = make_worker(village=DANGCHANG + 100201)
        make_consent(worker=worker)
        Wish.objects.filter(pk=make_wish(worker=worker).pk).update(destinations=[110000_000000])

    assert not any(is_wished for _, is_wished, _, _ in fits())


@pytest.mark.parametrize(("people", "said"), [(4, None), (5, 5), (6, 6)])
def test_fewer_than_five_of_a_village_are_never_counted_out_loud(people: int, said: int | None) -> None:
    vacancy = make_vacancy()
    for number in range(people):
        leave_phone(vacancy, number)
    other = leave_phone(vacancy, 98, village=LI_VILLAGE + 1)
    withdraw_application(application=leave_phone(vacancy, 99), at=MARCH, by=None)

    assert applied_from(LI_VILLAGE, [vacancy.pk]).get(vacancy.pk) == said
    assert other.village == LI_VILLAGE + 1


def leave_phone(vacancy: Vacancy, number: int, *, village: int = LI_VILLAGE):  # type: ignore[no-untyped-def]
    return apply_from_village(
        vacancy=vacancy, village=village, name="马强", phone=invented_phone(number), at=MARCH
    )


def test_a_fair_is_counted_within_the_scope_that_is_set() -> None:
    vacancy = make_vacancy()
    event = make_event(vacancies=(vacancy,))
    ours = sign_in_visit(event=event, worker=make_worker(), at=MARCH, by=None)
    sign_in_visit(event=event, worker=make_worker(village=DANGCHANG + 100201), at=MARCH, by=None)
    record_visit_outcome(visit=ours, outcome=VisitOutcome.APPLIED, vacancy=vacancy, at=MARCH, by=None)
    assert outcomes_of(event) == {"applied": 1, "": 1}

    county = range_of(LI_COUNTY)
    set_scope(Scope(territory=Range(county.lo, county.hi)))

    assert outcomes_of(event) == {"applied": 1}
    assert list(visits_to(event)) == [ours]


def test_the_number_of_queries_does_not_grow_with_the_list() -> None:
    for _ in range(8):
        make_vacancy()
    draft = replace(make_draft(), title="另一个")
    make_vacancy(draft=draft)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = list(vacancies_for_village(LI_VILLAGE, on=TODAY))
        assert [row.employer.name for row in rows]

    assert len(queries) == 3  # agreements, wishes, vacancies with their employers
