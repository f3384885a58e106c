"""The recruitment desk: the list, verification, the form, the poster; and an employer's own vacancies."""

import io
import re
from datetime import timedelta
from urllib.parse import urlsplit

import openpyxl
import pytest
import zxingcpp
from django.test import Client, RequestFactory
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.engines.papers import paper_pages
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_phone
from fourdoors.partners.models import Employer
from fourdoors.recruitment.models import Application, Vacancy
from fourdoors.recruitment.rules import ApplicationChannel, Asked, RequirementKind
from fourdoors.recruitment.services import apply, apply_from_village
from fourdoors.store.scope import NOTHING, Scope, set_scope
from fourdoors.web.office.recruitment import codes_of
from tests.makers.accounts import DANGCHANG, GANSU, LI_VILLAGE, QINGDAO_JIAOZHOU, make_officer
from tests.makers.partners import make_employer
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TYPED = {
    "title": "缝纫工", "occupation": "6-05-01-03", "openings": "30", "wage_low_yuan": "4200",
    "wage_high_yuan": "5500", "pay_basis": "monthly", "place": "山东 青岛 胶州", "youngest": "18",
    "lodging": "on", "source": "form",
}  # fmt: skip


def enter(client: Client, **officer: object) -> Client:
    client.force_login(make_officer(**officer), backend=BACKEND)  # type: ignore[arg-type]
    return client


def make_now(**options: object) -> Vacancy:
    return make_vacancy(at=timezone.now(), **options)  # type: ignore[arg-type]


def people_apply(vacancy: Vacancy) -> list[Application]:
    set_scope(Scope(territory=range_of(GANSU)))
    found = [
        apply_from_village(
            vacancy=vacancy, village=LI_VILLAGE, name="马小兰", phone=invented_phone(42), at=timezone.now()
        ),
        apply(
            vacancy=vacancy, worker=make_worker(name="宕昌人", village=DANGCHANG + 100201),
            channel=ApplicationChannel.PROXY, at=timezone.now(), by=None,
        ),
    ]  # fmt: skip
    set_scope(NOTHING)
    return found


@pytest.mark.parametrize("path", ["", "export.xlsx", "job_list.xlsx", "{}/"])
def test_vacancies_open_to_offices_and_to_nobody_else(client: Client, path: str) -> None:
    address = "/vacancies/" + path.format(make_now().pk)
    assert client.get(address).status_code == 302

    for duty, status in ((Duty.COUNTY, 200), (Duty.TOWNSHIP, 200), (Duty.STATION, 200), (Duty.AUDITOR, 200),
                         (Duty.EMPLOYER, 404), (Duty.POLICE, 404)):  # fmt: skip
        enter(client, username=duty.value, duty=duty, organisation=1)
        assert client.get(address).status_code == status, duty


def test_the_list_is_narrowed_by_words_and_state(client: Client) -> None:
    make_now()
    make_now(draft=make_draft(title="包装工"), verified=False)
    make_vacancy(draft=make_draft(title="旧岗位"), at=timezone.now() - timedelta(days=20))
    enter(client)

    def titles(query: str) -> set[str]:
        page = client.get(f"/vacancies/?{query}").content.decode()
        return {title for title in ("缝纫工", "包装工", "旧岗位") if f">{title}</a>" in page}

    assert titles("") == {"缝纫工", "包装工", "旧岗位"}
    assert titles("words=包装") == {"包装工"}
    assert titles("state=unverified") == {"包装工"}
    assert titles("state=expired") == {"旧岗位"}
    assert titles("state=nonsense") == {"缝纫工", "包装工", "旧岗位"}


def test_an_officer_verifies_confirms_and_withdraws(client: Client) -> None:
    vacancy = make_now(verified=False)
    enter(client)
    for deed in ("verify", "confirm", "withdraw"):
        assert client.post(f"/vacancies/{vacancy.pk}/{deed}/").status_code == 302
    assert "已撤回或已招满" in client.post(f"/vacancies/{vacancy.pk}/confirm/", follow=True).content.decode()

    vacancy.refresh_from_db()
    assert vacancy.verified_by
    assert vacancy.withdrawn_at
    assert client.post(f"/vacancies/{vacancy.pk}/destroy/").status_code == 404
    assert client.get(f"/vacancies/{vacancy.pk}/verify/").status_code == 405


