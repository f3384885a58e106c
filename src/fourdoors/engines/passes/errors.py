"""Why a pass is not accepted.

PassError
├── MalformedPassError      pass_malformed       not one of our codes, or a broken one
├── UnknownKeyError         pass_unknown_key     signed with a key that this reader does not know
├── ForgedPassError         pass_forged          the signature does not fit
├── ExpiredPassError        pass_expired
├── EarlyPassError          pass_not_yet
├── WrongTripError          pass_wrong_trip      a good pass, of another trip
├── MistypedCodeError       pass_code_mistyped   not a short code: one character is wrong or missing
├── MalformedTrustError     trust_malformed      not a list of ours
└── OlderTrustError         trust_older          a list older than the one at hand
"""

from typing import ClassVar

from fourdoors.kernel.errors import RuleError


class PassError(RuleError):
    """A pass or its short code was refused."""


class MalformedPassError(PassError):
    """The text is not a pass of this format."""

    code: ClassVar[str] = "pass_malformed"


class UnknownKeyError(PassError):
    """No key with this key id is known here."""

    code: ClassVar[str] = "pass_unknown_key"


class ForgedPassError(PassError):
    """No key with this key id made the signature."""

    code: ClassVar[str] = "pass_forged"


class ExpiredPassError(PassError):
    """The pass is past its last moment."""

    code: ClassVar[str] = "pass_expired"


class EarlyPassError(PassError):
    """The pass is before its first moment."""

    code: ClassVar[str] = "pass_not_yet"


class WrongTripError(PassError):
    """The pass is good, but of another trip."""

    code: ClassVar[str] = "pass_wrong_trip"


class MistypedCodeError(PassError):
    """The text is not a short code."""

    code: ClassVar[str] = "pass_code_mistyped"


class MalformedTrustError(PassError):
    """The file is no list of keys that one of ours signed."""

    code: ClassVar[str] = "trust_malformed"


class OlderTrustError(PassError):
    """The list is older than the one at hand."""

    code: ClassVar[str] = "trust_older"
