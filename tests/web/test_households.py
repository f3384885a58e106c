"""The page of a household: who sees it, and what it was on a day."""

from datetime import date

import pytest
from django.test import Client

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.register import make_household, make_membership, make_status, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def test_owner_and_colleague_see_a_household_and_a_stranger_does_not(client: Client) -> None:
    household = make_household(number="6212260001")
    make_membership(worker=make_worker(name="马小兰"), household=household)
    owner = make_officer()
    colleague = make_officer(username="pan", duty=Duty.TOWNSHIP, division=LI_COUNTY + 100_000)
    stranger = make_officer(username="dang", duty=Duty.COUNTY, division=DANGCHANG)

    for officer, status in ((owner, 200), (colleague, 200), (stranger, 404)):
        client.force_login(officer)
        assert client.get(f"/households/{household.pk}/").status_code == status


def test_a_household_is_shown_as_it_was_on_a_day(client: Client) -> None:
    household = make_household()
    make_membership(
        worker=make_worker(name="马小兰"),
        household=household,
        from_on=date(2014, 1, 1),
        to_on=date(2018, 5, 1),
    )
    make_membership(worker=make_worker(name="王秀英"), household=household, from_on=date(2018, 5, 1))
    make_status(household=household, from_on=date(2014, 1, 1), to_on=date(2019, 1, 1))
    client.force_login(make_officer())

    def shown(on: str) -> tuple[str, str]:
        page = client.get(f"/households/{household.pk}/?on={on}").content.decode()
        head, _, rest = page.partition('id="h-members"')
        return head, rest.partition('id="h-statuses"')[0]

    head, members = shown("2018-04-30")
    assert "建档立卡" in head
    assert ("马小兰" in members, "王秀英" in members) == (True, False)
    head, members = shown("2018-05-01")
    assert ("马小兰" in members, "王秀英" in members) == (False, True)
    head, members = shown("2019-01-01")
    assert "建档立卡" not in head
    assert client.get(f"/households/{household.pk}/?on=notaday").status_code == 200
