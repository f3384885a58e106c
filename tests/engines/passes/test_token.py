"""A pass: what is in it, who can read it, and everything that is refused."""

import os
import random
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import cwt
import pytest
from base45 import b45decode, b45encode
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.passes.errors import (
    EarlyPassError,
    ExpiredPassError,
    ForgedPassError,
    MalformedPassError,
    PassError,
    UnknownKeyError,
    WrongTripError,
)
from fourdoors.engines.passes.keys import SigningKey, VerifyingKey, new_key
from fourdoors.engines.passes.signed import _to_be_signed
from fourdoors.engines.passes.token import (
    MOST_CHARACTERS,
    PREFIX,
    PassClaims,
    new_pass_id,
    read_pass,
    sign_pass,
)

LEAVES_AT = datetime(2020, 3, 1, 6, 0, tzinfo=UTC)
KEY = new_key()
CLAIMS = PassClaims(
    issuer="FD-621226",
    not_before_at=LEAVES_AT,
    expires_at=LEAVES_AT + timedelta(days=5),
    pass_id=bytes(range(8)),
    trip=40123,
    leg=1,
    seat="12",
    name="马*兰",
)
PASS = sign_pass(CLAIMS, KEY)


def read(
    text: str, *, trip: int = 40123, at: datetime = LEAVES_AT, key: VerifyingKey | None = None
) -> PassClaims:
    return read_pass(text, keys=[key or KEY.verifying], trip=trip, at=at)


def bytes_of(text: str) -> bytes:
    return bytes(b45decode(text.removeprefix(PREFIX)))


def text_of(message: bytes) -> str:
    return f"{PREFIX}{b45encode(message).decode()}"


def written(value: Any) -> bytes:
    """Shortest form, so that each case is refused for its own reason; bytes stay as they are."""
    return value if isinstance(value, bytes) else cbor2.dumps(value, canonical=True)


def signed_again(
    *, payload: Any = None, header: Any = None, key: SigningKey = KEY, unprotected: Any = None
) -> str:
    """A pass with our own good signature over something that we never sign."""
    protected, _, body, _ = cbor2.loads(bytes_of(PASS)).value
    protected = protected if header is None else written(header)
    body = body if payload is None else written(payload)
    signature = key.sign(_to_be_signed(protected, body))
    return text_of(cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected or {}, body, signature])))


def test_a_pass_says_what_was_signed_and_fits_a_small_code() -> None:
    assert read(PASS) == CLAIMS
    assert len(PASS) <= 221  # what a QR code of version 8 holds at level M
    assert sign_pass(CLAIMS, KEY) == PASS


def test_a_pass_holds_nothing_else() -> None:
    payload = cbor2.loads(cbor2.loads(bytes_of(PASS)).value[2])

    assert payload == {
        1: "FD-621226", 4: 1583474400, 5: 1583042400, 7: bytes(range(8)), -70001: [40123, 1, "12", "马*兰"],
    }  # fmt: skip
    assert len(fields(PassClaims)) == 8


def test_another_implementation_reads_ours() -> None:
    point = KEY.public
    theirs = cwt.COSEKey.new(
        {1: 2, 3: -7, -1: 1, 2: KEY.kid, -2: point[1:33], -3: point[33:], 4: [2]}  # kty EC2, ES256, P-256
    )
    found = cwt.CWT.new()
    found.expires_in, found.leeway = 3600, 60 * 365 * 24 * 3600  # it has no clock of ours

    said = found.decode(bytes_of(PASS), theirs)

    assert said == cbor2.loads(cbor2.loads(bytes_of(PASS)).value[2])


def test_we_read_another_implementation() -> None:
    secret, point = KEY.private, KEY.public
    theirs = cwt.COSEKey.new(
        {1: 2, 3: -7, -1: 1, 2: KEY.kid, -2: point[1:33], -3: point[33:], -4: secret, 4: [1]}
    )
    payload = cbor2.loads(cbor2.loads(bytes_of(PASS)).value[2])
    message = cwt.COSE.new().encode_and_sign(
        cbor2.dumps(payload, canonical=True), theirs, protected={1: -7, 4: KEY.kid}, unprotected={}
    )

    assert read(text_of(message)) == CLAIMS


def test_the_first_and_the_last_moment() -> None:
    end = CLAIMS.expires_at
    second = timedelta(seconds=1)

    assert read(PASS, at=LEAVES_AT) == read(PASS, at=end - second) == CLAIMS
    with pytest.raises(EarlyPassError) as early:
        read(PASS, at=LEAVES_AT - second)
    with pytest.raises(ExpiredPassError) as late:
        read(PASS, at=end)
    assert (early.value.code, late.value.code) == ("pass_not_yet", "pass_expired")
    assert late.value.values == {"expires_at": end}


