"""What templates say in the house's way: days, shares, evidence, fields, bars. ``{% load fourdoors %}``."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.identity import masked_identity, masked_name, masked_phone
from fourdoors.kernel.terms import PaymentResult, Term
from fourdoors.web import words

register = template.Library()
for mask in (masked_name, masked_identity, masked_phone):
    register.filter(mask.__name__, mask)

GRADES: dict[str, Promise] = {
    "A": _("machine or bank record"),
    "B": _("employer or station document"),
    "C": _("worker's own word, confirmed"),
    "D": _("cadre's word"),
}


@register.filter
def bank_said(result: str) -> str:
    """Show what a bank said of a payment."""
    return words.term(PaymentResult(result))


@register.filter
def day(on: date | None) -> str:
    """Show a day in full; nothing where there is none."""
    return words.day(on) if on else ""


@register.filter
def short_day(on: date | None) -> str:
    """Show a day without its year."""
    return words.short_day(on) if on else ""


@register.filter
def month(on: date | None) -> str:
    """Show the month of a day."""
    return words.month(on) if on else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Show a moment in China Standard Time."""
    return words.moment(at) if at else ""


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """Show a share in [0, 1] as a percentage."""
    return "" if share is None else words.percent(share, digits)


@register.filter
def count(number: int | None) -> str:
    """Show a count with thousands commas."""
    return "" if number is None else f"{number:,}"


@register.filter
def large(number: int | None) -> str:
    """Show a count or an amount shortened: 189.9万, or 1.899 million."""
    return "" if number is None else words.large(number)


@register.filter
def yuan(amount_yuan: int | None) -> str:
    """Show whole yuan."""
    return "" if amount_yuan is None else words.yuan(amount_yuan)


@register.filter
def large_yuan(amount_yuan: int | None) -> str:
    """Show whole yuan shortened."""
    return "" if amount_yuan is None else words.large_yuan(amount_yuan)


@register.filter
def fen(amount_fen: int | None) -> str:
    """Show fen as yuan with two decimals."""
    return "" if amount_fen is None else words.fen(amount_fen)


@register.filter
def place(code: int | None) -> str:
    """Show the name of a division by its 12-digit code."""
    return "" if code is None else words.place(code)


@register.filter
def short_place(code: int | None) -> str:
    """Show a division without its kind word."""
    return "" if code is None else words.short_place(code)


@register.filter
def whole_place(code: int | None) -> str:
    """Show a division with all that holds it."""
    return "" if code is None else words.whole_place(code)


@register.filter
def work_place(code: int | None) -> str:
    """Show city and county of a place of work."""
    return "" if code is None else words.work_place(code)


@register.filter
def term(word: Term | None) -> str:
    """Show a word of the field."""
    return "" if word is None else words.term(word)


@register.simple_tag
def evidence(grade: str) -> SafeString:
    """Show an evidence grade as its small arch; the meaning is its title and is read aloud."""
    return format_html(
        '<span class="ev {0}" title="{1}">{0}<span class="vh"> {1}</span></span>', grade, GRADES[grade]
    )


@register.inclusion_tag("web/parts/evidence.html")
def evidence_mix(mix: Mapping[str, int]) -> dict[str, Any]:
    """Show how much of a number rests on which grade: ``{"A": 120, "B": 40}``, counts or amounts."""
    return {"parts": list(_parts(mix))}


def _parts(mix: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    total, start = sum(mix.values()), 0.0
    for grade, meaning in GRADES.items():
        if held := mix.get(grade, 0):
            width = 100 * held / total
            share = words.percent(held / total, 0)
            yield {
                "grade": grade,
                "words": meaning,
                "share": share,
                "start": f"{start:.2f}",
                "width": f"{width:.2f}",
            }
            start += width


@register.simple_tag
def bar(share: float) -> SafeString:
    """Draw a share in [0, 1] as a bar that fills its cell; more than the whole is gold."""
    kind = "over" if share > 1 else ""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="{}" width="{}" height="10" rx=".6"/></svg>',
        kind,
        f"{max(0.0, min(1.0, share)) * 100:.1f}",
    )


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show one field of a form: label above, hint, fault, then the input."""
    widget = bound.field.widget
    several = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {"field": bound, "several": several, "tick": isinstance(widget, CheckboxInput)}


@register.filter
def page_numbers(paginator: "Paginator[Any]", number: int) -> list[int | None]:
    """Return the page numbers to offer; None stands for a gap."""
    pages = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [page if isinstance(page, int) else None for page in pages]
