"""A roster into the register: good rows in, faulty ones out, the same people twice change nothing."""

import io
import threading
from datetime import date, timedelta
from itertools import count

import numpy as np
import openpyxl
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed
from fourdoors.console.demo.people import homes
from fourdoors.console.demo.workbooks import roster
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import NotNowError, annotated_workbook
from fourdoors.intake.services.files import lock_county
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, Level, all_divisions, range_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Household, HouseholdStatus, Membership, Skill, Worker, WorkerEvent
from fourdoors.register.services import merge_roster
from fourdoors.store.scope import Scope, scoped
from fourdoors.store.vault import vault
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.intake import make_asked_import, roster_row, workbook
from tests.makers.register import SPRING, make_household, make_status, make_worker

pytestmark = pytest.mark.django_db

LATER = SPRING + timedelta(days=40)


_titles = count(1)  # no two files are the same bytes


def merge(*rows: dict[str, str]) -> dict[str, int]:
    batch = make_asked_import(data=workbook(rows, title=f"花名册 {next(_titles)}"))
    counts: dict[str, int] = merge_roster(import_id=batch.pk, at=LATER).counts
    return counts


def test_a_household_comes_in_whole() -> None:
    counts = merge(
        roster_row(3, relation="户主", speaks_mandarin="是"),
        roster_row(4, relation="配偶", household_number=roster_row(3)["household_number"]),
    )

    assert (counts["new"], counts["faulty"], counts["ready"]) == (2, 0, 0)
    household = Household.objects.get()
    assert (household.number, household.village) == ("6212260000001", 621226_100001)
    status = HouseholdStatus.objects.get()
    assert (status.kind, status.from_on, status.grade) == ("registered_poor", date(2020, 1, 1), "B")
    assert {m.relation for m in Membership.objects.all()} == {"head", "spouse"}
    assert Skill.objects.get().words == "普通话"
    worker = Worker.objects.get(born_on=date(1973, 4, 4))
    assert vault().open("identity", worker.identity_cipher) == roster_row(3)["identity"]
    assert (worker.education, worker.labour_capacity, worker.grade) == ("junior_middle", "ordinary", "D")
    assert worker.source == f"import:{Import.objects.get().pk}"


def test_the_same_people_again_change_nothing_at_all() -> None:
    rows = [roster_row(number) for number in range(1, 30)]
    merge(*rows)
    before = Worker.objects.count(), WorkerEvent.objects.count(), Membership.objects.count()

    counts = merge(*rows)  # other bytes, same people

    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 29)
    assert (Worker.objects.count(), WorkerEvent.objects.count(), Membership.objects.count()) == before


def test_what_is_known_otherwise_changes_and_the_history_keeps_what_was() -> None:
    merge(roster_row(1, education="小学"), roster_row(2))
    counts = merge(roster_row(1, education="初中", phone=invented_phone(900)), roster_row(2))

    assert (counts["changed"], counts["unchanged"]) == (1, 1)
    worker = Worker.objects.get(phone_tail="0900")
    assert vault().open("phone", worker.phone_cipher or b"") == invented_phone(900)
    events = WorkerEvent.objects.filter(id=worker.pk).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "update"]
    assert events[0].education == "primary"
    assert events[1].pgh_context["intake_import"] == Import.objects.latest("pk").pk


def test_a_blank_cell_takes_nothing_away() -> None:
    merge(roster_row(1))
    counts = merge(roster_row(1, education="", phone="", labour_capacity=""))

    assert counts["unchanged"] == 1
    assert Worker.objects.get().phone_tail == invented_phone(1)[-4:]


def test_a_worker_who_joins_another_household_leaves_the_first() -> None:
    merge(roster_row(1, household_number="6212260000111"))
    counts = merge(roster_row(1, household_number="6212260000222", relation="之女婿"))

    assert counts["changed"] == 1
    old, new = Membership.objects.order_by("pk")
    assert (old.to_on, new.from_on, new.to_on) == (LATER.date(), LATER.date(), None)
    assert new.relation == "son_in_law"


