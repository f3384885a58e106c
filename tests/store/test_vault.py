"""Sealed fields: what is closed, what opens it, what does not."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from fourdoors.store.refusals import (
    KeyMissingError,
    KeysInEnvironmentError,
    KeysOpenToOthersError,
    KeysUnreadableError,
    SealBrokenError,
)
from fourdoors.store.vault import KeyRing, Vault, add_key, retire_keys, vault

NUMBER = "990101199001011236"  # invented: no division begins with 99


@pytest.fixture
def home(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation on its first day."""
    monkeypatch.delenv("FOURDOORS_KEYS", raising=False)
    settings.HOME = tmp_path / "home"
    return tmp_path / "home"


@pytest.fixture
def sealer() -> Vault:
    return Vault(KeyRing.new())


def test_what_is_sealed_opens_again_and_does_not_show(sealer: Vault) -> None:
    for text in (NUMBER, "张伟 的电话", ""):
        sealed = sealer.seal("identity", text)
        assert sealer.open("identity", sealed) == text
        assert sealer.open("identity", memoryview(sealed)) == text
        assert not text or text.encode() not in sealed


def test_the_same_text_sealed_twice_cannot_be_told_to_be_the_same(sealer: Vault) -> None:
    assert sealer.seal("phone", "1") != sealer.seal("phone", "1")


def test_any_altered_byte_is_refused(sealer: Vault) -> None:
    sealed = sealer.seal("identity", NUMBER)
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises((SealBrokenError, KeyMissingError)):
            sealer.open("identity", bytes(altered))


@pytest.mark.parametrize("length", [0, 3, 4, 15, 16, 31])
def test_a_field_cut_short_is_refused(sealer: Vault, length: int) -> None:
    with pytest.raises((SealBrokenError, KeyMissingError)):
        sealer.open("identity", sealer.seal("identity", NUMBER)[:length])


def test_a_phone_is_never_read_as_an_identity_number(sealer: Vault) -> None:
    with pytest.raises(SealBrokenError) as refusal:
        sealer.open("identity", sealer.seal("phone", NUMBER))
    assert refusal.value.values == {"kind": "identity"}


def test_another_installation_opens_nothing_and_says_which_key_is_missing(sealer: Vault) -> None:
    with pytest.raises(KeyMissingError) as refusal:
        Vault(KeyRing.new()).open("identity", sealer.seal("identity", NUMBER))
    assert refusal.value.values == {"number": sealer.ring.current}


def test_the_hash_is_sixteen_bytes_the_same_each_time_and_another_for_each_kind(sealer: Vault) -> None:
    kinds = {sealer.hash("identity", NUMBER), sealer.hash("phone", NUMBER), sealer.hash("account", NUMBER)}
    assert {len(hashed) for hashed in kinds} == {16}
    assert len(kinds) == 3
    assert sealer.hash("identity", NUMBER) == Vault(sealer.ring).hash("identity", NUMBER)
    assert sealer.hash("identity", NUMBER) != Vault(KeyRing.new()).hash("identity", NUMBER)


def test_the_first_run_makes_a_private_file_and_keeps_it(home: Path) -> None:
    sealed = vault().seal("identity", NUMBER)
    assert (home / "keys.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["keys.json"]
    assert vault() is vault()
    assert vault().open("identity", sealed) == NUMBER


@pytest.mark.usefixtures("home")
def test_after_a_rotation_old_fields_open_and_are_sealed_anew_once() -> None:
    before = vault()
    old = before.seal("identity", NUMBER)
    number = add_key()

    assert vault().ring.current == number != before.ring.current
    assert vault().open("identity", old) == NUMBER
    assert vault().hash("identity", NUMBER) == before.hash("identity", NUMBER)
    new = vault().reseal("identity", old)
    assert new is not None
    assert vault().reseal("identity", new) is None
    assert retire_keys() == 1
    assert vault().open("identity", new) == NUMBER
    with pytest.raises(KeyMissingError):
        vault().open("identity", old)
    assert retire_keys() == 0


def test_a_ring_changed_by_another_process_is_read_again(home: Path) -> None:
    vault()
    other = KeyRing.new()
    (home / "keys.json").write_text(other.write())
    assert vault().ring == other


def test_a_file_that_others_can_read_is_refused(home: Path) -> None:
    vault()
    (home / "keys.json").chmod(0o640)
    (home / "keys.json").write_text(KeyRing.new().write())
    with pytest.raises(KeysOpenToOthersError):
        vault()


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        '{"current": "00000001", "cipher": {"00000001": "c2hvcnQ="}, "lookup": "c2hvcnQ="}',
        json.dumps({**json.loads(KeyRing.new().write()), "current": "00000000"}),
        json.dumps({**json.loads(KeyRing.new().write()), "lookup": "?"}),
    ],
)
def test_a_ring_that_is_not_whole_is_refused_by_name(home: Path, text: str) -> None:
    vault()
    (home / "keys.json").write_text(text)
    with pytest.raises(KeysUnreadableError) as refusal:
        vault()
    assert refusal.value.values == {"source": str(home / "keys.json")}


def test_keys_of_the_environment_come_first_and_are_not_changed_here(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing.new()
    monkeypatch.setenv("FOURDOORS_KEYS", ring.write())
    assert vault().ring == ring
    for change in (add_key, retire_keys):
        with pytest.raises(KeysInEnvironmentError):
            change()
    assert not home.exists()
