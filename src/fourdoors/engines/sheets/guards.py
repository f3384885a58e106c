"""What must hold before a packed file is opened at all."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from fourdoors.engines.sheets.areas import Look, filled_corner, ods_corner, repeated_bytes
from fourdoors.engines.sheets.compound import Compound, corners, is_locked
from fourdoors.engines.sheets.errors import (
    SheetBombError,
    SheetExternalError,
    SheetLockedError,
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

_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_MACRO_PARTS = re.compile(r"vbaProject\.bin|(^|/)macrosheets/|^Basic/.+/(?!script-l[bc]\.xml)[^/]+\.xml")
_ODS_CONTENT = "content.xml"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be.

    Attributes:
        file_bytes: As it arrives.
        unpacked_bytes: All its parts together.
        ratio: Unpacked size over packed size, looked at beyond 32 MB.
        parts: Members of the package.
        cells: Rows times columns of the used areas of the sheets that reach beyond Z10000, together.
        columns: Of one line of text: as many as a sheet has.
        repeated_bytes: Copies of long shared texts, together.
        page_cells: Cells of a web page, spanned ones too.
        formatted_cells: Filled cells up to which an annotated workbook keeps its formatting.
    """

    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 512 * MEGABYTE
    ratio: int = 200
    parts: int = 2_000
    cells: int = 12_000_000
    columns: int = 16_384
    repeated_bytes: int = 128 * MEGABYTE
    page_cells: int = 1_000_000
    formatted_cells: int = 400_000


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
    """Unpack a gzip file, no further than a file may be large.

    Raises:
        SheetBombError: It unpacks to more than ``limits.file_bytes``.
        SheetUnreadableError: It is not gzip, or cut off.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, limits.file_bytes + 1)
    except zlib.error as fault:
        raise SheetUnreadableError(name=name) from fault
    if len(unpacked) > limits.file_bytes:
        raise SheetBombError(name=name)
    if not unpacker.eof:
        raise SheetUnreadableError(name=name)
    return unpacked


def check_package(data: bytes, *, name: str, limits: Limits) -> frozenset[str]:
    """Look into a zip package before any reader does, and return the names of its parts.

    Sizes in the directory of a package can lie, so every part is unpacked once, counted and
    thrown away; the cost is about a third of reading it.

    Raises:
        SheetBombError: Too many parts, or they unpack to too much.
        SheetMacroError: A part is a program.
        SheetExternalError: A part declares entities.
        SheetTooWideError: The used areas are beyond ``limits.cells``.
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
    looks: dict[zipfile.ZipInfo, Look] = {}
    room = min(limits.unpacked_bytes, max(_SLACK_BYTES, limits.ratio * len(data)))
    for part in parts:
        look, size = _looked_at(data, part, name=name, room=room)
        looks[part], room = look, room - size
    _check_areas(data, looks, name=name, limits=limits)
    _check_texts(data, looks, name=name, limits=limits)
    return frozenset(part.filename for part in parts)


def check_compound(data: bytes, *, name: str, limits: Limits) -> None:
    """Look into an old Excel file before any reader does.

    Raises:
        SheetLockedError: It is locked by a password.
        SheetMacroError: It holds a program.
        SheetTooWideError: The used areas are beyond ``limits.cells``.
        SheetUnreadableError: It is broken, or no Excel file.
    """
    try:
        file = Compound(data)
        book = file.stream("Workbook") or file.stream("Book")
    except ValueError as fault:
        raise SheetUnreadableError(name=name) from fault
    if "EncryptedPackage" in file.entries or is_locked(book):
        raise SheetLockedError(name=name)
    if any(part.upper().startswith("_VBA_PROJECT") for part in file.entries):
        raise SheetMacroError(name=name)
    if not book:
        raise SheetUnreadableError(name=name)
    laid_out = 0
    for number, (row, column) in enumerate(corners(book)):
        laid_out += row * column
        if laid_out > limits.cells:
            raise SheetTooWideError(name=name, sheet=str(number), farthest=address(row, column))


def _looked_at(data: bytes, part: zipfile.ZipInfo, *, name: str, room: int) -> tuple[Look, int]:
    size, look = 0, Look()
    try:
        for chunk in _whole_tags(_unpacked(data, part)):
            size += len(chunk)
            if size > room:
                raise SheetBombError(name=name)
            if any(mark in chunk for mark in _DOCTYPES):
                raise SheetExternalError(name=name)
            look.see(chunk)
    except (zlib.error, IndexError) as fault:
        raise SheetUnreadableError(name=name) from fault
    return look, size


def _check_areas(data: bytes, looks: dict[zipfile.ZipInfo, Look], *, name: str, limits: Limits) -> None:
    """Refuse sheets whose far corners lay out too many cells together; exactly only where it may be."""
    far = {part: look.cells for part, look in looks.items() if look.cells}
    laid_out = 0
    for part in looks:
        row = column = 0
        if part.filename == _ODS_CONTENT:
            row, column = ods_corner(_unpacked(data, part))
        elif part in far and sum(far.values()) > limits.cells:
            row, column = filled_corner(_whole_tags(_unpacked(data, part)))
        laid_out += row * column
        if laid_out > limits.cells:
            raise SheetTooWideError(name=name, sheet=part.filename, farthest=address(row, column))


def _check_texts(data: bytes, looks: dict[zipfile.ZipInfo, Look], *, name: str, limits: Limits) -> None:
    """Refuse long shared texts that very many cells repeat."""
    values = sum(look.values for look in looks.values())
    for strings in looks.values():
        if values * strings.longest <= limits.repeated_bytes:
            continue
        chunks = (chunk for part in looks for chunk in _whole_tags(_unpacked(data, part)))
        if repeated_bytes(chunks, strings.long) > limits.repeated_bytes:
            raise SheetBombError(name=name)


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
