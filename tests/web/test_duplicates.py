"""Pages of probable duplicates: who sees a pair, what is decided, that it can be taken back."""

from datetime import date

import pytest
from django.test import Client

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import DuplicatePair, Worker
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db
BORN = date(1990, 5, 1)


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def two() -> list[Worker]:
    return [
        make_worker(
            name="马小兰",
            born_on=BORN,
            phone=invented_phone(7),
            identity=invented_identity(sequence=700 + n, born_on=BORN, sex=Sex.FEMALE),
        )
        for n in range(2)
    ]


def seen() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def test_a_clerk_finds_a_pair_merges_it_and_takes_it_back(client: Client, two: list[Worker]) -> None:
    client.force_login(make_officer())

    page = client.post("/duplicates/seek/", follow=True).content.decode()
    assert "马小兰 · 马小兰" in page
    seen()
    pair = DuplicatePair.objects.get()
    assert "同一人：保留左侧" in client.get(f"/duplicates/{pair.pk}/").content.decode()
    client.post(f"/duplicates/{pair.pk}/decide/", {"choice": "first"})
    answer = client.get(f"/workers/{two[1].pk}/")
    assert answer["Location"] == f"/workers/{two[0].pk}/"
    assert "撤销合并" in client.get(f"/workers/{two[0].pk}/").content.decode()
    client.post(f"/duplicates/{pair.pk}/decide/", {"choice": "reopen"})

    assert client.get(f"/workers/{two[1].pk}/").status_code == 200
    seen()
    said = set(Deed.objects.filter(action__startswith="register.").values_list("action", flat=True))
    assert {"register.duplicates_sought", "register.pair_merged", "register.pair_open"} <= said


def test_a_second_decision_is_refused_in_words(client: Client, two: list[Worker]) -> None:
    client.force_login(make_officer())
    client.post("/duplicates/seek/")
    seen()
    pair = DuplicatePair.objects.get()
    client.post(f"/duplicates/{pair.pk}/decide/", {"choice": "different"})

    page = client.post(f"/duplicates/{pair.pk}/decide/", {"choice": "first"}, follow=True).content.decode()

    assert "该疑似重复已有核查结论" in page
    seen()
    assert not Worker.objects.exclude(merged_into=None).exists()


def test_owner_and_colleague_see_a_pair_and_a_stranger_does_not(client: Client, two: list[Worker]) -> None:
    owner = make_officer()
    client.force_login(owner)
    client.post("/duplicates/seek/")
    seen()
    pair = DuplicatePair.objects.get()
    colleague = make_officer(username="pan", duty=Duty.TOWNSHIP, division=LI_COUNTY + 100_000)
    stranger = make_officer(username="dang", duty=Duty.COUNTY, division=DANGCHANG)

    for officer, status in ((owner, 200), (colleague, 200), (stranger, 404)):
        client.force_login(officer)
        assert client.get(f"/duplicates/{pair.pk}/").status_code == status
        shown = "马小兰" in client.get("/duplicates/").content.decode()
        assert shown is (status == 200)
