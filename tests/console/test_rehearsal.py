"""What the register says of a file before anybody decides; and nothing of it is written."""

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.console import tasks
from fourdoors.employment.models import Spell
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import NotNowError, ask_for_merge, refuse_import, rehearse_merge
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.register.models import Household, Worker
from fourdoors.register.services import merge_roster
from fourdoors.store.scope import Scope, scoped, set_scope
from tests.engines.sheets.corpus import FIRST, SECOND, TITLES, xlsx
from tests.makers.accounts import DANGCHANG
from tests.makers.intake import ROSTER, make_import, roster_row, workbook
from tests.makers.register import SPRING, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def staged(batch: Import) -> Import:
    """Do what the queue does with a file that came in."""
    Import.objects.filter(pk=batch.pk).update(state="mapped")
    tasks.stage(batch.pk, batch.division, SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))
    return Import.objects.get(pk=batch.pk)


def codes(batch: Import) -> list[list[str]]:
    rows = StagedRow.objects.filter(batch=batch).order_by("number")
    return [[fault["code"] for fault in row.faults] for row in rows]


def test_new_known_and_foreign_people_are_told_apart_and_nothing_is_written() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        make_worker(identity=roster_row(1)["identity"], village=DANGCHANG + 100_201, name="王秀英")
    set_scope(Scope(territory=range_of(GANSU)))
    child = roster_row(6, months_worked="", workplace="", employer_name="", labour_capacity="", born_on="")
    batch = staged(make_import(data=workbook([roster_row(1), roster_row(4), child])))

    assert batch.state == "checked"
    assert codes(batch)[0] == ["registered_elsewhere"]
    assert (batch.counts["ready"], batch.counts["faulty"], batch.counts["notes"]) == (2, 1, 1)
    assert batch.counts["would_new"] == 2
    assert Worker.objects.count() == 1
    assert not Household.objects.exists()
    assert not Deed.objects.filter(action__in=["intake.merge_asked", "intake.merged"]).exists()
    assert all(row.cells for row in StagedRow.objects.filter(batch=batch))


def test_what_was_foretold_comes_true() -> None:
    batch = staged(make_import(data=workbook([roster_row(1), roster_row(4)])))
    ask_for_merge(import_id=batch.pk, at=SPRING)
    merged = merge_roster(import_id=batch.pk, at=SPRING)

    assert merged.counts["new"] == batch.counts["would_new"] == 2
    again = staged(make_import(data=workbook([roster_row(1), roster_row(4), roster_row(5)])))
    assert (again.counts["would_unchanged"], again.counts["would_new"]) == (2, 1)


def test_a_ledger_names_people_that_nobody_knows_before_the_decision() -> None:
    batch = staged(make_import(data=xlsx([TITLES, FIRST, SECOND]), form="transfer_ledger"))

    assert codes(batch) == [["ledger_worker_unknown"], ["ledger_worker_unknown"]]
    assert batch.counts["ready"] == 0
    assert not Spell.objects.exists()


def test_only_a_checked_import_is_rehearsed() -> None:
    batch = make_import(data=workbook([roster_row(1)]))
    refuse_import(import_id=batch.pk, at=SPRING)
    with pytest.raises(NotNowError):
        rehearse_merge(import_id=batch.pk, merge=tasks.MERGES[ROSTER], at=SPRING)
    assert Import.objects.get().state == "refused"
