"""The signed list of keys and revoked passes: ours, whole, and never an older one."""

import gzip
import secrets
from datetime import UTC, datetime

import cbor2
import pytest

from fourdoors.engines.passes.errors import MalformedTrustError, OlderTrustError
from fourdoors.engines.passes.keys import VerifyingKey, new_key
from fourdoors.engines.passes.signed import sign_message
from fourdoors.engines.passes.token import new_pass_id
from fourdoors.engines.passes.trust import ABOUT, TrustList, read_trust, sign_trust

SIGNER, PASSES = new_key(), new_key()
TRUST = TrustList(
    version=3,
    made_at=datetime(2020, 3, 9, tzinfo=UTC),
    keys=(PASSES.verifying,),
    revoked=frozenset({new_pass_id()}),
)


def test_a_list_is_read_as_it_was_signed() -> None:
    assert read_trust(sign_trust(TRUST, SIGNER), signers=[SIGNER.verifying]) == TRUST
    assert read_trust(sign_trust(TRUST, SIGNER), signers=[SIGNER.verifying], newest=3) == TRUST
    assert sign_trust(TRUST, SIGNER) == sign_trust(TRUST, SIGNER)


def test_an_older_list_is_refused_though_it_is_ours() -> None:
    with pytest.raises(OlderTrustError) as refusal:
        read_trust(sign_trust(TRUST, SIGNER), signers=[SIGNER.verifying], newest=4)
    assert refusal.value.values == {"version": 3, "newest": 4}


def test_no_key_of_passes_signs_a_list_and_no_list_without_its_purpose_is_one() -> None:
    for file in (
        sign_trust(TRUST, PASSES),
        sign_message(b"\xa0", SIGNER),
        sign_message(b"\xa0", SIGNER, about=ABOUT),
        sign_message(cbor2.dumps({1: 0, 2: 1, 3: b"", 4: b""}), SIGNER, about=ABOUT),
        sign_message(cbor2.dumps({1: 1, 2: 1, 3: b"1", 4: b""}), SIGNER, about=ABOUT),
        sign_message(cbor2.dumps({1: 1, 2: 1, 3: b"", 4: b"1"}), SIGNER, about=ABOUT),
        sign_message(cbor2.dumps({1: 1, 2: 1, 3: bytes(73), 4: b""}), SIGNER, about=ABOUT),
        sign_message(cbor2.dumps({1: 1, 2: 1, 3: b"", 4: b"", 5: 0}), SIGNER, about=ABOUT),
        b"",
        bytes(2**20 + 1),
    ):
        with pytest.raises(MalformedTrustError):
            read_trust(file, signers=[SIGNER.verifying])


def test_every_damaged_byte_is_seen() -> None:
    file = sign_trust(TRUST, SIGNER)
    for place in range(len(file)):
        damaged = bytearray(file)
        damaged[place] ^= 1
        with pytest.raises(MalformedTrustError):
            read_trust(bytes(damaged), signers=[SIGNER.verifying])


def test_five_thousand_revocations_and_twenty_keys_stay_under_sixty_kilobytes() -> None:
    keys = tuple(VerifyingKey(secrets.token_bytes(8), new_key().public) for _ in range(20))
    revoked = frozenset(new_pass_id() for _ in range(5000))
    trust = TrustList(version=1, made_at=TRUST.made_at, keys=keys, revoked=revoked)
    assert len(gzip.compress(sign_trust(trust, SIGNER))) <= 60 * 1024
