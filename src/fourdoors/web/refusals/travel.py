"""Refusals of travel."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "carrier_code": _("%(credit_code)s is no unified social credit code. Copy it from the licence."),
    "check_too_early": _("A check counts for three days. Check on %(first_on)s or later."),
    "coach_seats": _("A coach has 6 to 99 seats, not %(seats)s."),
    "consent_withdrawn": _("A rider of %(trip)s has just withdrawn. Press once more to leave without them."),
    "fleet_known": _("%(name)s is registered already."),
    "handover_signed": _("This side has signed already: %(side)s."),
    "no_coach_free": _("%(carrier)s has no coach free for %(report_on)s. Choose another carrier or day."),
    "no_pass": _("Seat %(seat)s has no pass. Issue the passes first."),
    "manifest_trip_unknown": _("No trip of this county has the number %(trip)s. Plan the trip first."),
    "manifest_rider_unknown": _("This person is not in the register of the place that this file is for."),
    "manifest_rider_name": _("The register has another name under this identity number."),
    "manifest_no_placement": _(
        "No agreement of all three sides brings this person to the factory of %(trip)s on that day, or the "
        "consent was taken back. A list is no consent: place the person first."
    ),
    "manifest_certificate": _("The placement waits for a certificate; the person travels when it is there."),
    "manifest_other_trip": _("This person has a seat on trip %(trip)s."),
    "manifest_coach_full": _("No more than %(permitted)d may ride in the coach of %(trip)s that day."),
    "manifest_seat_not_for_use": _("Seat %(seat)d is not there, or is kept free for isolation."),
    "manifest_seat_taken": _("Somebody else has seat %(seat)d."),
    "nobody_to_carry": _(
        "Nobody waits for a seat to %(employer)s on %(report_on)s. Waiting for a certificate: %(waiting)s."
    ),
    "pass_unknown": _("No pass of trip %(trip)s has this code. Look the person up in the manifest."),
    "place_unknown": _("The place %(place)s has no position. Give the employer a place of work first."),
    "plan_faulty": _("The plan broke a rule and was not kept: %(faults)s. Report it."),
    "riders_unchecked": _("%(riders)s riders have not been checked. Check them first."),
    "roads_broken": _("The source of travel times cannot be used, and no other is taken instead: %(why)s"),
    "roads_incomplete": _(
        "The source of travel times lacks %(ways)s ways, the first from %(here)s to %(there)s. Complete it."
    ),
    "device_invite_spent": _(
        "This code for a phone was used or is older than 15 minutes. Ask for a new one."
    ),
    "scan_number_reused": _("This device counted scan %(number)s twice. Scan again."),
    "seat_given_up": _("%(seat)s does not travel on this trip."),
    "task_done": _("This was done already by %(done_by)s."),
    "tasks_open": _("The coach cannot leave: %(count)s tasks are not done: %(tasks)s."),
    "too_few_drivers": _(
        "The hours of drivers need %(needed)s drivers; %(free)s are free. Choose another carrier or day."
    ),
    "too_late_to_arrive": _("No coach that leaves from now on is there by %(report_on)s. Take a later day."),
    "travel_not_your_duty": _("Another office does this."),
    "trip_wrong_state": _("Trip %(trip)s: %(state)s. This cannot be done now."),
}
