"""Read the small part of CBOR that a pass uses, and nothing else.

Integers, byte strings, text, arrays, maps and tags, all of definite length, in the shortest form (RFC 8949,
section 4.2): for a value there is exactly one way to write it. Anything else is refused before it is
believed, so that this reader and the one in a browser cannot read the same bytes in two ways.
"""

from dataclasses import dataclass
from typing import Any

MOST_DEPTH = 2  # tag or map, array, values
MOST_ITEMS = 16  # of one array or map
_LENGTHS = {24: 1, 25: 2, 26: 4, 27: 8}  # how many bytes follow the first one


class CborError(ValueError):
    """The bytes are not in the small part of CBOR."""


@dataclass(frozen=True)
class Tagged:
    """A value with a tag."""

    tag: int
    value: Any


def read_cbor(data: bytes) -> Any:
    """Return the one value that ``data`` holds, to the last byte.

    Raises:
        CborError: anything but one value of the small part.
    """
    value, end = _item(data, 0, 0)
    if end != len(data):
        raise CborError("bytes after the end")
    return value


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MOST_DEPTH:
        raise CborError("too deep")
    kind, number, at = _head(data, at)
    if kind in (0, 1):
        return (number if kind == 0 else -1 - number), at
    if kind in (2, 3):
        return _string(data, at, number, is_text=kind == 3)
    if kind == 6:
        value, at = _item(data, at, depth + 1)
        return Tagged(number, value), at
    if kind in (4, 5) and number <= MOST_ITEMS:
        return _items(data, at, number, depth) if kind == 4 else _pairs(data, at, number, depth)
    raise CborError("a kind or a count that no pass has")


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(data):
        raise CborError("cut off")
    kind, number = data[at] >> 5, data[at] & 31
    at += 1
    if number < 24:
        return kind, number, at
    size = _LENGTHS.get(number)
    if size is None or at + size > len(data):
        raise CborError("no definite length, or cut off")
    number = int.from_bytes(data[at : at + size], "big")
    if number < (24 if size == 1 else 256 ** (size // 2)):
        raise CborError("not the shortest form")
    return kind, number, at + size


def _string(data: bytes, at: int, size: int, *, is_text: bool) -> tuple[Any, int]:
    if at + size > len(data):
        raise CborError("cut off")
    found = data[at : at + size]
    try:
        return (found.decode() if is_text else found), at + size
    except UnicodeDecodeError as error:
        raise CborError("not UTF-8") from error


def _items(data: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(count):
        value, at = _item(data, at, depth + 1)
        found.append(value)
    return found, at


def _pairs(data: bytes, at: int, count: int, depth: int) -> tuple[dict[int, Any], int]:
    found: dict[int, Any] = {}
    before = b""
    for _ in range(count):
        start = at
        key, at = _item(data, at, depth + 1)
        if type(key) is not int or (before and data[start:at] <= before):
            raise CborError("a key that is no integer, out of order or twice")
        before = data[start:at]
        found[key], at = _item(data, at, depth + 1)
    return found, at
