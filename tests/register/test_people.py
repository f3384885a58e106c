"""One worker at a time: what is written, what is refused and leaves nothing behind."""

from datetime import date, timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import IdentityCheckCharacterError, invented_identity, invented_phone
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead, Sex
from fourdoors.register.models import Certificate, HouseholdStatus, Membership, Wish, Worker, WorkerLink
from fourdoors.register.rules import WishTerms
from fourdoors.register.services import (
    CertificateKnownError,
    StatusOverlapsError,
    UnderWorkingAgeError,
    WorkerElsewhereError,
    WorkerKnownError,
    add_certificate,
    look_at_worker,
    make_worker_link,
    open_identity,
    record_passbook,
    record_status,
    record_wish,
    register_worker,
    worker_by_link,
)
from fourdoors.store.scope import NOTHING, Scope, set_scope
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.register import SPRING, make_household, make_worker

pytestmark = pytest.mark.django_db

WOMAN_OF_1990 = invented_identity(sequence=4_000_000, born_on=date(1990, 5, 1), sex=Sex.FEMALE)


def register(identity: str = WOMAN_OF_1990, **values: object) -> Worker:
    given = {"village": LI_VILLAGE, "name": "马小兰", "at": SPRING, **values}
    return register_worker(identity=identity, **given)  # type: ignore[arg-type]


def test_day_of_birth_and_sex_are_read_from_the_number_however_it_is_typed() -> None:
    worker = register(f" {WOMAN_OF_1990[:6]} {WOMAN_OF_1990[6:].lower()}", phone="+86 100-0000-0042")

    assert (worker.born_on, worker.sex) == (date(1990, 5, 1), "female")
    assert worker.phone_tail == invented_phone(42)[-4:]
    assert Deed.objects.get().action == "register.worker_registered"


def test_a_worker_joins_a_household_that_is_made_once() -> None:
    first = register(household_number="62122600007", relation=RelationToHead.HEAD)
    second = register(
        invented_identity(sequence=4_000_001, born_on=date(1992, 1, 1), sex=Sex.MALE),
        household_number="62122600007",
        relation=RelationToHead.SPOUSE,
    )

    households = Membership.objects.filter(worker__in=[first, second]).values("household").distinct()
    assert households.count() == 1


def test_a_wrong_number_writes_nothing() -> None:
    with pytest.raises(IdentityCheckCharacterError):
        register(WOMAN_OF_1990[:-1] + ("7" if WOMAN_OF_1990[-1] != "7" else "8"))

    assert not Worker.objects.exists()
    assert not Deed.objects.exists()


def test_sixteen_on_the_day_is_registered() -> None:
    register(invented_identity(sequence=4_000_002, born_on=date(2004, 3, 1), sex=Sex.MALE))

    assert Worker.objects.count() == 1


def test_a_day_under_sixteen_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(UnderWorkingAgeError) as refusal:
        register(invented_identity(sequence=4_000_002, born_on=date(2004, 3, 2), sex=Sex.MALE))

    assert refusal.value.values == {"name": "马小兰", "minimum_age": 16}
    assert not Worker.objects.exists()


def test_the_same_number_again_is_known() -> None:
    register()
    with pytest.raises(WorkerKnownError):
        register(name="马兰")

    assert Worker.objects.get().name == "马小兰"


def test_a_number_of_another_county_is_refused_without_showing_who_it_is() -> None:
    make_worker(identity=WOMAN_OF_1990, village=DANGCHANG + 100_201, name="王秀英")
    set_scope(Scope(territory=range_of(LI_COUNTY)))

    with pytest.raises(WorkerElsewhereError) as refusal:
        register()

    assert refusal.value.values == {"name": "马小兰"}
    assert not Worker.objects.exists()


