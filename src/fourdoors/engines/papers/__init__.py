"""Papers as PDF: values and pictures come in, pages go out. The sheets themselves are ``sheets/*.typ``.

Each sheet names its values on its first line and says every word in Chinese and English side by side.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from types import MappingProxyType
from typing import Any, Literal

import segno
import typst

NAMES = ("bulletin", "cards", "handover", "manifest", "notice", "poster")
_ROOM = files("fourdoors.engines.papers")
_NONE: Mapping[str, bytes] = MappingProxyType({})


def print_paper(
    name: str,
    values: Mapping[str, Any],
    *,
    language: str,
    at: datetime,
    pictures: Mapping[str, bytes] = _NONE,
    tagged: bool = True,
) -> bytes:
    """Print a paper as PDF; the same values give the same bytes.

    Args:
        name: one of ``NAMES``.
        values: what the sheet's first line asks for, plain words and numbers, already in the reader's
            language. ``demonstration`` False takes the mark of invented data off; without a word it is on.
        language: ``en`` for English, anything else for Chinese: the words of the sheet itself.
        at: the moment that is written into the file.
        pictures: SVG by name, without ``.svg``, for the sheets that show them.
        tagged: structure for screen readers; off makes internal lists four times faster and far smaller.

    Raises:
        typst.TypstError: the sheet lacks a value that it needs.
    """
    return _compiled(
        name,
        values,
        language,
        pictures,
        format="pdf",
        timestamp=at.astimezone(UTC).replace(microsecond=0),
        pdf_tags=tagged,
    )[0]


def paper_pages(
    name: str,
    values: Mapping[str, Any],
    *,
    language: str,
    pictures: Mapping[str, bytes] = _NONE,
    dots_per_inch: float = 80,
) -> list[bytes]:
    """Return the pages of a paper as PNG, for a preview on a screen."""
    return _compiled(name, values, language, pictures, format="png", ppi=dots_per_inch)


def qr_svg(text: str, error: Literal["l", "m", "q", "h"] = "m") -> bytes:
    """Return a QR code as SVG with the quiet edge that readers need.

    Args:
        text: what a reader gets.
        error: how much damage it survives; ``m`` for a signed pass (smaller modules read worse than
            damaged ones), ``q`` for the short address on a poster.
    """
    code = BytesIO()
    segno.make(text, error=error, micro=False).save(code, kind="svg", border=2, xmldecl=False)
    return code.getvalue()


def _compiled(
    name: str, values: Mapping[str, Any], language: str, pictures: Mapping[str, bytes], **options: Any
) -> list[bytes]:
    if name not in NAMES:
        raise ValueError(f"no paper is called {name!r}")
    sources = {"main.typ": _sheet(name), "house.typ": _sheet("house")}
    sources |= {f"{picture}.svg": drawing for picture, drawing in pictures.items()}
    inputs = {
        "values": json.dumps(dict(values), ensure_ascii=False),
        "language": "en" if language.startswith("en") else "zh",
        "pictures": ",".join(pictures),
    }
    with as_file(_ROOM / "fonts") as fonts:
        made: bytes | list[bytes] = typst.compile(
            {"main": sources.pop("main.typ"), **sources},
            font_paths=[fonts],
            ignore_system_fonts=True,
            sys_inputs=inputs,
            **options,
        )
    return made if isinstance(made, list) else [made]


@cache
def _sheet(name: str) -> bytes:
    return (_ROOM / "sheets" / f"{name}.typ").read_bytes()
