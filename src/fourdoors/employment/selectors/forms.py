"""Forms of the field filled in from work as it was: ledger, monitoring, household income, county register."""

from collections.abc import Iterator
from datetime import date
from itertools import count, groupby, islice
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from fourdoors.employment.models import Spell
from fourdoors.employment.rules import WAGE_QUARTERS
from fourdoors.employment.selectors.spells import out_on
from fourdoors.kernel.divisions import Level, Range, ancestor_of, county_of, names_of, range_of
from fourdoors.kernel.periods import Month, full_years
from fourdoors.kernel.terms import NOT_STATED, Channel, ChannelOfJob, Education, LabourCapacity, Sex
from fourdoors.register.models import Membership, Worker
from fourdoors.register.selectors import Home, homes_of, identity_shown

_BLOCK_ROWS = 2_000


def ledger_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the transfer ledger (输转台账) of a place: spells of the year, with what they earned."""
    spells = _spells_of_year(home, on).annotate(
        months=Count("incomes", filter=_of_year(on)), fen=Sum("incomes__fen", filter=_of_year(on))
    )
    for serial, spell in enumerate(spells.iterator(chunk_size=2000), start=1):
        worker = spell.worker
        yield {
            **names_of(spell.village), **names_of(spell.place, prefix="work_"), "serial": str(serial),
            "name": worker.name, "sex": Sex(worker.sex).zh,
            "identity": identity_shown(worker.identity_cipher, worker.identity_tail, whole=whole),
            "age": full_years(worker.born_on, on),
            "education": Education(worker.education).zh if worker.education else "",
            "left_on": spell.left_on, "returned_on": spell.ended_on, "employer_name": spell.employer_name,
            "industry": spell.industry, "post": spell.post, "channel": Channel(spell.channel).zh,
            "organiser": _organiser(spell),
            "has_contract": _YES_NO.get(spell.contract_signed, ""),
            "is_insured": _YES_NO.get(spell.insured, ""), "months_worked": spell.months,
            "total_income": spell.fen, "monthly_income": spell.fen // spell.months if spell.months else None,
        }  # fmt: skip


def _organiser(spell: Spell) -> str:
    """Return who led a worker (组织单位或带队人), as a ledger or our own way knows it.

    A broker, or the words of the ledger; of a trip the office of the county that sent it; who went back to a
    post was called by the employer; who went alone, by nobody (自发). Else blank.
    """
    if spell.broker:
        return spell.broker.name
    if spell.organiser:
        return spell.organiser
    if spell.trip:
        return "".join(names_of(spell.trip.home).values()) + "（点对点输送）"
    alone = {Channel.RETURNED_TO_POST.value: spell.employer_name, Channel.SELF_ARRANGED.value: "自发"}
    return alone.get(spell.channel, "")


def monitor_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the monthly monitoring (务工月监测) of the month before ``on``: who worked, and what was paid.

    What is not known of pay, employer and industry is said to be so (未填报), for the cadre who fills it in:
    a blank cell would be a mistake of theirs.
    """
    month = Month.of(on) + -1
    at_work = Q(left_on__lte=month.last_on) & (Q(ended_on=None) | Q(ended_on__gt=month.first_on))
    paid = Sum("incomes__fen", filter=Q(incomes__month=month.first_on))
    spells = _spells_in(home).filter(at_work).annotate(fen=paid)
    for spell in spells.iterator(chunk_size=2000):
        worker = spell.worker
        yield {
            **names_of(spell.village), **names_of(spell.place, prefix="work_"), "name": worker.name,
            "identity": identity_shown(worker.identity_cipher, worker.identity_tail, whole=whole),
            "left_on": spell.left_on, "returned_on": spell.ended_on,
            "employer_name": spell.employer_name or NOT_STATED, "industry": spell.industry or NOT_STATED,
            "monthly_income": NOT_STATED if spell.fen is None else spell.fen,
            "channel_of_job": _kind_of_job(spell).zh, "point_to_point": _YES_NO[spell.trip_id is not None],
            "month": str(month),
        }  # fmt: skip