def test_a_status_may_follow_on_the_day_the_one_before_it_ends() -> None:
    household, turn = make_household(), date(2018, 6, 1)
    kind = HouseholdStatusKind.REGISTERED_POOR
    record_status(household=household, kind=kind, from_on=date(2014, 1, 1), to_on=turn, at=SPRING)
    record_status(household=household, kind=kind, from_on=turn, at=SPRING)

    assert HouseholdStatus.objects.count() == 2


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (date(2018, 5, 31), None),  # a day of overlap
        (date(2013, 1, 1), date(2014, 1, 2)),
        (date(2013, 1, 1), None),
    ],
)
def test_a_status_that_overlaps_is_refused(from_on: date, to_on: date | None) -> None:
    household, kind = make_household(), HouseholdStatusKind.REGISTERED_POOR
    record_status(household=household, kind=kind, from_on=date(2014, 1, 1), to_on=date(2018, 6, 1), at=SPRING)
    with pytest.raises(StatusOverlapsError):
        record_status(household=household, kind=kind, from_on=from_on, to_on=to_on, at=SPRING)

    assert HouseholdStatus.objects.count() == 1


def test_two_kinds_of_status_may_hold_at_once() -> None:
    household = make_household()
    for kind in (HouseholdStatusKind.LIFTED_OUT, HouseholdStatusKind.RELOCATED):
        record_status(household=household, kind=kind, from_on=date(2019, 1, 1), at=SPRING)

    assert HouseholdStatus.objects.count() == 2


def test_a_wish_is_added_and_the_older_one_stays() -> None:
    worker = make_worker()
    record_wish(worker=worker, terms=WishTerms(wants_to_go=True, wage_floor_yuan=4000), at=SPRING)
    record_wish(
        worker=worker,
        terms=WishTerms(wants_to_go=False, cannot_leave_reason="care_of_old"),
        at=SPRING + timedelta(days=9),
    )

    assert list(Wish.objects.order_by("pk").values_list("wants_to_go", flat=True)) == [True, False]


def test_a_certificate_is_added_once_and_a_number_belongs_to_one_person() -> None:
    paper = {"title": "缝纫工", "number": "62-0001", "issuer": "甘肃省人社厅", "issued_on": date(2019, 6, 1)}
    worker = make_worker()
    first = add_certificate(worker=worker, at=SPRING, **paper)  # type: ignore[arg-type]

    assert add_certificate(worker=worker, at=SPRING, **paper) == first  # type: ignore[arg-type]
    with pytest.raises(CertificateKnownError):
        add_certificate(worker=make_worker(), at=SPRING, **paper)  # type: ignore[arg-type]
    assert Certificate.objects.count() == 1


def test_an_account_is_sealed_and_only_its_tail_can_be_read() -> None:
    passbook = record_passbook(
        worker=make_worker(), holder_name="马大山", holder_relation=RelationToHead.HEAD,
        bank="农商行", account="990000123456789", from_on=date(2020, 1, 1), at=SPRING,
    )  # fmt: skip

    assert passbook.account_tail == "6789"
    assert b"990000123456789" not in bytes(passbook.account_cipher)


def test_a_new_link_ends_the_old_one_and_is_read_before_any_scope() -> None:
    worker = make_worker()
    old = make_worker_link(worker=worker, at=SPRING)
    new = make_worker_link(worker=worker, at=SPRING + timedelta(hours=1))
    set_scope(NOTHING)

    assert worker_by_link(old) is None
    assert worker_by_link("") is None
    link = worker_by_link(new)
    assert link is not None
    assert (link.worker_id, link.village) == (worker.pk, worker.village)
    assert not WorkerLink.objects.filter(secret_hash__contains=new).exists()


def test_looking_at_a_person_is_a_deed_that_names_nobody() -> None:
    worker, officer = make_worker(), make_officer()
    look_at_worker(worker=worker, by=officer, at=SPRING)

    deed = Deed.objects.get(action="register.looked_at")
    assert (deed.object_id, deed.officer, deed.values) == (worker.pk, officer, {})


def test_opening_a_whole_identity_number_is_a_deed() -> None:
    worker = make_worker(identity=WOMAN_OF_1990)

    assert open_identity(worker=worker, by=make_officer(), at=SPRING) == WOMAN_OF_1990
    assert Deed.objects.get().action == "register.identity_opened"
