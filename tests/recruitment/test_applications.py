"""Applying and taking back: by a worker, at a fair, and by a phone left on the village page."""

from datetime import timedelta

import pytest
from django.db import transaction

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import Range, range_of
from fourdoors.kernel.identity import invented_phone
from fourdoors.recruitment.models import Application, Event, Vacancy
from fourdoors.recruitment.rules import Answer, ApplicationChannel, EventKind, VisitOutcome
from fourdoors.recruitment.services import (
    MOST_PER_VILLAGE_AND_HOUR,
    ApplicantNamelessError,
    EventClosedError,
    PhoneWrongError,
    PlaceUnknownError,
    PostNotAtFairError,
    TooManyApplicationsError,
    VacancyClosedError,
    VillageUnknownError,
    answer_application,
    apply,
    apply_from_village,
    close_event,
    close_full,
    open_event,
    record_visit_outcome,
    show_phone,
    sign_in_visit,
    withdraw_application,
)
from fourdoors.register.models import Worker
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.partners import MARCH
from tests.makers.recruitment import make_event, make_vacancy
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def by_proxy(vacancy: Vacancy, worker: Worker) -> Application:
    return apply(
        vacancy=vacancy, worker=worker, channel=ApplicationChannel.PROXY, at=MARCH, by=make_officer()
    )


def by_poster(
    vacancy: Vacancy, *, name: str = "马小兰", phone: str = "100 0000 0042", village: int = LI_VILLAGE
) -> Application:
    return apply_from_village(vacancy=vacancy, village=village, name=name, phone=phone, at=MARCH)


def test_applying_twice_is_one_application() -> None:
    vacancy, worker = make_vacancy(), make_worker()

    assert by_proxy(vacancy, worker) == by_proxy(vacancy, worker)
    assert by_poster(vacancy) == by_poster(vacancy, phone="+86 10000000042")
    assert Application.objects.count() == 2
    assert Deed.objects.filter(action="recruitment.applied").count() == 2


def test_who_took_an_application_back_may_apply_again() -> None:
    vacancy, worker = make_vacancy(), make_worker()
    first = by_proxy(vacancy, worker)
    for _ in range(2):
        withdraw_application(application=first, at=MARCH, by=None)

    assert by_proxy(vacancy, worker) != first
    assert Deed.objects.filter(action="recruitment.application_withdrawn").count() == 1


def test_nobody_applies_for_what_is_not_open() -> None:
    unverified, full = make_vacancy(verified=False), make_vacancy()
    close_full(vacancy=full, at=MARCH, by=None)

    for vacancy in (unverified, full):
        with pytest.raises(VacancyClosedError):
            by_proxy(vacancy, make_worker())
        with pytest.raises(VacancyClosedError):
            by_poster(vacancy)
    assert not Application.objects.exists()


def test_a_phone_is_stored_sealed_and_looking_at_it_is_a_deed() -> None:
    application = by_poster(make_vacancy())
    assert b"10000000042" not in bytes(application.phone_cipher or b"")
    assert application.phone_tail == "0042"
    assert "10000000042" not in str(Deed.objects.values_list("values", flat=True))

    assert show_phone(application=application, at=MARCH, by=make_officer()) == "10000000042"
    assert Deed.objects.filter(action="recruitment.phone_shown", object_id=application.pk).count() == 1


def test_name_and_phone_go_when_the_application_is_taken_back() -> None:
    application = by_poster(make_vacancy())

    withdraw_application(application=application, at=MARCH, by=None)

    application.refresh_from_db()
    assert (application.name, application.phone_tail, application.phone_cipher) == ("", "", None)
    assert show_phone(application=application, at=MARCH, by=make_officer()) == ""


def test_a_page_takes_a_name_a_mobile_number_and_a_real_village() -> None:
    vacancy = make_vacancy()
    with pytest.raises(ApplicantNamelessError):
        by_poster(vacancy, name="  ")
    with pytest.raises(PhoneWrongError):
        by_poster(vacancy, phone="0939-4421234")
    for village in (LI_COUNTY, 621226_999999):
        with pytest.raises(VillageUnknownError):
            by_poster(vacancy, village=village)

    assert not Application.objects.exists()


