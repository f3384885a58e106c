"""Files made byte by byte, for what no library writes: xls, ods, bombs, packages that lie."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

_SECTOR_BYTES = 512
_END, _FAT_SECTOR, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF

Value = str | float
Table = Sequence[Sequence[Value]]


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _unicode(text: str, length: str = "<H") -> bytes:
    packed = text.encode("utf-16-le")
    return struct.pack(length, len(packed) // 2) + b"\x01" + packed


def _cell(row: int, column: int, value: Value) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x0204, place + _unicode(value))
    return _record(0x0203, place + struct.pack("<d", value))


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _sheet_stream(table: Table) -> bytes:
    """Return a sheet; a cell of the table that says FAR goes to the last corner instead."""
    cells = [
        _cell(*((0xFFFF, 0xFF) if value == "FAR" else (row, column)), value)
        for row, line in enumerate(table)
        for column, value in enumerate(line)
        if value != ""
    ]
    return _begin(0x0010) + b"".join(cells) + _record(0x000A, b"")


def xls(
    sheets: Mapping[str, Table], *, hidden: tuple[str, ...] = (), macros: bool = False, locked: bool = False
) -> bytes:
    """Return an Excel 97 workbook (BIFF8 in a compound file)."""
    lock = _record(0x002F, struct.pack("<HHHHH", 0, 0, 0, 0, 0)) if locked else b""
    bodies = [_sheet_stream(table) for table in sheets.values()]
    tabs = [_unicode(name, "<B") for name in sheets]
    globals_bytes = len(_begin(5) + lock) + sum(10 + len(tab) for tab in tabs) + 4
    at, bounds = globals_bytes, b""
    for name, tab, body in zip(sheets, tabs, bodies, strict=True):
        bounds += _record(0x0085, struct.pack("<IBB", at, name in hidden, 0) + tab)
        at += len(body)
    stream = _begin(5) + lock + bounds + _record(0x000A, b"") + b"".join(bodies)
    return compound({"Workbook": stream} | ({"_VBA_PROJECT": b"x" * 16} if macros else {}))


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    packed = name.encode("utf-16-le") + b"\0\0"
    head = packed.ljust(64, b"\0") + struct.pack("<HBB", len(packed), kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file that holds ``streams`` (each padded to a whole number of sectors)."""
    entries, sectors, fat = [], [], [_FAT_SECTOR, _END]
    for number, (name, stream) in enumerate(streams.items(), start=1):
        first, count = len(fat), max(8, -(-len(stream) // _SECTOR_BYTES))
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, first, count * _SECTOR_BYTES, right=right))
        sectors.append(stream.ljust(count * _SECTOR_BYTES, b"\0"))
        fat += [*range(first + 1, first + count), _END]
    directory = b"".join([_entry("Root Entry", 5, _END, 0, child=1), *entries]).ljust(_SECTOR_BYTES, b"\0")
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR_BYTES, b"\xff")
    assert len(directory) == len(table) == _SECTOR_BYTES, "too much for one sector"
    return _compound_header(minis=_END) + table + directory + b"".join(sectors)


def small_compound(name: str, stream: bytes) -> bytes:
    """Return a compound file with one stream of less than 512 bytes, which stands among the mini sectors."""
    count = -(-len(stream) // 64)
    entries = [_entry("Root Entry", 5, 3, 512, child=1), _entry(name, 2, 0, len(stream))]
    fat = struct.pack("<4I", _FAT_SECTOR, _END, _END, _END)
    minis = struct.pack(f"<{count}I", *range(1, count), _END)
    blocks = (fat.ljust(512, b"\xff"), b"".join(entries).ljust(512, b"\0"), minis.ljust(512, b"\xff"))
    return _compound_header(minis=2) + b"".join(blocks) + stream.ljust(512, b"\0")


def _compound_header(*, minis: int) -> bytes:
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, minis, int(minis != _END), _END, 0)
    return header + struct.pack("<109I", 0, *[_FREE] * 108)


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)


def ods(sheets: Mapping[str, Table], *, rows_repeated: int = 1, columns_repeated: int = 1) -> bytes:
    """Return an OpenDocument sheet; the last cell of each sheet may be repeated."""
    body = ""
    for name, table in sheets.items():
        body += f'<table:table table:name="{name}">'
        for number, line in enumerate(table, start=1):
            repeated = f' table:number-rows-repeated="{rows_repeated}"' if number == len(table) else ""
            body += f"<table:table-row{repeated}>"
            for at, text in enumerate(line, start=1):
                last = number == len(table) and at == len(line)
                again = f' table:number-columns-repeated="{columns_repeated}"' if last else ""
                if text:
                    body += f'<table:table-cell office:value-type="string"{again}><text:p>{text}</text:p>'
                    body += "</table:table-cell>"
                else:
                    body += f"<table:table-cell{again}/>"
            body += "</table:table-row>"
        body += "</table:table>"
    content = f"{_ODS_HEAD}{body}</office:spreadsheet></office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    manifest += (
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return package({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx_of(
    sheet_data: str | bytes,
    *,
    before: str | bytes = "",
    after: str = "",
    strings: Sequence[str] = (),
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return the smallest xlsx around hand-written ``<row>`` elements, with shared ``strings``."""
    rows = sheet_data if isinstance(sheet_data, bytes) else sheet_data.encode()
    head = before if isinstance(before, bytes) else before.encode()
    sheet = head + f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + rows + b"</sheetData>"
    sheet += after.encode() + b"</worksheet>"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINK}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="rId1" Type="{_LINK}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_LINK}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">'
        + "".join(f"<si><t>{text}</t></si>" for text in strings)
        + "</sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    return package(parts | dict(more or {}))


def lying_package(part: str, unpacked_bytes: int) -> bytes:
    """Return a package whose directory says that ``part`` holds 10 bytes; it holds very many more."""
    honest = package({"xl/workbook.xml": "<workbook/>", part: b" " * unpacked_bytes})
    true, small = struct.pack("<I", unpacked_bytes), struct.pack("<I", 10)
    checked = struct.pack("<I", zlib.crc32(b" " * unpacked_bytes))
    assert honest.count(true) >= 2
    return honest.replace(true, small).replace(checked, struct.pack("<I", zlib.crc32(b" " * 10)))