def test_a_relation_that_is_told_otherwise_is_a_change() -> None:
    merge(roster_row(1, relation="之子"))

    assert merge(roster_row(1, relation="户主"))["changed"] == 1
    assert Membership.objects.get().relation == "head"


@pytest.mark.parametrize(("to_on", "statuses"), [(date(2020, 1, 1), 2), (date(2020, 1, 2), 1)])
def test_days_of_a_status_that_are_covered_stay_as_they_are(to_on: date, statuses: int) -> None:
    """The roster of 2020 says that the status holds from 1 January: an earlier one may have ended then."""
    household = make_household(number="6212260000111", village=621226_100001)
    make_status(household=household, from_on=date(2014, 1, 1), to_on=to_on)
    merge(roster_row(1, household_number="6212260000111", year="2020"))

    assert HouseholdStatus.objects.filter(household=household).count() == statuses


def test_children_are_left_out() -> None:
    child = invented_identity(sequence=5, born_on=date(2012, 3, 4), sex=Sex.MALE)
    row = roster_row(
        1, identity=child, born_on="", sex="男", months_worked="", workplace="", employer_name="",
        labour_capacity="",
    )  # fmt: skip
    counts = merge(row, roster_row(2))

    assert (counts["left_out"], counts["new"]) == (1, 1)
    assert Worker.objects.count() == 1


def test_a_household_that_is_not_poor_gets_no_status() -> None:
    rows = [roster_row(1) | {"household_kind": "一般农户"}, roster_row(4) | {"household_kind": "脱贫户"}]
    batch = make_asked_import(data=_with_kind(rows))
    merge_roster(import_id=batch.pk, at=LATER)

    assert [status.kind for status in HouseholdStatus.objects.all()] == ["lifted_out"]


def _with_kind(rows: list[dict[str, str]]) -> bytes:
    """Return a csv, which may carry the column that only county variants have."""
    titles = {"household_number": "户编号", "name": "姓名", "identity": "证件号码", "township": "乡",
              "village": "村", "household_kind": "户类型"}  # fmt: skip
    lines = [",".join(titles.values()), *(",".join(row[key] for key in titles) for row in rows)]
    return "\n".join(lines).encode()


def test_a_person_of_another_county_stays_out_and_is_not_shown() -> None:
    make_worker(identity=roster_row(1)["identity"], village=DANGCHANG + 100_201, name="王秀英")
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        counts = merge(roster_row(1), roster_row(4))

        assert (counts["faulty"], counts["new"], counts["notes"]) == (1, 1, 1)
        assert [household.number for household in Household.objects.all()] == [
            roster_row(4)["household_number"]
        ]
        (row,) = StagedRow.objects.filter(outcome="faulty")
    assert row.faults == [{"column": "identity", "code": "registered_elsewhere", "values": {}}]


def test_a_person_of_another_village_is_a_removal_and_not_a_roster_row() -> None:
    make_worker(identity=roster_row(1)["identity"])
    counts = merge(roster_row(1))

    assert counts["faulty"] == 1
    assert StagedRow.objects.get().faults[0]["code"] == "registered_in_other_village"
    assert not Household.objects.exists()


def two_records_of_one() -> tuple[Worker, Worker]:
    """Bring two rows in, and merge the second record into the first."""
    merge(roster_row(1), roster_row(2))
    kept, other = (Worker.objects.get(born_on=roster_day(number)) for number in (1, 2))
    Worker.objects.filter(pk=other.pk).update(merged_into=kept)
    return kept, other


def roster_day(sequence: int) -> date:
    return date.fromisoformat(roster_row(sequence)["born_on"])


