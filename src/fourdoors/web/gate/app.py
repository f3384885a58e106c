"""The gate without a network: its page, its service worker, and what it hears when it reports."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.selectors import scope_of
from fourdoors.employment.services import enter_factory
from fourdoors.store.scope import set_scope
from fourdoors.travel.rules import AnsweredFor, Door, TripState
from fourdoors.travel.selectors import (
    CALLS_THE_ROLL,
    doors_passed,
    last_pass_ends_at,
    leg_of,
    list_signers,
    passes_given_up,
    riders_carried,
)
from fourdoors.travel.services import (
    DeviceInviteSpentError,
    SentScan,
    current_list,
    device_with,
    enrol_device,
    is_shut,
    receive_scans,
    see_device,
)
from fourdoors.web.desk import for_everybody, machine_now, now
from fourdoors.web.gate.words import gate_words
from fourdoors.web.words import place as place_name

STATIC = Path(__file__).parents[1] / "static"
LANGUAGES = ("zh-hans", "en")
MODULES = ("app", "cbor", "code", "eye", "keep", "pass", "send", "signed", "trust", "verdict")
CORE = ("web/site.css", "web/mark.svg", *(f"gate/{name}.js" for name in MODULES))
READER = ("parts/zxing-reader.js", "parts/zxing-reader.wasm")
MOST_BYTES = 200_000
MOST_SCANS = 200


def _addresses() -> dict[str, str]:
    names = {
        "worker": "worker",
        "enrol": "enrol",
        "sync": "sync",
        "list": "list_of_keys",
        "manifest": "manifest",
    }
    return {name: reverse(f"gate_{route}") for name, route in names.items()} | {"scope": _scope()}


def _scope() -> str:
    return reverse("gate_worker").removesuffix("worker.js")


def _served(name: str) -> str:
    return f"{settings.STATIC_URL}{name}"


@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
@for_everybody
@require_GET
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """Show the gate: the same page for everybody, so that a phone may keep it; nothing personal is in it."""
    if language not in LANGUAGES:
        raise Http404
    return HttpResponse(_shell(language))


def _shell(language: str) -> str:
    with override(language):
        house = {
            "words": gate_words() | {"language": language},
            "addresses": _addresses(),
            "files": [_served(name) for name in READER],
        }
        return render_to_string(
            "gate/app/shell.html",
            {
                "house": house, "doors": list(Door), "reasons": list(AnsweredFor), "lang": language,
                "demonstration": settings.DEMONSTRATION, "static": settings.STATIC_URL,
            },
        )  # fmt: skip


@for_everybody
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker with the names of its files and the hash of their contents."""
    pages = [reverse("gate_shell", args=[language]) for language in LANGUAGES]
    named = {
        "VERSION": _version(tuple(_shell(language) for language in LANGUAGES)),
        "FILES": [*pages, reverse("gate_manifest"), *(_served(name) for name in CORE)],
        "READER": [_served(name) for name in READER],
    }
    lines = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in named.items())
    return HttpResponse(
        lines + (STATIC / "gate" / "worker.js").read_text(encoding="utf-8"),
        content_type="text/javascript",
        headers={"Cache-Control": "no-cache"},
    )


def _version(shells: tuple[str, ...]) -> str:
    return hashlib.sha256("".join([_files_hash(), *shells]).encode()).hexdigest()[:16]


@cache
def _files_hash() -> str:
    return hashlib.sha256(b"".join((STATIC / name).read_bytes() for name in CORE)).hexdigest()


