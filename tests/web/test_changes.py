"""Pages of changes: three people, two officers, what a form writes and what it does not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Household, HouseholdStatus, Membership, Proposal, TwoPersonFact, Worker
from fourdoors.register.rules import Fact
from fourdoors.register.services import make_worker_link, merge_roster
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.intake import make_asked_import, roster_row, workbook
from tests.makers.register import (
    SPRING,
    make_consent,
    make_household,
    make_membership,
    make_wish,
    make_worker,
)

pytestmark = pytest.mark.django_db
EVIDENCE = {"source": "毕业证", "grade": "B"}
Enter = Callable[[Officer], Client]


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    seen()


@pytest.fixture
def signed_in() -> Enter:
    def enter(officer: Officer) -> Client:
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(officer)
        return client

    return enter


def seen() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def people() -> tuple[Officer, Officer, Officer, Officer]:
    """Return an officer of the county, the second one, a cadre of a township, a stranger."""
    return (
        make_officer(),
        make_officer(username="zhang", full_name="张股长"),
        make_officer(username="pan", duty=Duty.TOWNSHIP, division=LI_COUNTY + 100_000),
        make_officer(username="dang", division=DANGCHANG),
    )


def ask(*facts: Fact) -> None:
    for fact in facts:
        TwoPersonFact.objects.create(
            division=GANSU, fact=fact.value, from_on=date(2020, 1, 1), document="甘人社"
        )


def record(worker: Worker, **changed: str) -> dict[str, str]:
    said = {
        "name": worker.name, "phone": "", "education": worker.education, "at_school": "no",
        "labour_capacity": worker.labour_capacity,
    }  # fmt: skip
    return said | EVIDENCE | changed


def test_a_change_waits_and_three_people_see_it_and_a_stranger_does_not(signed_in: Enter) -> None:
    worker = make_worker(name="马小兰")
    owner, second, cadre, stranger = people()
    ask(Fact.EDUCATION)
    answer = signed_in(cadre).post(f"/workers/{worker.pk}/change/", record(worker, education="senior_middle"))
    assert answer.status_code == 302
    seen()
    proposal = Proposal.objects.get()
    worker.refresh_from_db()
    assert worker.education == "junior_middle"

    for officer in (owner, second, cadre):
        for path in ("/changes/", f"/workers/{worker.pk}/"):
            page = signed_in(officer).get(path).content.decode()
            assert "高中" in page, path
            assert "毕业证" in page
    page = signed_in(cadre).get("/changes/").content.decode()
    assert "verdict" not in page
    client = signed_in(stranger)
    assert "马小兰" not in client.get("/changes/").content.decode()
    for path in ("change/", "household/", "seen/"):
        assert client.get(f"/workers/{worker.pk}/{path}").status_code == 404
    assert client.post(f"/changes/{proposal.pk}/", {"verdict": "approve"}).status_code == 404
    assert signed_in(cadre).post(f"/changes/{proposal.pk}/", {"verdict": "approve"}).status_code == 404

    signed_in(second).post(f"/changes/{proposal.pk}/", {"verdict": "approve"})
    seen()
    worker.refresh_from_db()
    assert worker.education == "senior_middle"
    assert "已批准" in signed_in(owner).get("/changes/?state=approved").content.decode()


def test_a_lost_ground_and_a_missing_reason_are_said_in_words(signed_in: Enter) -> None:
    worker = make_worker()
    owner, second, *_ = people()
    ask(Fact.EDUCATION)
    signed_in(owner).post(f"/workers/{worker.pk}/change/", record(worker, education="senior_middle"))
    seen()
    Worker.objects.update(education="primary")
    proposal = Proposal.objects.get()
    client = signed_in(second)

    def decide(**said: str) -> str:
        return client.post(f"/changes/{proposal.pk}/", said, follow=True).content.decode()

    assert "依据已不成立" in decide(verdict="approve")
    assert "请写明不通过的原因" in decide(verdict="reject")
    assert "未通过" in decide(verdict="reject", reason="证书不符")
    seen()
    proposal.refresh_from_db()
    assert (proposal.state, Worker.objects.get().education) == ("rejected", "primary")


def test_a_form_changes_only_what_differs_and_all_of_it_or_none(signed_in: Enter) -> None:
    worker = make_worker(name="马小兰", phone=invented_phone(77))
    client = signed_in(people()[0])
    path = f"/workers/{worker.pk}/change/"

    assert "登记内容已是如此" in client.post(path, record(worker)).content.decode()
    both = record(worker, name="马晓兰", phone=invented_phone(77))
    assert "登记内容已是如此" in client.post(path, both).content.decode()
    seen()
    worker.refresh_from_db()
    assert worker.name == "马小兰"
    assert client.post(path, record(worker, name="马晓兰", phone=invented_phone(78))).status_code == 302
    seen()
    worker.refresh_from_db()
    assert (worker.name, worker.phone_tail) == ("马晓兰", "0078")
    assert Deed.objects.filter(action="register.fact_changed").count() == 2
    page = client.get(f"/workers/{worker.pk}/").content.decode()
    assert "登记信息变更：姓名" in page
    assert "毕业证" in page


def test_a_worker_joins_a_household_and_members_leave_it_together(signed_in: Enter) -> None:
    worker, son = make_worker(name="马大山"), make_worker(name="马小山")
    client = signed_in(people()[0])
    given: dict[str, Any] = {
        "number": "6212269000001",
        "relation": "head",
        "from_on": "2020-03-01",
    } | EVIDENCE
    for one in (worker, son):
        assert client.post(f"/workers/{one.pk}/household/", given).status_code == 302
    seen()
    household = Household.objects.get()
    split = {"leaving": [son.pk], "number": "6212269000002", "from_on": "2020-05-01"} | EVIDENCE
    assert "马小山" in client.get(f"/households/{household.pk}/split/").content.decode()
    assert client.post(f"/households/{household.pk}/split/", split).status_code == 302
    seen()
    assert Membership.objects.get(worker=son, to_on=None).household.number == "6212269000002"
    then = client.get(f"/households/{household.pk}/?on=2020-04-30").content.decode()
    now = client.get(f"/households/{household.pk}/?on=2020-05-01").content.decode()
    assert ("马小山" in then.partition("h-statuses")[0], "马小山" in now.partition("h-statuses")[0]) == (
        True,
        False,
    )


def test_a_status_is_begun_on_the_household_page(signed_in: Enter) -> None:
    household = make_household()
    owner, _, _, stranger = people()
    path = f"/households/{household.pk}/status/"
    said = {"kind": "monitored", "ends": "begins", "from_on": "2020-05-01"} | EVIDENCE

    assert signed_in(stranger).post(path, said).status_code == 404
    assert signed_in(owner).post(path, said).status_code == 302
    assert "登记内容已是如此" in signed_in(owner).post(path, said).content.decode()
    seen()
    assert HouseholdStatus.objects.get().source == "毕业证"


def test_the_province_decides_which_facts_need_two_and_others_read_it(signed_in: Enter) -> None:
    province = make_officer(username="province", duty=Duty.PROVINCE, division=GANSU)
    client, owner = signed_in(province), signed_in(people()[0])
    said = {"fact": "phone", "from_on": "2020-03-01", "document": "甘人社〔2020〕1号"}

    assert owner.post("/changes/rules/", said).status_code == 404
    assert client.post("/changes/rules/", said).status_code == 302
    assert "已有设置" in client.post("/changes/rules/", said).content.decode()
    assert "甘人社〔2020〕1号" in owner.get("/changes/rules/").content.decode()
    rule = TwoPersonFact.objects.get()
    assert owner.post(f"/changes/rules/{rule.pk}/end/", {"to_on": "2020-06-01"}).status_code == 404
    client.post(f"/changes/rules/{rule.pk}/end/", {"to_on": "2020-03-01"})
    rule.refresh_from_db()
    assert rule.to_on is None
    client.post(f"/changes/rules/{rule.pk}/end/", {"to_on": "2020-06-01"})
    rule.refresh_from_db()
    assert rule.to_on == date(2020, 6, 1)


def test_an_officer_sees_what_the_worker_sees_without_the_buttons_and_is_on_the_list(
    signed_in: Enter,
) -> None:
    worker = make_worker(name="马小兰")
    make_wish(worker=worker)
    make_consent(worker=worker)
    client = signed_in(people()[0])

    first = client.get(f"/workers/{worker.pk}/seen/").content.decode()
    assert "同意参加岗位匹配" in first
    assert "撤回同意" not in first
    assert "王处" in client.get(f"/workers/{worker.pk}/seen/").content.decode().partition("h-looks")[2]
    seen()
    assert Deed.objects.filter(action="register.looked_at", object_id=worker.pk).count() == 2


def test_every_fact_of_a_person_is_shown_with_its_source_and_honours_the_day(signed_in: Enter) -> None:
    worker = make_worker(name="马小兰")
    household = make_household(number="6212260004711")
    make_membership(worker=worker, household=household, from_on=date(2014, 1, 1), to_on=date(2020, 6, 1))
    make_wish(worker=worker)
    make_consent(worker=worker)
    client = signed_in(people()[0])

    def then(on: str) -> str:
        page = client.get(f"/workers/{worker.pk}/?on={on}").content.decode()
        return page.partition("查看历史某日")[2].partition("</details>")[0]

    assert "6212260004711" in then("2020-05-31")
    assert "愿意外出" in then("2020-05-31")
    assert "同意参加岗位匹配" in then("2020-05-31")
    assert "6212260004711" not in then("2020-06-01")
    assert "尚未登记" in then("2020-02-28")
    page = client.get(f"/workers/{worker.pk}/").content.decode()
    assert page.count('class="ev ') >= 9
    assert "归入 6212260004711 户" in page
    assert "离开 6212260004711 户" in page


def test_a_list_of_changes_takes_a_fixed_number_of_queries(signed_in: Enter) -> None:
    owner, *_ = people()
    ask(Fact.EDUCATION)
    client = signed_in(owner)

    def queries() -> int:
        worker = make_worker()
        client.post(f"/workers/{worker.pk}/change/", record(worker, education="primary"))
        with CaptureQueriesContext(connection) as ran:
            assert client.get("/changes/").status_code == 200
        seen()
        return len(ran)

    few = queries()
    for _ in range(4):
        many = queries()
    assert few == many <= 10


def test_a_file_says_how_many_of_its_rows_wait_for_a_second_officer_and_the_person_reads_it_too(
    signed_in: Enter,
) -> None:
    numbers = [invented_identity(sequence=60 + at, born_on=date(1988, 4, 9), sex=Sex.MALE) for at in range(3)]
    workers = [make_worker(name="马强", identity=number, sex=Sex.MALE, phone="") for number in numbers]
    for worker in workers:
        make_membership(worker=worker, household=make_household(number=f"H{worker.pk}"))
    ask(Fact.EDUCATION, Fact.NAME)
    said: dict[str, Any] = {
        "village": "石碑村",
        "sex": "男",
        "born_on": "19880409",
        "phone": "",
        "household_phone": "",
        "months_worked": "",
        "workplace": "",
        "employer_name": "",
        "relation": "",
        "household_kind": "一般户",
    }
    rows = [
        roster_row(**said, name=name, identity=number, education=education, household_number=f"H{worker.pk}")
        for worker, number, name, education in zip(
            workers, numbers, ("马强", "马强", "马小强"), ("高中", "初中", "高中"), strict=True
        )
    ]  # fmt: skip
    batch = make_asked_import(data=workbook(rows))
    merge_roster(import_id=batch.pk, at=SPRING)
    assert Proposal.objects.count() == 3  # education of the first; education and name of the third
    officer, second, *_ = people()
    page = signed_in(officer).get(f"/intake/{batch.pk}/").content.decode()
    assert "2 行成为待复核变更，共 3 项；仍有 3 项等待复核" in page
    link = f"/changes/?state=open&import={batch.pk}"
    assert link.replace("&", "&amp;") in page
    assert "马强" in signed_in(officer).get(link).content.decode()
    assert "马强" not in signed_in(officer).get("/changes/?state=open&import=999").content.decode()

    seen()
    secrets = [make_worker_link(worker=worker, at=SPRING) for worker in workers]
    phone = Client(headers={"accept-language": "zh-hans"})
    pages = [phone.get(f"/my/{it}/").content.decode() for it in secrets]
    assert ["等待复核的变更" in page for page in pages] == [True, False, True]
    assert "初中 → 高中" in pages[0]
    seen()
    for proposal in Proposal.objects.all():
        signed_in(second).post(f"/changes/{proposal.pk}/", {"verdict": "approve"})
        seen()
    assert "仍有 0 项" in signed_in(officer).get(f"/intake/{batch.pk}/").content.decode()
    assert "等待复核的变更" not in phone.get(f"/my/{secrets[0]}/").content.decode()
