"""Old Excel files: which streams a compound file holds, and how far its sheets reach.

Sources: [MS-CFB] Compound File Binary File Format; [MS-XLS] Excel Binary File Format, record types of cells.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_END_OF_CHAIN = 0xFFFFFFFA  # and above: end, free, table sectors
_ENTRY_BYTES = 128
_SECTOR_BYTES = {9: 512, 12: 4096}
_MINI_BYTES = 64
_ROOT = 5

_BOF, _EOF, _FILEPASS, _MULRK = 0x0809, 0x000A, 0x002F, 0x00BD
_FILLED = frozenset({0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, _MULRK})


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    start: int
    size: int


class Compound:
    """A compound file, read no further than its directory.

    Raises:
        ValueError: The file is broken, also where a chain runs in a circle.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._open(data)
        except (struct.error, LookupError, UnicodeDecodeError) as fault:
            raise ValueError("broken compound file") from fault

    def _open(self, data: bytes) -> None:
        self.data = data
        self.sector_bytes = _SECTOR_BYTES[_u16(data, 30)]
        self.least = _u32(data, 56)
        self.table = self._table(_numbers(data[76:512]))
        self.entries = dict(self._entries(self._chained(_u32(data, 48))))
        self.mini_table = _numbers(self._chained(_u32(data, 60)))

    def _table(self, places: list[int]) -> list[int]:
        """Return the table of chains; places beyond the first 109 stand in sectors of their own."""
        more, seen = _u32(self.data, 68), 0
        while more < _END_OF_CHAIN:
            *further, more = _numbers(self._sector(more))
            places, seen = places + further, seen + 1
            if seen * self.sector_bytes > len(self.data):
                raise ValueError("circle")
        return [n for place in places if place < _END_OF_CHAIN for n in _numbers(self._sector(place))]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self.sector_bytes
        if at >= len(self.data):
            raise IndexError(number)
        return self.data[at : at + self.sector_bytes]

    def _chained(self, first: int) -> bytes:
        return b"".join(map(self._sector, _chain(self.table, first)))

    def _entries(self, directory: bytes) -> Iterator[tuple[str, _Entry]]:
        for at in range(0, len(directory), _ENTRY_BYTES):
            length, kind = _u16(directory, at + 64), directory[at + 66]
            if kind:
                name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le")
                entry = _Entry(kind, _u32(directory, at + 116), _u32(directory, at + 120))
                yield ("Root Entry" if kind == _ROOT else name), entry

    def stream(self, name: str) -> bytes:
        """Return the content of a stream; blank where there is none."""
        entry = self.entries.get(name)
        if entry is None:
            return b""
        try:
            if entry.size >= self.least:
                return self._chained(entry.start)[: entry.size]
            minis = self._chained(self.entries["Root Entry"].start)
            places = _chain(self.mini_table, entry.start)
            return b"".join(minis[n * _MINI_BYTES : (n + 1) * _MINI_BYTES] for n in places)[: entry.size]
        except LookupError as fault:
            raise ValueError(name) from fault


def is_locked(book: bytes) -> bool:
    """Tell whether a BIFF stream says, before its first part ends, that it is behind a password."""
    for record, _at, _length in _records(book):
        if record in (_FILEPASS, _EOF):
            return record == _FILEPASS
    return False


def corners(book: bytes) -> Iterator[tuple[int, int]]:
    """Yield the last row and column with a filled cell, counted from 1, of each part of a BIFF stream."""
    row = column = 0
    for record, at, length in _records(book):
        if record in _FILLED and length >= 4:
            cell_row, cell_column = struct.unpack_from("<HH", book, at)
            if record == _MULRK:
                cell_column = max(cell_column, _u16(book, at + length - 2))
            row, column = max(row, cell_row + 1), max(column, cell_column + 1)
        elif record in (_BOF, _EOF):
            yield row, column
            row = column = 0
    yield row, column


def _records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield number, place and length of every whole record."""
    at = 4
    while at <= len(book):
        record, length = struct.unpack_from("<HH", book, at - 4)
        if at + length <= len(book):
            yield record, at, length
        at += 4 + length


def _chain(table: list[int], first: int) -> Iterator[int]:
    steps = 0
    while first < _END_OF_CHAIN:
        yield first
        first, steps = table[first], steps + 1
        if steps > len(table):
            raise ValueError("circle")


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
