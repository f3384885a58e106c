"""Sealed fields: identity numbers and phones leave this room only as cipher text and keyed hash.

A sealed field is the number of its key (4 bytes), a nonce (12 bytes) and AES-256-GCM cipher text with
its tag; the kind of the field is bound to it, so that a phone can never be read as an identity number.
Beside it stands a keyed hash for look-up: HMAC-SHA256, cut to 16 bytes, another one for every kind.
"""

import base64
import binascii
import fcntl
import functools
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fourdoors.store.refusals import (
    KeyMissingError,
    KeysInEnvironmentError,
    KeysOpenToOthersError,
    KeysUnreadableError,
    SealBrokenError,
)

Kind = Literal["identity", "phone", "account", "file", "private", "pass_key"]
HASH_BYTES = 16  # half of HMAC-SHA256: a collision among 10 million people has a chance of 1e-25
_NUMBER_BYTES = 4
_NONCE_BYTES = 12
_KEY_BYTES = 32
_ENVIRONMENT = "FOURDOORS_KEYS"


@dataclass(frozen=True)
class KeyRing:
    """The keys of one installation: several to open with, one of them to seal with, one to hash with."""

    current: str
    cipher: dict[str, bytes]
    lookup: bytes

    @classmethod
    def new(cls) -> "KeyRing":
        """Return a ring with one cipher key. Numbers are random: a ring never answers for another's."""
        number = secrets.token_hex(_NUMBER_BYTES)
        return cls(number, {number: secrets.token_bytes(_KEY_BYTES)}, secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def read(cls, text: str, *, source: str) -> "KeyRing":
        """Read a ring as ``write`` wrote it; ``source`` names where the text comes from."""
        try:
            stored = json.loads(text)
            keys = {number: _key(key) for number, key in stored["cipher"].items()}
            if stored["current"] not in keys:
                raise KeysUnreadableError(source=source)
            return cls(stored["current"], keys, _key(stored["lookup"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeysUnreadableError(source=source) from error

    def write(self) -> str:
        """Return the ring as JSON, keys in base64."""
        keys = {number: base64.b64encode(key).decode() for number, key in self.cipher.items()}
        lookup = base64.b64encode(self.lookup).decode()
        return json.dumps({"current": self.current, "cipher": keys, "lookup": lookup}, indent=1) + "\n"


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error
    if len(key) != _KEY_BYTES:
        raise ValueError
    return key


class Vault:
    """Seals, opens and hashes with one ring of keys."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._ciphers = {bytes.fromhex(number): AESGCM(key) for number, key in ring.cipher.items()}
        self._current = bytes.fromhex(ring.current)

    def seal(self, kind: Kind, text: str) -> bytes:
        """Return ``text`` sealed with the current key; twice the same text never gives the same bytes."""
        nonce = os.urandom(_NONCE_BYTES)
        body = self._ciphers[self._current].encrypt(nonce, text.encode(), kind.encode())
        return self._current + nonce + body

    def open(self, kind: Kind, data: bytes | memoryview) -> str:
        """Return the text of a sealed field.

        Raises:
            KeyMissingError: it was sealed with a key that is not in this ring.
            SealBrokenError: it was altered, or sealed as another kind.
        """
        data = bytes(data)  # psycopg may hand a binary field over as memoryview
        number, nonce = data[:_NUMBER_BYTES], data[_NUMBER_BYTES : _NUMBER_BYTES + _NONCE_BYTES]
        if number not in self._ciphers:
            raise KeyMissingError(number=number.hex())
        try:
            opened = self._ciphers[number].decrypt(nonce, data[_NUMBER_BYTES + _NONCE_BYTES :], kind.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(kind=kind) from error
        return opened.decode()

    def reseal(self, kind: Kind, data: bytes | memoryview) -> bytes | None:
        """Return the field sealed with the current key, or None where it already is."""
        if bytes(data[:_NUMBER_BYTES]) == self._current:
            return None
        return self.seal(kind, self.open(kind, data))

    def hash(self, kind: Kind, text: str) -> bytes:
        """Return the 16 bytes by which a field is looked up. Write the text in one form first."""
        return hmac.digest(self.ring.lookup, f"{kind}\0{text}".encode(), "sha256")[:HASH_BYTES]


def vault() -> Vault:
    """Return the vault of this installation, from FOURDOORS_KEYS or ``keys.json`` in the home.

    The file is made on the first run. It is read again when it has changed: a rotation reaches
    every process without a restart.
    """
    if text := os.environ.get(_ENVIRONMENT):
        return _from_environment(text)
    path = _path()
    while True:
        try:
            stat = path.stat()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_once(path, KeyRing.new().write())
        else:
            return _from_file(path, stat.st_ino, stat.st_mtime_ns)


def add_key() -> str:
    """Add a cipher key, seal with it from now on, and return its number; older fields still open."""
    with _changing() as ring:
        number = secrets.token_hex(_NUMBER_BYTES)
        keys = {**ring.cipher, number: secrets.token_bytes(_KEY_BYTES)}
        _replace(replace(ring, current=number, cipher=keys))
    return number


def retire_keys() -> int:
    """Forget every cipher key but the current one, and return how many.

    Only after every sealed field went through ``reseal``: what still needs an old key is lost for good.
    """
    with _changing() as ring:
        _replace(replace(ring, cipher={ring.current: ring.cipher[ring.current]}))
    return len(ring.cipher) - 1


def write_once(path: Path, text: str) -> None:
    """Make a private file unless it is there: whole or not at all, and the first writer wins."""
    half = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _write_private(half, text)
    try:
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        half.unlink()


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _path() -> Path:
    return Path(settings.HOME) / "keys.json"


@functools.lru_cache(maxsize=1)
def _from_environment(text: str) -> Vault:
    return Vault(KeyRing.read(text, source=_ENVIRONMENT))


@functools.lru_cache(maxsize=1)
def _from_file(path: Path, _inode: int, _changed_ns: int) -> Vault:
    if path.stat().st_mode & 0o077:
        raise KeysOpenToOthersError(path=path)
    return Vault(KeyRing.read(path.read_text(), source=str(path)))


@contextmanager
def _changing() -> Iterator[KeyRing]:
    """Hold the ring alone: two rotations at the same moment must not lose a key."""
    if os.environ.get(_ENVIRONMENT):
        raise KeysInEnvironmentError(variable=_ENVIRONMENT)
    vault()
    with _path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield vault().ring


def _replace(ring: KeyRing) -> None:
    half = _path().with_suffix(".half")
    half.unlink(missing_ok=True)
    _write_private(half, ring.write())
    half.replace(_path())
