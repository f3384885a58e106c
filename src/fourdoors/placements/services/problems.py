"""From rows to arrays: who takes part in a round, and what is open."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from fourdoors.engines.matching.problem import (
    MINIMUM_AGE_YEARS,
    NO_AGE_LIMIT,
    Capacity,
    Problem,
    Vacancies,
    Workers,
    no_pairs,
)
from fourdoors.kernel.divisions import county_of, point_of, range_of
from fourdoors.placements.models import Offer, Override, Placement
from fourdoors.placements.rules import (
    OfferState,
    OverrideKind,
    Policy,
    Regions,
    age_limits,
    capacity_code,
    certificate_occupation,
    education_code,
    sex_code,
    tier_of,
)
from fourdoors.placements.selectors import wishes_of_willing
from fourdoors.recruitment.models import Application, Requirement, Vacancy
from fourdoors.recruitment.rules import RequirementKind
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.register.models import Certificate, HouseholdStatus, Membership, Skill

MOST_BITS = 64  # the engine keeps certificates and skills as bits of one word
NOWHERE = (float("nan"), float("nan"))


class Person(NamedTuple):
    """One worker with the newest wish, as one query reads them all."""

    pk: int
    village: int
    county: int
    name: str
    identity_tail: str
    born_on: date
    sex: str
    labour_capacity: str
    education: str
    wish: int
    wished_at: datetime
    occupations: str  # JSON as it is kept: most wishes are the same few, each is read once
    destinations: str
    wage_floor_yuan: int | None
    earliest_on: date | None
    cannot_leave_reason: str


_PERSON = (
    "worker__pk", "worker__village", "worker__county", "worker__name", "worker__identity_tail",
    "worker__born_on", "worker__sex", "worker__labour_capacity", "worker__education", "pk", "collected_at",
    "trades", "places", "wage_floor_yuan", "earliest_on", "cannot_leave_reason",
)  # fmt: skip


class Held(NamedTuple):
    """A pair that an officer holds together."""

    override: int
    worker: int
    vacancy: int


@dataclass(frozen=True)
class Rows:
    """The rows a problem was made of, in the order of its arrays."""

    workers: Sequence[Person]
    vacancies: Sequence[Vacancy]
    held: Counter[int]  # vacancy to its openings that somebody held when it was read
    problem: Problem
    starts_on: date
    held_together: Sequence[Held] = ()  # the oldest word first
    kept_apart: frozenset[tuple[int, int]] = frozenset()  # worker, vacancy

    @property
    def wishes(self) -> set[int]:
        """The wishes by which everybody takes part: where one is gone, the rows are read anew."""
        return {person.wish for person in self.workers}


def gather(
    *,
    division: int,
    starts_on: date,
    on: date,
    seed: int,
    policy: Policy,
    among: QuerySet[Any] | None = None,
    vacancy: int | None = None,
) -> Rows:
    """Read everything a round needs, in a fixed number of queries, and make the engine's problem.

    Taking part: workers of the division who agreed to be matched, whose newest wish is to go, who hold
    no open placement and no offer that waits for an answer of theirs or of the employer, and whose record
    was not merged into another: a person is matched once. Open: verified
    vacancies in China, alive on ``on``, with openings that nobody holds. ``among`` (worker numbers) and
    ``vacancy`` narrow it.
    """
    people = _people(division, among)
    found = open_vacancies(on=on).exclude(place=None)
    vacancies = list(found if vacancy is None else found.filter(pk=vacancy))
    taken = held_openings(vacancies)
    vacancies = [one for one in vacancies if one.openings > taken[one.pk]]
    asked = _asked(vacancies)
    codes = _Codes(vacancies, asked)
    together, apart = _overrides(division)
    declined = _pairs(
        Offer.objects.filter(state__in=[OfferState.DECLINED, OfferState.NOT_TAKEN]), people, division
    )
    return Rows(
        held_together=together,
        kept_apart=frozenset(apart),
        starts_on=starts_on,
        workers=people,
        vacancies=vacancies,
        held=Counter({one.pk: taken[one.pk] for one in vacancies if taken[one.pk]}),
        problem=Problem(
            workers=_worker_table(people, division, starts_on, codes),
            vacancies=_vacancy_table(vacancies, taken, asked, starts_on, codes, policy),
            weights=policy.weights,
            applied=_pairs(Application.objects.filter(withdrawn_at=None), people, division),
            declined=np.concatenate([declined, np.array(apart, "int64")]) if apart else declined,
            links=_links(division),
            bases=codes.bases,
            seed=seed,
        ),
    )


def _people(division: int, among: QuerySet[Any] | None) -> list[Person]:
    as_text = {"trades": Cast("occupations", TextField()), "places": Cast("destinations", TextField())}
    found = wishes_of_willing(division=division).annotate(**as_text).order_by("worker__pk")
    found = found if among is None else found.filter(worker__in=among)
    return [Person(*row) for row in found.values_list(*_PERSON)]


def held_openings(vacancies: Sequence[Vacancy]) -> Counter[int]:
    """Count for each vacancy the openings that somebody of any county holds or was offered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vacancy, held FROM placements_held(%s)", [[one.pk for one in vacancies]])
        return Counter(dict(cursor.fetchall()))


