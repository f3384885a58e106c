"""Refusals of statistics."""

from typing import ClassVar

from fourdoors.kernel.errors import RuleError


class ReleaseError(RuleError):
    """A release that must not be made or signed."""


class EmptyPeriodError(ReleaseError):
    """The period ends before it begins."""

    code: ClassVar[str] = "period_empty"


class PeriodAheadError(ReleaseError):
    """The period is not over: its last day is still to come."""

    code: ClassVar[str] = "period_ahead"


class ReleaseNumberTakenError(ReleaseError):
    """A release of this number was frozen before; a correction gets a number of its own."""

    code: ClassVar[str] = "release_number_taken"


class AlreadySignedError(ReleaseError):
    """The release carries a signature."""

    code: ClassVar[str] = "release_already_signed"


class OwnReleaseError(ReleaseError):
    """Whoever froze a release cannot sign it."""

    code: ClassVar[str] = "release_own"


class NotSignedError(ReleaseError):
    """Nobody has signed the release: it is not for the public."""

    code: ClassVar[str] = "release_not_signed"
