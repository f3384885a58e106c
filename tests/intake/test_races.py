"""Two officers decide on one import at the same moment: one decision counts, of the other nothing is left."""

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.selectors import breaks_in_the_trail
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
