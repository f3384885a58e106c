"""Public notices (公示): who may read them needs no account, and only while they run."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from fourdoors.subsidies.selectors import public_notice, public_notices, rule_of
from fourdoors.web import explain, words
from fourdoors.web.desk import for_everybody, page_of, today


@never_cache
@for_everybody
def public_notice_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, public_notices(on=today()))
    for notice in page:
        notice.title = explain.title_of(rule_of(notice.policy))
    return render(request, "open/notices/notice_list.html", {"title": _("Public notices"), "page": page})


@never_cache
@for_everybody
def public_notice_detail(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show the masked list while it runs; before and after there is no such page."""
    notice = public_notice(notice_id, on=today())
    if notice is None:
        raise Http404
    context = {
        "title": explain.title_of(rule_of(notice.policy)),
        "notice": notice,
        "rows": notice.masked,
        "has_payee": any(row["payee"] for row in notice.masked),
        "place": words.whole_place(notice.division),
    }
    answer = render(request, "open/notices/notice_detail.html", context)
    answer["X-Robots-Tag"] = "noindex, noarchive"
    return answer


urlpatterns = [
    path("notices/", public_notice_list, name="public_notice_list"),
    path("notices/<int:notice_id>/", public_notice_detail, name="public_notice_detail"),
]
