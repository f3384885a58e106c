"""The one list that a scanner carries: which keys are good, which passes are revoked, how old it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import cbor2

from fourdoors.engines.passes.cbor import CborError, read_cbor
from fourdoors.engines.passes.errors import MalformedTrustError, OlderTrustError, PassError
from fourdoors.engines.passes.keys import KID_BYTES, SigningKey, VerifyingKey
from fourdoors.engines.passes.signed import open_message, sign_message
from fourdoors.engines.passes.token import MOST_NUMBER, MOST_SECONDS, PASS_ID_BYTES

ABOUT = b"fourdoors-trust-1"  # a pass can never be taken for a list, nor a list for a pass
MOST_BYTES = 2**20
VERSION, MADE_AT, KEYS, REVOKED = 1, 2, 3, 4
_KEY_BYTES = KID_BYTES + 65


@dataclass(frozen=True, kw_only=True)
class TrustList:
    """What a scanner believes.

    Args:
        version: grows with every list; a lower one is never taken after a higher one.
        made_at: aware, whole seconds.
        keys: every key whose passes are good.
        revoked: ids of passes that open no door though their signature is good. They say nothing of a person.
    """

    version: int
    made_at: datetime
    keys: tuple[VerifyingKey, ...]
    revoked: frozenset[bytes]


def sign_trust(trust: TrustList, key: SigningKey) -> bytes:
    """Return the list as one signed file; the same list gives the same bytes."""
    said = {
        VERSION: trust.version,
        MADE_AT: int(trust.made_at.timestamp()),
        KEYS: b"".join(key.kid + key.public for key in trust.keys),
        REVOKED: b"".join(sorted(trust.revoked)),
    }
    return sign_message(cbor2.dumps(said, canonical=True), key, about=ABOUT)


def read_trust(data: bytes, *, signers: Iterable[VerifyingKey], newest: int = 0) -> TrustList:
    """Return what a list says, once it is proved to be ours and not older than the one at hand.

    Args:
        data: the file.
        signers: the keys of lists, pinned when the device was enrolled; keys of passes are none of them.
        newest: version of the list at hand; 0 where there is none.

    Raises:
        MalformedTrustError: not a list, or not signed by one of ``signers``.
        OlderTrustError: its version is lower than ``newest``: somebody plays an old list back.
    """
    if len(data) > MOST_BYTES:
        raise MalformedTrustError()
    try:
        trust = _read(open_message(data).proved(signers, about=ABOUT))
    except (PassError, CborError, ValueError) as error:
        raise MalformedTrustError() from error
    if trust.version < newest:
        raise OlderTrustError(version=trust.version, newest=newest)
    return trust


def _read(payload: bytes) -> TrustList:
    match said := read_cbor(payload):
        case {1: int() as version, 2: int() as made, 3: bytes() as keys, 4: bytes() as revoked} if (
            len(said) == 4
            and 1 <= version <= MOST_NUMBER
            and 0 <= made < MOST_SECONDS
            and len(keys) % _KEY_BYTES == 0
            and len(revoked) % PASS_ID_BYTES == 0
        ):
            return TrustList(
                version=version,
                made_at=datetime.fromtimestamp(made, tz=UTC),
                keys=tuple(VerifyingKey(one[:KID_BYTES], one[KID_BYTES:]) for one in _cut(keys, _KEY_BYTES)),
                revoked=frozenset(_cut(revoked, PASS_ID_BYTES)),
            )
    raise MalformedTrustError()


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]
