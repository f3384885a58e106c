"""A county's own register of household members (县级农户家庭成员信息) into the register, as a roster is.

It has no household numbers. Who is known stays in the household where they are; who is new joins the one
household of the village whose head is called as the row says, where there is exactly one. Names alone move
nobody and found no household: numbers come from the national system.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Code, Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, rows_to_merge
from fourdoors.kernel.terms import NO_HOUSEHOLD, RelationToHead
from fourdoors.register.models import Membership, Worker
from fourdoors.register.services.merging import Told, merge_people
from fourdoors.store.vault import vault

_AS_IT_IS = ("identity", "village_code", "education", "phone")


@dataclass(frozen=True)
class _Known:
    """What the register knows of the people and villages of a file."""

    people: dict[bytes, tuple[str, bool]]  # hash of the identity number to name, and whether at school
    households: dict[bytes, str]  # hash of the identity number to the number of the household
    heads: dict[tuple[int, str], set[str]]  # village and name of a head to the numbers of households


@transaction.atomic
def merge_county_register(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a county's register of household members.

    Written are name, education, telephone, whether at school, relation to the head, what the household was
    recognised as; the rules are those of a roster (``merge_roster``). Work, wishes and reasons for staying
    are not: a register row is no evidence of a spell, and a wish is the worker's own word.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts. Who is new and has no household here goes in without one, with
        a note.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["yiliang_person"].key)
    rows = list(rows_to_merge(batch))
    told = Told()
    return merge_people(batch, _as_roster(rows, _look_up(rows), told), told, at=at, by=by)


def _look_up(rows: Sequence[MergeRow]) -> _Known:
    hashes = [vault().hash("identity", row.cells["identity"]) for row in rows]
    people = Worker.objects.filter(identity_hash__in=hashes).annotate(kept=Coalesce("merged_into", "pk"))
    kept = {bytes(found): pk for found, pk in people.values_list("identity_hash", "kept")}
    held = Worker.objects.filter(pk__in=kept.values()).values_list("pk", "name", "at_school")
    people_held = {pk: (name, at_school) for pk, name, at_school in held}
    open_ones = Membership.objects.filter(to_on=None)
    homes = dict(open_ones.filter(worker__in=kept.values()).values_list("worker", "household__number"))
    heads: dict[tuple[int, str], set[str]] = defaultdict(set)
    villages = {int(row.cells["village_code"]) for row in rows}
    led = open_ones.filter(village__in=villages, relation=RelationToHead.HEAD.value)
    for village, name, number in led.values_list("village", "worker__name", "household__number"):
        heads[village, name].add(number)
    return _Known(
        {found: people_held[pk] for found, pk in kept.items() if pk in people_held},
        {found: homes[pk] for found, pk in kept.items() if pk in homes},
        heads,
    )


def _as_roster(rows: Sequence[MergeRow], known: _Known, told: Told) -> Iterator[MergeRow]:
    """Yield each row as a roster would have it; what is to be said of the others goes to ``told``."""
    for row in rows:
        cells, person = row.cells, vault().hash("identity", row.cells["identity"])
        name, at_school = known.people.get(person, ("", False))
        name = cells.get("name", name)
        if not name:
            fault = Fault("identity", Code.MEMBER_NAME_MISSING, {"head": cells.get("head_name", "")[:30]})
            told.refused.append(RowOutcome(row.pk, Outcome.FAULTY, fault=fault))
            continue
        number = known.households.get(person) or _by_head(cells, known)
        if not number and cells.get("head_name"):
            told.notes[row.pk] = Fault(
                "head_name", Code.HOUSEHOLD_NOT_FOUND, {"head": cells["head_name"][:30]}
            )
        if "at_school" in cells:
            at_school = cells["at_school"] == "yes"
        yield MergeRow(row.pk, row.sheet, row.number, _cells(cells, name, number, at_school=at_school))


def _cells(cells: dict[str, str], name: str, number: str, *, at_school: bool) -> dict[str, str]:
    return {key: cells[key] for key in _AS_IT_IS if key in cells} | {
        "name": name,
        "household_number": number or NO_HOUSEHOLD,
        "household_kind": cells.get("household_kind", "none"),
        "relation": cells.get("relation", ""),
        "school_status": "是" if at_school else "",
    }


def _by_head(cells: dict[str, str], known: _Known) -> str:
    """Return the number of the one household of the village whose head has this name; blank for none, two."""
    found = known.heads.get((int(cells["village_code"]), cells.get("head_name", "")), set())
    return next(iter(found)) if len(found) == 1 else ""