@for_everybody
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Let a phone put the gate among its apps."""
    icon = {"src": _served("web/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    said = {
        "name": "四道门 · Four Doors", "short_name": "四道门", "display": "standalone", "lang": "zh-CN",
        "start_url": reverse("gate_shell", args=["zh-hans"]), "scope": _scope(),
        "background_color": "#0e1613", "theme_color": "#0b5d4e", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")


def _for_phones(view: Callable[[HttpRequest, dict[str, Any]], HttpResponse]) -> Any:
    """Open an address to phones: JSON in, no session, and a sign that the answer is ours."""

    @csrf_exempt
    @never_cache
    @for_everybody
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if len(request.body) > MOST_BYTES:
            return _ours(JsonResponse({}, status=413))
        try:
            said = json.loads(request.body)
            return _ours(view(request, said if isinstance(said, dict) else {}))
        except (ValueError, KeyError, TypeError, OverflowError):
            return _ours(JsonResponse({}, status=400))

    return guarded


def _ours(answer: HttpResponse) -> HttpResponse:
    answer["X-Gate"] = "1"
    return answer


@_for_phones
def enrol(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    """Take up an invitation."""
    try:
        device, token = enrol_device(secret=str(said["secret"])[:100], at=now())
    except DeviceInviteSpentError:
        return JsonResponse({}, status=410)
    return JsonResponse({"name": device.name, "token": token})


@_for_phones
def sync(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    """Hear a phone: take its scans, say what is new, or that it has to forget the trip."""
    device = device_with(token=request.headers.get("X-Gate-Device", "")[:200])
    if device is None:
        return JsonResponse({}, status=401)
    set_scope(scope_of(device.officer))
    at, scans = now(), [_scan(one) for one in said["scans"][:MOST_SCANS]]
    answers = receive_scans(device=device, scans=scans, at=at, through=_into_the_factory)
    ahead = max(-(10**9), min(10**9, round(float(said["now"]) - machine_now().timestamp())))
    waiting = max(0, min(int(said["waiting"]) - len(scans), 10**6))
    see_device(device=device, at=at, ahead_seconds=ahead, waiting_scans=waiting)
    if is_shut(device):
        return JsonResponse(_news(answers, at) | {"shut": True})
    return JsonResponse(_news(answers, at) | _trip(device, str(said["roster"]), at))


def _news(answers: dict[int, str], at: datetime) -> dict[str, Any]:
    newest = current_list(at=at)  # before the signers: the first list of an installation draws its key
    signers = [{"kid": kid.hex(), "point": point.hex()} for kid, point in list_signers()]
    return {
        "answers": answers, "at": int(at.timestamp()), "clock": int(machine_now().timestamp()),
        "list": newest.version, "signers": signers, "state": "", "departed_at": None, "passed": {},
    }  # fmt: skip


def _trip(device: Any, known: str, at: datetime) -> dict[str, Any]:
    trip = device.trip
    if trip.state in (TripState.CLOSED, TripState.CANCELLED):
        return {"closed": True}
    roster = _roster(device, at)
    text = json.dumps(roster, sort_keys=True, ensure_ascii=False)
    roster["hash"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    said: dict[str, Any] = {"state": trip.state, "departed_at": _second(trip.departed_at)}
    said |= {"passed": doors_passed(trip)}
    return said if roster["hash"] == known else said | {"roster": roster}


def _roster(device: Any, at: datetime) -> dict[str, Any]:
    trip, leg = device.trip, leg_of(device.trip)
    return {
        "trip": trip.pk, "leg": device.leg.number, "plate": leg.vehicle.plate,
        "from": _both(trip.home), "to": _both(trip.place), "leader": str(leg.leader or ""),
        "departs_at": _second(leg.departs_at), "ends_at": _second(last_pass_ends_at(trip) or at),
        "riders": riders_carried(device), "gone": passes_given_up(trip),
        "calls": device.officer.duty in CALLS_THE_ROLL,
    }  # fmt: skip


def _both(place: int) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = place_name(place)
    return said


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _into_the_factory(**scanned: Any) -> Any:
    """Let a rider through the fourth door, where the work begins."""
    return enter_factory(**{name: value for name, value in scanned.items() if name != "door"}).passage


def _scan(one: dict[str, Any]) -> SentScan:
    number = int(one["sequence"])
    if not 1 <= number < 2**53:
        raise ValueError("sequence")
    return SentScan(
        sequence=number,
        door=Door(one["door"]),
        pass_id=bytes.fromhex(one["pass"])[:8] or None,
        said=str(one["said"])[:24],
        answered_for=AnsweredFor(one["answered_for"]) if one["answered_for"] else None,
        device_at=_moment(one["device_at"]),
        made_at=_moment(one["made_at"]),
        list_version=max(0, min(int(one["list"]), 2**53)),
    )


def _moment(second: Any) -> datetime:
    """Return a moment a phone named, held within what a calendar can show."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=max(0, min(int(second), 2**33)))


@for_everybody
@require_GET
def trust_list(request: HttpRequest) -> HttpResponse:
    """Serve the signed list of keys and revoked passes: random numbers, no person; so it is for everybody."""
    found = current_list(at=now())
    tag = f'"{found.version}"'
    if request.headers.get("If-None-Match") == tag:
        return _ours(HttpResponse(status=304, headers={"ETag": tag}))
    answer = HttpResponse(bytes(found.content), content_type="application/cose", headers={"ETag": tag})
    return _ours(answer)


urlpatterns = [
    path("app/worker.js", worker, name="gate_worker"),
    path("app/manifest.webmanifest", manifest, name="gate_manifest"),
    path("app/enrol", enrol, name="gate_enrol"),
    path("app/sync", sync, name="gate_sync"),
    path("app/list", trust_list, name="gate_list_of_keys"),
    path("app/<str:language>/", shell, name="gate_shell"),
]
