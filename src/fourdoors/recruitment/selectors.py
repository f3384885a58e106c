"""Reads of recruitment: which vacancies are open, which fit a village, how many applied."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When

from fourdoors.kernel.divisions import (
    Division,
    Level,
    Range,
    all_divisions,
    ancestor_of,
    names_of,
    plain_name,
    range_of,
)
from fourdoors.kernel.occupations import all_occupations
from fourdoors.partners.selectors import agreed_places
from fourdoors.recruitment.models import Application, Campaign, Event, Requirement, Vacancy, Visit
from fourdoors.recruitment.rules import EXPIRY_WARNING_DAYS, FEWEST_SHOWN, VacancyState
from fourdoors.register.models import Wish
from fourdoors.register.rules import Purpose

_NOTHING: Collection[int] = ()


def vacancies() -> QuerySet[Vacancy]:
    """Return every vacancy with its employer, the newest confirmation first."""
    return Vacancy.objects.select_related("employer").order_by("-confirmed_at", "-id")


def open_vacancies(*, on: date, country: str = "CN", verified: bool = True) -> QuerySet[Vacancy]:
    """Return the vacancies that may be offered on a day, best pay first.

    Left out are those withdrawn, full or past their days, and, unless ``verified`` is False, those that no
    officer has put a name to. On ``expires_on`` itself a vacancy is no longer open.
    """
    found = Vacancy.objects.filter(_alive(on), country=country)
    if verified:
        found = found.exclude(verified_at=None)
    return found.select_related("employer").order_by("-wage_low_yuan", "-wage_high_yuan", "id")


def _alive(on: date) -> Q:
    days = Q(expires_on__gt=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
    return days & Q(withdrawn_at=None, filled_at=None)


def vacancies_in(state: VacancyState, *, on: date) -> QuerySet[Vacancy]:
    """Return the vacancies that are in a state on a day; ``rules.state_on`` says the same of one row."""
    gone = ~Q(withdrawn_at=None)
    full = Q(withdrawn_at=None) & ~Q(filled_at=None)
    by_state = {
        VacancyState.WITHDRAWN: gone,
        VacancyState.FULL: full,
        VacancyState.EXPIRED: Q(withdrawn_at=None, filled_at=None) & ~_alive(on),
        VacancyState.UNVERIFIED: _alive(on) & Q(verified_at=None),
        VacancyState.EXPIRING: _alive(on) & ~Q(verified_at=None) & _ends_soon(on),
        VacancyState.OPEN: _alive(on) & ~Q(verified_at=None) & ~_ends_soon(on),
    }
    return vacancies().filter(by_state[state])


def _ends_soon(on: date) -> Q:
    return Q(expires_on__lte=on + timedelta(days=EXPIRY_WARNING_DAYS))


@dataclass(frozen=True)
class Sought:
    """What a list of vacancies is narrowed to; nothing given leaves everything."""

    words: str = ""
    place: int | None = None
    occupation: str = ""
    wage_from_yuan: int | None = None
    board: bool = False
    lodging: bool = False


def narrowed(found: QuerySet[Vacancy], sought: Sought) -> QuerySet[Vacancy]:
    """Narrow a list of vacancies: every word must be found in title, duties, employer, trade or place.

    A place is known by its name or by its pinyin (``青岛``, ``qingdao``), a trade by the names of the
    occupation book. Signs that mean something to the database mean nothing here.
    """
    for word in sought.words.split()[:5]:
        found = found.filter(_about(word))
    if sought.place:
        found = found.filter(_within([range_of(sought.place)]))
    if sought.occupation:
        found = found.filter(occupation__startswith=_stem(sought.occupation))
    if sought.wage_from_yuan:
        found = found.filter(wage_high_yuan__gte=sought.wage_from_yuan)
    if sought.board:
        found = found.filter(board=True)
    return found.filter(lodging=True) if sought.lodging else found


def _about(word: str) -> Q:
    said = Q(title__icontains=word) | Q(duties__icontains=word) | Q(place_words__icontains=word)
    said |= Q(employer__name__icontains=word)
    if word.isdecimal():
        said |= Q(pk=int(word)) if len(word) < 10 else Q()
    for stem in _stems_called(word):
        said |= Q(occupation__startswith=stem)
    return said | _within(_places_called(word))


def _within(ranges: Iterable[Range]) -> Q:
    inside = Q(pk__in=_NOTHING)
    for within in ranges:
        inside |= Q(place__gte=within.lo, place__lt=within.hi)
    return inside


def _stems_called(word: str) -> list[str]:
    """Return the codes, without the zeros of a class, of occupations whose name holds a word."""
    if len(word) < 2:
        return []
    return [_stem(it.code) for it in all_occupations() if word in it.name][:40]


def _stem(code: str) -> str:
    """Return the beginning that every code of a class shares.

    >>> _stem("4-10-01-00"), _stem("6-05-01-03")
    ('4-10-01', '6-05-01-03')
    """
    while code.endswith("-00"):
        code = code.removesuffix("-00")
    return code


def _places_called(word: str) -> list[Range]:
    typed = word.casefold()
    if len(typed) < 2:
        return []
    return [range_of(it.code) for it in _counties_and_above() if _is_called(it, typed)][:40]


@cache
def _counties_and_above() -> tuple[Division, ...]:
    return tuple(it for it in all_divisions() if it.level <= Level.COUNTY)


def _is_called(division: Division, typed: str) -> bool:
    if typed.isascii():
        return division.name_pinyin.casefold().startswith(typed)
    return plain_name(division.name, division.level) == plain_name(typed, division.level)


def with_requirements(found: QuerySet[Vacancy]) -> QuerySet[Vacancy]:
    """Load what each vacancy asks for, in one more query."""
    requirements = Requirement.objects.order_by("id")
    return found.prefetch_related(Prefetch("requirements", queryset=requirements))


def vacancies_for_village(village: int, *, on: date, near: bool = False) -> QuerySet[Vacancy]:
    """Return the open vacancies, those that really fit a village first, each with the reasons.

    On top stands what many of the village asked for (destination or trade), then where an agreement leads,
    then what is near home; within each, the best pay. Wishes count only of people who may be matched, and
    only where at least five say the same, so that the page gives nobody away. The scope that is set must
    hold the village. ``near`` leaves only what is in the same prefecture.

    Each row carries ``is_wished``, ``is_agreed`` and ``is_near``.
    """
    places, trades = _wishes_of(village, on=on)
    wished = _within(places)
    for trade in trades:
        wished |= Q(occupation=trade)
    around = _within([range_of(ancestor_of(village, Level.PREFECTURE))])
    found = open_vacancies(on=on).filter(around) if near else open_vacancies(on=on)
    return (
        found.annotate(is_wished=_truth(wished), is_agreed=_truth(_within(agreed_places(village, on=on))))
        .annotate(is_near=_truth(around))
        .order_by("-is_wished", "-is_agreed", "-is_near", "-wage_low_yuan", "-wage_high_yuan", "id")
    )


def _truth(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))  # noqa: FBT003 (a value in SQL)


def _wishes_of(village: int, *, on: date) -> tuple[list[Range], list[str]]:
    """Return the destinations and the trades that enough people of a village want."""
    newest = Wish.objects.filter(village=village, collected_at__date__lte=on).order_by(
        "worker", "-collected_at", "-id"
    )
    agreed = Wish.objects.filter(
        pk__in=newest.distinct("worker").values("pk"),
        wants_to_go=True,
        worker__consents__purpose=Purpose.MATCHING.value,
        worker__consents__withdrawn_at=None,
    )
    places: Counter[int] = Counter()
    trades: Counter[str] = Counter()
    for destinations, occupations in agreed.values_list("destinations", "occupations"):
        places.update(set(destinations))
        trades.update(set(occupations))
    return (
        [range_of(code) for code, people in places.items() if people >= FEWEST_SHOWN],
        [code for code, people in trades.items() if people >= FEWEST_SHOWN],
    )


def applied_from(village: int, vacancy_ids: Collection[int]) -> dict[int, int]:
    """Return how many of a village applied for each vacancy, where it is five or more.

    Fewer could be told from one another by their neighbours: they are not counted out loud (F6).
    The scope that is set must hold the village.
    """
    counts = Application.objects.filter(village=village, vacancy__in=vacancy_ids, withdrawn_at=None)
    rows = counts.values_list("vacancy").annotate(people=Count("id")).filter(people__gte=FEWEST_SHOWN)
    return dict(rows.order_by())


def applications(*, vacancy: Vacancy | None = None, open_only: bool = True) -> QuerySet[Application]:
    """Return applications within the scope that is set, the newest first."""
    found = Application.objects.select_related("worker", "vacancy").order_by("-applied_at", "-id")
    if vacancy is not None:
        found = found.filter(vacancy=vacancy)
    return found.filter(withdrawn_at=None) if open_only else found


def events() -> QuerySet[Event]:
    """Return fairs with their campaign, the newest first."""
    return Event.objects.select_related("campaign").order_by("-on", "-id")


def campaigns() -> QuerySet[Campaign]:
    """Return campaigns, the newest first."""
    return Campaign.objects.order_by("-from_on", "name")


def visits_to(event: Event) -> QuerySet[Visit]:
    """Return who signed in at a fair within the scope that is set, in the order of coming."""
    found = Visit.objects.filter(event=event).select_related("worker", "vacancy")
    return found.order_by("signed_in_at", "id")


def outcomes_of(event: Event) -> dict[str, int]:
    """Return how many visits within the scope that is set ended how; blank: nothing is noted yet."""
    counts = Visit.objects.filter(event=event).values_list("outcome").annotate(people=Count("id"))
    return dict(counts.order_by())


def job_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the job list (招聘岗位信息表) of the posts that are open on a day, those of all places."""
    found = with_requirements(open_vacancies(on=on)).select_related("employer", "verified_by").order_by("pk")
    for serial, it in enumerate(found.iterator(chunk_size=1000), start=1):
        claims = {one.kind: f"{one.value} {one.legal_basis}".strip() for one in it.requirements.all()}
        given = ["包吃" if it.board else "", "包住" if it.lodging else ""]
        yield {
            "serial": str(serial), "employer_name": it.employer.name, "credit_code": it.employer.credit_code,
            "industry": it.employer.industry, "title": it.title, "openings": it.openings,
            "duties": it.duties, "wage": f"{it.wage_low_yuan}-{it.wage_high_yuan}",
            "board_lodging": "".join(given), "insurance": it.insurance,
            "place_words": it.place_words or "".join(names_of(it.place or 0).values()),
            "report_words": it.report_words, "contact": it.employer.contact_name,
            "phone": it.employer.contact_phone, "expires_on": it.expires_on, "source": it.source,
            "verified_by": str(it.verified_by or ""),
            "verified_on": it.verified_at.date() if it.verified_at else None,
            "sex_claim": claims.get("sex", ""), "age_claim": claims.get("age", ""),
        }  # fmt: skip