def _asked(vacancies: Sequence[Vacancy]) -> Mapping[int, dict[str, Requirement]]:
    asked: dict[int, dict[str, Requirement]] = defaultdict(dict)
    for one in Requirement.objects.filter(vacancy__in=vacancies).order_by("pk"):
        asked[one.vacancy_id][one.kind] = one
    return asked


def minor_group(occupation: str) -> str:
    """Return the minor group of a CSCO code, by which a skill helps: 6-05-01-03 -> 6-05-01.

    >>> minor_group("6-05-01-03"), minor_group("6-05")
    ('6-05-01', '6-05')
    """
    return "-".join(occupation.split("-")[:3])


class _Codes:
    """Small numbers for the codes of one round."""

    def __init__(self, vacancies: Sequence[Vacancy], asked: Mapping[int, dict[str, Requirement]]) -> None:
        self.regions = Regions(one.place or 0 for one in vacancies)
        self._occupations = {
            code: number for number, code in enumerate(sorted({v.occupation for v in vacancies}))
        }
        openings: Counter[str] = Counter()
        for one in vacancies:
            openings[minor_group(one.occupation)] += one.openings
        groups = [group for group, _ in openings.most_common(MOST_BITS) if group]
        self._skills = {group: 1 << bit for bit, group in enumerate(sorted(groups))}
        wanted = [code for one in vacancies for code in _certificates(one, asked.get(one.pk, {}))]
        most = Counter(minor_group(code) for code in wanted).most_common(MOST_BITS - 1)
        self._certificates = {group: 1 << bit for bit, (group, _) in enumerate(sorted(most))}
        limits = [r.legal_basis for kinds in asked.values() for r in kinds.values() if r.legal_basis]
        self.bases = ("", *sorted(set(limits)))

    def occupation(self, code: str) -> int:
        """Return the number of a vacancy's occupation, -1 for one that nobody offers."""
        return self._occupations.get(code, -1) if code else -1

    def wishes(self, codes: Sequence[str]) -> list[int]:
        """Return three wished occupations."""
        return [*(self.occupation(code) for code in codes[:3]), -1, -1, -1][:3]

    def first_place(self, places: Sequence[int]) -> int:
        """Return the bit of the place wished most, -1 for none."""
        return self.regions.bit_of(places[0]) if places else -1

    def skills(self, codes: Iterable[str]) -> int:
        """Return the bits of the minor groups of these occupations."""
        return _bits(self._skills, codes)

    def certificates(self, codes: Iterable[str]) -> int:
        """Return the bits of the minor groups of the certificates a worker holds."""
        return _bits(self._certificates, codes)

    def certificates_asked(self, codes: Iterable[str]) -> int:
        """Return the bits a vacancy asks for; one past the most common 63 asks for a bit that nobody holds.

        Such a vacancy is offered to nobody in this round, and the round counts it under its certificate:
        better than to send somebody who may not do the work.
        """
        last = 1 << (MOST_BITS - 1)
        return sum({self._certificates.get(minor_group(code), last) for code in codes})

    def basis(self, text: str) -> int:
        """Return the place of a legal basis, 0 for none."""
        return self.bases.index(text)


