"""Makers of carriers, riders and trips. Everybody here is invented."""

from datetime import UTC, date, datetime
from itertools import count

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.partners.models import Employer
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.rules import OfferState
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Household
from fourdoors.register.rules import Purpose
from fourdoors.travel.models import Carrier, Trip
from fourdoors.travel.selectors import tasks_of
from fourdoors.travel.services import (
    approve_trip,
    depart,
    issue_passes,
    plan_trips,
    register_carrier,
    register_driver,
    register_vehicle,
)
from tests.makers.accounts import LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.partners import make_employer
from tests.makers.recruitment import make_vacancy
from tests.makers.register import make_consent, make_membership, make_worker

PLANNED_AT = datetime(2020, 3, 5, 1, 0, tzinfo=UTC)  # 5 March 2020, 09:00 in China
REPORT_ON = date(2020, 3, 9)
_sequence = count(1)


def make_carrier(
    *, coaches: tuple[int, ...] = (45,), drivers: int = 4, name: str = "礼县客运公司"
) -> Carrier:
    """Make a carrier with coaches of so many seats, and drivers."""
    code = invented_credit_code(50_000_000 + next(_sequence))
    carrier = register_carrier(name=name, credit_code=code, at=PLANNED_AT, by=None)
    for seats in coaches:
        plate = f"甘K·A{next(_sequence):04d}"
        register_vehicle(carrier=carrier, plate=plate, seats=seats, at=PLANNED_AT, by=None)
    for number in range(drivers):
        register_driver(carrier=carrier, name=f"司机{number}", licence_tail="0000", at=PLANNED_AT, by=None)
    return carrier


def make_rider(
    *,
    vacancy: Vacancy,
    name: str = "马小兰",
    village: int = LI_VILLAGE,
    starts_on: date = REPORT_ON,
    household: Household | None = None,
    certificate_needed: str = "",
    may_be_called: bool = False,
) -> Placement:
    """Make a worker whom all three sides agreed to place."""
    worker = make_worker(name=name, village=village)
    if household is not None:
        make_membership(worker=worker, household=household)
    if may_be_called:
        make_consent(worker=worker, purpose=Purpose.CONTACT)
    own = {"village": worker.village, "county": worker.county, "worker": worker, "vacancy": vacancy}
    shown = {"shown_name": name, "identity_tail": worker.identity_tail, "employer": vacancy.employer}
    offer = Offer.objects.create(
        **own, **shown, place=vacancy.place, terms={}, points=0, reasons=[], expires_on=starts_on,
        state=OfferState.PLACED, answered_at=PLANNED_AT, employer_said_yes=True,
    )  # fmt: skip
    consent = make_consent(worker=worker, purpose=Purpose.MOVE, move=f"offer:{offer.pk}")
    return Placement.objects.create(
        **own, **shown, offer=offer, consent=consent, place=vacancy.place, starts_on=starts_on,
        wage_low_yuan=4200, wage_high_yuan=5500, certificate_needed=certificate_needed, placed_at=PLANNED_AT,
    )  # fmt: skip


def make_riders(*names: str, employer: Employer | None = None) -> list[Placement]:
    """Make riders of one employer."""
    vacancy = make_vacancy(employer=employer or make_employer())
    return [make_rider(vacancy=vacancy, name=name) for name in names]


def make_planned_trip(*, riders: int = 3, carrier: Carrier | None = None) -> Trip:
    """Plan one coach from Li County to Qingdao."""
    people = make_riders(*(f"马小{'一二三四五六七八九十'[number % 10]}" for number in range(riders)))
    planned = plan_trips(
        home=LI_COUNTY,
        employer=people[0].employer,
        report_on=REPORT_ON,
        carrier=carrier or make_carrier(),
        by=make_officer(),
        at=PLANNED_AT,
    )
    (trip,) = planned.trips
    return trip


def make_approved_trip(*, riders: int = 3, carrier: Carrier | None = None) -> Trip:
    """Plan and approve a trip, and issue its passes."""
    trip = make_planned_trip(riders=riders, carrier=carrier)
    trip = approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT)
    issue_passes(trip=trip, by=make_officer(), at=PLANNED_AT)
    return trip


def make_departed_trip(*, riders: int = 3, at: datetime = PLANNED_AT) -> Trip:
    """Let an approved trip leave, every task done by the machine."""
    trip = make_approved_trip(riders=riders)
    tasks_of(trip).update(done_at=at)
    return depart(trip=trip, by=make_officer(), at=at)


def make_health_officer(*, username: str = "health", division: int = LI_COUNTY) -> Officer:
    """Make an officer of health duty."""
    return make_officer(username=username, full_name="赵医生", duty=Duty.HEALTH, division=division)


def make_leader(carrier_id: int, *, username: str = "") -> Officer:
    """Make a coach leader of a carrier."""
    username = username or f"leader of {carrier_id}"
    return make_officer(username=username, full_name="王秀兰", duty=Duty.CARRIER, organisation=carrier_id)


def make_receiver(employer_id: int, *, username: str = "") -> Officer:
    """Make the person at the factory gate who receives."""
    username = username or f"receiver of {employer_id}"
    return make_officer(username=username, full_name="李主管", duty=Duty.EMPLOYER, organisation=employer_id)
