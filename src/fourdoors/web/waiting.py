"""What waits for an officer today: one number a queue, each with the page where it is worked off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.employment.selectors import arrears_visible_to, follow_ups_due, follow_ups_visible_to
from fourdoors.intake.selectors import imports_to_decide
from fourdoors.placements.selectors import offers_to, offers_to_answer, rounds_to_publish
from fourdoors.recruitment.rules import VacancyState
from fourdoors.recruitment.selectors import vacancies_in
from fourdoors.register.rules import ProposalState
from fourdoors.register.selectors import proposals_visible_to
from fourdoors.statistics.selectors import releases_to_sign
from fourdoors.subsidies.selectors import batches_to_release, claims_visible_to, notices_over
from fourdoors.training.selectors import classes_not_closed, classes_of, waiting_for_class
from fourdoors.travel.rules import Department
from fourdoors.travel.selectors import trips_to_lead, trips_to_receive, trips_with_open_tasks
from fourdoors.web.desk import officer_of, today
from fourdoors.web.figures import road

Find = Callable[[Any, date], Any]  # officer and day -> the rows that wait


@dataclass(frozen=True)
class Queue:
    """Work of one kind: who does it, its words, the rows, and the page by its name."""

    duties: frozenset[Duty]
    label: Promise
    find: Find
    page: str
    query: str = ""


@dataclass(frozen=True)
class Waiting:
    """How much of a queue waits; ``href`` is blank where its room has no page."""

    label: Promise
    count: int
    href: str


def _of(*duties: Duty) -> frozenset[Duty]:
    return frozenset(duties)


def _vacancies(state: VacancyState, on: date) -> Any:
    return vacancies_in(state, on=on).filter(country="CN")


def _open_tasks(department: Department, officer: Any, on: date) -> Any:
    return trips_with_open_tasks(officer, department=department)


_OFFICES = _of(Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY)
_DESK = _of(Duty.COUNTY)
# In the order of a worker's way.
QUEUES = (
    Queue(
        _of(Duty.COUNTY, Duty.TOWNSHIP),
        _("Imports to decide on"),
        lambda officer, on: imports_to_decide(officer=officer),
        "import_list",
    ),
    Queue(
        _DESK,
        _("Changes to approve"),
        lambda officer, on: proposals_visible_to(officer, state=ProposalState.OPEN).exclude(
            proposed_by=officer.pk
        ),
        "change_list",
    ),
    Queue(
        _OFFICES,
        _("Vacancies to verify"),
        lambda officer, on: _vacancies(VacancyState.UNVERIFIED, on),
        "vacancy_list",
        "?state=unverified",
    ),
    Queue(
        _OFFICES,
        _("Vacancies that soon expire"),
        lambda officer, on: _vacancies(VacancyState.EXPIRING, on),
        "vacancy_list",
        "?state=expiring",
    ),
    Queue(
        _OFFICES,
        _("Matching rounds to publish"),
        lambda officer, on: rounds_to_publish(officer.jurisdiction),
        "round_list",
    ),
    Queue(
        _of(Duty.COUNTY, Duty.TOWNSHIP),
        _("Offers without an answer"),
        lambda officer, on: offers_to_answer(on=on),
        "offer_list",
        "?state=made",
    ),
    Queue(
        _of(Duty.EMPLOYER),
        _("People to accept by name"),
        lambda officer, on: offers_to(officer.organisation),
        "joining_list",
    ),
    Queue(_DESK, _("Waiting for a class"), lambda officer, on: waiting_for_class(), "waiting_list"),
    Queue(
        _of(Duty.TRAINER),
        _("Classes under way"),
        lambda officer, on: classes_not_closed(classes_of(officer.organisation)),
        "class_list",
    ),
    Queue(
        _OFFICES,
        _("Trips with open tasks"),
        lambda officer, on: trips_with_open_tasks(officer),
        "trip_list",
    ),
    *(
        Queue(_of(duty), _("Trips with open tasks"), partial(_open_tasks, department), "trip_list")
        for duty, department in (
            (Duty.HEALTH, Department.HEALTH),
            (Duty.TRANSPORT, Department.TRANSPORT),
            (Duty.POLICE, Department.POLICE),
        )
    ),
    Queue(
        _of(Duty.CARRIER),
        _("Trips of your coaches"),
        lambda officer, on: trips_to_lead(officer, on=on),
        "trip_list",
    ),
    *(
        Queue(duties, _("Trips to hand over"), lambda officer, on: trips_to_receive(officer), page)
        for duties, page in (
            (_OFFICES | _of(Duty.STATION, Duty.CARRIER), "trip_list"),
            (_of(Duty.EMPLOYER), "arrival_list"),
        )
    ),
    Queue(
        _of(Duty.COUNTY, Duty.TOWNSHIP, Duty.STATION),
        _("Follow-ups due"),
        lambda officer, on: follow_ups_due(on) & follow_ups_visible_to(officer).order_by("due_on", "pk"),
        "follow_up_list",
    ),
    Queue(
        TERRITORIAL - {Duty.AUDITOR} | _of(Duty.STATION),
        _("Unpaid wages to settle"),
        lambda officer, on: arrears_visible_to(officer).filter(settled_at=None),
        "arrears_list",
    ),
    Queue(
        _DESK,
        _("Claims to put on notice"),
        lambda officer, on: claims_visible_to(officer, state="made"),
        "claim_list",
        "?state=made",
    ),
    Queue(_DESK, _("Notices that are over"), lambda officer, on: notices_over(officer, on=on), "notice_list"),
    Queue(
        _DESK,
        _("Payment lists to release"),
        lambda officer, on: batches_to_release(officer),
        "batch_list",
    ),
    Queue(
        _of(Duty.PROVINCE),
        _("Releases to sign"),
        lambda officer, on: releases_to_sign(officer),
        "release_list",
    ),
)


def waiting_for(request: HttpRequest) -> list[Waiting]:
    """Return every queue of who asks, in the order of the way, with how much waits; one query each."""
    return list(_counted(request))


def _counted(request: HttpRequest) -> Iterator[Waiting]:
    officer, on = officer_of(request), today()
    for queue in QUEUES:
        if officer.duty in queue.duties:
            href = road(queue.page)
            yield Waiting(queue.label, queue.find(officer, on).count(), href + queue.query if href else "")
