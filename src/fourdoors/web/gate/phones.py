"""The phones at the doors of a trip: prepare one by a code, see how each is, shut one out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fourdoors.engines.papers import qr_svg
from fourdoors.kernel.errors import RuleError
from fourdoors.travel.selectors import contradictions, devices_of, trips_visible_to
from fourdoors.travel.services import AT_DOORS, disable_device, invite_device
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.gate.app import LANGUAGES
from fourdoors.web.refusals import words_for


@never_cache
@for_duties(*AT_DOORS)
def device_list(request: HttpRequest, trip_id: int) -> HttpResponse:
    """Show the phones of a trip; on POST prepare another one by a code that works once."""
    officer = officer_of(request)
    trip = get_object_or_404(trips_visible_to(officer), pk=trip_id)
    context = {
        "title": _("Phones at the doors"), "trip": trip, "devices": devices_of(trip),
        "contradictions": contradictions(trip), "address": "", "refusal": "",
    }  # fmt: skip
    if request.method == "POST":
        try:
            _device, secret = invite_device(trip=trip, by=officer, at=now())
        except RuleError as refusal:
            context["refusal"] = words_for(refusal)
        else:
            language = get_language() if get_language() in LANGUAGES else LANGUAGES[0]
            page = request.build_absolute_uri(reverse("gate_shell", args=[language]))
            context["address"] = f"{page}#{secret}"  # what follows # is never sent to a server or a log
            context["picture"] = qr_svg(str(context["address"])).decode()
    return render(request, "gate/doors/device_list.html", context)


@require_POST
@for_duties(*AT_DOORS)
def device_disable(request: HttpRequest, trip_id: int, name: str) -> HttpResponse:
    """Shut a phone out."""
    officer = officer_of(request)
    trip = get_object_or_404(trips_visible_to(officer), pk=trip_id)
    device = devices_of(trip).filter(name=name).first()
    if device is None:
        raise Http404
    disable_device(device=device, by=officer, at=now())
    return redirect("gate_devices", trip.pk)


urlpatterns = [
    path("<int:trip_id>/phones/", device_list, name="gate_devices"),
    path("<int:trip_id>/phones/<str:name>/disable", device_disable, name="gate_device_disable"),
]
