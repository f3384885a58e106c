"""Pages of workers: who sees whom, what is masked, what is written to the trail, how many queries."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Consent, Wish, Worker
from fourdoors.register.rules import Purpose
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.register import (
    make_consent,
    make_household,
    make_membership,
    make_status,
    make_wish,
    make_worker,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def signed_in(client: Client) -> Callable[[Officer], Client]:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


Enter = Callable[[Officer], Client]


def people() -> tuple[Officer, Officer, Officer]:
    """Return the officer of the county, a colleague of a township in it, a stranger of the next county."""
    return (
        make_officer(),
        make_officer(username="pan", full_name="潘干部", duty=Duty.TOWNSHIP, division=LI_COUNTY + 100_000),
        make_officer(username="dang", duty=Duty.COUNTY, division=DANGCHANG),
    )


def family() -> Worker:
    worker = make_worker(name="马小兰", phone=invented_phone(1234))
    household = make_household()
    make_membership(worker=worker, household=household)
    make_status(household=household)
    make_wish(worker=worker)
    make_consent(worker=worker)
    return worker


def seen() -> None:
    """Look at the database as the test again: the request left its officer's scope behind."""
    set_scope(Scope(territory=range_of(GANSU)))


def test_owner_and_colleague_see_a_worker_and_a_stranger_does_not(signed_in: Enter) -> None:
    worker = family()
    owner, colleague, stranger = people()

    for officer in (owner, colleague):
        client = signed_in(officer)
        assert "马小兰" in client.get("/workers/").content.decode()
        assert client.get(f"/workers/{worker.pk}/").status_code == 200
    client = signed_in(stranger)
    assert "马小兰" not in client.get("/workers/").content.decode()
    assert client.get(f"/workers/{worker.pk}/").status_code == 404


def test_nobody_without_an_account_sees_anybody(client: Client) -> None:
    worker = family()

    for path in ("/workers/", f"/workers/{worker.pk}/"):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("duty", [Duty.HEALTH, Duty.POLICE, Duty.STATION])
def test_duties_that_read_no_register_find_no_page(duty: Duty, signed_in: Enter) -> None:
    client = signed_in(make_officer(username=duty.value, duty=duty))

    assert client.get("/workers/").status_code == 404


@pytest.mark.parametrize("path", ["wish/", "consents/", "card/", "identity/"])
def test_a_stranger_and_an_auditor_write_nothing(path: str, signed_in: Enter) -> None:
    worker = family()
    _, _, stranger = people()
    for officer in (stranger, make_officer(username="audit", duty=Duty.AUDITOR)):
        answer = signed_in(officer).post(f"/workers/{worker.pk}/{path}", {"wants_to_go": "no"})
        assert answer.status_code == 404
    seen()
    assert Wish.objects.count() == 1
    assert (
        not Deed.objects.filter(action__startswith="register.")
        .exclude(action="register.consent_given")
        .exists()
    )


def test_a_list_is_narrowed_by_its_filter(signed_in: Enter) -> None:
    family()
    make_worker(name="赵强", sex=Sex.MALE)
    client = signed_in(make_officer())

    for query, there, gone in [
        ("q=mxl", "马小兰", "赵强"),
        ("sex=male", "赵强", "马小兰"),
        ("status=registered_poor", "马小兰", "赵强"),
        ("wants=yes", "马小兰", "赵强"),
        (f"division={LI_VILLAGE // 1000 * 1000}", "马小兰", "无人"),
    ]:
        page = client.get(f"/workers/?{query}").content.decode()
        assert there in page, query
        assert gone not in page, query


def test_a_list_never_shows_a_number_whole(signed_in: Enter) -> None:
    identity = invented_identity(sequence=8, born_on=make_worker().born_on, sex=Sex.FEMALE)
    worker = make_worker(identity=identity, phone=invented_phone(4321))
    client = signed_in(make_officer())

    for path in ("/workers/", f"/workers/{worker.pk}/"):
        page = client.get(path).content.decode()
        assert identity not in page
        assert invented_phone(4321) not in page
        assert "4321" in page


def test_an_empty_list_says_what_to_do(signed_in: Enter) -> None:
    client = signed_in(make_officer())

    assert "导入花名册" in client.get("/workers/").content.decode()
    assert "没有符合条件的人员" in client.get("/workers/?q=无人").content.decode()


def export(client: Client, query: str = "", **data: str) -> list[tuple[object, ...]]:
    answer = client.post(f"/workers/export/?{query}", data)
    tab = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return list(tab.iter_rows(values_only=True))


