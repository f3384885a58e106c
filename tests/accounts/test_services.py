"""Officers, one-time links and the trail: what is written, what is refused, what is found out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from fourdoors.accounts.models import Deed, MachineToken, OneTimeLink
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import breaks_in_the_trail, scope_of, token_shown
from fourdoors.accounts.services import (
    DutyWithoutPlaceError,
    LinkSpentError,
    appoint_officer,
    end_token,
    make_link,
    make_token,
    record_deed,
    spend_link,
)
from fourdoors.kernel.divisions import Range, range_of
from fourdoors.store.scope import NOTHING, Scope
from tests.makers.accounts import LI_COUNTY, make_officer

pytestmark = pytest.mark.django_db
NOON = datetime(2020, 3, 2, 4, tzinfo=UTC)


def test_a_link_lets_in_once() -> None:
    officer = make_officer()
    secret = make_link(officer=officer, at=NOON)

    assert spend_link(secret=secret, at=NOON) == officer
    with pytest.raises(LinkSpentError):
        spend_link(secret=secret, at=NOON)


def test_a_link_lives_to_its_last_moment_and_no_longer() -> None:
    secret = make_link(officer=make_officer(), at=NOON, hours=1)
    with pytest.raises(LinkSpentError):
        spend_link(secret=secret, at=NOON + timedelta(hours=1))
    assert OneTimeLink.objects.get().used_at is None
    spend_link(secret=secret, at=NOON + timedelta(minutes=59))


def test_the_secret_itself_is_not_kept() -> None:
    secret = make_link(officer=make_officer(), at=NOON)
    assert secret not in OneTimeLink.objects.get().secret_hash


def test_a_token_opens_to_its_last_moment_and_only_its_hash_is_kept() -> None:
    secret = make_token(officer=make_officer(), name="county system", at=NOON, days=1)
    token = token_shown(secret, at=NOON + timedelta(hours=23))

    assert token
    assert token.officer == make_officer()
    assert secret not in token.secret_hash
    assert token_shown(secret, at=NOON + timedelta(days=1)) is None
    assert token_shown(secret[:-1], at=NOON) is None
    assert Deed.objects.get().action == "accounts.token_made"


def test_a_token_that_was_ended_or_whose_officer_left_opens_nothing() -> None:
    secret = make_token(officer=make_officer(), name="county system", at=NOON)
    number = MachineToken.objects.get().pk
    assert end_token(number=number, at=NOON)
    assert not end_token(number=number, at=NOON)
    assert token_shown(secret, at=NOON) is None

    other = make_officer(username="ma")
    secret = make_token(officer=other, name="county system", at=NOON)
    other.is_active = False
    other.save()
    assert token_shown(secret, at=NOON) is None


def test_an_officer_has_no_password_to_guess() -> None:
    assert not make_officer().has_usable_password()


@pytest.mark.parametrize("duty", [Duty.EMPLOYER, Duty.COUNTY])
def test_a_duty_without_its_place_is_refused(duty: Duty) -> None:
    with pytest.raises(DutyWithoutPlaceError):
        appoint_officer(username="x", full_name="x", duty=duty)


def test_each_duty_opens_its_own_kind_of_scope() -> None:
    county = make_officer(username="a")
    station = make_officer(username="b", duty=Duty.STATION, division=370000_000000)
    carrier = make_officer(username="c", duty=Duty.CARRIER, organisation=7)

    assert scope_of(None) == NOTHING
    assert scope_of(county) == Scope(territory=range_of(LI_COUNTY))
    assert scope_of(station) == Scope(destination=Range(370000_000000, 380000_000000))
    assert scope_of(carrier) == Scope(carrier=7)


def deeds(count: int, county: int = 621226) -> None:
    officer = make_officer()
    for number in range(count):
        record_deed(officer=officer, action="test.done", at=NOON, county=county, object_id=number, n=number)


def test_the_trail_holds_and_each_county_has_its_own() -> None:
    deeds(3)
    deeds(2, county=621223)
    assert list(breaks_in_the_trail()) == []
    assert sorted(Deed.objects.values_list("chain", "number")) == [
        (621223, 1), (621223, 2), (621226, 1), (621226, 2), (621226, 3)
    ]  # fmt: skip


def test_a_deed_that_is_undone_leaves_no_gap() -> None:
    deeds(1)
    with transaction.atomic():
        deeds(1)
        transaction.set_rollback(True)
    deeds(1)
    assert list(breaks_in_the_trail()) == []
    assert Deed.objects.count() == 2


def test_the_application_cannot_change_or_remove_a_deed() -> None:
    deeds(1)
    for change in (lambda: Deed.objects.update(action="other"), lambda: Deed.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
