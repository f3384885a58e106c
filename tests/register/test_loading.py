"""Bulk loaders: thousands of rows at once, sealed, inside the scope."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import (
    Certificate,
    Consent,
    Household,
    HouseholdStatus,
    Membership,
    Passbook,
    Skill,
    Wish,
    Worker,
    WorkerEvent,
)
from fourdoors.register.rules import (
    CertificateRow,
    ConsentRow,
    HouseholdRow,
    MembershipRow,
    PassbookRow,
    SkillRow,
    StatusRow,
    WishRow,
    WorkerRow,
)
from fourdoors.register.services import (
    load_certificates,
    load_consents,
    load_households,
    load_memberships,
    load_passbooks,
    load_skills,
    load_statuses,
    load_wishes,
    load_workers,
)
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from tests.makers.accounts import DANGCHANG, LI_VILLAGE
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db

BORN_ON = date(1988, 4, 9)


def row(sequence: int, village: int = LI_VILLAGE) -> WorkerRow:
    return WorkerRow(
        village=village,
        identity=invented_identity(sequence=sequence, born_on=BORN_ON, sex=Sex.MALE),
        name="马强",
        sex="male",
        born_on=BORN_ON,
        phone=invented_phone(sequence),
    )


def test_workers_come_back_by_number_in_the_order_given() -> None:
    numbers = load_workers((row(sequence) for sequence in range(200)), at=SPRING)

    tails = [Worker.objects.get(pk=number).phone_tail for number in (numbers[0], numbers[199])]
    assert tails == ["0000", "0199"]
    assert len(set(numbers)) == 200


def test_a_loaded_worker_is_sealed_and_can_be_found_by_the_whole_number() -> None:
    load_workers([row(7)], at=SPRING)
    worker = Worker.objects.get(identity_hash=vault().hash("identity", row(7).identity))

    assert vault().open("identity", worker.identity_cipher) == row(7).identity
    assert vault().open("phone", worker.phone_cipher or b"") == invented_phone(7)
    assert (worker.name_pinyin, worker.name_initials, worker.county) == ("ma qiang", "mq", 621226)
    assert WorkerEvent.objects.get(id=worker.pk).pgh_label == "insert"


def test_a_row_outside_the_scope_takes_the_whole_load_back() -> None:
    set_scope(Scope(territory=range_of(621226_000000)))
    with pytest.raises(ProgrammingError), transaction.atomic():
        load_workers([row(1), row(2, DANGCHANG + 100_201)], at=SPRING)

    assert not Worker.objects.exists()


def test_everything_known_of_a_household_can_be_loaded() -> None:
    (household,) = load_households([HouseholdRow(LI_VILLAGE, "62122600001")])
    (worker,) = load_workers([row(1)], at=SPRING)
    day = date(2014, 1, 1)
    load_statuses([StatusRow(LI_VILLAGE, household, "registered_poor", day)])
    load_memberships([MembershipRow(LI_VILLAGE, household, worker, "head", day)])
    load_skills([SkillRow(LI_VILLAGE, worker, "缝纫", day)])
    load_wishes(
        [WishRow(LI_VILLAGE, worker, wants_to_go=True, collected_at=SPRING, destinations=[370281_000000])]
    )
    load_consents([ConsentRow(LI_VILLAGE, worker, "matching", "self", SPRING)])
    load_certificates([CertificateRow(LI_VILLAGE, worker, "缝纫工", "S1", "礼县人社局", day)])
    load_passbooks([PassbookRow(LI_VILLAGE, worker, "马大山", "father", "农商行", "990000001234", day)])

    models = (Household, HouseholdStatus, Membership, Skill, Wish, Consent, Certificate, Passbook)
    assert [model.objects.count() for model in models] == [1] * 8
    assert Wish.objects.get().destinations == [370281_000000]
    assert Passbook.objects.get().account_tail == "1234"


def test_no_rows_are_no_households() -> None:
    assert load_households([]) == []


def test_two_statuses_of_one_kind_may_follow_each_other_on_the_day() -> None:
    (household,) = load_households([HouseholdRow(LI_VILLAGE, "62122600001")])
    turn = date(2018, 6, 1)
    load_statuses(
        [
            StatusRow(LI_VILLAGE, household, "registered_poor", turn - timedelta(days=900), turn),
            StatusRow(LI_VILLAGE, household, "registered_poor", turn),
        ]
    )

    assert HouseholdStatus.objects.count() == 2
