"""The worker or the database is killed under an export: it is the same file, or none, and that is said."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.accounts.models import Officer
from fourdoors.console.tasks import MOST_TRIES
from fourdoors.intake.models import Export, Import
from fourdoors.intake.services import ExportGoneError, ask_for_export, receive_file, take_export
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.register.rules import WorkerRow
from fourdoors.register.services import load_workers
from fourdoors.store.queue import defer
from fourdoors.store.scope import Scope, scoped
from tests.intake.house import SECONDS, House, asked, held_at, jobs, kill, own_house
from tests.makers.accounts import LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.intake import ROSTER, roster_row, workbook
from tests.makers.register import SPRING
from tests.store.waiting import until

PEOPLE = 6_000  # so many that a file takes a while
BORN_ON = date(1985, 3, 1)
LOCKED = "ACCESS EXCLUSIVE"


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with own_house(django_db_blocker) as made:
        with scoped(Scope(territory=range_of(GANSU))):
            load_workers([person(at) for at in range(PEOPLE)], at=SPRING)
            make_officer()
        yield made


def person(sequence: int) -> WorkerRow:
    identity = invented_identity(sequence=sequence, born_on=BORN_ON, sex=Sex.FEMALE)
    return WorkerRow(
        village=LI_VILLAGE, identity=identity, name=f"马{sequence}", sex="female", born_on=BORN_ON,
        education="junior_middle", labour_capacity="ordinary", phone="",
    )  # fmt: skip


def export_of(form: str) -> Export:
    with scoped(Scope(territory=range_of(GANSU))):
        by = Officer.objects.get(username="li")
        export = ask_for_export(form=form, division=LI_COUNTY, whole_identities=True, at=SPRING, by=by)
        put_in_queue(export)
    return export


def put_in_queue(export: Export) -> None:
    defer(
        "intake.export", export_id=export.pk, division=export.division, on="2020-05-02", at=SPRING.isoformat()
    )


def once_more(house: House, export: Export) -> None:
    """Turn an export back to where nobody had made it."""
    asked(
        house, "UPDATE intake_export SET state = 'asked', file_hash = '' WHERE id = %s RETURNING 1", export.pk
    )
    file_of(house, export).unlink()
    with scoped(Scope(territory=range_of(GANSU))):
        put_in_queue(export)


def file_of(house: House, export: Export) -> Path:
    return house.home / "exports" / f"{export.pk}.xlsx"


def desk_of(house: House, export: Export) -> Path:
    return house.home / "exports" / f"{export.pk}.desk"


def state_of(house: House, table: str, number: int) -> object:
    found = asked(house, f"SELECT state FROM {table} WHERE id = %s", number)
    return found[0][0] if found else ""


def made(house: House, export: Export) -> str:
    """Wait for a file; return its hash, which the record knows too."""
    until(lambda: state_of(house, "intake_export", export.pk) == "made", SECONDS, say=lambda: jobs(house))
    digest = hashlib.sha256(file_of(house, export).read_bytes()).hexdigest()
    assert asked(house, "SELECT file_hash FROM intake_export WHERE id = %s", export.pk) == [(digest,)]
    assert [path.name for path in file_of(house, export).parent.iterdir()] == [f"{export.pk}.xlsx"]
    until(lambda: jobs(house) == [], say=lambda: jobs(house))
    return digest


def page(client: Client, path: str) -> str:
    client.force_login(Officer.objects.get(username="li"))
    return client.get(path).content.decode()


def refuse_to_hand_out(house: House, export: Export) -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        now = Export.objects.select_related("asked_by").get(pk=export.pk)
        with pytest.raises(ExportGoneError):
            take_export(export=now, folder=house.home / "exports", at=SPRING, by=now.asked_by)


def in_the_middle(house: House, export: Export) -> None:
    """Wait until some rows are written, and not all."""
    progress = desk_of(house, export) / "progress"
    until(lambda: progress.exists() and progress.read_text() in ("2000", "4000"), SECONDS)


def test_an_export_whose_worker_and_database_are_killed_is_the_file_of_an_undisturbed_run(
    house: House,
) -> None:
    export = export_of(ROSTER)
    expected = made(house, export)

    once_more(house, export)
    with held_at(house, "register_worker", LOCKED) as reached:  # before the first row
        reached(0)
        kill(house, "worker")
    in_the_middle(house, export)
    kill(house, "worker")
    refuse_to_hand_out(house, export)
    assert made(house, export) == expected

    once_more(house, export)
    in_the_middle(house, export)
    kill(house, "database")
    until(lambda: asked(house, "SELECT 1") == [(1,)])
    connections.close_all()  # our own
    with held_at(house, "accounts_deedchain") as reached:  # the file is whole, but nobody has said so
        reached(1)
        assert file_of(house, export).exists()
        refuse_to_hand_out(house, export)
        kill(house, "worker")
    assert made(house, export) == expected
    deeds = "SELECT count(*) FROM accounts_deed WHERE action = 'intake.export_made' AND object_id = %s"
    assert asked(house, deeds, export.pk) == [(3,)]  # one of each of the three times


def test_what_kills_its_worker_each_time_is_given_up_and_what_ran_beside_it_is_not(
    house: House, client: Client
) -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        data = workbook([roster_row(number) for number in range(3)])
        beside = receive_file(form=ROSTER, division=LI_COUNTY, data=data, name="花名册.xlsx", at=SPRING)

    with held_at(house, "training_enrolment", LOCKED) as reached:
        poison = export_of("training_roster")
        with ExitStack() as first:
            beside_reached = first.enter_context(held_at(house, "intake_stagedrow"))
            defer("intake.stage", import_id=beside.pk, division=beside.division, at=SPRING.isoformat())
            beside_reached(0)
            reached(0)
            kill(house, "worker")
        for tries in range(1, MOST_TRIES):
            reached(tries)
            assert state_of(house, "intake_export", poison.pk) == "asked"
            kill(house, "worker")
        until(lambda: state_of(house, "intake_export", poison.pk) == "failed", SECONDS)

    until(lambda: state_of(house, "intake_import", beside.pk) == "checked", SECONDS)
    said = "SELECT failed_code, file_hash FROM intake_export WHERE id = %s"
    assert asked(house, said, poison.pk) == [("export_worn_out", "")]
    until(lambda: jobs(house) == [("intake.export", "failed", MOST_TRIES + 1)], say=lambda: jobs(house))
    assert not file_of(house, poison).exists()
    assert not desk_of(house, poison).exists()
    refuse_to_hand_out(house, poison)
    assert "生成此文件时程序多次中断" in page(client, "/intake/exports/")


def test_an_import_that_kills_its_worker_each_time_says_so_and_leaves_nothing(
    house: House, client: Client
) -> None:
    asked(house, "DELETE FROM procrastinate_jobs RETURNING 1")
    with scoped(Scope(territory=range_of(GANSU))):
        data = workbook([roster_row(number) for number in range(10, 13)])
        batch = receive_file(form=ROSTER, division=LI_COUNTY, data=data, name="毒.xlsx", at=SPRING)
    with held_at(house, "intake_stagedrow") as reached:
        defer("intake.stage", import_id=batch.pk, division=batch.division, at=SPRING.isoformat())
        for tries in range(MOST_TRIES):
            reached(tries)
            kill(house, "worker")
        until(lambda: state_of(house, "intake_import", batch.pk) == "failed", SECONDS)

    with scoped(Scope(territory=range_of(GANSU))):
        assert Import.objects.get(pk=batch.pk).counts == {"failed_code": "import_worn_out"}
    assert asked(house, "SELECT count(*) FROM intake_stagedrow WHERE batch_id = %s", batch.pk) == [(0,)]
    deeds = "SELECT action FROM accounts_deed WHERE object_id = %s AND action ~ '^intake.f'"
    assert asked(house, deeds, batch.pk) == [("intake.failed",)]
    assert "处理此文件时程序多次中断" in page(client, f"/intake/{batch.pk}/")
