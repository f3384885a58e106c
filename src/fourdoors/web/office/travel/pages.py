"""Lists and pages of trips: the county desk, the departments, the carrier, the station."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.pictures import Arch, arches
from fourdoors.kernel.errors import RuleError
from fourdoors.travel.rules import Door, GiveUpReason, TaskKind, TripState
from fourdoors.travel.selectors import (
    alarms,
    carriers,
    door_counts,
    for_a_list,
    health_list,
    leaders_for,
    manifest,
    on_the_way,
    planning_employers,
    seat_of,
    seats_taken,
    stops_of,
    tasks_of,
    trips_visible_to,
)
from fourdoors.travel.services import TravelPlan, plan_trips, record_health
from fourdoors.web import words
from fourdoors.web.codes import code_picture
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.office.travel.parts import (
    BEFORE,
    LEADERS,
    NAMES,
    READERS,
    SEATS,
    coach_of,
    door_words,
    handover_of,
    state_of,
    steps_of,
    task_rows,
    trip_of,
    within,
)
from fourdoors.web.refusals import words_for

ALARMS = {
    "task_late": gettext_lazy("tasks are late"),
    "not_alighted": gettext_lazy("boarded and were not seen again"),
    "not_entered": gettext_lazy("alighted and did not enter the factory"),
    "not_signed": gettext_lazy("handover not signed"),
}


class PlanForm(forms.Form):
    """Who is carried, by whom."""

    group = forms.ChoiceField(label=gettext_lazy("Employer and day"))
    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"))
    risk_zone = forms.BooleanField(
        label=gettext_lazy("Either end is an area of medium or high risk"),
        required=False,
        help_text=gettext_lazy("Dated rules let fewer people aboard then."),
    )

    def __init__(self, *args: Any, groups: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = {
            f"{employer.pk}/{day.isoformat()}": (employer, day) for employer, day, _people in groups
        }
        fleets = carriers()
        self.carriers = {str(carrier.pk): carrier for carrier, _coaches in fleets}
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            (key, f"{employer.name} · {words.day(day)} · {_people_words(people)}")
            for key, (employer, day, people) in zip(self.groups, groups, strict=True)
        ]
        self.fields["carrier"].choices = [  # type: ignore[attr-defined]
            (str(carrier.pk), f"{carrier.name} · {_coaches_words(coaches)}") for carrier, coaches in fleets
        ]


def _people_words(people: int) -> str:
    return ngettext("%(people)d person", "%(people)d people", people) % {"people": people}


def _coaches_words(coaches: int) -> str:
    return ngettext("%(coaches)d coach", "%(coaches)d coaches", coaches) % {"coaches": coaches}


@for_duties(*READERS)
def trip_list(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    state = request.GET.get("state", "")
    trips = for_a_list(trips_visible_to(officer))
    page = page_of(request, trips.filter(state=state) if state in list(TripState) else trips)
    riders = seats_taken(list(page.object_list)) if officer.duty in SEATS else {}
    context = {
        "title": _("Arrivals") if officer.duty == Duty.STATION else _("Point-to-point trips"),
        "page": page,
        "rows": [_row(trip, riders) for trip in page],
        "counted": officer.duty in SEATS,
        "states": [{"value": one.value, "words": _(one.en)} for one in TripState],
        "state": state,
        "may_plan": officer.duty == Duty.COUNTY,
        "alarms": [
            {"trip": alarm.trip, "count": alarm.count, "words": ALARMS[alarm.kind]}
            for alarm in alarms(officer, at=now())
        ],
        "doors": _doors_today(officer) if officer.duty in TERRITORIAL else "",
    }
    return render(request, "office/travel/trip_list.html", context)


def _row(trip: Any, riders: dict[int, int]) -> dict[str, Any]:
    return {
        "trip": trip,
        "leg": next(iter(trip.legs.all()), None),
        "riders": riders.get(trip.pk, 0),
        "state": state_of(trip),
        "ready": trip.open_tasks == 0,
        "open": trip.state in BEFORE,
    }


def _doors_today(officer: Any) -> str:
    seen = on_the_way(officer, on=today())
    if not seen.trips:
        return ""
    title = _("The four doors today, %(riders)s people on the way") % {"riders": f"{seen.expected:,}"}
    return _arches(seen.passed, title)


def _arches(passed: dict[Door, int], title: str) -> str:
    drawn = arches([Arch(door_words(door), f"{passed[door]:,}") for door in Door], title=title)
    return mark_safe(drawn)  # noqa: S308 (our own drawing, its words escaped by the engine)


@for_duties(Duty.COUNTY)
def trip_plan(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    groups = planning_employers(officer, on=today())
    form = PlanForm(request.POST or None, groups=groups)
    if form.is_valid():
        chosen = form.cleaned_data
        employer, report_on = form.groups[chosen["group"]]
        try:
            plan = plan_trips(
                home=officer.lo, employer=employer, report_on=report_on,
                carrier=form.carriers[chosen["carrier"]], risk_zone=chosen["risk_zone"], by=officer, at=now(),
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            _say_plan(request, plan)
            return (
                redirect("trip_detail", plan.trips[0].pk) if len(plan.trips) == 1 else redirect("trip_list")
            )
    context = {"title": _("Plan a trip"), "form": form, "groups": groups}
    return render(request, "office/travel/trip_plan.html", context, status=422 if form.errors else 200)


def _say_plan(request: HttpRequest, plan: TravelPlan) -> None:
    made = ngettext(
        "%(trips)d coach is planned. Look it over, then approve it.",
        "%(trips)d coaches are planned. Look them over, then approve each.",
        len(plan.trips),
    )
    messages.success(request, made % {"trips": len(plan.trips)})
    left_out = (
        (plan.waiting, _("Waiting for a certificate, not seated: %(names)s.")),
        (plan.without_seat, _("No seat free: %(names)s.")),
    )
    for placements, said in left_out:
        if placements:
            names = _(", ").join(placement.shown_name for placement in placements)
            messages.warning(request, said % {"names": names})


@for_duties(*READERS)
def trip_detail(request: HttpRequest, trip_id: int) -> HttpResponse:
    officer, trip = officer_of(request), trip_of(request, trip_id)
    named = officer.duty in NAMES
    lines = manifest(trip, given_up=named, within=within(officer)) if officer.duty in SEATS else []
    expected, counts = door_counts(trip)
    may = _may(trip, officer)
    context = {
        "title": trip.number,
        "trip": trip,
        "state": state_of(trip),
        "steps": steps_of(trip),
        "stops": stops_of(trip),
        "tasks": task_rows(trip, officer, now()),
        "lines": lines,
        "named": named,
        "seats_shown": officer.duty in SEATS,
        "may_change": officer.duty in (*LEADERS, Duty.TOWNSHIP) and trip.state != TripState.CLOSED,
        "expected": expected,
        "doors": _arches(counts, _("The four doors of this trip")),
        "leaders": list(leaders_for(trip)) if may["approve"] or may["appoint"] else [],
        "next_door": int(Door.ALIGHT if trip.state == TripState.DEPARTED else Door.BOARD),
        "spells_shown": officer.duty in TERRITORIAL,
        "may": may,
        "reasons": {reason.value: _(reason.en) for reason in GiveUpReason},
        **coach_of(trip),
        **handover_of(trip, officer),
    }
    return render(request, "office/travel/trip_detail.html", context)


def _may(trip: Any, officer: Any) -> dict[str, bool]:
    """Return which buttons this officer finds on the page now."""
    county, leads = officer.duty == Duty.COUNTY, officer.duty in LEADERS
    return {
        "approve": county and trip.state == TripState.PLANNED,
        "cancel": county and trip.state in BEFORE,
        "appoint": county and trip.state == TripState.APPROVED,
        "issue": county and trip.state == TripState.APPROVED,
        "depart": leads and trip.state == TripState.APPROVED,
        "scan": officer.duty in (*LEADERS, Duty.TOWNSHIP, Duty.STATION)
        and trip.state in (TripState.APPROVED, TripState.DEPARTED),
        "print": leads and trip.state in (TripState.APPROVED, TripState.DEPARTED),
        "check": officer.duty == Duty.HEALTH and trip.state in BEFORE,
    }


@for_duties(*LEADERS, Duty.TOWNSHIP)
def seat_detail(request: HttpRequest, trip_id: int, seat_id: int) -> HttpResponse:
    officer, trip = officer_of(request), trip_of(request, trip_id)
    line = line_of(trip, officer, seat_id)
    context = {
        "title": line.seat.shown_name or _("Seat"),
        "trip": trip,
        "line": line,
        "code_picture": code_picture(line.token, label=line.code) if line.token else "",
        "reasons": [(one.value, _(one.en)) for one in GiveUpReason if one is not GiveUpReason.CANCELLED],
        "given_up": _(GiveUpReason(line.seat.given_up_reason).en) if line.seat.given_up_reason else "",
        "may_renew": officer.duty == Duty.COUNTY
        and trip.state in (TripState.APPROVED, TripState.DEPARTED)
        and line.seat.given_up_at is None,
        "may_give_up": trip.state != TripState.CLOSED and line.seat.given_up_at is None,
        "doors": [door_words(door) for door in sorted(line.doors)],
    }
    return render(request, "office/travel/seat_detail.html", context)


def line_of(trip: Any, officer: Any, seat_id: int) -> Any:
    """Return a rider of the trip whom the officer sees by name, or 404."""
    lines = manifest(trip, given_up=True, within=within(officer))
    found = next((line for line in lines if line.seat.pk == seat_id), None)
    if found is None:
        raise Http404
    return found


@for_duties(Duty.HEALTH)
def health_desk(request: HttpRequest, trip_id: int) -> HttpResponse:
    """Show name and seat, take fit or refer; nothing else is asked and nothing else is kept."""
    officer, trip = officer_of(request), trip_of(request, trip_id)
    lines = health_list(trip, officer)
    if request.method == "POST":
        _check(request, trip, lines)
        return redirect("health_desk", trip.pk)
    context = {
        "title": _("Health check"),
        "trip": trip,
        "lines": lines,
        "checked": sum(line.fit is not None for line in lines),
        "finish": tasks_of(trip).filter(kind=TaskKind.RIDERS_CHECKED, done_at=None).first()
        if lines and trip.state in BEFORE and all(line.fit is not None for line in lines)
        else None,
        "open": trip.state in BEFORE,
        "leg": coach_of(trip)["leg"],
    }
    return render(request, "office/travel/health_desk.html", context)


def _check(request: HttpRequest, trip: Any, lines: list[Any]) -> None:
    asked, answer = request.POST.get("seat", ""), request.POST.get("answer", "")
    line = next((line for line in lines if str(line.seat) == asked), None)
    seat = seat_of(trip, line.seat) if line else None
    if line is None or seat is None or answer not in ("fit", "refer"):
        raise Http404
    try:
        record_health(seat=seat, fit=answer == "fit", by=officer_of(request), at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        if answer == "refer":
            messages.warning(
                request,
                _("%(name)s travels another day. The seat is free; nobody else is told why.")
                % {"name": line.name},
            )