def test_a_good_pass_of_another_trip_says_which() -> None:
    with pytest.raises(WrongTripError) as refusal:
        read(PASS, trip=40124)

    assert refusal.value.code == "pass_wrong_trip"
    assert refusal.value.values == {"trip": 40123, "leg": 1, "seat": "12", "here": 40124}


def test_an_unknown_key_and_a_forged_signature_are_told_apart() -> None:
    other = new_key()
    liar = VerifyingKey(KEY.kid, other.public)

    with pytest.raises(UnknownKeyError) as unknown:
        read(PASS, key=other.verifying)
    with pytest.raises(ForgedPassError) as forged:
        read(PASS, key=liar)
    assert (unknown.value.code, forged.value.code) == ("pass_unknown_key", "pass_forged")
    with pytest.raises(UnknownKeyError):
        read_pass(PASS, keys=[], trip=40123, at=LEAVES_AT)


def test_all_keys_with_the_same_kid_are_tried() -> None:
    drawn = new_key()
    twin = SigningKey(kid=KEY.kid, private=drawn.private, public=drawn.public)
    other = sign_pass(replace(CLAIMS, seat="13"), twin)

    for keys in ([KEY.verifying, twin.verifying], [twin.verifying, KEY.verifying]):
        assert read_pass(PASS, keys=keys, trip=40123, at=LEAVES_AT) == CLAIMS
        assert read_pass(other, keys=keys, trip=40123, at=LEAVES_AT).seat == "13"


GOOD = {1: "FD", 4: 1583474400, 5: 1583042400, 7: bytes(8), -70001: [40123, 1, "12", "马*"]}


@pytest.mark.parametrize(
    "make",
    [
        lambda: signed_again(header={1: -7}),
        lambda: signed_again(header={1: -8, 4: KEY.kid}),  # EdDSA
        lambda: signed_again(header={1: 5, 4: KEY.kid}),  # HMAC
        lambda: signed_again(header={4: KEY.kid}),  # none at all
        lambda: signed_again(header={1: "none", 4: KEY.kid}),
        lambda: signed_again(header={1: -7, 4: KEY.kid, 5: b""}),
        lambda: signed_again(header={1: -7, 4: KEY.kid[:7]}),
        lambda: signed_again(header=b"\xa2\x04\x48" + KEY.kid + b"\x01\x26"),  # keys out of order
        lambda: signed_again(unprotected={1: -7}),
        lambda: signed_again(payload=GOOD | {6: 1583042400}),  # a claim more
        lambda: signed_again(payload={key: GOOD[key] for key in (1, 4, 7, -70001)}),  # a claim less
        lambda: signed_again(payload=GOOD | {4: 1583042400}),  # ends when it begins
        lambda: signed_again(payload=GOOD | {4: 2**33}),
        lambda: signed_again(payload=GOOD | {5: -1}),
        lambda: signed_again(payload=GOOD | {7: bytes(7)}),
        lambda: signed_again(payload=GOOD | {4: 1583474400.0}),
        lambda: signed_again(payload=GOOD | {4: True}),
        lambda: signed_again(payload=GOOD | {1: "x" * 17}),
        lambda: signed_again(payload=GOOD | {-70001: [40123, 1, "12"]}),
        lambda: signed_again(payload=GOOD | {-70001: [40123, 1, "12", "马兰花"]}),  # a full name
        lambda: signed_again(payload=GOOD | {-70001: [-1, 1, "12", "马*"]}),
        lambda: signed_again(payload=GOOD | {-70001: [[[[1]]], 1, "12", "马*"]}),
        lambda: signed_again(payload=b"\xa2\x01\x62FD\x01\x62FE"),  # a key twice
        lambda: signed_again(payload=b""),
        str,
        lambda: PREFIX,
        lambda: PREFIX + "A",
        lambda: "HC1:" + PASS[4:],
        PASS.lower,
        lambda: PASS + "\n",
        lambda: PASS + " ",
        lambda: PASS[:-3],
        lambda: PREFIX + ":::",  # over 65,535
        lambda: PREFIX + "0" * (MOST_CHARACTERS - 3),
        lambda: text_of(b"\x81" * 250),  # as deep as it is long
        lambda: text_of(b"\xd2\x9b" + b"\xff" * 8),  # an array of 2**64 - 1
        lambda: text_of(b"\x9f\xff"),  # no definite length
        lambda: text_of(cbor2.dumps(cbor2.loads(bytes_of(PASS)).value)),  # no tag
        lambda: text_of(b"\xd8\x12" + bytes_of(PASS)[1:]),  # the tag in a longer form
    ],
)
def test_what_is_not_a_pass_is_malformed(make: Callable[[], str]) -> None:
    with pytest.raises(MalformedPassError) as refusal:
        read(make())

    assert refusal.value.code == "pass_malformed"