def test_an_export_is_masked_marked_and_counted(signed_in: Enter) -> None:
    family()
    make_worker(name="赵强", sex=Sex.MALE)
    rows = export(signed_in(make_officer()), "sex=female")

    assert "王处" in str(rows[1][0])
    assert "1 人" in str(rows[1][0])
    assert "马小兰" in rows[3]
    assert len(rows) == 4
    assert str(rows[3][rows[2].index("身份证号")]).startswith("***************")
    seen()
    assert Deed.objects.get(action="register.list_exported").values == {"rows": 1, "whole_identities": False}


def test_whole_numbers_leave_the_house_with_the_county_only(signed_in: Enter) -> None:
    identity = invented_identity(sequence=8, born_on=make_worker().born_on, sex=Sex.FEMALE)
    make_worker(name="赵兰", identity=identity)
    owner, colleague, _ = people()

    rows = export(signed_in(owner), "q=赵兰", identities="whole")
    assert identity in rows[3]
    refused = signed_in(colleague).post("/workers/export/", {"identities": "whole"})
    assert refused.status_code == 302
    seen()
    assert [
        deed.values["whole_identities"] for deed in Deed.objects.filter(action="register.list_exported")
    ] == [True]


def test_looking_at_a_person_is_written_and_shown(signed_in: Enter) -> None:
    worker = family()
    owner, colleague, _ = people()
    signed_in(colleague).get(f"/workers/{worker.pk}/")

    assert "潘干部" in signed_in(owner).get(f"/workers/{worker.pk}/").content.decode()
    seen()
    assert Deed.objects.filter(action="register.looked_at", object_id=worker.pk).count() == 2


def test_a_whole_number_is_shown_to_the_county_and_written(signed_in: Enter) -> None:
    identity = invented_identity(sequence=8, born_on=make_worker().born_on, sex=Sex.FEMALE)
    worker = make_worker(identity=identity)
    owner, colleague, _ = people()
    path = f"/workers/{worker.pk}/identity/"

    assert signed_in(colleague).post(path).status_code == 404
    client = signed_in(owner)
    part = client.post(path, headers={"HX-Request": "true"}).content.decode()
    assert identity in part
    assert "<html" not in part
    assert identity in client.post(path).content.decode()
    seen()
    assert Deed.objects.filter(action="register.identity_opened", officer=owner).count() == 2


def test_a_cadre_registers_a_worker(signed_in: Enter) -> None:
    identity = invented_identity(sequence=8, born_on=make_worker().born_on, sex=Sex.FEMALE)
    client = signed_in(make_officer())
    data = {"name": "李小梅", "identity": identity, "village": LI_VILLAGE, "relation": "head",
            "household_number": "62122600077"}  # fmt: skip

    assert client.post("/workers/new/", data | {"identity": identity[:-1]}).status_code == 200
    answer = client.post("/workers/new/", data)
    seen()
    worker = Worker.objects.get(name="李小梅")
    assert answer.headers["Location"] == f"/workers/{worker.pk}/"
    assert "17" in client.post("/workers/new/", data | {"identity": identity[:-1]}).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "123"}, "A mobile number has 11 digits"),
        ({"phone": "1390939123a"}, "A mobile number has 11 digits"),
        ({"village": ""}, "This field is required"),
        ({"identity": "6226211991"}, "has 10 characters"),
        ({"identity": "6226211991", "phone": "123"}, "has 10 characters"),
        ({"identity": "6226211991", "phone": "123"}, "A mobile number has 11 digits"),
    ],
)
def test_a_slip_is_named_at_its_field_and_what_was_typed_stays(
    signed_in: Enter, wrong: dict[str, str], said: str
) -> None:
    identity = invented_identity(sequence=8, born_on=make_worker().born_on, sex=Sex.FEMALE)
    client = signed_in(make_officer())
    data = {"name": "李小梅", "identity": identity, "village": str(LI_VILLAGE), "relation": "head"}
    answer = client.post("/workers/new/", data | wrong, headers={"accept-language": "en"})
    assert said in answer.content.decode()
    assert 'value="李小梅"' in answer.content.decode()
    seen()
    assert not Worker.objects.filter(name="李小梅").exists()


def test_no_village_is_chosen_before_the_cadre_chooses_one(signed_in: Enter) -> None:
    page = signed_in(make_officer()).get("/workers/new/").content.decode()
    assert '<option value="" selected>' in page


def test_a_cadre_writes_a_wish_down(signed_in: Enter) -> None:
    worker = make_worker()
    client = signed_in(make_officer())
    data = {
        "wants_to_go": "yes",
        "first_place": 370000_000000,
        "work": "缝纫，护理员",
        "wage_floor_yuan": 4500,
    }
    answer = client.post(f"/workers/{worker.pk}/wish/", data)

    assert answer.status_code == 302
    seen()
    wish = Wish.objects.get()
    assert (wish.wants_to_go, wish.destinations, wish.wage_floor_yuan) == (True, [370000_000000], 4500)
    assert len(wish.occupations) == 2
    page = client.get(f"/workers/{worker.pk}/").content.decode()
    assert "山东省" in page
    assert "愿意外出" in page


