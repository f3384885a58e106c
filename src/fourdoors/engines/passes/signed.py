"""A signed message: COSE_Sign1 with ES256 (RFC 9052), in exactly one form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cbor2

from fourdoors.engines.passes.cbor import CborError, Tagged, read_cbor
from fourdoors.engines.passes.errors import ForgedPassError, MalformedPassError, UnknownKeyError
from fourdoors.engines.passes.keys import KID_BYTES, SIGNATURE_BYTES, SigningKey, VerifyingKey

COSE_SIGN1 = 18  # tag, RFC 9052
ALG, KID, ES256 = 1, 4, -7  # header labels and the one algorithm, RFC 9052, RFC 9053


@dataclass(frozen=True)
class Signed:
    """The parts of a message; nothing in them is believed before :meth:`proved`."""

    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes

    def proved(self, keys: Iterable[VerifyingKey], *, about: bytes = b"") -> bytes:
        """Return the payload once a key that has the key id is found to have signed it.

        Raises:
            UnknownKeyError: none of ``keys`` has the kid.
            ForgedPassError: the signature fits none of them.
        """
        candidates = [key for key in keys if key.kid == self.kid]
        if not candidates:
            raise UnknownKeyError(kid=self.kid.hex())
        signed = _to_be_signed(self.protected, self.payload, about)
        if not any(key.fits(self.signature, signed) for key in candidates):
            raise ForgedPassError(kid=self.kid.hex())
        return self.payload


def sign_message(payload: bytes, key: SigningKey, *, about: bytes = b"") -> bytes:
    """Return the message: the same payload and key give the same bytes.

    Args:
        payload: what is signed.
        key: the pair that signs.
        about: what the message is for; a message signed for one thing proves nothing for another.
    """
    protected = cbor2.dumps({ALG: ES256, KID: key.kid}, canonical=True)
    signature = key.sign(_to_be_signed(protected, payload, about))
    message = cbor2.CBORTag(COSE_SIGN1, [protected, {}, payload, signature])
    return cbor2.dumps(message, canonical=True)


def open_message(message: bytes) -> Signed:
    """Take a message apart.

    Raises:
        MalformedPassError: anything but the one form.
    """
    try:
        found = read_cbor(message)
    except CborError as error:
        raise MalformedPassError() from error
    match found:
        case Tagged(
            tag=18, value=[bytes() as protected, dict() as bare, bytes() as payload, bytes() as signature]
        ) if not bare and len(signature) == SIGNATURE_BYTES:
            return Signed(_kid(protected), protected, payload, signature)
    raise MalformedPassError()


def _kid(protected: bytes) -> bytes:
    try:
        header = read_cbor(protected)
    except CborError as error:
        raise MalformedPassError() from error
    match header:
        case {1: -7, 4: bytes() as kid} if len(header) == 2 and len(kid) == KID_BYTES:
            return kid
    raise MalformedPassError()


def _to_be_signed(protected: bytes, payload: bytes, about: bytes = b"") -> bytes:
    structure: list[Any] = ["Signature1", protected, about, payload]  # RFC 9052, section 4.4
    return cbor2.dumps(structure)