def test_the_helper_above_signs_well() -> None:
    assert read(signed_again()) == CLAIMS
    assert read(signed_again(payload=GOOD)).issuer == "FD"


def test_one_changed_bit_anywhere_is_refused() -> None:
    message = bytes_of(PASS)
    for place in range(8 * len(message)):
        changed = bytearray(message)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(PassError):
            read(text_of(bytes(changed)))


def test_two_thousand_mutated_passes_are_refused() -> None:
    draw, message = random.Random(20200301), bytes_of(PASS)  # noqa: S311
    other = bytes_of(sign_pass(replace(CLAIMS, seat="13"), KEY))
    for _ in range(2000):
        changed = bytearray(message)
        for _ in range(draw.randint(1, 4)):
            start = draw.randrange(len(changed) + 1)
            end = min(len(changed), start + draw.randint(0, 20))
            source = draw.choice((other, message, draw.randbytes(40)))
            cut = draw.randrange(len(source))
            changed[start:end] = source[cut : cut + draw.randint(0, 20)]
        if bytes(changed) in (message, other):
            continue
        with pytest.raises(PassError):
            read(text_of(bytes(changed)))


@settings(deadline=None, max_examples=500)
@given(
    text=st.one_of(st.text(), st.binary(max_size=280).map(text_of), st.text("FD1:09AZ $%*+-./", max_size=420))
)
def test_no_text_at_all_makes_the_reader_stumble(text: str) -> None:
    with pytest.raises(PassError):
        read(text)


@settings(deadline=None, max_examples=200)
@given(
    issuer=st.text(min_size=1, max_size=16),
    seat=st.text(max_size=8),
    name=st.text(max_size=15),
    trip=st.integers(0, 2**53 - 1),
    leg=st.integers(1, 99),
    start=st.integers(0, 2**33 - 2),
)
def test_whatever_may_be_signed_can_be_read(
    issuer: str, seat: str, name: str, trip: int, leg: int, start: int
) -> None:
    first = datetime.fromtimestamp(start, tz=UTC)
    claims = PassClaims(
        issuer=issuer,
        not_before_at=first,
        expires_at=first + timedelta(seconds=1),
        pass_id=new_pass_id(),
        trip=trip,
        leg=leg,
        seat=seat,
        name=name + "*",
    )
    text = sign_pass(claims, KEY)

    assert len(text) <= MOST_CHARACTERS
    assert read(text, trip=trip, at=first) == claims


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", ""),
        ("issuer", "x" * 17),
        ("not_before_at", datetime(1969, 12, 31, tzinfo=UTC)),
        ("not_before_at", CLAIMS.expires_at),
        ("expires_at", datetime(2243, 1, 1, tzinfo=UTC)),
        ("pass_id", bytes(7)),
        ("trip", -1),
        ("trip", 2**53),
        ("leg", 0),
        ("leg", 100),
        ("seat", "123456789"),
        ("name", "马兰"),
        ("name", "*" * 17),
    ],
)
def test_claims_out_of_range_are_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name if name != "not_before_at" else "not_before_at|expires_at"):
        replace(CLAIMS, **{name: value})


def test_moments_are_aware_and_whole() -> None:
    for bad in (datetime(2020, 3, 1), LEAVES_AT.replace(microsecond=1)):  # noqa: DTZ001
        with pytest.raises(ValueError, match="aware moment of whole seconds"):
            replace(CLAIMS, not_before_at=bad)


def test_a_key_never_prints_its_secret_and_checks_its_halves() -> None:
    assert KEY.private.hex() not in repr(KEY)
    assert repr(KEY.private) not in repr(KEY)
    with pytest.raises(ValueError, match="public"):
        SigningKey(kid=KEY.kid, private=KEY.private, public=new_key().public)
    with pytest.raises(ValueError, match="kid"):
        VerifyingKey(b"short", KEY.public)
    with pytest.raises(ValueError, match="public: not a point"):
        VerifyingKey(KEY.kid, b"\x04" + os.urandom(64))


def test_pass_ids_are_new_each_time() -> None:
    assert len({new_pass_id() for _ in range(1000)}) == 1000