def test_a_proxy_needs_a_name_and_the_page_says_so(signed_in: Enter) -> None:
    worker = make_worker()
    client = signed_in(make_officer())
    path = f"/workers/{worker.pk}/consents/"

    refused = client.post(path, {"purpose": "matching", "how": "proxy", "proxy_name": ""})
    assert "代办人姓名" in refused.content.decode()
    client.post(path, {"purpose": "matching", "how": "proxy", "proxy_name": "马大山"})
    seen()
    assert Consent.objects.get().proxy_name == "马大山"


def test_a_consent_is_withdrawn_by_one_button(signed_in: Enter) -> None:
    worker = family()
    other = make_consent(worker=make_worker())
    client = signed_in(make_officer())
    consent = Consent.objects.get(worker=worker)

    assert client.post(f"/workers/{worker.pk}/consents/{other.pk}/withdraw/").status_code == 404
    client.post(f"/workers/{worker.pk}/consents/{consent.pk}/withdraw/")
    seen()
    consent.refresh_from_db()
    other.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert other.withdrawn_at is None


def test_a_card_carries_a_code_that_opens_the_workers_own_page(signed_in: Enter) -> None:
    worker = make_worker()
    client = signed_in(make_officer())
    page = client.post(f"/workers/{worker.pk}/card/").content.decode()
    address = page.split("http://testserver")[1].split("<")[0].strip()

    assert "<svg" in page
    client.logout()
    assert "马小兰" in client.get(address).content.decode()


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as ran:
        assert client.get(path).status_code == 200
    return len(ran)


def test_list_and_person_take_a_fixed_number_of_queries(signed_in: Enter) -> None:
    worker = family()
    client = signed_in(make_officer())
    client.get(f"/workers/{worker.pk}/")  # begins the county's chain of deeds
    few = queries(client, "/workers/"), queries(client, f"/workers/{worker.pk}/")
    seen()
    for _ in range(30):
        family()
    household = worker.memberships.get().household
    for number in range(5):
        make_membership(worker=make_worker(), household=household)
        make_consent(worker=worker, purpose=Purpose.MOVE, move=f"offer:{number}")

    many = queries(client, "/workers/"), queries(client, f"/workers/{worker.pk}/")

    assert few == many
    assert max(many) <= MOST_QUERIES


def test_a_pasted_list_of_numbers_is_answered_and_the_counts_are_in_the_trail(signed_in: Enter) -> None:
    worker = make_worker(name="马小兰")
    identity = invented_identity(sequence=901, born_on=worker.born_on, sex=Sex.FEMALE)
    owner, _, stranger = people()
    known = vault().open("identity", worker.identity_cipher)
    text = f"{known}\n{identity}\n1101"

    page = signed_in(owner).post("/workers/numbers/", {"numbers": text}).content.decode()

    assert "马小兰" in page
    assert known not in page.partition("<textarea")[0]
    assert Deed.objects.get(action="register.numbers_looked_up").values == {
        "lines": 3, "found": 1, "broken": 1,
    }  # fmt: skip
    answer = signed_in(stranger).post("/workers/numbers/", {"numbers": text}).content.decode()
    assert "马小兰" not in answer


def test_more_than_five_hundred_numbers_are_refused_and_not_looked_up(signed_in: Enter) -> None:
    owner, _, _ = people()

    page = signed_in(owner).post("/workers/numbers/", {"numbers": "1101\n" * 501}).content.decode()

    assert "501" in page
    assert not Deed.objects.filter(action="register.numbers_looked_up").exists()


def test_a_long_list_says_so_and_is_not_counted(signed_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fourdoors.web.office.register.MOST_LISTED", 2)
    for name in ("甲", "乙", "丙"):
        make_worker(name=name)
    owner, _, _ = people()

    page = signed_in(owner).get("/workers/").content.decode()

    assert "超过 2 人" in page


def test_a_person_is_shown_as_the_record_was_on_a_day(signed_in: Enter) -> None:
    worker = make_worker(name="马小兰", education="primary")
    seen()
    Worker.objects.filter(pk=worker.pk).update(education="senior_middle")
    owner, _, _ = people()

    def then(on: str) -> str:
        page = signed_in(owner).get(f"/workers/{worker.pk}/?on={on}").content.decode()
        return page.partition("查看历史某日")[2].partition("</details>")[0]

    day = worker.registered_at.date()
    assert "小学" in then(day.isoformat())
    assert "尚未登记" in then((day - timedelta(days=2)).isoformat())
    assert "高中" in then("2099-01-01")
