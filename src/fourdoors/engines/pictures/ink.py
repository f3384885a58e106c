"""Colours, text and the frame that every picture shares.

A picture carries its own colours, so that the same SVG stands in a page, a bulletin and a PDF; the style
sheet only adds what answers to a hand: hover, focus, larger names on a phone.
"""

from collections.abc import Iterable
from html import escape
from unicodedata import east_asian_width

INK, QUIET, GREEN, OCHRE, GOLD = "#13241f", "#51605b", "#0b5d4e", "#a8401b", "#e9b949"
CARD, GRID, SAND = "#fffdf8", "#e9e3d3", "#efe9da"
RAMP = ("#f1e7cd", "#d9dcb4", "#acc9a0", "#74ac8d", "#3a8875", "#0b5d4e")
NOTHING = "#e4e1d9"  # an area of which nothing is known
PARTS = ("#0b5d4e", "#74ac8d", "#e9b949", "#b4532e", "#8d856f", "#cbc4ae")  # parts of a whole, in order


def frame(
    width: float, height: float, body: Iterable[str], *, title: str, desc: str = "", links: bool = False
) -> str:
    """Return a picture with its name and description.

    Args:
        width: units; a page scales the picture to the room it has.
        height: units.
        body: the drawing.
        title: what the picture shows, as a reader who cannot see it is told.
        desc: the finding in one sentence.
        links: the drawing holds links: they may not lie inside a ``role="img"``.
    """
    said = f"<title>{escape(title)}</title>" + (f"<desc>{escape(desc)}</desc>" if desc else "")
    role = f'role="group" aria-label="{escape(title)}"' if links else 'role="img"'
    return f'<svg viewBox="0 0 {number(width)} {number(height)}" {role}>{said}{"".join(body)}</svg>'


def for_paper(picture: str) -> bytes:
    """Return a picture as a file of its own, for a PDF: named space, our own type face, no links."""
    alone = '<svg xmlns="http://www.w3.org/2000/svg" font-family="Noto Sans SC" '
    return picture.replace("<svg ", alone, 1).encode()


def mark(tag: str, inside: str = "", **attributes: float | str) -> str:
    """Return one element; numbers are written short, ``_`` in a name stands for ``-``.

    >>> mark("circle", cx=1.04, r=2, stroke_width=3)
    '<circle cx="1" r="2" stroke-width="3"/>'
    """
    written = (
        f' {name.replace("_", "-")}="{value if isinstance(value, str) else number(value)}"'
        for name, value in attributes.items()
    )
    head = f"<{tag}{''.join(written)}"
    return f"{head}>{inside}</{tag}>" if inside else f"{head}/>"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 13,
    fill: str = QUIET,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """Return one line of text; ``anchor`` is start, middle or end."""
    more: dict[str, float | str] = {} if anchor == "start" else {"text_anchor": anchor}
    if bold:
        more["font_weight"] = 700
    return mark("text", escape(words), x=x, y=y, font_size=size, fill=fill, **more)


def dot(x: float, y: float, radius: float) -> str:
    """Return a green dot with a light rim."""
    return mark("circle", cx=x, cy=y, r=radius, fill=GREEN, stroke=CARD, stroke_width=2)


def width_of(words: str, size: float) -> float:
    """Estimate how wide a line is: a Chinese character is square, a Latin one a little over half."""
    return size * sum(1.0 if east_asian_width(sign) in "WF" else 0.57 for sign in words)


def number(value: float) -> str:
    """Write a coordinate with at most one decimal and no more digits than it needs.

    >>> number(12.0), number(3.14159)
    ('12', '3.1')
    """
    return f"{value:.1f}".rstrip("0").rstrip(".") if value else "0"