def test_the_number_of_a_record_that_was_merged_away_changes_the_kept_one() -> None:
    kept, other = two_records_of_one()
    counts = merge(roster_row(2, education="大专", relation="之女"))

    assert (counts["changed"], counts["new"], counts["faulty"]) == (1, 0, 0)
    assert StagedRow.objects.get(outcome="changed").object_id == kept.pk
    before = other.education
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.education, other.education) == ("junior_college", before)
    assert kept.memberships.get(to_on=None).relation == "daughter"
    assert other.memberships.get(to_on=None).relation == "son"


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_both_numbers_of_one_person_in_one_file_count_by_the_row_of_the_kept_record(
    order: tuple[int, int],
) -> None:
    """Into a household where the person is not yet: two rows would be two memberships of one person."""
    kept, other = two_records_of_one()
    rows = {
        1: roster_row(1, education="大专", household_number="6212260009999"),
        2: roster_row(2, education="小学", household_number="6212260009999"),
    }
    counts = merge(*(rows[number] for number in order))

    assert (counts["changed"], counts["faulty"], counts["new"]) == (1, 1, 0)
    assert StagedRow.objects.get(outcome="faulty").faults[0]["code"] == "same_person"
    kept.refresh_from_db()
    assert kept.education == "junior_college"
    assert kept.memberships.get(to_on=None).household.number == "6212260009999"
    assert other.memberships.get(to_on=None).household.number != "6212260009999"


def test_of_two_numbers_that_were_both_merged_away_the_first_row_counts() -> None:
    kept, _ = two_records_of_one()
    merge(roster_row(4))
    Worker.objects.filter(born_on=roster_day(4)).update(merged_into=kept)
    counts = merge(
        roster_row(4, education="大专", household_number="6212260009999"),
        roster_row(2, education="小学", household_number="6212260009999"),
    )

    assert (counts["changed"], counts["faulty"]) == (1, 1)
    kept.refresh_from_db()
    assert kept.education == "junior_college"
    assert kept.memberships.filter(to_on=None).count() == 1


def test_a_row_that_stays_out_moves_nobody_though_another_row_of_the_person_does() -> None:
    kept, _ = two_records_of_one()
    counts = merge(
        roster_row(2, village="石碑", household_number="6212260008888"),
        roster_row(1, household_number="6212260009999"),
    )

    assert (counts["changed"], counts["faulty"]) == (1, 1)
    assert StagedRow.objects.get(outcome="faulty").faults[0]["code"] == "registered_in_other_village"
    assert kept.memberships.get(to_on=None).household.number == "6212260009999"
    assert not Household.objects.filter(number="6212260008888").exists()


def test_a_township_cannot_take_a_household_of_another_township() -> None:
    make_household(number="6212260000111", village=LI_COUNTY + 101_201)
    with scoped(Scope(territory=range_of(LI_COUNTY + 100_000))):
        batch = make_asked_import(
            data=workbook([roster_row(1, household_number="6212260000111")]), division=LI_COUNTY + 100_000
        )
        counts = merge_roster(import_id=batch.pk, at=LATER).counts

    assert (counts["faulty"], counts["new"]) == (1, 0)
    assert not Worker.objects.exists()


def test_the_merge_is_written_to_the_trail_and_the_cells_are_wiped() -> None:
    officer = make_officer()
    batch = make_asked_import(data=workbook([roster_row(1), roster_row(2, name="")]))
    merge_roster(import_id=batch.pk, at=LATER, by=officer)

    deed = Deed.objects.get(action="intake.merged")
    assert (deed.officer, deed.object_id, deed.values["new"]) == (officer, batch.pk, 1)
    rows = StagedRow.objects.order_by("number")
    assert [(row.outcome, row.cells, row.private_cipher) for row in rows] == [
        ("new", {}, None), ("faulty", {}, None),
    ]  # fmt: skip
    assert rows[0].object_id == Worker.objects.get().pk


