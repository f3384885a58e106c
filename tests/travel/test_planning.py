"""Planning: who rides, in which coach, and who is left out by name."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import Coach, LoadRule, Problem, Rider
from fourdoors.engines.routing.times import Place
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.partners.models import Employer
from fourdoors.register.models import Certificate
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.travel.models import Carrier, Leg, LegStop, Seat, Task, Trip
from fourdoors.travel.rules import CHINA, GiveUpReason, TripState
from fourdoors.travel.services import (
    NobodyToCarryError,
    NoCoachError,
    NotYourDutyError,
    PlanFaultyError,
    TooFewDriversError,
    TooLateToArriveError,
    TravelPlan,
    cancel_trip,
    give_up_seat,
    plan_trips,
)
from fourdoors.travel.services.planning import checked
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.partners import make_employer
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_household
from tests.makers.travel import (
    PLANNED_AT,
    REPORT_ON,
    make_carrier,
    make_planned_trip,
    make_rider,
    make_riders,
)

pytestmark = pytest.mark.django_db
NEXT_VILLAGE = 621226_100202


def planned(employer: Employer, carrier: Carrier | None = None, report_on: date = REPORT_ON) -> TravelPlan:
    return plan_trips(
        home=LI_COUNTY, employer=employer, report_on=report_on, carrier=carrier or make_carrier(),
        by=make_officer(), at=PLANNED_AT,
    )  # fmt: skip


def test_a_trip_carries_its_riders_with_stops_seats_drivers_and_tasks() -> None:
    trip = make_planned_trip(riders=3)

    assert (trip.state, trip.home, trip.place) == (TripState.PLANNED, LI_COUNTY, 370281_000000)
    assert set(Seat.objects.values_list("number", flat=True)) == {1, 2, 3}
    stops = [(stop.division, stop.boards) for stop in LegStop.objects.order_by("order")]
    assert stops == [(LI_VILLAGE, True), (LI_COUNTY, True), (trip.place, False)]
    leg = Leg.objects.get()
    assert 1 <= leg.drivers.count() <= 4
    assert Task.objects.filter(trip=trip).count() == 9
    assert Task.objects.get(kind="route_agreed").due_at == leg.departs_at - timedelta(hours=24)
    deed = Deed.objects.get(action="travel.trip_planned")
    assert (deed.chain, deed.object_id, deed.values["riders"]) == (621226, trip.pk, 3)


def test_the_coach_is_at_the_gate_on_the_day_and_leaves_no_earlier_than_it_must() -> None:
    make_planned_trip()
    leg = Leg.objects.get()
    departs_at, arrives_at = leg.departs_at.astimezone(CHINA), leg.arrives_at.astimezone(CHINA)
    assert (departs_at.date(), departs_at.hour) == (REPORT_ON - timedelta(days=1), 7)
    assert arrives_at <= datetime(2020, 3, 9, 18, 0, tzinfo=CHINA)


def test_every_seat_carries_the_consent_to_this_very_move() -> None:
    make_planned_trip(riders=2)
    for seat in Seat.objects.select_related("consent", "placement"):
        assert seat.consent == seat.placement.consent
        assert seat.consent.withdrawn_at is None
        assert seat.consent.move == f"offer:{seat.placement.offer_id}"


def test_half_the_seats_stay_free_before_the_seventh_of_march_2020() -> None:
    vacancy = make_vacancy()
    for _ in range(23):
        make_rider(vacancy=vacancy, starts_on=date(2020, 3, 7))
    plan = planned(vacancy.employer, make_carrier(coaches=(45, 45), drivers=8), date(2020, 3, 7))
    # it leaves on 6 March: 22 of 45, so the 23rd rides in the second coach
    assert {leg.departs_at.astimezone(CHINA).date() for leg in Leg.objects.all()} == {date(2020, 3, 6)}
    assert sorted(Seat.objects.filter(trip=trip).count() for trip in plan.trips) in ([1, 22], [11, 12])
    assert plan.trips[0].load_rule["seat_share"] == 0.5
    assert "56" in plan.trips[0].load_rule["source"]
    assert not Seat.objects.filter(number__gt=45 - 9).exists()  # two rows at the back


def test_who_finds_no_seat_is_named_and_not_seated() -> None:
    vacancy = make_vacancy()
    riders = [make_rider(vacancy=vacancy) for _ in range(10)]
    plan = planned(vacancy.employer, make_carrier(coaches=(8,)))
    assert len(plan.without_seat) == 2
    assert Seat.objects.count() == 8
    assert set(plan.without_seat) < set(riders)


def test_a_placement_that_needs_a_certificate_waits_for_it() -> None:
    vacancy = make_vacancy()
    waits = make_rider(vacancy=vacancy, name="还没有证", certificate_needed="6-05-01-03")
    make_rider(vacancy=vacancy, name="不需要证")
    first = planned(vacancy.employer)
    assert first.waiting == (waits,)
    assert Seat.objects.get().shown_name == "不需要证"

    with pytest.raises(NobodyToCarryError) as refusal:
        planned(vacancy.employer)
    assert refusal.value.values["waiting"] == 1

    Certificate.objects.create(
        village=waits.village, county=waits.county, worker=waits.worker, occupation="6-05-01-03",
        title="缝纫工", number="1", issued_on=date(2020, 3, 1), issuer="礼县职校", grade="B",
    )  # fmt: skip
    planned(vacancy.employer, make_carrier())
    assert Seat.objects.filter(placement=waits).exists()


def test_a_certificate_of_another_trade_does_not_help() -> None:
    vacancy = make_vacancy()
    waits = make_rider(vacancy=vacancy, certificate_needed="6-05-01-03")
    Certificate.objects.create(
        village=waits.village, county=waits.county, worker=waits.worker, occupation="4-10-01-06",
        title="家政", number="1", issued_on=date(2020, 3, 1), issuer="礼县职校", grade="B",
    )  # fmt: skip
    with pytest.raises(NobodyToCarryError):
        planned(vacancy.employer)


def test_people_of_a_village_and_of_a_household_ride_together() -> None:
    vacancy = make_vacancy()
    house = make_household()
    for name in ("夫", "妻"):
        make_rider(vacancy=vacancy, name=name, household=house)
    for number in range(7):
        make_rider(vacancy=vacancy, name=f"邻{number}", village=NEXT_VILLAGE)
    planned(vacancy.employer, make_carrier(coaches=(8, 8), drivers=8))
    by_village = {village: set(Seat.objects.filter(village=village).values_list("trip", flat=True))
                  for village in (LI_VILLAGE, NEXT_VILLAGE)}  # fmt: skip
    assert [len(trips) for trips in by_village.values()] == [1, 1]


def test_different_factories_of_one_employer_are_different_trips() -> None:
    employer = make_employer()
    make_rider(vacancy=make_vacancy(employer=employer))
    make_rider(vacancy=make_vacancy(employer=employer, draft=make_draft(place=370283_000000)))
    plan = planned(employer, make_carrier(coaches=(45, 33), drivers=8))
    assert {trip.place for trip in plan.trips} == {370281_000000, 370283_000000}
    assert len(set(Leg.objects.values_list("vehicle", flat=True))) == 2


def test_only_who_agreed_to_be_called_has_a_phone_on_the_list() -> None:
    vacancy = make_vacancy()
    called = make_rider(vacancy=vacancy, name="可以打", may_be_called=True)
    make_rider(vacancy=vacancy, name="不要打")
    planned(vacancy.employer)
    phones = {seat.shown_name: seat.phone_cipher for seat in Seat.objects.all()}
    assert phones["不要打"] is None
    assert vault().open("phone", phones["可以打"] or b"")[-4:] == called.worker.phone_tail


def test_a_withdrawn_consent_is_not_seen_and_a_seated_person_is_not_seated_twice() -> None:
    stays, goes = make_riders("不去了", "去")
    withdraw_consent(consent=stays.consent, at=PLANNED_AT)
    planned(goes.employer)
    assert Seat.objects.get().placement == goes
    with pytest.raises(NobodyToCarryError):
        planned(goes.employer, make_carrier())


def test_the_database_refuses_a_seat_without_a_live_consent() -> None:
    trip = make_planned_trip(riders=2)
    seat = Seat.objects.first()
    assert seat is not None
    give_up_seat(seat=seat, reason=GiveUpReason.POSTPONED, by=make_officer(), at=PLANNED_AT)
    withdraw_consent(consent=seat.consent, at=PLANNED_AT)
    with pytest.raises(IntegrityError, match="no live consent"), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(given_up_at=None, number=1)
    seat.pk = None
    seat.given_up_at, seat.number = None, 7
    with pytest.raises(IntegrityError, match="no live consent"), transaction.atomic():
        seat.save(force_insert=True)
    assert Seat.objects.filter(trip=trip, given_up_at=None).count() == 1


def test_a_coach_and_its_drivers_are_on_one_road_at_a_time() -> None:
    carrier = make_carrier(coaches=(45,), drivers=4)
    make_planned_trip(carrier=carrier)
    (other,) = make_riders("另一个")
    with pytest.raises(NoCoachError):
        planned(other.employer, carrier)
    cancel_trip(trip=Trip.objects.get(), by=make_officer(), at=PLANNED_AT)
    assert len(planned(other.employer, carrier).trips) == 1


def test_too_few_drivers_are_said_with_their_number_and_nothing_is_written() -> None:
    (rider,) = make_riders("一个")
    with pytest.raises(TooFewDriversError) as refusal:
        planned(rider.employer, make_carrier(drivers=0))
    assert refusal.value.values["free"] == 0
    assert not Trip.objects.exists()
    assert not Seat.objects.exists()


def test_a_coach_that_cannot_be_there_in_time_is_not_planned() -> None:
    vacancy = make_vacancy()
    make_rider(vacancy=vacancy, starts_on=PLANNED_AT.date())
    with pytest.raises(TooLateToArriveError):
        planned(vacancy.employer, report_on=PLANNED_AT.date())
    assert not Trip.objects.exists()


def test_only_the_county_that_sends_plans() -> None:
    (rider,) = make_riders("一个")
    carrier = make_carrier()
    for stranger in (
        make_officer(username="sibling", division=DANGCHANG),
        make_officer(username="doctor", duty=Duty.HEALTH),
        make_officer(username="coach", duty=Duty.CARRIER, organisation=carrier.pk),
    ):
        with pytest.raises(NotYourDutyError):
            plan_trips(
                home=LI_COUNTY, employer=rider.employer, report_on=REPORT_ON, carrier=carrier,
                by=stranger, at=PLANNED_AT,
            )  # fmt: skip
    assert not Trip.objects.exists()


def test_a_cancelled_trip_frees_its_people_for_another() -> None:
    trip = make_planned_trip(riders=2)
    cancel_trip(trip=trip, by=make_officer(), at=PLANNED_AT)
    assert set(Seat.objects.values_list("given_up_reason", flat=True)) == {"cancelled"}
    plan = planned(trip.employer, make_carrier())
    assert Seat.objects.filter(trip=plan.trips[0], given_up_at=None).count() == 2


def test_the_wall_hides_seats_from_the_next_county() -> None:
    make_planned_trip(riders=2)
    set_scope(Scope(territory=range_of(DANGCHANG)))
    assert not Seat.objects.exists()
    set_scope(Scope(territory=range_of(GANSU)))
    assert Seat.objects.count() == 2


def test_a_plan_with_a_breach_carries_nobody() -> None:
    rule = LoadRule(from_on=date(2020, 1, 1), to_on=None, seat_share=1.0, isolation_rows=0, source="x")
    seat = Place(code=LI_COUNTY, lon_degrees=104.95, lat_degrees=34.06)
    riders = tuple(Rider(key=number, village=LI_COUNTY) for number in (1, 2))
    gather_at = datetime(2020, 3, 8, 7, 0, tzinfo=CHINA)
    problem = Problem(
        riders=riders, villages=(seat,), fleet=(Coach(key=1, seats=45),), rule=rule, gather=seat,
        gather_at=gather_at, trunk_road_km=300,
    )  # fmt: skip
    answer = plan(problem)
    assert checked(problem, answer) == answer
    (ride,) = answer.coaches
    on_one_seat = replace(answer, coaches=(replace(ride, seat_of={1: 5, 2: 5}),))
    with pytest.raises(PlanFaultyError) as refusal:
        checked(problem, on_one_seat)
    assert refusal.value.values["faults"] == "seat_twice"
