"""Pages of training: orders, classes, attendance, results; what a trainer sees, and what not."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import Spell
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.kernel.divisions import GANSU
from fourdoors.placements.models import Offer, Placement
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Certificate
from fourdoors.training.models import Attendance, CourseClass, CourseOrder, Enrolment, Provider
from fourdoors.training.rules import ClassState, Mark
from fourdoors.training.services import enrol
from tests.makers.accounts import DANGCHANG, LI_VILLAGE, LONGNAN, make_officer
from tests.makers.employment import make_spell
from tests.makers.placements import make_placed_worker, make_placement, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.training import FIRST_DAY, ORDERED_AT, make_class, make_provider
from tests.web.officers import again, as_officer, county, text_of

pytestmark = pytest.mark.django_db
NEEDS = (Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)


@pytest.fixture(autouse=True)
def _on_the_last_day(db: None, settings: Settings) -> None:
    settings.DEMONSTRATION_DAY = date(2020, 3, 13)
    again()


def trainer(provider: Provider, username: str = "trainer") -> Officer:
    return make_officer(username=username, full_name="石老师", duty=Duty.TRAINER, organisation=provider.pk)


def waiting_placement(name: str = "马小兰") -> Placement:
    """Place a worker in a post that asks for a certificate."""
    if not Vacancy.objects.exists():
        make_vacancy(draft=make_draft(requirements=NEEDS))
    return make_placed_worker(name=name)


def running_class(*, headcount: int = 30) -> CourseClass:
    placement = waiting_placement()
    course = make_class(placement=placement, headcount=headcount)
    enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=county())
    return course


def test_owner_colleague_and_stranger_at_a_class() -> None:
    course = running_class()
    readers = (
        county(),
        make_officer(username="longnan", duty=Duty.PREFECTURE, division=LONGNAN),
        make_officer(username="audit", duty=Duty.AUDITOR, division=GANSU),
        trainer(course.provider),
    )
    for officer in readers:
        client = as_officer(officer)
        assert "缝纫工" in text_of(client, "/training/")
        page = text_of(client, f"/training/classes/{course.pk}/")
        assert "马小兰" in page
        assert ("Leaves" in page) is (officer.duty in (Duty.COUNTY, Duty.TRAINER))
    strangers = (
        make_officer(username="dang", division=DANGCHANG),
        trainer(make_provider(sequence=901, name="别的学校"), "other"),
    )
    for officer in strangers:
        client = as_officer(officer)
        assert "LX2020-01" not in text_of(client, "/training/")
        assert client.get(f"/training/classes/{course.pk}/").status_code == 404
        for deed in ("close/", f"days/{FIRST_DAY}/", "roster/"):
            assert client.post(f"/training/classes/{course.pk}/{deed}").status_code == 404
    again()
    assert not Attendance.objects.exists()


def test_a_trainer_sees_no_orders_nobody_who_waits_and_no_register() -> None:
    course = running_class()
    client = as_officer(trainer(course.provider))
    for address in ("orders/", "waiting/", "orders/new/", "providers/new/", f"classes/{course.pk}/enrol/"):
        assert client.get(f"/training/{address}").status_code == 404
    for address in ("/workers/", "/placements/", "/offers/", "/rounds/"):
        assert client.get(address).status_code == 404
    assert "Li County" not in text_of(client, f"/training/classes/{course.pk}/")


def test_people_without_an_account_and_of_other_duties_see_no_training() -> None:
    assert Client().get("/training/").status_code == 302
    for duty in (Duty.EMPLOYER, Duty.STATION, Duty.HEALTH):
        client = as_officer(make_officer(username=duty.value, duty=duty, organisation=7))
        assert client.get("/training/").status_code == 404


def test_who_waits_becomes_an_order_a_class_and_a_roster(settings: Settings) -> None:
    settings.DEMONSTRATION_DAY = date(2020, 3, 4)
    placement = waiting_placement()
    client = as_officer(county())
    assert "Order a class" in text_of(client, "/training/waiting/")
    form = text_of(client, f"/training/orders/new/?vacancy={placement.vacancy_id}")
    assert placement.vacancy.employer.credit_code in form
    assert 'value="2020-03-08"' in form

    asked = {
        "credit_code": placement.vacancy.employer.credit_code, "title": "缝纫工", "occupation": "6-05-01-03",
        "headcount": "1", "hours": "40", "needed_on": "2020-03-08", "vacancy": placement.vacancy_id,
    }  # fmt: skip
    assert client.post("/training/orders/new/", asked).status_code == 302
    again()
    order = CourseOrder.objects.get(vacancy=placement.vacancy, headcount=1)

    provider = make_provider()
    days = {"starts_on": "2020-03-04", "ends_on": "2020-03-09"}
    late = {"provider": provider.pk, "code": "LX-1", "place_words": "县职教中心", **days}
    refused = client.post(f"/training/orders/{order.pk}/class/", late)
    assert refused.status_code == 422
    assert "its people are needed on 8 March 2020" in refused.content.decode()
    opened = client.post(f"/training/orders/{order.pk}/class/", late | {"ends_on": "2020-03-08"})
    again()
    course = CourseClass.objects.get()
    assert opened["location"] == f"/training/classes/{course.pk}/enrol/"
    assert "马小兰" in text_of(client, opened["location"])
    assert "Tick at least one person" in client.post(opened["location"], {}).content.decode()
    client.post(opened["location"], {"placement": [placement.pk]})
    again()
    assert Enrolment.objects.get().placement == placement
    assert "Nobody waits for a class" in text_of(client, "/training/waiting/")
    assert "In class LX-1" in text_of(client, f"/placements/{placement.pk}/")


def test_an_order_names_an_employer_and_an_occupation_that_exist() -> None:
    client = as_officer(county())
    asked = {"credit_code": "9", "title": "课", "occupation": "9-99", "headcount": "1", "hours": "1",
             "needed_on": "2020-04-01"}  # fmt: skip
    answer = client.post("/training/orders/new/", asked)
    assert answer.status_code == 422
    assert "No employer has this code" in answer.content.decode()
    assert "The book of occupations does not know this code" in answer.content.decode()
    again()
    assert not CourseOrder.objects.exists()


def test_a_provider_is_registered_and_a_wrong_code_is_explained() -> None:
    client = as_officer(county())
    asked = {"name": "礼县学校", "credit_code": "123", "place": "甘肃 陇南 礼县"}
    wrong = client.post("/training/providers/new/", asked)
    assert wrong.status_code == 422
    assert "123 is no unified social credit code" in wrong.content.decode()
    right = client.post("/training/providers/new/", asked | {"credit_code": invented_credit_code(77)})
    assert right.status_code == 302
    assert Provider.objects.get().name == "礼县学校"


def test_a_class_code_is_used_once() -> None:
    course = running_class()
    client = as_officer(county())
    asked = {"provider": course.provider_id, "code": course.code, "place_words": "x",
             "starts_on": "2020-03-09", "ends_on": "2020-03-10"}  # fmt: skip
    answer = client.post(f"/training/orders/{course.order_id}/class/", asked)
    assert answer.status_code == 422
    assert "Another class has the code LX2020-01" in answer.content.decode()


def test_more_people_than_ordered_are_refused_in_words() -> None:
    make_vacancy(draft=make_draft(requirements=NEEDS))
    for name in ("甲", "乙"):
        make_willing_worker(name=name)
    make_round()
    placements = [make_placement(offer=offer) for offer in Offer.objects.order_by("pk")]
    course = make_class(placement=placements[0], headcount=1)
    client = as_officer(county())
    page = text_of(client, f"/training/classes/{course.pk}/enrol/")
    assert page.count(" checked") == 1
    said = client.post(f"/training/classes/{course.pk}/enrol/", {"placement": [one.pk for one in placements]})
    assert "asks for 1 people" in said.content.decode()
    again()
    assert not Enrolment.objects.exists()


def test_a_trainer_marks_everybody_present_with_one_press_and_exceptions_by_name() -> None:
    course = running_class()
    enrolment = Enrolment.objects.get()
    client = as_officer(trainer(course.provider))
    address = f"/training/classes/{course.pk}/days/2020-03-09/"
    assert "selected>There<" in text_of(client, address)
    client.post(address, {"all": "1", f"mark-{enrolment.pk}": "absent"})
    again()
    assert Attendance.objects.get().mark == Mark.PRESENT
    client.post(address, {f"mark-{enrolment.pk}": "excused"})
    again()
    assert Attendance.objects.get().mark == Mark.EXCUSED
    assert "Excused" in text_of(client, f"/training/classes/{course.pk}/")
    never = client.post(f"/training/classes/{course.pk}/days/2020-03-14/", {"all": "1"})
    assert "is no day of class LX2020-01" in never.content.decode()
    assert client.get(f"/training/classes/{course.pk}/days/tomorrow/").status_code == 404
    again()
    assert Attendance.objects.count() == 1


def test_a_class_is_closed_with_its_results_and_the_certificate_opens_the_way() -> None:
    course = running_class()
    enrolment = Enrolment.objects.get()
    client = as_officer(trainer(course.provider))
    for day in ("09", "10", "11", "12"):
        client.post(f"/training/classes/{course.pk}/days/2020-03-{day}/", {"all": "1"})
    results = {f"theory_{enrolment.pk}": "101", f"practice_{enrolment.pk}": "60", "issuer": "礼县人社局",
               "on": "2020-03-13"}  # fmt: skip
    assert client.post(f"/training/classes/{course.pk}/close/", results).status_code == 422
    again()
    assert not Certificate.objects.exists()
    right = results | {f"theory_{enrolment.pk}": "60"}
    assert client.post(f"/training/classes/{course.pk}/close/", right).status_code == 302
    again()
    number = f"LX2020-01-{enrolment.pk}"
    assert Certificate.objects.get().number == number
    for officer in (county(), trainer(course.provider)):
        again()
        assert number in text_of(as_officer(officer), f"/training/classes/{course.pk}/")
        assert number in text_of(as_officer(officer), "/training/certificates/")
    stranger = as_officer(make_officer(username="dang", division=DANGCHANG))
    assert number not in text_of(stranger, "/training/certificates/")
    desk = as_officer(county())
    assert "The certificate is held" in text_of(desk, f"/placements/{enrolment.placement_id}/")
    assert "No placement fits" in text_of(desk, "/placements/?state=waiting")
    assert "Nobody waits for a class" in text_of(desk, "/training/waiting/")


def test_an_employer_reads_who_still_waits_for_a_certificate_and_who_came() -> None:
    placement = waiting_placement()
    worker, employer = placement.worker, placement.employer
    factory = make_officer(username="factory", duty=Duty.EMPLOYER, organisation=employer.pk)
    assert "Waits for a certificate" in text_of(as_officer(factory), "/employer/joining/")

    again()
    Certificate.objects.create(
        worker=worker, village=worker.village, county=worker.county,
        occupation=placement.certificate_needed, title="缝纫工", number="1",
        issued_on=FIRST_DAY, issuer="礼县人社局", source="test", grade="A",
    )  # fmt: skip
    page = text_of(as_officer(factory), "/employer/joining/")
    assert "Waits for a certificate" not in page
    assert ">Ready<" in page

    again()
    spell = make_spell(worker=worker, employer=employer)
    Spell.objects.filter(pk=spell.pk).update(placement=placement)
    page = text_of(as_officer(factory), "/employer/joining/")
    assert ">Ready<" not in page
    assert ">At work<" in page


def test_a_closed_class_takes_no_more_marks() -> None:
    course = running_class()
    CourseClass.objects.update(state=ClassState.CLOSED)
    client = as_officer(trainer(course.provider))
    said = client.post(f"/training/classes/{course.pk}/days/2020-03-09/", {"all": "1"})
    assert "Class LX2020-01 is closed" in said.content.decode()
    again()
    assert not Attendance.objects.exists()


def test_a_trainee_leaves_a_class_without_any_effect_on_the_placement() -> None:
    course = running_class(headcount=1)
    enrolment = Enrolment.objects.get()
    client = as_officer(county())
    client.post(f"/training/classes/{course.pk}/leave/{enrolment.pk}/")
    again()
    enrolment.refresh_from_db()
    assert enrolment.left_at is not None
    assert Placement.objects.get().closed_on is None
    assert "has left" in text_of(client, f"/training/classes/{course.pk}/")
    assert "0 / 1" in text_of(client, f"/training/classes/{course.pk}/")
    assert "马小兰" not in text_of(client, f"/training/classes/{course.pk}/days/2020-03-09/")
    assert "马小兰" not in text_of(client, f"/training/classes/{course.pk}/close/")
    assert client.post(f"/training/classes/{course.pk}/leave/999999/").status_code == 404


def test_a_full_class_takes_nobody_until_somebody_leaves() -> None:
    course = running_class(headcount=1)
    second = waiting_placement(name="李二")
    client = as_officer(county())
    address = f"/training/classes/{course.pk}/enrol/"
    assert "asks for 1 people" in client.post(address, {"placement": [second.pk]}).content.decode()
    again()
    first = Enrolment.objects.get()
    client.post(f"/training/classes/{course.pk}/leave/{first.pk}/")
    assert client.post(address, {"placement": [second.pk]}).status_code == 302
    again()
    assert Enrolment.objects.get(left_at=None).placement == second


def test_who_waits_is_seen_by_the_own_county_only() -> None:
    waiting_placement()
    assert "Order a class" in text_of(as_officer(county()), "/training/waiting/")
    audit = as_officer(make_officer(username="audit", duty=Duty.AUDITOR, division=GANSU))
    assert "Order a class" not in text_of(audit, "/training/waiting/")
    stranger = as_officer(make_officer(username="dang", division=DANGCHANG))
    assert "Nobody waits for a class" in text_of(stranger, "/training/waiting/")


def test_the_roster_goes_out_in_the_form_of_the_field_masked_and_recorded() -> None:
    course = running_class()
    for number, (officer, age) in enumerate(((county(), "29"), (trainer(course.provider), None)), start=1):
        answer = as_officer(officer).post(f"/training/classes/{course.pk}/roster/")
        again()
        deed = Deed.objects.filter(action="training.roster_exported").order_by("number").last()
        assert deed is not None
        assert (deed.values["rows"], deed.officer) == (1, officer)
        assert Deed.objects.filter(action="training.roster_exported").count() == number
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        head = next(row for row in rows if "身份证号码" in row)
        person = dict(zip(head, rows[-1], strict=True))
        tail = Enrolment.objects.get().identity_tail
        assert person["姓名"] == "马小兰"
        assert person["身份证号码"] == "*" * 15 + tail
        assert person["承诺就业单位" if "承诺就业单位" in head else "就业安排承诺单位"] == "胶州第一缝纫厂"
        assert person["年龄"] == (int(age) if age else None)
        assert "联系电话" not in head


@pytest.mark.parametrize(
    "address",
    ["/training/", "/training/classes/{0}/", "/training/orders/", "/training/waiting/",
     "/training/classes/{0}/enrol/", "/training/classes/{0}/days/2020-03-09/"],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_people(address: str) -> None:
    course = running_class()
    waiting_placement(name="在等")
    client = as_officer(county())
    few = queries(client, address.format(course.pk))
    for name in ("甲", "乙", "丙", "丁"):
        make_willing_worker(name=name)
    for offer in Offer.objects.filter(round=make_round()):
        placement = make_placement(offer=offer)
        if placement.shown_name in "甲乙":
            enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=county())
    assert queries(client, address.format(course.pk)) == few <= 12


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    again()
    return len(captured)


def test_a_township_sees_the_classes_in_which_its_own_people_sit() -> None:
    course = running_class()
    own, other = LI_VILLAGE // 1000 * 1000, 621226_101000
    client = as_officer(make_officer(username="town", duty=Duty.TOWNSHIP, division=own))
    page = text_of(client, f"/training/classes/{course.pk}/")
    assert "马小兰" in page
    assert "Results and close" not in page
    client = as_officer(make_officer(username="other", duty=Duty.TOWNSHIP, division=other))
    assert client.get(f"/training/classes/{course.pk}/").status_code == 404
