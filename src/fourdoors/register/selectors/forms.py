"""Forms of the field filled in from the register: rows by column key, streamed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from fourdoors.kernel.divisions import Range, names_of
from fourdoors.kernel.terms import (
    NO_HOUSEHOLD,
    Education,
    HouseholdStatusKind,
    LabourCapacity,
    RelationToHead,
    Sex,
)
from fourdoors.register.models import HouseholdStatus, Membership, Worker
from fourdoors.store.vault import vault

_ROSTER = (
    "village", "name", "sex", "born_on", "identity_cipher", "identity_tail", "education", "labour_capacity",
    "at_school", "home__relation", "home__household__number", "status",
)  # fmt: skip
_MASK = "*" * 15
_NO_STATUS = "一般户"


def identity_shown(cipher: bytes | memoryview, tail: str, *, whole: bool) -> str:
    """Return an identity number as a form carries it: whole, or masked but for its last characters."""
    return vault().open("identity", bytes(cipher)) if whole else _MASK + tail


def roster_rows(home: Range, on: date, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the national member export (家庭成员信息) of the workers of a place, household by household.

    It says all that reading it again depends on, so that it comes back without a change: who is in no
    household, and what the household was recognised as on that day (一般户: as nothing).

    Args:
        home: whose workers.
        on: the day of the export; its year is that of the form.
        whole: whole identity numbers, else masked.
    """
    workers = Worker.objects.filter(village__gte=home.lo, village__lt=home.hi, merged_into=None)
    open_ones = Q(memberships__to_on=None)
    rows = (
        workers.annotate(home=FilteredRelation("memberships", condition=open_ones))
        .annotate(status=Subquery(_statuses(on).values("kind")[:1]))
        .order_by("village", "id")
    )
    terms = (Sex, Education, LabourCapacity, RelationToHead, HouseholdStatusKind)
    sexes, learned, able, related, kinds = map(_words, terms)
    for (
        village,
        name,
        sex,
        born_on,
        cipher,
        tail,
        education,
        capacity,
        at_school,
        relation,
        number,
        status,
    ) in rows.values_list(*_ROSTER).iterator(chunk_size=5000):
        yield {
            **names_of(village), "household_number": number or NO_HOUSEHOLD, "name": name, "sex": sexes[sex],
            "born_on": born_on, "identity_type": "居民身份证",
            "identity": identity_shown(cipher, tail, whole=whole), "year": on.year,
            "relation": related.get(relation, ""), "education": learned.get(education, ""),
            "labour_capacity": able.get(capacity, ""), "school_status": "在校" if at_school else "",
            "household_kind": kinds.get(status, _NO_STATUS) if number else "",
        }  # fmt: skip


@dataclass(frozen=True)
class Home:
    """The household of a worker, as a county's own register tells it: its head, its size, what it is."""

    relation: str
    head_name: str
    members: int
    kind_words: str


def homes_of(workers: Sequence[int], *, on: date) -> dict[int, Home]:
    """Return the household of each of these workers; three queries."""
    open_ones = Membership.objects.filter(to_on=None)
    own = open_ones.filter(worker__in=workers).values_list("worker", "household", "relation")
    held = {worker: (household, relation) for worker, household, relation in own}
    members = open_ones.filter(household__in={household for household, _ in held.values()})
    heads: dict[int, str] = {}
    sizes: Counter[int] = Counter()
    for household, relation, name in members.values_list("household", "relation", "worker__name"):
        sizes[household] += 1
        if relation == RelationToHead.HEAD.value:
            heads.setdefault(household, name)
    current = Q(to_on=None) | Q(to_on__gt=on)
    statuses = HouseholdStatus.objects.filter(current, household__in=sizes, from_on__lte=on)
    kinds = dict(statuses.order_by("household", "from_on", "-kind").values_list("household", "kind"))
    words, related = _words(HouseholdStatusKind), _words(RelationToHead)
    return {
        worker: Home(
            related.get(relation, ""), heads.get(home, ""), sizes[home],
            words.get(kinds.get(home, ""), _NO_STATUS),
        )
        for worker, (home, relation) in held.items()
    }  # fmt: skip


def _statuses(on: date) -> QuerySet[HouseholdStatus]:
    """Return what the household of a worker's row was recognised as on a day, the latest first."""
    held = Q(to_on=None) | Q(to_on__gt=on)
    found = HouseholdStatus.objects.filter(held, household=OuterRef("home__household"), from_on__lte=on)
    return found.order_by("-from_on", "kind")


def _words(terms: Any) -> dict[str, str]:
    return {term.value: term.zh for term in terms}
