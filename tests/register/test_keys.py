"""Keys change: everything is sealed anew, nothing is lost, the history says nothing of it."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fourdoors.accounts.models import Deed
from fourdoors.intake.models import Import, StagedRow
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.register.models import Worker, WorkerEvent
from fourdoors.register.services import KeysInUseError, forget_old_keys, rotate_keys
from fourdoors.store.scope import Scope, scoped
from fourdoors.store.sealing import fields_of_other_keys, sealed_columns
from fourdoors.store.vault import add_key, vault
from tests.makers.intake import make_import, roster_row
from tests.makers.register import SPRING, make_worker

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _keys_in_a_file(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """Keys in a home of their own: those of the environment cannot be changed."""
    monkeypatch.delenv("FOURDOORS_KEYS")
    settings.HOME = tmp_path


def test_every_sealed_field_is_sealed_anew_and_still_opens() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        worker = make_worker(identity=roster_row(9)["identity"])
        make_import()
        before = bytes(worker.identity_cipher)
        events = WorkerEvent.objects.count()

    fields = rotate_keys(at=SPRING)

    assert fields == 5  # identity number, phone, one file and its columns, one staged row
    with scoped(Scope(territory=range_of(GANSU))):
        worker = Worker.objects.get()
        assert bytes(worker.identity_cipher) != before
        assert vault().open("identity", worker.identity_cipher) == roster_row(9)["identity"]
        assert vault().open("private", StagedRow.objects.get().private_cipher or b"")
        assert vault().open("file", Import.objects.get().file_cipher or b"")
        assert Import.objects.get().columns_cipher
        assert WorkerEvent.objects.count() == events
        assert Deed.objects.get(action="register.keys_rotated").values["fields"] == 5


def test_old_keys_are_forgotten_only_when_nothing_needs_them() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        make_worker()
    add_key()
    assert fields_of_other_keys() == 2
    with pytest.raises(KeysInUseError):
        forget_old_keys(at=SPRING)

    rotate_keys(at=SPRING)
    assert fields_of_other_keys() == 0
    assert forget_old_keys(at=SPRING) == 2
    with scoped(Scope(territory=range_of(GANSU))):
        assert vault().open("identity", Worker.objects.get().identity_cipher)


def test_every_sealed_column_of_the_house_is_known() -> None:
    tables = {f"{where.table}.{where.column}" for where in sealed_columns()}

    assert {
        "register_worker.identity_cipher", "register_worker.phone_cipher", "register_passbook.account_cipher",
        "intake_import.file_cipher", "intake_stagedrow.private_cipher", "notices_notice.address_cipher",
    } <= tables  # fmt: skip
