"""Words that several steps share."""

from enum import StrEnum


class Sex(StrEnum):
    """As the identity number says it."""

    FEMALE = "female"
    MALE = "male"