def test_one_phone_may_be_left_in_two_villages_that_do_not_see_each_other() -> None:
    vacancy, other = make_vacancy(), LI_VILLAGE + 1
    by_poster(vacancy)
    with transaction.atomic():
        set_scope(Scope(territory=Range(other, other + 1)))
        by_poster(vacancy, village=other)
        assert Application.objects.count() == 1


def test_a_village_sends_no_more_than_people_send_in_an_hour() -> None:
    vacancy = make_vacancy()
    for number in range(MOST_PER_VILLAGE_AND_HOUR):
        by_poster(vacancy, phone=invented_phone(number))

    with pytest.raises(TooManyApplicationsError):
        by_poster(vacancy, phone=invented_phone(999))

    an_hour_on = MARCH + timedelta(hours=1)
    apply_from_village(
        vacancy=vacancy, village=LI_VILLAGE, name="马强", phone=invented_phone(999), at=an_hour_on
    )
    assert Application.objects.count() == MOST_PER_VILLAGE_AND_HOUR + 1


def test_the_office_notes_what_it_did() -> None:
    application = by_poster(make_vacancy())

    answer_application(application=application, answer=Answer.NOT_REACHED, at=MARCH, by=make_officer())

    application.refresh_from_db()
    assert (application.answer, application.answered_at) == ("not_reached", MARCH)


def test_a_worker_signs_in_at_a_fair_once() -> None:
    event, worker = make_event(), make_worker()

    first = sign_in_visit(event=event, worker=worker, at=MARCH, by=None)
    again = sign_in_visit(event=event, worker=worker, at=MARCH + timedelta(hours=1), by=None)

    assert (again.pk, again.signed_in_at) == (first.pk, MARCH)


def test_who_applies_at_a_fair_is_an_applicant() -> None:
    vacancy, worker = make_vacancy(), make_worker()
    event = make_event(vacancies=(vacancy,))
    visit = sign_in_visit(event=event, worker=worker, at=MARCH, by=None)

    record_visit_outcome(visit=visit, outcome=VisitOutcome.APPLIED, vacancy=vacancy, at=MARCH, by=None)

    application = Application.objects.get()
    assert (application.worker, application.channel) == (worker, "fair")
    visit.refresh_from_db()
    assert (visit.outcome, visit.vacancy) == ("applied", vacancy)


def test_nobody_applies_at_a_fair_for_what_is_not_offered_there() -> None:
    event = make_event(vacancies=(make_vacancy(),))
    visit = sign_in_visit(event=event, worker=make_worker(), at=MARCH, by=None)

    for vacancy in (None, make_vacancy()):
        with pytest.raises(PostNotAtFairError):
            record_visit_outcome(
                visit=visit, outcome=VisitOutcome.APPLIED, vacancy=vacancy, at=MARCH, by=None
            )
    visit.refresh_from_db()
    assert visit.outcome == ""
    assert not Application.objects.exists()


def test_a_closed_fair_takes_nobody_and_is_closed_once() -> None:
    event = make_event()
    visit = sign_in_visit(event=event, worker=make_worker(), at=MARCH, by=None)
    close_event(event=event, outcome="到场1人", at=MARCH, by=None)

    with pytest.raises(EventClosedError):
        sign_in_visit(event=event, worker=make_worker(name="马强"), at=MARCH, by=None)
    with pytest.raises(EventClosedError):
        record_visit_outcome(visit=visit, outcome=VisitOutcome.LOOKED, at=MARCH, by=None)
    with pytest.raises(EventClosedError):
        close_event(event=event, outcome="", at=MARCH, by=None)


def test_a_fair_is_held_somewhere() -> None:
    with pytest.raises(PlaceUnknownError):
        open_event(title="", kind=EventKind.FAIR, on=MARCH.date(), division=999999_000000, at=MARCH, by=None)
    assert not Event.objects.exists()
