"""Workers whom a program delivers: up to 500 at a time, by the rules of a roster that a cadre brings in."""

import re
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.sheets.forms import NATIONAL_MEMBER_EXPORT
from fourdoors.intake.rules import DELIVERED_ROWS, DELIVERED_TEXT, Fault, Outcome, Severity
from fourdoors.intake.selectors import RowSaid, rows_said
from fourdoors.intake.services import (
    DeliveryRowsError,
    DeliveryTextError,
    OutsideTerritoryError,
    RequestKeyUsedError,
)
from fourdoors.kernel.errors import RuleError
from fourdoors.register.services import Brought, bring_workers
from fourdoors.web.api.tokens import ByToken, InWords, OfDuty
from fourdoors.web.desk import now, officer_of
from fourdoors.web.faults import DROPPED, words_of
from fourdoors.web.refusals import words_for

MOST_BYTES = 4 * 2**20
KEY = "Idempotency-Key"
_KEY = r"[A-Za-z0-9._:-]{1,64}"
ACCEPTED, UNCHANGED, REFUSED = "accepted", "unchanged", "refused"
_RESULTS = {
    Outcome.NEW: ACCEPTED,
    Outcome.CHANGED: ACCEPTED,
    Outcome.UNCHANGED: UNCHANGED,
    Outcome.FAULTY: REFUSED,
    Outcome.LEFT_OUT: REFUSED,
}
_STATUSES: dict[type[RuleError], int] = {
    OutsideTerritoryError: status.HTTP_404_NOT_FOUND,
    DeliveryRowsError: status.HTTP_400_BAD_REQUEST,
    DeliveryTextError: status.HTTP_400_BAD_REQUEST,
    RequestKeyUsedError: status.HTTP_409_CONFLICT,
}


def _row_fields() -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {}
    for column in NATIONAL_MEMBER_EXPORT.readable:
        if not column.dropped:
            words = f"{column.titles[0]}: {'、'.join(column.choices)}" if column.choices else column.titles[0]
            fields[column.key] = serializers.CharField(
                required=False, allow_blank=True, max_length=DELIVERED_TEXT, help_text=words
            )
    return fields


DeliveredRow = type("DeliveredRow", (serializers.Serializer,), _row_fields())


class DeliverySerializer(serializers.Serializer[Any]):
    division = serializers.IntegerField(
        required=False,
        help_text="12-digit code that the rows speak for; the officer's own territory where not given.",
    )
    rows = serializers.ListField(child=DeliveredRow(), min_length=1, max_length=DELIVERED_ROWS)


class FindingSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=[severity.value for severity in Severity])
    words = serializers.CharField()


class RowAnswerSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Place in the request, from 1.")
    result = serializers.ChoiceField(choices=[ACCEPTED, UNCHANGED, REFUSED])
    worker = serializers.IntegerField(allow_null=True, help_text="Number in the register.")
    waits = serializers.ListField(
        child=serializers.CharField(), help_text="Facts that changed and wait for a second officer."
    )
    findings = FindingSerializer(many=True)


class DroppedSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    words = serializers.CharField()


class DeliveryAnswerSerializer(serializers.Serializer[Any]):
    delivery = serializers.IntegerField(help_text="Number among the files brought in.")
    repeated = serializers.BooleanField(help_text="The same request came before: nothing was written.")
    accepted = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    dropped = DroppedSerializer(many=True, help_text="Fields that were not read, nothing of them is kept.")
    rows = RowAnswerSerializer(many=True)


class RefusalSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="What is wrong, in words.")
    code = serializers.CharField(required=False)


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "delivery_bytes"


class Unsound(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "delivery_unsound"


class Often(UserRateThrottle):
    """More than any county has people, and a program that runs wild is stopped."""

    scope = "deliveries"
    rate = "600/min"


class Asked(NamedTuple):
    """One sound request."""

    key: str
    division: int
    rows: list[dict[str, Any]]


class Deliveries(APIView):
    """Bring workers in: each row is accepted, unchanged or refused with the finding that keeps it out."""

    authentication_classes = (ByToken, InWords)
    permission_classes = (OfDuty,)
    throttle_classes = (Often,)
    duties_allowed = TERRITORIAL - {Duty.AUDITOR}

    @extend_schema(
        description=(
            "Columns of the national member export, as texts; the checks are those of a roster that a cadre "
            "brings in. A consent is never brought in: it is each worker's own word. Fields that must not be "
            "stored are dropped and named."
        ),
        parameters=[
            OpenApiParameter(
                KEY,
                {"type": "string", "pattern": f"^{_KEY}$"},
                OpenApiParameter.HEADER,
                required=True,
                description="What you call this request: the same key with the same rows changes nothing.",
            )
        ],
        request=DeliverySerializer,
        responses={
            200: DeliveryAnswerSerializer,
            (400, "application/json"): RefusalSerializer,
            **dict.fromkeys((401, 403, 404, 409, 413, 415, 429), RefusalSerializer),
        },
        operation_id="workers_deliver",
    )
    def post(self, request: Request) -> Response:
        asked = _asked(request)
        try:
            brought = bring_workers(
                division=asked.division, rows=asked.rows, request_key=asked.key, at=now(),
                by=officer_of(request), token=getattr(request.auth, "pk", None),
            )  # fmt: skip
        except RuleError as refusal:
            said = {"detail": words_for(refusal), "code": refusal.code}
            return Response(said, status=_STATUSES[type(refusal)])
        return Response(_answer(brought))


def _asked(request: Request) -> Asked:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise TooLarge(_("The request is larger than %(limit)d MB.") % {"limit": MOST_BYTES >> 20})
    key = request.headers.get(KEY, "")
    if not re.fullmatch(_KEY, key):
        raise Unsound(_("Give every request a key of its own in the header %(name)s.") % {"name": KEY})
    said = request.data if isinstance(request.data, dict) else {}
    rows = said.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unsound(_("“rows” must be a list of objects."))
    division = said.get("division", officer_of(request).lo)
    if not isinstance(division, int) or isinstance(division, bool):
        raise Unsound(_("“division” must be the 12-digit code of a place."))
    return Asked(key, division, rows)


def _answer(brought: Brought) -> dict[str, Any]:
    rows = [_row(said, brought.waiting) for said in rows_said(brought.batch)]
    results = [row["result"] for row in rows]
    return {
        "delivery": brought.batch.pk,
        "repeated": brought.is_known,
        **{result: results.count(result) for result in (ACCEPTED, UNCHANGED, REFUSED)},
        "dropped": [
            {"field": it["title"], "code": it["reason"], "words": str(DROPPED[it["reason"]])}
            for it in brought.batch.dropped
        ],
        "rows": rows,
    }


def _row(said: RowSaid, waiting: dict[int, list[str]]) -> dict[str, Any]:
    findings = [_finding(fault) for fault in said.faults]
    if said.outcome is Outcome.LEFT_OUT:
        words = _("Under sixteen: the register is of people who may work.")
        stop = {"field": "identity", "code": said.outcome.value, "severity": Severity.STOP.value}
        findings.append({**stop, "words": words})
    return {
        "row": said.number,
        "result": _RESULTS[said.outcome],
        "worker": said.object_id,
        "waits": waiting.get(said.object_id or 0, []),
        "findings": findings,
    }


def _finding(fault: Fault) -> dict[str, str]:
    said = {"field": fault.column, "code": str(fault.code), "severity": fault.severity.value}
    return {**said, "words": words_of(fault)}
