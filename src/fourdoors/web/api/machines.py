"""The interface for machines: thin, the same selectors as the pages; what they send is in ``deliveries``."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from csp.decorators import csp_update
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import GANSU, divisions_in
from fourdoors.kernel.identity import masked_name
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.register.selectors import workers_visible_to
from fourdoors.register.services import record_export
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import Published, published
from fourdoors.web.api.deliveries import Deliveries
from fourdoors.web.api.tokens import ByToken, InWords, OfDuty
from fourdoors.web.desk import for_everybody, now, officer_of, today

View = Callable[..., HttpResponse]


def for_machines(*duties: Duty) -> Callable[[View], View]:
    """Say which duties an answer is for; ``OfDuty`` has seen to it, a refusal is JSON."""

    def wrap(view: View) -> View:
        view.duties = frozenset(duties)  # type: ignore[attr-defined]
        return view

    return wrap


class MeasureSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Name of the measure; it never changes its meaning unseen.")
    title = serializers.DictField(child=serializers.CharField(), source="title.__dict__")
    unit = serializers.DictField(child=serializers.CharField(), source="unit.__dict__")
    definition = serializers.DictField(child=serializers.CharField(), source="definition.__dict__")
    origin = serializers.DictField(child=serializers.CharField(), source="source.__dict__")
    parts = serializers.ListField(child=serializers.CharField(), allow_null=True)
    definition_hash = serializers.CharField()


class FigureSerializer(serializers.Serializer[dict[str, Any]]):
    place = serializers.IntegerField(help_text="12-digit division code.")
    measure = serializers.CharField()
    value = serializers.DecimalField(
        max_digits=24, decimal_places=4, allow_null=True, coerce_to_string=False,
        help_text="Persons, yuan, or a share in [0, 1]; null where hidden or not counted.",
    )  # fmt: skip
    hidden = serializers.BooleanField(help_text="Kept back: fewer than ten people could be told from it.")


class ReleaseSerializer(serializers.Serializer[dict[str, Any]]):
    release = serializers.CharField()
    from_on = serializers.DateField()
    to_on = serializers.DateField()
    signed_at = serializers.DateTimeField()
    hash = serializers.CharField()
    invented = serializers.BooleanField(help_text="Every number of it is invented.")
    figures = FigureSerializer(many=True)


class WorkerSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="pk")
    name = serializers.SerializerMethodField(help_text="Masked.")
    village = serializers.IntegerField()
    sex = serializers.CharField()
    born_in = serializers.IntegerField(source="born_on.year")
    education = serializers.CharField()
    labour_capacity = serializers.CharField()

    def get_name(self, worker: Any) -> str:
        return masked_name(worker.name)


class VacancySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    occupation = serializers.CharField()
    employer = serializers.CharField(source="employer.name")
    openings = serializers.IntegerField()
    wage_low_yuan = serializers.IntegerField(allow_null=True)
    wage_high_yuan = serializers.IntegerField(allow_null=True)
    pay_basis = serializers.CharField()
    place = serializers.IntegerField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField()


class ByNumber(CursorPagination):
    ordering = "pk"
    page_size = 50


class Measures(APIView):
    """Every measure with its definition in both languages."""

    authentication_classes = (InWords,)
    permission_classes = (AllowAny,)

    @extend_schema(responses=MeasureSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(MeasureSerializer(list(all_measures().values()), many=True).data)


class Figures(APIView):
    """The figures of a signed release, as everybody may read them."""

    authentication_classes = (InWords,)
    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[
            OpenApiParameter("release", str, description="Number of a release; the latest where not given."),
            OpenApiParameter("measure", str, enum=list(all_measures()), description="One measure alone."),
            OpenApiParameter("place", OpenApiTypes.INT64, description="One place alone, 12 digits."),
        ],
        responses={200: ReleaseSerializer, 404: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        figures = published(request.query_params.get("release", ""))
        if figures is None:
            raise NotFound
        release = figures.release
        answer = {
            "release": release.number,
            "from_on": release.from_on,
            "to_on": release.to_on,
            "signed_at": release.signed_at,
            "hash": release.hash,
            "invented": release.invented,
            "figures": list(_figures(figures, request.query_params)),
        }
        return Response(ReleaseSerializer(answer).data)


def _figures(figures: Published, asked: Any) -> Iterator[dict[str, Any]]:
    names = [asked["measure"]] if asked.get("measure") else list(all_measures())
    places = [asked["place"]] if asked.get("place") else _places()
    for code in _known_places(places):
        for name in names:
            measure = all_measures().get(name)
            if measure is None:
                raise NotFound
            if not measure.province_only or code == GANSU:
                value = figures.value(name, code)
                yield {
                    "place": code,
                    "measure": name,
                    "value": value / 100 if value is not None and measure.is_money else value,
                    "hidden": figures.is_hidden(name, code),
                }


def _places() -> list[int]:
    prefectures = [one.code for one in divisions_in(GANSU)]
    return [GANSU, *prefectures, *(one.code for code in prefectures for one in divisions_in(code))]


def _known_places(asked: Sequence[Any]) -> list[int]:
    known = set(_places())
    found = [int(code) for code in asked if str(code).isdecimal() and int(code) in known]
    if not found:
        raise NotFound
    return found


class Workers(ListAPIView[Any]):
    """Workers of the officer's territory, names masked; each page is written to the trail."""

    authentication_classes = (ByToken, InWords)
    permission_classes = (OfDuty,)
    serializer_class = WorkerSerializer
    pagination_class = ByNumber
    duties_allowed = TERRITORIAL

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return open_vacancies(on=today()).none()
        return workers_visible_to(officer=officer_of(self.request))

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        answer = super().list(request, *args, **options)
        record_export(by=officer_of(request), at=now(), rows=len(answer.data["results"]))
        return answer


class Vacancies(ListAPIView[Any]):
    """Vacancies that may be offered today, for officers."""

    authentication_classes = (ByToken, InWords)
    permission_classes = (OfDuty,)
    serializer_class = VacancySerializer
    pagination_class = ByNumber
    duties_allowed = TERRITORIAL | {Duty.STATION}

    def get_queryset(self) -> QuerySet[Any]:
        return open_vacancies(on=today())


def _docs(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
    """Show the interface in words; Swagger's own pictures are data: addresses."""
    answer: HttpResponse = SpectacularSwaggerSplitView.as_view(
        template_name="open/swagger.html", url_name="api_schema"
    )(request, *args, **values)
    return answer


deliver = for_machines(*Deliveries.duties_allowed)(Deliveries.as_view())
docs = for_everybody(csp_update({"img-src": ["data:"]})(_docs))

urlpatterns = [
    path("", docs, name="api_docs"),
    path("schema/", for_everybody(SpectacularAPIView.as_view()), name="api_schema"),
    path("measures/", for_everybody(Measures.as_view()), name="api_measures"),
    path("figures/", for_everybody(Figures.as_view()), name="api_figures"),
    path("workers/", for_machines(*TERRITORIAL)(Workers.as_view()), name="api_workers"),
    path("workers/deliveries/", deliver, name="api_deliveries"),
    path("vacancies/", for_machines(*Vacancies.duties_allowed)(Vacancies.as_view()), name="api_vacancies"),
]