def wage_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the household income form (季度务工收入) of the year of ``on``: one line a person."""
    quarters = {f"q_{name}": _earned(on.year, months) for name, months in WAGE_QUARTERS.items()}
    number = Subquery(
        Membership.objects.filter(worker=OuterRef("worker"), to_on=None).values("household__number")[:1]
    )
    spells = _spells_of_year(home, on).annotate(
        household_number=number, months=Count("incomes", filter=_of_year(on)), **quarters
    )
    for _worker, found in groupby(spells.iterator(chunk_size=2000), key=lambda spell: spell.worker_id):
        held = list(found)
        last = held[-1]
        yield {
            "household_number": last.household_number, "name": last.worker.name, "post": last.post,
            "workplace": "".join(names_of(last.place).values()),
            "months_worked": sum(one.months for one in held), "employer_name": last.employer_name,
            "year": on.year,
            **{f"income_{name}": _sum(held, f"q_{name}") for name in WAGE_QUARTERS},
        }  # fmt: skip


def member_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield a county's own register of members (县级农户家庭成员信息), with the work that is known on a day.

    Who has no work on record is not called out of work: nobody said so. No telephone stands in it.
    """
    people = Worker.objects.filter(village__gte=home.lo, village__lt=home.hi, merged_into=None)
    found = people.order_by("village", "pk").iterator(chunk_size=_BLOCK_ROWS)
    serial = count(1)
    while block := list(islice(found, _BLOCK_ROWS)):
        numbers = [worker.pk for worker in block]
        homes = homes_of(numbers, on=on)
        spells = out_on(on).filter(worker__in=numbers).annotate(
            months=Count("incomes", filter=_of_year(on)), fen=Sum("incomes__fen", filter=_of_year(on))
        )  # fmt: skip
        work = {spell.worker_id: spell for spell in spells}
        for worker in block:
            yield {
                **_member(worker, on, whole=whole), **_at_home(homes.get(worker.pk)),
                **_at_work(work.get(worker.pk)), "serial": str(next(serial)),
            }  # fmt: skip


def _member(worker: Worker, on: date, *, whole: bool) -> dict[str, Any]:
    place = names_of(worker.village)
    return {
        "name": worker.name, "sex": Sex(worker.sex).zh, "age": full_years(worker.born_on, on),
        "identity": identity_shown(worker.identity_cipher, worker.identity_tail, whole=whole),
        "education": _LEARNED.get(worker.education, ""), "is_labour": _ABLE.get(worker.labour_capacity, ""),
        "at_school": _YES_NO[worker.at_school], "home_words": "".join(place.values()),
        "township": place.get("township", ""), "village": place.get("village", ""),
    }  # fmt: skip


def _at_home(home: Home | None) -> dict[str, Any]:
    if home is None:
        return {}
    return {
        "head_name": home.head_name, "relation": home.relation, "household_size": home.members,
        "household_kind": home.kind_words,
    }  # fmt: skip


def _at_work(spell: Any) -> dict[str, Any]:
    if spell is None:
        return {}
    place = names_of(spell.place)
    return {
        "work_kind": "外出务工", "work_ring": _ring(spell), "workplace": "".join(place.values()),
        "work_province": place.get("province", ""), "work_prefecture": place.get("prefecture", ""),
        "employer_name": spell.employer_name, "post": spell.post,
        "months_worked": f"{spell.months}个月" if spell.months else "",
        "monthly_income": spell.fen // spell.months if spell.months else None,
    }  # fmt: skip


def _ring(spell: Spell) -> str:
    """Return how far away the work is, in the three words of the form (务工地域)."""
    if range_of(ancestor_of(spell.village, Level.PROVINCE)).covers(range_of(spell.place)):
        return "县内" if county_of(spell.place) == county_of(spell.village) else "省内县外"
    return "省外"


def _sum(spells: list[Any], name: str) -> int | None:
    paid = [fen for spell in spells if (fen := getattr(spell, name)) is not None]
    return sum(paid) if paid else None


_YES_NO: dict[bool | None, str] = {True: "是", False: "否"}


_LEARNED = {term.value: term.zh for term in Education}
_ABLE = {term.value: _YES_NO[term.may_work] for term in LabourCapacity}


def _earned(year: int, months: tuple[int, int]) -> Sum:
    first, last = months
    between = Q(incomes__month__gte=date(year, first, 1), incomes__month__lte=date(year, last, 1))
    return Sum("incomes__fen", filter=between)


def _of_year(on: date) -> Q:
    return Q(incomes__month__year=on.year)


def _spells_in(home: Range) -> QuerySet[Spell]:
    found = Spell.objects.filter(village__gte=home.lo, village__lt=home.hi)
    return found.select_related("worker", "broker", "trip").order_by("village", "worker", "left_on")


def _spells_of_year(home: Range, on: date) -> QuerySet[Spell]:
    first_on = date(on.year, 1, 1)
    return _spells_in(home).filter(Q(ended_on=None) | Q(ended_on__gt=first_on), left_on__lte=on)


def _kind_of_job(spell: Spell) -> ChannelOfJob:
    near = county_of(spell.place) == county_of(spell.village)
    return ChannelOfJob.NEARBY if near else ChannelOfJob.OUT_FOR_WORK