def test_an_import_is_merged_once() -> None:
    batch = make_asked_import()
    merge_roster(import_id=batch.pk, at=LATER)
    with pytest.raises(NotNowError):
        merge_roster(import_id=batch.pk, at=LATER)

    assert Worker.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_merge_killed_before_its_end_leaves_no_row_behind() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        pk = make_asked_import(data=workbook([roster_row(number) for number in range(1, 20)])).pk

    with pytest.raises(OperationalError):
        merge_and_be_killed(pk)
    connection.close()

    with scoped(Scope(territory=range_of(GANSU))):
        for model in (Worker, Household, Membership, HouseholdStatus, WorkerEvent):
            assert not model.objects.exists()
        assert Import.objects.get().state == "merging"
        assert merge_roster(import_id=pk, at=LATER).counts["new"] == 19  # and it may be done again


def merge_and_be_killed(pk: int) -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        merge_roster(import_id=pk, at=LATER)
        assert Worker.objects.count() == 19  # everything is written when the server's process is killed
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_a_county_roster_with_forty_faults_comes_back_with_forty_notes() -> None:
    """The demonstration's own workbook: every sound row goes in, every wrong one comes back marked."""
    data, wrong = roster(list(homes(workers=600, seed=7, villages=_of_li_county())))
    batch = make_asked_import(data=data)
    counts = merge_roster(import_id=batch.pk, at=LATER).counts

    assert wrong == 40
    assert (counts["faulty"], counts["notes"]) == (40, 40)
    assert counts["new"] == counts["rows"] - 40 == Worker.objects.count()

    back = annotated_workbook(batch=batch, say=lambda fault: fault.code)
    tab = openpyxl.load_workbook(io.BytesIO(back))["Sheet1"]
    assert sum(cell.comment is not None for line in tab.iter_rows() for cell in line) == 40


def _of_li_county() -> np.ndarray:
    within = range_of(LI_COUNTY)
    return np.array([d.code for d in all_divisions() if d.level is Level.VILLAGE and d.code in within])


def test_three_thousand_rows_take_a_handful_of_statements() -> None:
    few = statements(make_asked_import(data=workbook([roster_row(1)])).pk)
    rows = [roster_row(number, household_number=f"62122601{number:05d}") for number in range(2, 302)]
    many = statements(make_asked_import(data=workbook(rows)).pk)

    assert few == many
    assert Worker.objects.count() == 301


def statements(pk: int) -> int:
    with CaptureQueriesContext(connection) as seen:
        merge_roster(import_id=pk, at=LATER)
    return len(seen)


@pytest.mark.django_db(transaction=True)
def test_two_workers_of_the_queue_merge_one_import_once() -> None:
    """Both begin at the same moment: the county's lock lets one pass, the other finds it done."""
    with scoped(Scope(territory=range_of(GANSU))):
        pk = make_asked_import(data=workbook([roster_row(number) for number in range(1, 40)])).pk
    said: list[str] = []

    def run() -> None:
        try:
            with scoped(Scope(territory=range_of(GANSU))):
                merge_roster(import_id=pk, at=LATER)
            said.append("merged")
        except NotNowError:
            said.append("not now")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(said) == ["merged", "not now"]
    with scoped(Scope(territory=range_of(GANSU))):
        assert Worker.objects.count() == 39
        assert WorkerEvent.objects.count() == 39


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("held", "wanted", "waits"),
    [
        (LI_COUNTY, LI_COUNTY + 100_000, True),  # a township's file and its county's
        (LI_COUNTY, GANSU, True),
        (GANSU, LI_COUNTY, True),
        (LI_COUNTY, DANGCHANG, False),
    ],
)
def test_files_of_one_county_wait_for_each_other_and_for_the_provinces(
    held: int, wanted: int, *, waits: bool
) -> None:
    said: list[str] = []

    def run() -> None:
        try:
            with transaction.atomic():
                connection.cursor().execute("SET LOCAL lock_timeout = '300ms'")
                lock_county(wanted)
            said.append("passed")
        except OperationalError:
            said.append("waited")
        finally:
            connections.close_all()

    with transaction.atomic():
        lock_county(held)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)

    assert said == ["waited" if waits else "passed"]