@pytest.mark.parametrize("duty", [Duty.TOWNSHIP, Duty.AUDITOR, Duty.EMPLOYER])
def test_others_do_not_verify(client: Client, duty: Duty) -> None:
    employer = make_employer()
    vacancy = make_now(employer=employer, verified=False)
    enter(client, duty=duty, organisation=employer.pk)

    assert client.post(f"/vacancies/{vacancy.pk}/verify/").status_code == 404
    vacancy.refresh_from_db()
    assert vacancy.verified_at is None


def test_a_county_sees_who_of_its_own_people_applied(client: Client) -> None:
    vacancy = make_now()
    people_apply(vacancy)

    page = enter(client).get(f"/vacancies/{vacancy.pk}/").content.decode()
    assert "马小兰" in page
    assert "宕昌人" not in page
    assert "10000000042" not in page

    enter(client, username="station", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    page = client.get(f"/vacancies/{vacancy.pk}/").content.decode()
    assert "马小兰" not in page


def test_a_phone_is_shown_to_call_back_and_the_trail_knows(client: Client) -> None:
    ours, theirs = people_apply(make_now())
    enter(client)
    page = client.post(f"/vacancies/applications/{ours.pk}/", {}, follow=True).content.decode()

    assert "请回电 马小兰：10000000042" in page
    assert Deed.objects.filter(action="recruitment.phone_shown", object_id=ours.pk).count() == 1
    client.post(f"/vacancies/applications/{ours.pk}/", {"answer": "called"})
    assert Deed.objects.filter(action="recruitment.application_answered").count() == 1
    assert client.post(f"/vacancies/applications/{theirs.pk}/", {}).status_code == 404
    enter(client, username="auditor", duty=Duty.AUDITOR)
    assert client.post(f"/vacancies/applications/{ours.pk}/", {}).status_code == 404


def test_a_vacancy_is_posted_for_an_employer_that_is_registered(client: Client) -> None:
    employer = make_employer()
    enter(client)
    answer = client.post("/vacancies/new/", {**TYPED, "credit_code": employer.credit_code})

    vacancy = Vacancy.objects.get()
    assert answer["Location"] == f"/vacancies/{vacancy.pk}/"
    assert (vacancy.place, vacancy.occupation, vacancy.source) == (QINGDAO_JIAOZHOU, "6-05-01-03", "form")
    assert vacancy.requirements.get().legal_basis == "labour_law_58"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"credit_code": "919900000000000192"}, "没有登记此信用代码的单位"),
        ({"title": "缝纫工（限女）"}, "《就业促进法》第二十七条"),
        ({"oldest": "45"}, "没有法律条文允许以 45 岁为限"),
        ({"sex_ground": "mine_underground"}, "岗位不得限定性别"),
        ({"oldest": "abc"}, "无法识别"),
        ({"wage_low_yuan": "6000"}, "先写低值"),
        ({"place": "朝阳区"}, "请在前面写上省份"),
    ],
)
def test_what_cannot_be_posted_is_said_and_nothing_is_written(
    client: Client, changed: dict[str, str], said: str
) -> None:
    employer = make_employer(credit_code="91350100M000100Y43")
    enter(client)
    page = client.post("/vacancies/new/", {**TYPED, "credit_code": employer.credit_code, **changed})

    assert said in page.content.decode()
    assert not Vacancy.objects.exists()


def test_a_person_chooses_the_occupation(client: Client) -> None:
    employer = make_employer()
    enter(client)
    offered = client.get("/vacancies/occupations/", {"title": "急招缝纫工"}).content.decode()
    assert "6-05-01-03" in offered
    assert "<html" not in offered

    unchosen = {name: value for name, value in TYPED.items() if name != "occupation"}
    page = client.post("/vacancies/new/", {**unchosen, "credit_code": employer.credit_code}).content.decode()
    assert "请选择相符的职业" in page
    assert "6-05-01-03" in page
    client.post("/vacancies/new/", {**unchosen, "occupation": "none", "credit_code": employer.credit_code})
    assert Vacancy.objects.get().occupation == ""


def test_the_list_leaves_as_a_workbook_that_names_who_took_it(client: Client) -> None:
    make_now(draft=make_draft(requirements=(Asked(RequirementKind.AGE_MIN, "16"),)))
    make_now(draft=make_draft(title="=1+1"))
    answer = enter(client).get("/vacancies/export.xlsx")
    cells = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active
    ]
    text = str(cells)

    assert "王处" in text
    assert "《劳动法》第十五条" in text
    assert "=1+1" in text or "'=1+1" in text
    assert sum("缝纫工" in str(row) for row in cells) == 1


