"""Keys: one pair signs, any number verify."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KID_BYTES = 8
NUMBER_BYTES = 32  # a number of the curve P-256; a signature is two of them (RFC 9053, section 2.1)
SIGNATURE_BYTES = 2 * NUMBER_BYTES


@dataclass(frozen=True)
class VerifyingKey:
    """What a reader needs.

    Args:
        kid: 8 bytes; a hint which key to try, not a proof: two keys may share it.
        public: the point on P-256, 65 bytes uncompressed (SEC 1), as a browser imports it ("raw").

    Raises:
        ValueError: a wrong length, or a point that is not on the curve.
    """

    kid: bytes
    public: bytes

    def __post_init__(self) -> None:
        if len(self.kid) != KID_BYTES:
            raise ValueError(f"kid: {len(self.kid)} bytes, not {KID_BYTES}")
        _ = self._point

    @cached_property
    def _point(self) -> ec.EllipticCurvePublicKey:
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.public)
        except ValueError as error:
            raise ValueError("public: not a point on P-256") from error

    def fits(self, signature: bytes, signed: bytes) -> bool:
        """Tell whether this key made ``signature`` (64 bytes) over ``signed``."""
        numbers = (
            int.from_bytes(half, "big") for half in (signature[:NUMBER_BYTES], signature[NUMBER_BYTES:])
        )
        try:
            self._point.verify(encode_dss_signature(*numbers), signed, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The pair of an issuer. ``private`` is 32 bytes and must be kept encrypted; it is never printed."""

    kid: bytes
    private: bytes = field(repr=False)
    public: bytes

    def __post_init__(self) -> None:
        if _point_bytes(self._secret.public_key()) != self.public:
            raise ValueError("public: not the point of this private key")
        _ = self.verifying

    @cached_property
    def _secret(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.private, "big"), ec.SECP256R1())

    @cached_property
    def verifying(self) -> VerifyingKey:
        """The half that may be given away."""
        return VerifyingKey(self.kid, self.public)

    def sign(self, signed: bytes) -> bytes:
        """Return the 64 bytes of the ES256 signature; signed twice it is the same (RFC 6979)."""
        made = self._secret.sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))
        return b"".join(number.to_bytes(NUMBER_BYTES, "big") for number in decode_dss_signature(made))


def new_key() -> SigningKey:
    """Draw a new pair from the system's secrets; its kid is the beginning of the SHA-256 of the point."""
    secret = ec.generate_private_key(ec.SECP256R1())
    public = _point_bytes(secret.public_key())
    private = secret.private_numbers().private_value.to_bytes(NUMBER_BYTES, "big")
    return SigningKey(kid=hashlib.sha256(public).digest()[:KID_BYTES], private=private, public=public)


def _point_bytes(point: ec.EllipticCurvePublicKey) -> bytes:
    return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
