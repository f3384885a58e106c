"""The page that is shown when another broke down."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from fourdoors.store.faults import is_disk_full

INSUFFICIENT_STORAGE = 507  # RFC 4918, section 11.5


def broken_down(request: HttpRequest) -> HttpResponse:
    """Say that the program failed, or that the machine has no room left; nothing was written either way.

    No template of the house is used: the database may be what failed.
    """
    fault = sys.exc_info()[1]
    if fault is not None and is_disk_full(fault):
        return HttpResponse(render_to_string("507.html"), status=INSUFFICIENT_STORAGE)
    return server_error(request)
