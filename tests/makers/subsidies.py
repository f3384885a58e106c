"""Makers of people of Zhouqu County and their claims. Everybody here is invented."""

from datetime import UTC, date, datetime

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import Spell
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead, Sex
from fourdoors.partners.models import Broker
from fourdoors.register.models import Worker
from fourdoors.register.rules import PassbookRow
from fourdoors.register.services import load_passbooks
from fourdoors.store.vault import vault
from fourdoors.subsidies.models import Claim, PaymentBatch, Policy
from fourdoors.subsidies.selectors import current_policy
from fourdoors.subsidies.services import (
    load_policies,
    make_batch,
    make_claims,
    open_notice,
    release_batch,
    review_claims,
)
from tests.makers.accounts import make_officer
from tests.makers.employment import make_income, make_spell, make_ticket
from tests.makers.register import make_household, make_membership, make_status, make_worker

ZHOUQU = 623023_000000  # 舟曲县
ZHOUQU_VILLAGE = 623023_100201
MADE_AT = datetime(2020, 9, 1, 2, 0, tzinfo=UTC)
REVIEWED_AT = datetime(2020, 9, 7, 2, 0, tzinfo=UTC)  # the day after a notice of five days
REWARD = "zhouqu-2020-reward"
ACCOUNT = "6217990000001234567"


def make_policy(key: str = REWARD) -> Policy:
    """Load the policies and return one of them."""
    load_policies(at=MADE_AT)
    policy = current_policy(key)
    assert policy is not None
    return policy


def make_maker() -> Officer:
    """Make the officer of Zhouqu who makes claims and lists."""
    return make_officer(username="zhouqu-1", full_name="杨科员", division=ZHOUQU)


def make_checker() -> Officer:
    """Make the officer of Zhouqu who reviews and releases."""
    return make_officer(username="zhouqu-2", full_name="房主任", division=ZHOUQU)


def make_poor_worker(
    *, name: str = "杨大成", village: int = ZHOUQU_VILLAGE, passbook: bool = True, identity: str = ""
) -> Worker:
    """Make a worker of a registered-poor household, with the household's account."""
    worker = make_worker(name=name, village=village, identity=identity)
    household = make_household(village=village)
    make_membership(worker=worker, household=household, relation=RelationToHead.HEAD)
    make_status(household=household, kind=HouseholdStatusKind.REGISTERED_POOR)
    if passbook:
        make_passbook(worker=worker)
    return worker


def make_passbook(*, worker: Worker, holder_name: str = "") -> None:
    """Give a worker an account."""
    load_passbooks(
        [
            PassbookRow(
                village=worker.village,
                worker_id=worker.pk,
                holder_name=holder_name or worker.name,
                holder_relation=RelationToHead.HEAD.value,
                bank="舟曲县农村信用合作联社",
                account=ACCOUNT,
                from_on=date(2019, 1, 1),
            )
        ]
    )


def make_earner(*, worker: Worker, fen: int = 5_426_800, left_on: date = date(2020, 2, 20)) -> Spell:
    """Send a worker to Qingdao with a ticket of 399 yuan and proven pay."""
    spell = make_spell(worker=worker, left_on=left_on, grade=Grade.A)
    make_ticket(spell=spell, fen=39_900)
    make_income(spell=spell, month=date(2020, 4, 1), fen=fen, grade=Grade.B)
    return spell


def make_broker(*, name: str = "舟曲诚信劳务(虚构)", account: bool = True) -> Broker:
    """Make a licensed broker of Zhouqu."""
    return Broker.objects.create(
        name=name,
        licence_number="ZQ-2019-001",
        home=ZHOUQU,
        bank="农业银行",
        account_cipher=vault().seal("account", "6228480000009876543") if account else None,
        account_tail="6543" if account else "",
        licensed_to_on=date(2021, 12, 31),
    )


def make_claim(*, worker: Worker | None = None, key: str = REWARD, division: int = ZHOUQU) -> Claim:
    """Make the reward claim of an earner."""
    worker = worker or make_poor_worker()
    if not Spell.objects.filter(worker=worker).exists():
        make_earner(worker=worker)
    make_claims(policy=make_policy(key), division=division, period="once", by=make_maker(), at=MADE_AT)
    return Claim.objects.get(worker=worker, policy_key=key)


def approve_all(*, key: str = REWARD, division: int = ZHOUQU) -> None:
    """Take every waiting claim through its notice."""
    notice = open_notice(policy=make_policy(key), division=division, by=make_maker(), at=MADE_AT)
    review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT)


def make_station() -> Officer:
    """Make an officer who reads no claims."""
    return make_officer(username="station", duty=Duty.STATION, division=370281_000000)


def make_list(*, people: int = 1, release: bool = True) -> PaymentBatch:
    """Put people's rewards on a payment list of Zhouqu, and release it by another officer."""
    for number in range(people):
        identity = invented_identity(sequence=50 + number, born_on=date(1980, 1, 1), sex=Sex.MALE)
        make_claim(worker=make_poor_worker(name="杨大成", identity=identity))
    approve_all()
    batch = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    return release_batch(batch=batch, by=make_checker(), at=REVIEWED_AT) if release else batch
