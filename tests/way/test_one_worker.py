"""The story of one worker, from a cadre's visit to the published number and back to her row."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import breaks_in_the_trail, scope_of
from fourdoors.console.way.journey import at
from fourdoors.employment.models import FollowUp, Spell
from fourdoors.employment.services import enter_factory, record_follow_up, record_income
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead, Sex
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.services import accept_offer, answer_as_employer, publish_round, run_round
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Household, Worker
from fourdoors.register.rules import HowGiven, Purpose, WishTerms
from fourdoors.register.services import give_consent, record_status, record_wish, register_worker
from fourdoors.statistics.models import FrozenRow, Release
from fourdoors.statistics.services import count_figures, freeze_release, sign_release
from fourdoors.store.scope import Scope, scoped, set_scope
from fourdoors.subsidies.selectors import current_policy
from fourdoors.subsidies.services import assess, load_policies
from fourdoors.training.rules import Mark, class_days
from fourdoors.training.selectors import may_travel
from fourdoors.training.services import close_class, enrol, mark_attendance, open_class, order_course
from fourdoors.travel.models import Seat, Trip
from fourdoors.travel.rules import Door, Side
from fourdoors.travel.selectors import door_counts, leg_of, tasks_of
from fourdoors.travel.services import (
    approve_trip,
    complete_task,
    depart,
    issue_passes,
    open_handover,
    pass_door,
    plan_trips,
    record_health,
    sign_handover,
)
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE, QINGDAO_JIAOZHOU, make_officer
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.training import make_provider
from tests.makers.travel import make_carrier, make_leader, make_receiver

pytestmark = pytest.mark.django_db

SEWING = "6-05-01-03"
STARTS_ON = date(2020, 3, 16)
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2020, 10, 31)


@dataclass
class Story:
    """What the chapters hand on, and the day on which a reader opens the pages."""

    settings: Settings
    officers: dict[str, Officer] = field(default_factory=dict)
    worker: Worker = field(init=False)
    vacancy: Vacancy = field(init=False)
    placement: Placement = field(init=False)
    trip: Trip = field(init=False)
    seat: Seat = field(init=False)
    spell: Spell = field(init=False)
    release: Release = field(init=False)

    def seen(self, officer: str, address: str, *, on: date) -> str:
        """Open a page as an officer on a day."""
        self.settings.DEMONSTRATION_DAY = on
        client = Client()
        if officer:
            backend = "allauth.account.auth_backends.AuthenticationBackend"
            client.force_login(self.officers[officer], backend=backend)
        answer = client.get(address)
        set_scope(Scope(territory=range_of(GANSU)))
        assert answer.status_code == 200, f"{officer} at {address}: {answer.status_code}"
        return answer.content.decode()


@pytest.fixture
def story(settings: Settings) -> Story:
    set_scope(Scope(territory=range_of(GANSU)))
    made = Story(settings)
    for name, duty, division in (
        ("province", Duty.PROVINCE, GANSU),
        ("province2", Duty.PROVINCE, GANSU),
        ("county", Duty.COUNTY, LI_COUNTY),
        ("county2", Duty.COUNTY, LI_COUNTY),
        ("township", Duty.TOWNSHIP, LI_VILLAGE // 1000 * 1000),
        ("health", Duty.HEALTH, LI_COUNTY),
        ("transport", Duty.TRANSPORT, LI_COUNTY),
        ("police", Duty.POLICE, LI_COUNTY),
    ):
        made.officers[name] = make_officer(username=name, full_name=name, duty=duty, division=division)
    return made


def test_one_worker_goes_the_whole_way(story: Story) -> None:
    a_cadre_registers_her(story)
    she_wishes_and_agrees(story)
    a_vacancy_is_open_to_everybody(story)
    she_is_offered_it_and_accepts_by_proxy(story)
    she_is_trained(story)
    she_gets_a_seat_and_a_pass(story)
    she_passes_four_doors(story)
    she_works_and_is_paid_and_visited(story)
    a_rule_says_why_it_gives_her_nothing(story)
    she_is_counted_in_the_release(story)
    four_clicks_lead_from_the_number_to_her(story)
    assert list(breaks_in_the_trail()) == []


def a_cadre_registers_her(story: Story) -> None:
    cadre, day = story.officers["township"], date(2020, 2, 10)
    story.worker = register_worker(
        village=LI_VILLAGE,
        identity=invented_identity(sequence=1, born_on=date(1990, 5, 1), sex=Sex.FEMALE),
        name="马小兰",
        phone="10000000001",
        education="junior_middle",
        labour_capacity="ordinary",
        household_number="6212260000000001",
        relation=RelationToHead.HEAD,
        at=at(day),
        by=cadre,
    )
    record_status(
        household=Household.objects.get(),
        kind=HouseholdStatusKind.REGISTERED_POOR,
        from_on=date(2014, 1, 1),
        at=at(day),
        by=story.officers["county"],
    )
    assert "马小兰" in story.seen("county", "/workers/", on=day)


def she_wishes_and_agrees(story: Story) -> None:
    cadre, moment = story.officers["township"], at(date(2020, 2, 11))
    terms = WishTerms(wants_to_go=True, destinations=(370000_000000,), wage_floor_yuan=2800)
    record_wish(worker=story.worker, terms=terms, at=moment, by=cadre)
    for purpose in (Purpose.MATCHING, Purpose.CONTACT):
        give_consent(worker=story.worker, purpose=purpose, how=HowGiven.PAPER, at=moment, by=cadre)


def a_vacancy_is_open_to_everybody(story: Story) -> None:
    certified = (Asked(RequirementKind.CERTIFICATE, SEWING),)
    story.vacancy = make_vacancy(draft=make_draft(requirements=certified), at=at(date(2020, 2, 28)))
    story.officers["employer"] = make_receiver(story.vacancy.employer_id)
    assert "缝纫工" in story.seen("", f"/jobs/{story.vacancy.pk}/", on=date(2020, 3, 1))


def she_is_offered_it_and_accepts_by_proxy(story: Story) -> None:
    officers, day = story.officers, date(2020, 3, 2)
    made = run_round(division=LI_COUNTY, starts_on=STARTS_ON, by=officers["county"], at=at(day))
    publish_round(round_id=made.pk, by=officers["county2"], at=at(day, 15))
    offer = Offer.objects.get(worker=story.worker)
    assert "马小兰" in story.seen("county", f"/offers/{offer.pk}/", on=day)

    accepted = accept_offer(
        offer=offer, how=HowGiven.PROXY, proxy_name="马建国", at=at(day, 16), by=officers["township"]
    )
    with scoped(scope_of(officers["employer"])):
        placement = answer_as_employer(offer=accepted, takes=True, at=at(day, 17), by=officers["employer"])
    set_scope(Scope(territory=range_of(GANSU)))
    assert placement is not None
    assert (placement.certificate_needed, placement.wage_low_yuan) == (SEWING, 4200)
    story.placement = placement
    assert not may_travel(placement)


def she_is_trained(story: Story) -> None:
    clerk, first, last = story.officers["county"], date(2020, 3, 4), date(2020, 3, 6)
    provider = make_provider()
    trainer = make_officer(username="trainer", duty=Duty.TRAINER, organisation=provider.pk)
    order = order_course(
        employer=story.vacancy.employer,
        vacancy=story.vacancy,
        occupation=SEWING,
        title="缝纫工",
        headcount=1,
        hours=24,
        needed_on=date(2020, 3, 8),
        at=at(date(2020, 3, 3)),
        by=clerk,
    )
    course = open_class(
        order=order,
        provider=provider,
        code="LX2020-01",
        division=LI_COUNTY,
        place_words="礼县职教中心",
        starts_on=first,
        ends_on=last,
        at=at(date(2020, 3, 3)),
        by=clerk,
    )
    (enrolment,) = enrol(
        course_class=course, placements=[story.placement], at=at(date(2020, 3, 3), 11), by=clerk
    )
    for day in class_days(first, last):
        marks = {enrolment.pk: Mark.PRESENT}
        mark_attendance(course_class=course, on=day, marks=marks, at=at(day, 17), by=trainer)
    close_class(
        course_class=course,
        results={enrolment.pk: (80, 75)},
        issuer="礼县人社局",
        on=last,
        at=at(last, 18),
        by=trainer,
    )
    assert may_travel(story.placement)


def she_gets_a_seat_and_a_pass(story: Story) -> None:
    officers, day = story.officers, date(2020, 3, 9)
    carrier = make_carrier()
    officers["leader"] = make_leader(carrier.pk)
    planned = plan_trips(
        home=LI_COUNTY,
        employer=story.vacancy.employer,
        report_on=STARTS_ON,
        carrier=carrier,
        by=officers["county"],
        at=at(day),
    )
    (trip,) = planned.trips
    story.trip = approve_trip(trip=trip, by=officers["county"], at=at(day, 11), leader=officers["leader"])
    story.seat = Seat.objects.get(trip=trip)
    departs_at = leg_of(trip).departs_at
    moment = departs_at - timedelta(hours=20)
    record_health(seat=story.seat, fit=True, by=officers["health"], at=moment)
    issue_passes(trip=trip, by=officers["county"], at=moment)
    for task in tasks_of(trip).filter(done_at=None):
        name = {"human_resources": "county"}.get(task.department, task.department)
        complete_task(task=task, by=officers[name], at=moment + timedelta(hours=1))
    assert "马小兰" in story.seen("county", f"/trips/{trip.pk}/", on=departs_at.date())


def she_passes_four_doors(story: Story) -> None:
    officers, leg = story.officers, leg_of(story.trip)
    scanned(story, Door.LEAVE_HOME, leg.departs_at - timedelta(hours=2))
    scanned(story, Door.BOARD, leg.departs_at - timedelta(minutes=30))
    depart(trip=story.trip, by=officers["county"], at=leg.departs_at)
    page = f"/gate/{story.trip.pk}/{int(Door.ALIGHT)}/"
    assert "马" in story.seen("leader", page, on=leg.arrives_at.date())
    scanned(story, Door.ALIGHT, leg.arrives_at)
    scanned(story, Door.ENTER_FACTORY, leg.arrives_at + timedelta(minutes=20))
    expected, passed = door_counts(story.trip)
    assert passed[Door.ENTER_FACTORY] == expected == 1

    moment = leg.arrives_at + timedelta(hours=1)
    handover = open_handover(trip=story.trip, by=officers["county"], at=moment)
    for side, name in ((Side.SENDER, "county"), (Side.CARRIER, "leader"), (Side.RECEIVER, "employer")):
        handover = sign_handover(handover=handover, side=side, by=officers[name], at=moment)
    assert (handover.expected_persons, handover.present_persons) == (1, 1)


def scanned(story: Story, door: Door, moment: datetime) -> None:
    values: dict[str, Any] = {
        "seat": story.seat,
        "device": "gate-1",
        "device_sequence": int(door),
        "device_at": moment,
        "scanned_by": story.officers["leader"],
        "at": moment,
    }
    if door is Door.ENTER_FACTORY:
        enter_factory(**values)
    else:
        pass_door(door=door, **values)


def she_works_and_is_paid_and_visited(story: Story) -> None:
    county = story.officers["county"]
    story.spell = Spell.objects.get(worker=story.worker)
    assert (story.spell.placement_id, story.spell.grade) == (story.placement.pk, Grade.A)
    for month in (4, 5):
        record_income(
            spell=story.spell,
            month=Month(2020, month),
            fen=470_000,
            measured=True,
            source="bank",
            grade=Grade.A,
            at=at(date(2020, month + 1, 5)),
            by=county,
        )
    visit = FollowUp.objects.get(spell=story.spell, day=7)
    record_follow_up(
        follow_up=visit, still_there=True, paid=True, trouble="", at=at(visit.due_on, 15), by=county
    )
    page = story.seen("county", f"/employment/{story.spell.pk}/", on=date(2020, 6, 6))
    assert "4,700" in page


def a_rule_says_why_it_gives_her_nothing(story: Story) -> None:
    load_policies(at=at(date(2020, 6, 1)))
    policy = current_policy("zhouqu-2020-travel")
    assert policy is not None
    answer = assess(worker=story.worker, policy=policy, period="once", on=date(2020, 6, 22))
    assert not answer.is_granted
    assert answer.reasons == ("in_force",)  # it is a rule of another county


def she_is_counted_in_the_release(story: Story) -> None:
    province, second = story.officers["province"], story.officers["province2"]
    count_figures(from_on=FIRST_DAY, to_on=LAST_DAY, at=at(date(2020, 11, 1)))
    release = freeze_release(
        number="2020-10",
        from_on=FIRST_DAY,
        to_on=LAST_DAY,
        by=province,
        at=at(date(2020, 11, 2)),
        invented=True,
    )
    story.release = sign_release(release=release, by=second, at=at(date(2020, 11, 2), 10))
    rows = FrozenRow.objects.filter(release=release, object_id=story.worker.pk, village=LI_VILLAGE)
    counted = set(rows.values_list("measure", flat=True))
    assert {"transferred_persons", "transferred_registered_poor", "organised_persons"} <= counted


def four_clicks_lead_from_the_number_to_her(story: Story) -> None:
    """Follow the links that the pages show, and no address of our own but the first."""
    day, address = date(2020, 11, 2), "/bulletin/2020-10/"
    figure = r"/figures/transferred_persons"
    for road in (
        rf"{figure}/{GANSU}/[^\"]*",
        rf"{figure}/{LI_COUNTY}/[^\"]*",
        rf"{figure}/{LI_VILLAGE // 1000 * 1000}/[^\"]*",
        rf"/workers/{story.worker.pk}/[^\"]*",
    ):
        page = story.seen("province", address, on=day)
        link = re.search(rf'href="({road})"', page)
        assert link, (address, re.findall(r'href="([^"]*)"', page))
        address = link[1].replace("&amp;", "&")
        assert road.startswith("/workers/") or "release=2020-10" in address
    page = story.seen("county", address, on=day)
    assert "马小兰" in page
    assert story.spell.place == QINGDAO_JIAOZHOU
