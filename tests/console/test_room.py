"""No room left on the disk: said in words, nothing half written, and it goes on when there is room again.

The system itself says that there is none: no file of this process may grow beyond a limit, and a file of the
database is the device that is always full.
"""

import errno
import gc
import os
import resource
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.accounts.models import Deed, Officer
from fourdoors.console import tasks
from fourdoors.intake.models import Export, Import, StagedRow
from fourdoors.intake.services import exports_folder, receive_file
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.cluster import ADMIN, DATABASE
from fourdoors.store.faults import is_disk_full
from fourdoors.store.queue import defer
from fourdoors.store.scope import Scope, scoped, set_scope
from tests.intake.house import SECONDS, House, asked, own_house
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.intake import ROSTER, make_import, roster_row, workbook
from tests.makers.register import SPRING, make_worker
from tests.store.waiting import until

NO_ROOM, MEGABYTE = "磁盘空间不足", 1 << 20
CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND pid <> pg_backend_pid()"
)


@pytest.fixture(autouse=True, scope="module")
def _left_open() -> Iterator[None]:
    """Let files go here that libraries could not close on a full disk, not in a later test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(autouse=True)
def _left_open_by_one(_left_open: None) -> Iterator[None]:
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let no file that this process writes grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def county(db: None, client: Client, settings: LazySettings, tmp_path: Path) -> Client:
    settings.HOME = tmp_path
    set_scope(Scope(territory=range_of(GANSU)))
    client.force_login(make_officer())
    client.raise_request_exception = False
    return client


def upload(client: Client, data: bytes, name: str = "花名册.xlsx"):  # type: ignore[no-untyped-def]
    return client.post(
        "/intake/", {"form": ROSTER, "division": LI_COUNTY, "file": SimpleUploadedFile(name, data)}
    )


def test_an_upload_without_room_is_refused_in_words_and_comes_in_when_there_is_room(county: Client) -> None:
    roster = workbook([roster_row(at) for at in range(3)])
    with no_file_beyond(3 * MEGABYTE):  # a large upload waits in a file until it is whole
        answer = upload(county, roster + b"\0" * 4 * MEGABYTE)
        assert (answer.status_code, NO_ROOM in answer.content.decode()) == (507, True)
        assert "No room left" in answer.content.decode()
        set_scope(Scope(territory=range_of(GANSU)))
        assert not Import.objects.exists()
    assert upload(county, roster).status_code == 302
    set_scope(Scope(territory=range_of(GANSU)))
    assert Import.objects.get().state == "mapped"


def test_a_returned_workbook_without_room_is_refused_in_words_and_given_later(county: Client) -> None:
    text = "姓名,证件号码,户编号\n" + "马兰,1,2\n" * 500
    with scoped(Scope(territory=range_of(GANSU))):
        batch = make_import(data=text.encode(), name="花名册.csv")
    with no_file_beyond(1024):
        answer = county.get(f"/intake/{batch.pk}/workbook/")
        assert (answer.status_code, NO_ROOM in answer.content.decode()) == (507, True)
    assert county.get(f"/intake/{batch.pk}/workbook/").status_code == 200


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # xlsxwriter closes late
def test_an_export_without_room_leaves_nothing_says_why_and_is_made_later(
    county: Client,
) -> None:
    for _ in range(30):
        make_worker()
    for state, limit in (("failed", 4096), ("made", 100 * MEGABYTE)):
        set_scope(Scope(territory=range_of(GANSU)))
        county.post("/intake/exports/", {"form": ROSTER, "division": LI_COUNTY})
        set_scope(Scope(territory=range_of(GANSU)))
        export = Export.objects.latest("pk")
        with no_file_beyond(limit):
            try:
                tasks.export(export.pk, LI_COUNTY, "2020-05-02", SPRING.isoformat())
            except Exception as fault:
                assert is_disk_full(fault)  # noqa: PT017
        set_scope(Scope(territory=range_of(GANSU)))
        export.refresh_from_db()
        assert export.state == state
        names = [] if state == "failed" else [f"{export.pk}.xlsx"]
        assert [path.name for path in exports_folder().iterdir()] == names
    assert NO_ROOM in county.get("/intake/exports/").content.decode()
    set_scope(Scope(territory=range_of(GANSU)))
    said = Deed.objects.filter(action__startswith="intake.export_").order_by("pk")
    assert [deed.action[14:] for deed in said] == ["asked", "failed", "asked", "made"]
    assert said[1].values["code"] == "disk_full"


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with own_house(django_db_blocker) as made:
        with scoped(Scope(territory=range_of(GANSU))):
            make_officer()
        yield made


@contextmanager
def full(house: House, table: str) -> Iterator[None]:
    """Give PostgreSQL no room for an empty table: its file is the device that is always full."""
    found = asked(house, "SELECT pg_relation_filepath(%s::regclass)", table)
    file = house.server.data / str(found[0][0])
    assert file.stat().st_size == 0
    kept = file.with_suffix(".kept")
    file.rename(kept)
    file.symlink_to("/dev/full")
    _cut_off(house)
    try:
        yield
    finally:
        file.unlink()
        kept.rename(file)
        _cut_off(house)


def _cut_off(house: House) -> None:
    """End every connection: whoever has a file open keeps the one it opened."""
    asked(house, CUT_OFF)
    connections.close_all()


def test_a_database_without_room_fails_an_import_in_words_and_reads_it_when_there_is_room(
    house: House, client: Client
) -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        data = workbook([roster_row(at) for at in range(3)])
        batch = receive_file(form=ROSTER, division=LI_COUNTY, data=data, name="花名册.xlsx", at=SPRING)
        task = {"import_id": batch.pk, "division": batch.division, "at": SPRING.isoformat()}
        officer = Officer.objects.get()

    def state() -> object:
        return asked(
            house, "SELECT state, counts ->> 'failed_code' FROM intake_import WHERE id = %s", batch.pk
        )

    with full(house, "intake_stagedrow"):
        defer("intake.stage", **task)
        until(lambda: state() == [("failed", "disk_full")], SECONDS, say=state)
        client.force_login(officer)
        assert NO_ROOM in client.get(f"/intake/{batch.pk}/").content.decode()

    with scoped(Scope(territory=range_of(GANSU))):
        assert not StagedRow.objects.exists()
        Import.objects.filter(pk=batch.pk).update(state="mapped")
        defer("intake.stage", **task)
    until(lambda: state() == [("checked", None)], SECONDS, say=state)


def test_a_database_without_room_refuses_an_upload_in_words(house: House, client: Client) -> None:
    with psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE) as admin:
        admin.execute("TRUNCATE intake_import CASCADE")
    with scoped(Scope(territory=range_of(GANSU))):
        client.force_login(Officer.objects.get())
    client.raise_request_exception = False
    roster = workbook([roster_row(1)])
    with full(house, "intake_import"):
        answer = upload(client, roster)
        assert (answer.status_code, NO_ROOM in answer.content.decode()) == (507, True)
    assert asked(house, "SELECT count(*) FROM accounts_deed WHERE action = 'intake.received'") == [(1,)]
    assert upload(client, roster).status_code == 302


def test_only_a_full_disk_is_called_so() -> None:
    assert is_disk_full(OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)))
    assert not is_disk_full(OSError(errno.EACCES, os.strerror(errno.EACCES)))
    assert not is_disk_full(ValueError(28))
