"""A list of travellers comes back: seats of planned trips, for who agreed to this move and nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import Fault
from fourdoors.intake.services import rehearse_merge
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.terms import Sex
from fourdoors.placements.models import Placement
from fourdoors.register.models import Consent, Worker
from fourdoors.store.vault import vault
from fourdoors.travel.models import Seat, Trip
from fourdoors.travel.selectors import rider_rows
from fourdoors.travel.services import approve_trip, merge_manifest
from fourdoors.web.faults import words_of
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.intake import make_asked_import, make_import
from tests.makers.register import make_worker
from tests.makers.travel import PLANNED_AT, REPORT_ON, make_planned_trip, make_rider

pytestmark = pytest.mark.django_db
FORM = "p2p_manifest_person"
TITLES = {
    "trip": "趟次",
    "seat": "座位号",
    "name": "姓名",
    "sex": "性别",
    "identity": "身份证号",
    "hot": "出发体温",
}
Line = dict[str, Any]
NEXT_DAY = REPORT_ON + timedelta(days=1)


def late_rider(trip: Trip, name: str = "马晚来", **of: Any) -> Placement:
    """Place somebody more with the employer of a trip, after it was planned."""
    vacancy = Seat.objects.filter(trip=trip).earliest("pk").placement.vacancy
    return make_rider(vacancy=vacancy, name=name, **of)


def line(ride: Trip, worker: Worker, seat: int | str = "", **changed: Any) -> Line:
    said = {
        "trip": ride.number, "seat": str(seat), "name": worker.name, "sex": Sex(worker.sex).zh, "hot": "36.5",
        "identity": vault().open("identity", bytes(worker.identity_cipher)),
    }  # fmt: skip
    return said | changed


def asked(*lines: Line, division: int = LI_COUNTY, name: str = "花名册.xlsx") -> Import:
    data = xlsx([list(TITLES.values()), *([one[key] for key in TITLES] for one in lines)])
    return make_asked_import(data=data, form=FORM, division=division, name=name, at=PLANNED_AT)


def bring(*lines: Line, by: Officer | None = None, **of: Any) -> dict[str, int]:
    batch = asked(*lines, **of)
    counts: dict[str, int] = merge_manifest(import_id=batch.pk, at=PLANNED_AT, by=by or make_officer()).counts
    return counts


def told() -> list[tuple[str, str]]:
    rows = StagedRow.objects.filter(outcome="faulty").order_by("number")
    return [(fault["column"], fault["code"]) for row in rows for fault in row.faults]


def aboard(trip: Trip) -> dict[str, int | None]:
    return dict(Seat.objects.filter(trip=trip, given_up_at=None).values_list("shown_name", "number"))


def test_who_agreed_to_this_move_gets_the_seat_of_the_row_with_the_consent_beside_it() -> None:
    trip = make_planned_trip(riders=2)
    late = late_rider(trip, may_be_called=True)
    counts = bring(line(trip, late.worker, 33))
    seat = Seat.objects.get(placement=late)
    assert (seat.trip, seat.number, seat.consent, seat.shown_name) == (trip, 33, late.consent, "马晚来")
    assert (seat.carrier, seat.employer, seat.place) == (trip.carrier, trip.employer, trip.place)
    assert bytes(seat.phone_cipher or b"") == bytes(late.worker.phone_cipher or b"no")
    assert (counts["new"], counts["faulty"]) == (1, 0)
    assert Deed.objects.get(action="travel.seat_taken").values["number"] == 33


def test_our_own_list_comes_back_and_changes_nothing_whatever_became_of_the_trip() -> None:
    trip = make_planned_trip(riders=3)
    approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT)
    rows = list(rider_rows(range_of(LI_COUNTY), REPORT_ON, whole=True, of=trip.number))
    lines = [
        {"trip": row["trip_number"], "seat": str(row["seat"]), "name": row["name"], "sex": row["sex"],
         "identity": row["identity"], "hot": ""} for row in rows
    ]  # fmt: skip
    before = list(Seat.objects.order_by("pk").values())
    assert bring(*lines)["unchanged"] == 3
    assert bring(*reversed(lines), name="again.xlsx")["unchanged"] == 3
    assert list(Seat.objects.order_by("pk").values()) == before


def test_a_row_without_a_seat_takes_what_the_others_leave_and_the_same_file_twice_is_nothing_new() -> None:
    trip = make_planned_trip(riders=1)
    late, later = late_rider(trip), late_rider(trip, "马更晚")
    (first,) = aboard(trip).values()
    lines = (line(trip, late.worker), line(trip, later.worker, 3))
    assert bring(*lines)["new"] == 2
    numbers = aboard(trip)
    assert numbers["马更晚"] == 3
    assert numbers["马晚来"] not in (None, 3, first)
    assert bring(*reversed(lines), name="again.xlsx")["unchanged"] == 2
    assert aboard(trip) == numbers


def test_another_seat_in_the_row_is_a_change_of_seat_before_the_trip_is_approved_and_none_after() -> None:
    trip = make_planned_trip(riders=1)
    rider = Seat.objects.get().worker
    assert bring(line(trip, rider, 20))["changed"] == 1
    assert list(aboard(trip).values()) == [20]
    approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT)
    bring(line(trip, rider, 21), line(trip, late_rider(trip).worker, 22), name="b.xlsx")
    assert told() == [("trip_number", "trip_wrong_state")] * 2
    assert "approved" not in words_of(Fault(**StagedRow.objects.filter(outcome="faulty")[0].faults[0]))
    assert list(aboard(trip).values()) == [20]


def test_a_list_is_no_consent() -> None:
    trip = make_planned_trip(riders=1)
    stranger = make_worker(name="马没约")
    withdrawn, other_day = (
        late_rider(trip, "马撤回"),
        late_rider(trip, "马隔天", starts_on=NEXT_DAY),
    )
    closed, waits = late_rider(trip, "马结束"), late_rider(trip, "马缺证", certificate_needed="6-05-01-03")
    Placement.objects.filter(pk=closed.pk).update(closed_on=REPORT_ON)
    Consent.objects.filter(pk=withdrawn.consent_id).update(withdrawn_at=PLANNED_AT)
    people = [stranger, withdrawn.worker, other_day.worker, closed.worker, waits.worker]
    counts = bring(*(line(trip, worker, 30 + at) for at, worker in enumerate(people)))
    assert told() == [("identity", "manifest_no_placement")] * 4 + [("identity", "manifest_certificate")]
    assert (counts["new"], counts["faulty"], Seat.objects.count()) == (0, 5, 1)
    assert not Deed.objects.filter(action="travel.seat_taken").exists()


def test_seats_that_are_taken_kept_free_or_not_there_stay_as_they_are() -> None:
    trip = make_planned_trip(riders=1)
    Trip.objects.update(load_rule=trip.load_rule | {"isolation_rows": 1})
    (number,) = aboard(trip).values()
    assert number is not None
    seats = (number, 45, 46, 0)  # held; the last row; more than the coach has; none
    people = [late_rider(trip, f"马{name}").worker for name in "甲乙丙丁"]
    bring(*(line(trip, worker, seat) for worker, seat in zip(people, seats, strict=True)))
    assert told() == [("seat", "manifest_seat_taken")] + [("seat", "manifest_seat_not_for_use")] * 3
    assert Seat.objects.count() == 1


def test_no_more_ride_than_the_rule_of_the_day_permits() -> None:
    trip = make_planned_trip(riders=2)
    Trip.objects.update(load_rule=trip.load_rule | {"seat_share": 3 / 45, "isolation_rows": 0})
    bring(line(trip, late_rider(trip).worker), line(trip, late_rider(trip, "马多余").worker))
    assert told() == [("trip_number", "manifest_coach_full")]
    assert len(aboard(trip)) == 3


def test_trip_name_place_and_a_seat_elsewhere_are_looked_at() -> None:
    trip, other = make_planned_trip(riders=1), make_planned_trip(riders=1)
    seated = Seat.objects.get(trip=other)
    Trip.objects.filter(pk=other.pk).update(employer=trip.employer, place=trip.place)
    Placement.objects.filter(pk=seated.placement_id).update(employer=trip.employer, place=trip.place)
    away = late_rider(trip, "马外县", village=DANGCHANG + 100_201)
    late = late_rider(trip)
    bring(
        line(trip, late.worker, 10, trip="621226-0101-9"),
        line(trip, late_rider(trip, "马真名").worker, 11, name="马假名"),
        line(trip, away.worker, 12),
        line(trip, seated.worker, 13),
    )
    assert told() == [
        ("trip_number", "manifest_trip_unknown"), ("name", "manifest_rider_name"),
        ("identity", "manifest_rider_unknown"), ("identity", "manifest_other_trip"),
    ]  # fmt: skip
    assert Seat.objects.count() == 2


def test_another_county_and_another_duty_give_no_seat() -> None:
    trip = make_planned_trip(riders=1)
    late = late_rider(trip)
    bring(line(trip, late.worker, 10), division=DANGCHANG)
    assert told() == [("trip_number", "manifest_trip_unknown")]
    StagedRow.objects.all().delete()
    town = make_officer(username="town", duty=Duty.TOWNSHIP, division=LI_VILLAGE // 1000 * 1000)
    bring(line(trip, late.worker, 10), by=town, name="b.xlsx")
    assert told() == [("identity", "travel_not_your_duty")]
    assert Seat.objects.count() == 1


def test_two_rows_for_one_seat_are_told_when_the_file_is_read_and_the_rehearsal_writes_nothing() -> None:
    trip = make_planned_trip(riders=1)
    one, two = late_rider(trip), late_rider(trip, "马晚二")
    lines = [
        line(trip, one.worker, 10),
        line(trip, two.worker, 10),
        line(trip, make_worker(name="马没约"), 11),
    ]
    data = xlsx([list(TITLES.values()), *([one[key] for key in TITLES] for one in lines)])
    batch = make_import(data=data, form=FORM, division=LI_COUNTY, at=PLANNED_AT)
    rehearse_merge(import_id=batch.pk, merge=merge_manifest, at=PLANNED_AT)
    batch.refresh_from_db()
    assert told() == [("seat", "twice_in_file"), ("identity", "manifest_no_placement")]
    assert (batch.counts["would_new"], Seat.objects.count()) == (1, 1)
