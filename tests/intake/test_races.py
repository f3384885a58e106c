"""Two officers decide on one import at the same moment: one decision counts, of the other nothing is left."""

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.selectors import breaks_in_the_trail
from fourdoors.console import tasks
from fourdoors.intake.models import Amendment, Import, StagedRow
from fourdoors.intake.services import amend_cells, ask_for_merge, refuse_import
from fourdoors.register.models import Worker
from fourdoors.register.services import merge_roster
from fourdoors.store.scope import scoped
from tests.at_once import EVERYWHERE, at_once
from tests.makers.accounts import make_officer
from tests.makers.intake import make_import, roster_row, workbook
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5  # each with threads that start anew: any order may come


def a_checked_import() -> Import:
    with scoped(EVERYWHERE):
        return make_import(data=workbook([roster_row(1), roster_row(2, education="初小")]))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_import_is_merged_or_refused_and_never_both(_round: int) -> None:
    batch, li, wang = a_checked_import(), make_officer(username="li"), make_officer(username="wang")

    def merge() -> None:
        ask_for_merge(import_id=batch.pk, at=SPRING, by=li)
        merge_roster(import_id=batch.pk, at=SPRING, by=li)

    assert at_once(merge, lambda: refuse_import(import_id=batch.pk, at=SPRING, by=wang)) == [
        "done",
        "import_not_now",
    ]

    with scoped(EVERYWHERE):
        batch = Import.objects.get()
        merged = batch.state == "merged"
        assert batch.state == ("merged" if merged else "refused")
        assert batch.decided_by == (li if merged else wang)
        assert Worker.objects.count() == merged
        assert not StagedRow.objects.exclude(cells={}, private_cipher=None).exists()
        decided = Deed.objects.filter(action__in=["intake.merge_asked", "intake.refused"])
        assert decided.count() == 1
        assert list(breaks_in_the_trail()) == []


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_what_is_corrected_while_it_is_refused_is_not_kept(_round: int) -> None:
    batch, li, wang = a_checked_import(), make_officer(username="li"), make_officer(username="wang")
    with scoped(EVERYWHERE):
        row = StagedRow.objects.get(number=3).pk

    said = at_once(
        lambda: amend_cells(
            import_id=batch.pk, row_id=row, column="education", text="小学", alike=True, at=SPRING, by=li
        ),
        lambda: refuse_import(import_id=batch.pk, at=SPRING, by=wang),
    )

    assert said in (["done", "import_not_now"], ["done", "in_review"])
    with scoped(EVERYWHERE):
        refused = Import.objects.get().state == "refused"
        assert refused is (said[1] == "import_not_now")
        assert Amendment.objects.exists() is not refused


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_files_of_a_county_and_a_task_that_comes_twice_end_as_one_after_the_other(_round: int) -> None:
    with scoped(EVERYWHERE):
        first = make_import(data=workbook([roster_row(number) for number in (1, 2, 4)]))
        second = make_import(data=workbook([roster_row(number, education="小学") for number in (2, 4, 5)]))
        for batch in (first, second):
            ask_for_merge(import_id=batch.pk, at=SPRING)

    def merge(batch: Import) -> None:
        tasks.merge(batch.pk, batch.division, batch.form, None, SPRING.isoformat())

    said = at_once(lambda: merge(first), lambda: merge(second), lambda: merge(first))
    assert said in (["done", "done", "done"], ["done", "done", "import_not_now"])

    with scoped(EVERYWHERE):
        first.refresh_from_db()
        second.refresh_from_db()
        before, after = (first, second) if first.counts["new"] == 3 else (second, first)
        assert (before.counts["new"], before.counts["changed"]) == (3, 0)
        assert (after.counts["new"], after.counts["changed"], after.counts["faulty"]) == (1, 2, 0)
        assert Worker.objects.count() == 4
        last = Worker.objects.filter(source=f"import:{after.pk}")
        assert len(set(last.values_list("education", flat=True))) == 1
        assert Deed.objects.filter(action="intake.merged").count() == 2
        assert list(breaks_in_the_trail()) == []
