"""Pages of published figures and the bulletin, open to all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fourdoors.statistics.rules import all_measures
from fourdoors.web import words
from fourdoors.web.desk import for_everybody
from fourdoors.web.figures import number_words, said


@require_GET
@for_everybody
def definitions(request: HttpRequest) -> HttpResponse:
    """Say what every published number means, in what unit, and where the definition comes from."""
    known = all_measures()
    rows = [
        {
            "name": one.name,
            "title": said(one.title),
            "definition": said(one.definition),
            "unit": said(one.unit),
            "source": said(one.source),
            "parts": [(part, said(known[part].title)) for part in one.parts or ()],
            "reported": ""
            if one.reported is None
            else number_words(one, one.reported * (100 if one.is_money else 1)),
        }
        for one in known.values()
    ]
    context = {"title": gettext("What every number means"), "rows": rows, "in_chinese": words.in_chinese()}
    return render(request, "open/statistics/measure_list.html", context)


urlpatterns = [path("definitions/", definitions, name="definitions")]
