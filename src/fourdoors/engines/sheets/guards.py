"""What must hold before a packed file is opened at all."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from fourdoors.engines.sheets.errors import (
    SheetBombError,
    SheetExternalError,
    SheetMacroError,
    SheetTooLargeError,
    SheetTooWideError,
    SheetUnreadableError,
)
from fourdoors.engines.sheets.workbook import address

MEGABYTE = 2**20
_CHUNK_BYTES = MEGABYTE
_SLACK_BYTES = 32 * MEGABYTE  # below this no ratio is alarming: a blank sheet packs a thousandfold
_LOCAL_HEADER_BYTES = 30

_DOCTYPES = tuple(mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le"))
_MACRO_PARTS = re.compile(r"vbaProject\.bin|(^|/)macrosheets/|^Basic/.+/(?!script-l[bc]\.xml)[^/]+\.xml")
_FAR_ROW = re.compile(rb"""r\s*=\s*["'][A-Za-z]{0,3}([0-9]{5,7})["']""")
_FAR_COLUMN = re.compile(rb"""r\s*=\s*["']([A-Za-z]{2,3})[0-9]""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'](?:[^>]*[^/>])?>"""
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be.

    Attributes:
        file_bytes: As it arrives.
        unpacked_bytes: All its parts together.
        ratio: Unpacked size over packed size, looked at beyond 32 MB.
        parts: Members of the package.
        cells: Rows times columns of the used area of one sheet.
    """

    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 512 * MEGABYTE
    ratio: int = 200
    parts: int = 2_000
    cells: int = 20_000_000


def check_size(data: bytes, *, name: str, limits: Limits) -> None:
    """Refuse a file that is too large as it arrives.

    Raises:
        SheetTooLargeError: More bytes than ``limits.file_bytes``.
    """
    if len(data) > limits.file_bytes:
        raise SheetTooLargeError(
            name=name,
            size_megabytes=-(-len(data) // MEGABYTE),
            limit_megabytes=limits.file_bytes // MEGABYTE,
        )


def gunzip(data: bytes, *, name: str, limits: Limits) -> bytes:
    """Unpack a gzip file, no further than the limit.

    Raises:
        SheetBombError: It unpacks to more than ``limits.unpacked_bytes``.
        SheetUnreadableError: It is not gzip, or cut off.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, limits.unpacked_bytes + 1)
    except zlib.error as fault:
        raise SheetUnreadableError(name=name) from fault
    if len(unpacked) > limits.unpacked_bytes:
        raise SheetBombError(name=name)
    if not unpacker.eof:
        raise SheetUnreadableError(name=name)
    return unpacked


def check_package(data: bytes, *, name: str, limits: Limits) -> frozenset[str]:
    """Look into a zip package before any reader does, and return the names of its parts.

    Sizes in the directory of a package can lie, so every part is unpacked once, counted and
    thrown away; the cost is about a tenth of reading it.

    Raises:
        SheetBombError: Too many parts, or they unpack to too much.
        SheetMacroError: A part is a program.
        SheetExternalError: A part declares entities.
        SheetTooWideError: The used area of a sheet is beyond ``limits.cells``.
        SheetUnreadableError: The package is broken or locked part by part.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise SheetUnreadableError(name=name) from fault
    if len(parts) > limits.parts:
        raise SheetBombError(name=name)
    if any(_MACRO_PARTS.search(part.filename) for part in parts):
        raise SheetMacroError(name=name)
    unpacked = 0
    for part in parts:
        unpacked += _check_part(data, part, name=name, room=limits.unpacked_bytes - unpacked, limits=limits)
    if unpacked > max(_SLACK_BYTES, limits.ratio * len(data)):
        raise SheetBombError(name=name)
    return frozenset(part.filename for part in parts)


def _check_part(data: bytes, part: zipfile.ZipInfo, *, name: str, room: int, limits: Limits) -> int:
    size, used = 0, _Used()
    try:
        for chunk in _whole_tags(_unpacked(data, part)):
            size += len(chunk)
            if size > room:
                raise SheetBombError(name=name)
            if any(mark in chunk for mark in _DOCTYPES):
                raise SheetExternalError(name=name)
            used.see(chunk)
    except (zlib.error, IndexError) as fault:
        raise SheetUnreadableError(name=name) from fault
    if used.cells > limits.cells:
        _check_filled(data, part, name=name, limits=limits)
    return size


def _check_filled(data: bytes, part: zipfile.ZipInfo, *, name: str, limits: Limits) -> None:
    """Look again, at filled cells only: programs write formats to the end of the world."""
    rows = columns = 0
    for chunk in _whole_tags(_unpacked(data, part)):
        for column, row in _FILLED.findall(chunk):
            rows, columns = max(rows, int(row)), max(columns, _column_number(column))
    if rows * columns > limits.cells:
        raise SheetTooWideError(name=name, sheet=part.filename, farthest=address(rows, columns))


class _Used:
    """The farthest row and column that a part names, found by looking for far ones only."""

    def __init__(self) -> None:
        self.row, self.column, self.nameless = 10_000, 26, 0

    def see(self, chunk: bytes) -> None:
        self.row = max(self.row, *map(int, set(_FAR_ROW.findall(chunk))), 0)
        self.column = max(self.column, *map(_column_number, set(_FAR_COLUMN.findall(chunk))), 0)
        self.nameless += chunk.count(b"<c>") + chunk.count(b"<c ") - chunk.count(b"<c r=")

    @property
    def cells(self) -> int:
        return self.row * max(self.column, min(self.nameless, 2**14))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part; its declared size is not believed."""
    start = part.header_offset + _LOCAL_HEADER_BYTES
    name_bytes, extra_bytes = data[start - 4] + 256 * data[start - 3], data[start - 2] + 256 * data[start - 1]
    start += name_bytes + extra_bytes
    packed = data[start : start + part.compress_size]
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zlib.error(part.filename)
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    unpacker = zlib.decompressobj(wbits=-15)
    while packed:
        yield unpacker.decompress(packed, _CHUNK_BYTES)
        packed = unpacker.unconsumed_tail


def _whole_tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut the chunks anew so that none ends inside a tag."""
    rest = b""
    for chunk in chunks:
        joined = rest + chunk
        cut = joined.rfind(b">") + 1 or len(joined)
        yield joined[:cut]
        rest = joined[cut:]
    yield rest