def _bits(known: Mapping[str, int], codes: Iterable[str]) -> int:
    return sum({known.get(minor_group(code), 0) for code in codes})


def _by_worker(rows: QuerySet[Any], value: str, division: int) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for worker, one in rows.filter(county=county_of(division)).values_list("worker", value):
        found[worker].append(one)
    return found


def _statuses(division: int, on: date) -> Mapping[int, list[str]]:
    held: dict[int, list[str]] = defaultdict(list)
    current = HouseholdStatus.objects.filter(
        Q(to_on=None) | Q(to_on__gt=on), county=county_of(division), from_on__lte=on
    )
    for household, kind in current.values_list("household", "kind"):
        held[household].append(kind)
    members = Membership.objects.filter(
        county=county_of(division), to_on=None, household__in=current.values("household")
    )
    return {worker: held[household] for worker, household in members.values_list("worker", "household")}


def _coded(values: Sequence[Any], code: Callable[[Any], Any]) -> list[Any]:
    """Return the code of each value; each value that turns up is looked at once."""
    codes = {value: code(value) for value in set(values)}
    return [codes[value] for value in values]


def _worker_table(people: Sequence[Person], division: int, starts_on: date, codes: _Codes) -> Workers:
    column = (
        dict(zip(Person._fields, zip(*people, strict=True), strict=True))
        if people
        else dict.fromkeys(Person._fields, ())
    )
    numbers = column["pk"]
    statuses = _statuses(division, starts_on)
    skills = _by_worker(Skill.objects.all(), "occupation", division)
    papers = _by_worker(Certificate.objects.all(), "occupation", division)
    points = _coded(column["village"], lambda village: point_of(village) or NOWHERE)
    wished = column["destinations"]
    stays = [bool(reason) for reason in column["cannot_leave_reason"]]
    earliest = [
        wished_on or born_on
        for wished_on, born_on in zip(column["earliest_on"], column["born_on"], strict=True)
    ]
    return Workers.of(
        key=list(numbers),
        tier=[tier_of(statuses.get(number, ())) for number in numbers],
        consents=[True] * len(people),
        born_on=np.array(column["born_on"], "datetime64[D]"),
        sex=_coded(column["sex"], sex_code),
        capacity=_coded(column["labour_capacity"], capacity_code),
        education=_coded(column["education"], education_code),
        certificates=np.array([codes.certificates(papers.get(n, ())) for n in numbers], "uint64"),
        skills=np.array([codes.skills([*skills.get(n, ()), *papers.get(n, ())]) for n in numbers], "uint64"),
        occupations=np.array(
            _coded(column["occupations"], lambda wish: codes.wishes(json.loads(wish))), "int32"
        ).reshape(-1, 3),
        destinations=np.array(_coded(wished, lambda wish: codes.regions.mask_of(json.loads(wish))), "uint64"),
        first_destination=_coded(wished, lambda wish: codes.first_place(json.loads(wish))),
        stays_in_county=stays,
        county=list(column["county"]),
        village=list(column["village"]),
        wage_floor_yuan_per_month=[floor or 0 for floor in column["wage_floor_yuan"]],
        earliest_on=np.array(earliest, "datetime64[D]"),
        near_home=stays,
        lon_degrees=[lon for lon, _ in points],
        lat_degrees=[lat for _, lat in points],
    )


