"""Pages of trips, tasks, passes, handover."""

from django.urls import path

from fourdoors.web.office.travel.deeds import (
    handover_open,
    handover_sign,
    pass_renew,
    seat_give_up,
    task_complete,
    trip_approve,
    trip_cancel,
    trip_depart,
    trip_issue,
    trip_leader,
)
from fourdoors.web.office.travel.pages import health_desk, seat_detail, trip_detail, trip_list, trip_plan
from fourdoors.web.office.travel.papers import cards_pdf, handover_pdf, manifest_pdf

urlpatterns = [
    path("trips/", trip_list, name="trip_list"),
    path("trips/plan/", trip_plan, name="trip_plan"),
    path("trips/<int:trip_id>/", trip_detail, name="trip_detail"),
    path("trips/<int:trip_id>/health/", health_desk, name="health_desk"),
    path("trips/<int:trip_id>/approve/", trip_approve, name="trip_approve"),
    path("trips/<int:trip_id>/leader/", trip_leader, name="trip_leader"),
    path("trips/<int:trip_id>/cancel/", trip_cancel, name="trip_cancel"),
    path("trips/<int:trip_id>/passes/", trip_issue, name="trip_issue"),
    path("trips/<int:trip_id>/depart/", trip_depart, name="trip_depart"),
    path("trips/<int:trip_id>/tasks/<int:task_id>/", task_complete, name="task_complete"),
    path("trips/<int:trip_id>/seats/<int:seat_id>/", seat_detail, name="seat_detail"),
    path("trips/<int:trip_id>/seats/<int:seat_id>/give-up/", seat_give_up, name="seat_give_up"),
    path("trips/<int:trip_id>/seats/<int:seat_id>/pass/", pass_renew, name="pass_renew"),
    path("trips/<int:trip_id>/handover/", handover_open, name="handover_open"),
    path("trips/<int:trip_id>/handover/sign/", handover_sign, name="handover_sign"),
    path("trips/<int:trip_id>/manifest.pdf", manifest_pdf, name="manifest_pdf"),
    path("trips/<int:trip_id>/cards.pdf", cards_pdf, name="cards_pdf"),
    path("trips/<int:trip_id>/handover.pdf", handover_pdf, name="handover_pdf"),
]