def test_the_empty_job_list_asks_for_the_article_beside_each_limit(client: Client) -> None:
    answer = enter(client).get("/vacancies/job_list.xlsx")

    assert "声明性别要求及法律依据" in str(
        [
            [cell.value for cell in row]
            for row in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        ]
    )


def test_the_poster_of_a_village_opens_the_page_of_that_village(client: Client) -> None:
    make_now()
    answer = enter(client).get(f"/vacancies/poster/{LI_VILLAGE}.pdf?telephone=0939-4420000")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    unasked = client.get(f"/vacancies/poster/{LI_VILLAGE}.pdf")
    assert unasked["Location"] == f"/vacancies/poster/?village={LI_VILLAGE}"


def test_the_code_on_a_poster_opens_the_page_of_the_village(client: Client, rf: RequestFactory) -> None:
    make_now()
    codes = codes_of(rf.get("/"), LI_VILLAGE, [7])
    values = {"village": "礼县", "telephone": "12333", "liaison": "村委会", "text_example": "1", "jobs": []}
    (page,) = paper_pages("poster", values, language="zh", pictures={"all": codes["all"]})
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))

    assert read.text == f"http://testserver/v/{LI_VILLAGE}/"
    assert "缝纫工" in client.get(urlsplit(read.text).path).content.decode()
    assert list(codes) == ["job7", "all"]


def test_a_poster_is_made_for_ones_own_villages(client: Client) -> None:
    enter(client)
    other = DANGCHANG + 100201
    for village in (other, 621226_000000, 5):
        assert client.get(f"/vacancies/poster/{village}.pdf").status_code == 404
    assert (
        "请选择本辖区的村"
        in client.get(
            "/vacancies/poster/", {"village": str(other), "telephone": "1", "liaison": "x"}
        ).content.decode()
    )
    answer = client.get("/vacancies/poster/", {"village": str(LI_VILLAGE), "telephone": "1", "liaison": "x"})
    assert answer["Location"] == f"/vacancies/poster/{LI_VILLAGE}.pdf?telephone=1&liaison=x"
    enter(client, username="auditor", duty=Duty.AUDITOR)
    assert client.get(f"/vacancies/poster/{LI_VILLAGE}.pdf").status_code == 404


def employer_officer(client: Client, name: str, employer: Employer) -> Client:
    return enter(client, username=name, duty=Duty.EMPLOYER, organisation=employer.pk)


def test_an_employer_and_its_colleague_see_their_own_vacancies_and_a_stranger_does_not(
    client: Client,
) -> None:
    ours, theirs = make_employer(name="甲厂"), make_employer(name="乙厂")
    vacancy = make_now(employer=ours, draft=make_draft(title="甲厂岗位"))
    assert client.get("/employer/vacancies/").status_code == 302

    for name, employer, seen in (
        ("owner", ours, True),
        ("colleague", ours, True),
        ("stranger", theirs, False),
    ):
        employer_officer(client, name, employer)
        assert ("甲厂岗位" in client.get("/employer/vacancies/").content.decode()) is seen
        status = client.post(f"/employer/vacancies/{vacancy.pk}/confirm/").status_code
        assert status == (302 if seen else 404)
    enter(client)
    assert client.get("/employer/vacancies/").status_code == 404


def test_an_employer_posts_and_keeps_a_post_alive(client: Client) -> None:
    employer = make_employer()
    employer_officer(client, "owner", employer)
    client.post("/employer/vacancies/new/", {**TYPED, "credit_code": "anything"})

    vacancy = Vacancy.objects.get()
    assert (vacancy.employer, vacancy.source, vacancy.verified_at) == (employer, "employer", None)
    assert "待核验" in client.get("/employer/vacancies/").content.decode()
    client.post(f"/employer/vacancies/{vacancy.pk}/withdraw/")
    assert "已撤回" in client.get("/employer/vacancies/").content.decode()
    assert client.post(f"/employer/vacancies/{vacancy.pk}/verify/").status_code == 404


def test_the_list_asks_the_same_number_of_times_however_long_it_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    employer = make_employer()
    for number in range(3):
        make_now(employer=employer, draft=make_draft(title=f"岗位{number}"))
    enter(client)
    with django_assert_num_queries(8):
        client.get("/vacancies/")
    for number in range(20):
        make_now(draft=make_draft(title=f"又一{number}"))
    with django_assert_num_queries(8):
        assert re.search("又一19", client.get("/vacancies/").content.decode())