def _vacancy_table(
    vacancies: Sequence[Vacancy],
    taken: Mapping[int, int],
    asked: Mapping[int, dict[str, Requirement]],
    starts_on: date,
    codes: _Codes,
    policy: Policy,
) -> Vacancies:
    kinds = [asked.get(one.pk, {}) for one in vacancies]
    points = [point_of(one.place or 0) or NOWHERE for one in vacancies]
    ages = [
        age_limits(k[RequirementKind.AGE_MAX].value) if RequirementKind.AGE_MAX in k else (NO_AGE_LIMIT,) * 2
        for k in kinds
    ]
    certificates = [_certificates(one, k) for one, k in zip(vacancies, kinds, strict=True)]
    return Vacancies.of(
        key=[one.pk for one in vacancies],
        openings=[one.openings - taken.get(one.pk, 0) for one in vacancies],
        employer=[one.employer_id for one in vacancies],
        region=[codes.regions.bit_of(one.place or 0) for one in vacancies],
        county=[county_of(one.place or 0) for one in vacancies],
        occupation=[codes.occupation(one.occupation) for one in vacancies],
        wage_yuan_per_month=[one.wage_low_yuan for one in vacancies],
        starts_on=np.array(
            [max(one.starts_on or starts_on, starts_on) for one in vacancies], "datetime64[D]"
        ),
        age_min_years=[
            int(k[RequirementKind.AGE_MIN].value) if RequirementKind.AGE_MIN in k else MINIMUM_AGE_YEARS
            for k in kinds
        ],
        age_max_men_years=[men for men, _ in ages],
        age_max_women_years=[women for _, women in ages],
        age_basis=[_basis(k, codes, RequirementKind.AGE_MAX, RequirementKind.AGE_MIN) for k in kinds],
        sex=[sex_code(k[RequirementKind.SEX].value) if RequirementKind.SEX in k else 0 for k in kinds],
        sex_basis=[_basis(k, codes, RequirementKind.SEX) for k in kinds],
        capacity=[int(Capacity.HALF)] * len(vacancies),
        education=[
            education_code(k[RequirementKind.EDUCATION].value) if RequirementKind.EDUCATION in k else 0
            for k in kinds
        ],
        certificates=np.array(
            [0 if policy.train_to_order else codes.certificates_asked(c) for c in certificates], "uint64"
        ),
        skills=np.array(
            [codes.skills([one.occupation, *c]) for one, c in zip(vacancies, certificates, strict=True)],
            "uint64",
        ),
        lodging=[one.lodging for one in vacancies],
        lon_degrees=[lon for lon, _ in points],
        lat_degrees=[lat for _, lat in points],
    )


def _certificates(vacancy: Vacancy, kinds: Mapping[str, Requirement]) -> list[str]:
    asked = kinds.get(RequirementKind.CERTIFICATE)
    code = certificate_occupation(asked.value, vacancy.occupation) if asked else ""
    return [code] if code else []


def _basis(kinds: Mapping[str, Requirement], codes: _Codes, *order: RequirementKind) -> int:
    return next((codes.basis(kinds[kind].legal_basis) for kind in order if kind in kinds), 0)


def _pairs(rows: QuerySet[Any], people: Sequence[Person], division: int) -> np.ndarray[Any, Any]:
    here, asked = {person.pk for person in people}, rows.filter(county=county_of(division))
    found = [pair for pair in asked.values_list("worker", "vacancy") if pair[0] in here]
    return np.array(found, "int64") if found else no_pairs()


def _overrides(division: int) -> tuple[list[Held], list[tuple[int, int]]]:
    live = Override.objects.filter(county=county_of(division), undone_at=None).order_by("pk")
    words = list(live.values_list("kind", "pk", "worker", "vacancy"))
    together = [Held(*word) for kind, *word in words if kind == OverrideKind.LOCK]
    apart = [(worker, vacancy) for kind, _, worker, vacancy in words if kind == OverrideKind.EXCLUDE]
    return together, apart


def _links(division: int) -> np.ndarray[Any, Any]:
    here = range_of(division)
    working = Placement.objects.filter(village__gte=here.lo, village__lt=here.hi, closed_on=None)
    found = list(working.values_list("village", "employer").distinct())
    return np.array(found, "int64") if found else no_pairs()
