"""In review: one officer mends and decides, the others wait; it may be given back."""

from datetime import timedelta

import pytest

from fourdoors.accounts.models import Deed, Officer
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.selectors import imports_to_decide
from fourdoors.intake.services import (
    InReviewError,
    NotNowError,
    amend_cells,
    ask_for_merge,
    close_review,
    columns_shown,
    confirm_columns,
    explain_finding,
    fail_import,
    open_review,
    refuse_import,
    stage_rows,
)
from fourdoors.intake.services.sealed import FileGoneError
from tests.makers.accounts import make_officer
from tests.makers.intake import make_import, roster_row, workbook
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db


@pytest.fixture
def li() -> Officer:
    return make_officer(username="li")


@pytest.fixture
def wang() -> Officer:
    return make_officer(username="wang")


def actions() -> list[str]:
    return list(Deed.objects.order_by("pk").values_list("action", flat=True))


def test_who_takes_a_file_into_review_is_known_and_since_when(li: Officer) -> None:
    batch = open_review(import_id=make_import().pk, at=SPRING, by=li)
    again = open_review(import_id=batch.pk, at=SPRING + timedelta(hours=1), by=li)

    assert (again.state, again.reviewed_by, again.reviewed_at) == ("in_review", li, SPRING)
    assert actions().count("intake.review_opened") == 1


def test_what_one_has_in_review_no_other_takes_mends_or_decides(li: Officer, wang: Officer) -> None:
    batch = make_import(data=workbook([roster_row(1), roster_row(2, workplace="")]))
    open_review(import_id=batch.pk, at=SPRING, by=li)
    row = StagedRow.objects.get(number=3).pk
    deeds = (
        lambda: open_review(import_id=batch.pk, at=SPRING, by=wang),
        lambda: ask_for_merge(import_id=batch.pk, at=SPRING, by=wang),
        lambda: refuse_import(import_id=batch.pk, at=SPRING, by=wang),
        lambda: confirm_columns(import_id=batch.pk, chosen={}, at=SPRING, by=wang),
        lambda: amend_cells(
            import_id=batch.pk, row_id=row, column="workplace", text="青岛", alike=False, at=SPRING, by=wang
        ),
        lambda: explain_finding(
            import_id=batch.pk, column="workplace", code="months_without_place", reason="在家", at=SPRING,
            by=wang,
        ),
    )  # fmt: skip
    said = actions()
    for deed in deeds:
        with pytest.raises(InReviewError) as refusal:
            deed()
        assert refusal.value.values == {"officer": str(li)}

    assert actions() == said
    assert Import.objects.get().state == "in_review"
    assert list(imports_to_decide(officer=li)) == [batch]
    assert not imports_to_decide(officer=wang)


@pytest.mark.parametrize(
    ("decide", "state"), [(ask_for_merge, "merging"), (refuse_import, "refused")], ids=["merge", "refuse"]
)
def test_who_has_it_decides(li: Officer, decide: object, state: str) -> None:
    batch = open_review(import_id=make_import().pk, at=SPRING, by=li)
    assert callable(decide)
    assert decide(import_id=batch.pk, at=SPRING, by=li).state == state


def test_given_back_it_is_anybodys_again_also_by_a_colleague(li: Officer, wang: Officer) -> None:
    batch = open_review(import_id=make_import().pk, at=SPRING, by=li)
    back = close_review(import_id=batch.pk, at=SPRING, by=wang)

    assert (back.state, back.reviewed_by, back.reviewed_at) == ("checked", None, None)
    assert Deed.objects.get(action="intake.review_closed").officer == wang
    with pytest.raises(NotNowError):
        close_review(import_id=batch.pk, at=SPRING, by=wang)
    assert ask_for_merge(import_id=batch.pk, at=SPRING, by=wang).decided_by == wang


def test_whoever_mends_a_cell_has_it_in_review_and_keeps_it_while_the_rows_are_read_anew(
    li: Officer, wang: Officer
) -> None:
    batch = make_import(data=workbook([roster_row(1, education="初小")]))
    amend_cells(
        import_id=batch.pk, row_id=StagedRow.objects.get().pk, column="education", text="小学", alike=False,
        at=SPRING, by=li,
    )  # fmt: skip

    assert stage_rows(import_id=batch.pk, at=SPRING).state == "in_review"
    with pytest.raises(InReviewError):
        ask_for_merge(import_id=batch.pk, at=SPRING, by=wang)


def test_what_broke_off_is_still_in_the_hands_of_who_had_it_until_it_is_given_back(
    li: Officer, wang: Officer
) -> None:
    batch = open_review(import_id=make_import().pk, at=SPRING, by=li)
    ask_for_merge(import_id=batch.pk, at=SPRING, by=li)
    with pytest.raises(NotNowError):
        close_review(import_id=batch.pk, at=SPRING, by=wang)
    fail_import(import_id=batch.pk, at=SPRING)
    with pytest.raises(InReviewError):
        ask_for_merge(import_id=batch.pk, at=SPRING, by=wang)

    assert close_review(import_id=batch.pk, at=SPRING, by=wang).state == "failed"
    assert ask_for_merge(import_id=batch.pk, at=SPRING, by=wang).state == "merging"


def test_only_a_checked_file_goes_into_review(li: Officer) -> None:
    batch = make_import()
    refuse_import(import_id=batch.pk, at=SPRING)

    with pytest.raises(NotNowError):
        open_review(import_id=batch.pk, at=SPRING, by=li)


def test_a_refused_file_leaves_no_row_and_nothing_of_its_columns_behind(li: Officer) -> None:
    batch = make_import(data=workbook([roster_row(1), roster_row(2, name="")]))
    other = make_import(data=workbook([roster_row(4)]))
    refused = refuse_import(import_id=batch.pk, at=SPRING, by=li)

    assert set(StagedRow.objects.values_list("batch_id", flat=True)) == {other.pk}
    assert (refused.counts["rows"], refused.counts["faulty"]) == (2, 1)
    assert Deed.objects.get(action="intake.refused").values["rows"] == 2
    assert Import.objects.get(pk=batch.pk).columns_cipher is None
    with pytest.raises(FileGoneError):
        columns_shown(refused)
