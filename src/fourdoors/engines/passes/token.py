"""The pass itself: claims signed as CWT in COSE_Sign1 (RFC 8392, RFC 9052), written for a QR code."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import cbor2
from base45 import b45decode, b45encode

from fourdoors.engines.passes.cbor import read_cbor
from fourdoors.engines.passes.errors import (
    EarlyPassError,
    ExpiredPassError,
    MalformedPassError,
    WrongTripError,
)
from fourdoors.engines.passes.keys import SigningKey, VerifyingKey
from fourdoors.engines.passes.signed import Signed, open_message, sign_message

PREFIX = "FD1:"
MOST_CHARACTERS = 400  # of the whole text; an honest pass has about 200
PASS_ID_BYTES = 8
ISS, EXP, NBF, CTI = 1, 4, 5, 7  # claim keys, RFC 8392
RIDE = -70001  # ours, in the range for private use: [trip, leg, seat, masked name]
MOST_NUMBER = 2**53 - 1  # what a browser counts exactly
MOST_SECONDS = 2**33  # the year 2242
_TEXT = re.compile(r"FD1:[0-9A-Z $%*+\-./:]+")


@dataclass(frozen=True, kw_only=True)
class PassClaims:
    """What a pass says, and nothing more: no identity number, phone, full name, village, household or health.

    Args:
        issuer: 1 to 16 characters.
        not_before_at: first moment, aware, whole seconds.
        expires_at: the moment from which it is no longer good, aware, whole seconds.
        pass_id: 8 random bytes, new for each pass (:func:`new_pass_id`).
        trip: number of the trip.
        leg: number of the leg in the trip, from 1.
        seat: as painted on the seat, 0 to 8 characters; empty when there is none.
        name: masked, with at least one ``*``, 1 to 16 characters.

    Raises:
        ValueError: a value out of its range; it is named.
    """

    issuer: str
    not_before_at: datetime
    expires_at: datetime
    pass_id: bytes
    trip: int
    leg: int
    seat: str
    name: str

    def __post_init__(self) -> None:
        first, end = _seconds(self.not_before_at), _seconds(self.expires_at)
        promises = {
            "issuer": 1 <= len(self.issuer) <= 16,
            "not_before_at": first >= 0,
            "expires_at": first < end < MOST_SECONDS,
            "pass_id": len(self.pass_id) == PASS_ID_BYTES,
            "trip": 0 <= self.trip <= MOST_NUMBER,
            "leg": 1 <= self.leg <= 99,
            "seat": len(self.seat) <= 8,
            "name": "*" in self.name and len(self.name) <= 16,
        }
        broken = [name for name, kept in promises.items() if not kept]
        if broken:
            raise ValueError(f"{broken[0]}: {getattr(self, broken[0])!r} cannot be in a pass")


def new_pass_id() -> bytes:
    """Draw the id of a new pass; nothing of the person is in it."""
    return secrets.token_bytes(PASS_ID_BYTES)


def sign_pass(claims: PassClaims, key: SigningKey) -> str:
    """Return the text of the pass, for a QR code of alphanumeric mode.

    The same claims and key give the same text.
    """
    payload = cbor2.dumps(
        {
            ISS: claims.issuer,
            EXP: _seconds(claims.expires_at),
            NBF: _seconds(claims.not_before_at),
            CTI: claims.pass_id,
            RIDE: [claims.trip, claims.leg, claims.seat, claims.name],
        },
        canonical=True,
    )
    return f"{PREFIX}{b45encode(sign_message(payload, key)).decode()}"


def read_pass(text: str, *, keys: Iterable[VerifyingKey], trip: int, at: datetime) -> PassClaims:
    """Return what a pass says, once it is proved.

    Size, form and algorithm are checked first, then the signature with every key that has the key id, and
    only then are the claims looked at.

    Args:
        text: what the scanner read, as it is.
        keys: the keys that this reader trusts; several may share a kid.
        trip: the trip at whose door the pass is shown.
        at: now, aware.

    Raises:
        MalformedPassError: not a pass, too long, another algorithm, or claims out of their range.
        UnknownKeyError: none of ``keys`` has its kid.
        ForgedPassError: the signature fits none of them.
        EarlyPassError, ExpiredPassError: ``at`` is outside its time.
        WrongTripError: it is for another trip, named in the values with its leg and seat.
    """
    claims = _claims(_opened(text).proved(keys))
    if at < claims.not_before_at:
        raise EarlyPassError(not_before_at=claims.not_before_at)
    if at >= claims.expires_at:
        raise ExpiredPassError(expires_at=claims.expires_at)
    if claims.trip != trip:
        raise WrongTripError(trip=claims.trip, leg=claims.leg, seat=claims.seat, here=trip)
    return claims


def _opened(text: str) -> Signed:
    """Return the message of a pass; nothing in it is believed yet."""
    if len(text) > MOST_CHARACTERS or not _TEXT.fullmatch(text):
        raise MalformedPassError()
    try:
        return open_message(b45decode(text[len(PREFIX) :]))
    except ValueError as error:
        raise MalformedPassError() from error


def _claims(payload: bytes) -> PassClaims:
    """Return the claims of a payload whose signature fits."""
    try:
        said = read_cbor(payload)
        match said:
            case {
                1: str() as issuer,
                4: int() as end,
                5: int() as first,
                7: bytes() as pass_id,
                -70001: [int() as trip, int() as leg, str() as seat, str() as name],
            } if len(said) == 5:
                return PassClaims(
                    issuer=issuer,
                    not_before_at=_moment(first),
                    expires_at=_moment(end),
                    pass_id=pass_id,
                    trip=trip,
                    leg=leg,
                    seat=seat,
                    name=name,
                )
    except ValueError as error:
        raise MalformedPassError() from error
    raise MalformedPassError()


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None or moment.microsecond:
        raise ValueError(f"moment: {moment} is not an aware moment of whole seconds")
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    if not 0 <= seconds < MOST_SECONDS:
        raise ValueError(f"moment: {seconds} seconds")
    return datetime.fromtimestamp(seconds, tz=UTC)
