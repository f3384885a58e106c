"""Who comes to an employer, and the receipt at the factory gate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _

from fourdoors.accounts.rules import Duty
from fourdoors.travel.rules import Door, TripState
from fourdoors.travel.selectors import (
    door_counts,
    for_a_list,
    leg_of,
    manifest,
    seats_taken,
    trips_visible_to,
)
from fourdoors.web.desk import for_duties, officer_of, page_of
from fourdoors.web.office.travel.parts import handover_of, state_of


@for_duties(Duty.EMPLOYER)
def arrival_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, for_a_list(trips_visible_to(officer_of(request))))
    riders = seats_taken(list(page.object_list))
    rows = [
        {
            "trip": trip,
            "leg": next(iter(trip.legs.all()), None),
            "riders": riders.get(trip.pk, 0),
            "state": state_of(trip),
        }
        for trip in page
    ]
    context = {"title": _("Expected arrivals"), "page": page, "rows": rows}
    return render(request, "employer/travel/arrival_list.html", context)


@for_duties(Duty.EMPLOYER)
def arrival_detail(request: HttpRequest, trip_id: int) -> HttpResponse:
    officer = officer_of(request)
    trip = get_object_or_404(for_a_list(trips_visible_to(officer)), pk=trip_id)
    expected, counts = door_counts(trip)
    context = {
        "title": _("Arrival"),
        "trip": trip,
        "leg": leg_of(trip),
        "state": state_of(trip),
        "lines": [(line, Door.ENTER_FACTORY in line.doors) for line in manifest(trip)],
        "expected": expected,
        "inside": counts[Door.ENTER_FACTORY],
        "may_scan": trip.state == TripState.DEPARTED,
        **handover_of(trip, officer),
    }
    return render(request, "employer/travel/arrival_detail.html", context)


urlpatterns = [
    path("arrivals/", arrival_list, name="arrival_list"),
    path("arrivals/<int:trip_id>/", arrival_detail, name="arrival_detail"),
]
