"""Many rows at once, in blocks of any size: for the demonstration and for a province's first load.

Each loader copies what it is given, all of it or nothing, without a look at what is there: rows that
came from people's hands go through ``merge_roster``.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import models, transaction
from psycopg.types.json import Jsonb

from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.names import initials_of, pinyin_of
from fourdoors.register.models import (
    Certificate,
    Consent,
    Household,
    HouseholdStatus,
    Membership,
    OtherIncome,
    Passbook,
    Skill,
    Wish,
    Worker,
)
from fourdoors.register.rules import (
    CertificateRow,
    ConsentRow,
    HouseholdRow,
    MembershipRow,
    OtherIncomeRow,
    PassbookRow,
    SkillRow,
    StatusRow,
    WishRow,
    WorkerRow,
)
from fourdoors.store.copying import copy_rows, reserve_ids
from fourdoors.store.vault import Vault, vault

WORKER_COLUMNS = (
    "village", "county", "identity_hash", "identity_cipher", "identity_tail", "name", "name_pinyin",
    "name_initials", "sex", "born_on", "education", "labour_capacity", "at_school", "phone_hash",
    "phone_cipher", "phone_tail", "source", "grade", "registered_at",
)  # fmt: skip
_BLOCK_ROWS = 20_000


@transaction.atomic
def load_households(rows: Iterable[HouseholdRow]) -> list[int]:
    """Insert households and return their numbers in the order given."""
    return _load_numbered(Household, rows)


@transaction.atomic
def load_workers(rows: Iterable[WorkerRow], *, at: datetime) -> list[int]:
    """Insert workers, sealed, and return their numbers in the order given.

    Identity numbers are taken as they are: whoever calls has read them with ``kernel.identity``.
    One event statement a block goes to the history. Measured: 6,600 rows a second on two busy cores.
    """
    seals, given = vault(), iter(rows)
    numbers: list[int] = []
    while block := [worker_values(row, seals, at) for row in _take(given, _BLOCK_ROWS)]:
        numbers += _copy_numbered(Worker, WORKER_COLUMNS, block)
    return numbers


def load_statuses(rows: Iterable[StatusRow]) -> int:
    """Insert dated statuses of households; two of one kind that overlap are refused."""
    return _load(HouseholdStatus, StatusRow._fields, rows)


def load_memberships(rows: Iterable[MembershipRow]) -> int:
    """Insert memberships; a worker has one open household at a time."""
    return _load(Membership, MembershipRow._fields, rows)


def load_skills(rows: Iterable[SkillRow]) -> int:
    """Insert skills."""
    return _load(Skill, SkillRow._fields, rows)


def load_wishes(rows: Iterable[WishRow]) -> int:
    """Insert wishes; the newest of a worker counts."""
    return _load(Wish, WishRow._fields, (row._replace(**_as_json(row)) for row in rows))


def load_consents(rows: Iterable[ConsentRow]) -> int:
    """Insert consents; one open consent a worker, purpose and move."""
    return _load(Consent, ConsentRow._fields, rows)


def load_certificates(rows: Iterable[CertificateRow]) -> int:
    """Insert certificates of skill."""
    return _load(Certificate, CertificateRow._fields, rows)


def load_passbooks(rows: Iterable[PassbookRow]) -> int:
    """Insert accounts, sealed."""
    seals = vault()
    columns = ("village", "county", "worker_id", "holder_name", "holder_relation", "bank", "from_on",
               "account_cipher", "account_tail", "source", "grade")  # fmt: skip
    values = (
        (r.village, county_of(r.village), r.worker_id, r.holder_name, r.holder_relation, r.bank, r.from_on,
         seals.seal("account", r.account), r.account[-4:], r.source, r.grade)
        for r in rows
    )  # fmt: skip
    return copy_rows(table=Passbook._meta.db_table, columns=columns, rows=values)


def load_other_incomes(rows: Iterable[OtherIncomeRow]) -> int:
    """Insert what households earned in a year beside work away from home."""
    return _load(OtherIncome, OtherIncomeRow._fields, rows)


def worker_values(row: WorkerRow, seals: Vault, at: datetime) -> tuple[Any, ...]:
    """Return the values of ``WORKER_COLUMNS``: number and phone sealed, pinyin made."""
    return (
        row.village,
        county_of(row.village),
        seals.hash("identity", row.identity),
        seals.seal("identity", row.identity),
        row.identity[-3:],
        row.name,
        pinyin_of(row.name),
        initials_of(row.name),
        row.sex,
        row.born_on,
        row.education,
        row.labour_capacity,
        row.at_school,
        *sealed_phone(row.phone, seals),
        row.source,
        row.grade,
        at,
    )


def sealed_phone(phone: str, seals: Vault) -> tuple[bytes | None, bytes | None, str]:
    """Return hash, cipher text and last four digits of a phone; nothing where there is none."""
    if not phone:
        return None, None, ""
    return seals.hash("phone", phone), seals.seal("phone", phone), phone[-4:]


def _as_json(row: WishRow) -> dict[str, Any]:
    return {name: Jsonb(getattr(row, name)) for name in ("destinations", "occupations", "with_workers")}


def _take(rows: Iterator[Any], count: int) -> Iterator[Any]:
    return (row for _, row in zip(range(count), rows, strict=False))


def _load(model: type[models.Model], names: Sequence[str], rows: Iterable[NamedTuple]) -> int:
    values = ((*row, county_of(row[0])) for row in rows)
    return copy_rows(table=model._meta.db_table, columns=(*names, "county"), rows=values)


def _load_numbered(model: type[models.Model], rows: Iterable[NamedTuple]) -> list[int]:
    given = iter(rows)
    if (first := next(given, None)) is None:
        return []
    values = [(*row, county_of(row[0])) for row in chain([first], given)]
    return _copy_numbered(model, (*first._fields, "county"), values)


def _copy_numbered(
    model: type[models.Model], names: Sequence[str], values: Sequence[Sequence[Any]]
) -> list[int]:
    table = model._meta.db_table
    numbers = reserve_ids(table=table, count=len(values))
    numbered = ((number, *row) for number, row in zip(numbers, values, strict=True))
    copy_rows(table=table, columns=("id", *names), rows=numbered)
    return numbers
