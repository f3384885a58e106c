"""Figures as pages show them: numbers with their units, maps, lines, doors; the same for officers and all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.engines import pictures
from fourdoors.engines.pictures import Arch, Line
from fourdoors.kernel.divisions import Level, ancestor_of, level_of, range_of
from fourdoors.kernel.terms import Channel, Sex
from fourdoors.statistics.rules import Measure, Words, all_measures, sentence_of, shown
from fourdoors.statistics.selectors import Value
from fourdoors.travel.rules import Door
from fourdoors.travel.selectors import OnTheWay
from fourdoors.web import words

MAPPED = ("transferred_persons", "transferred_registered_poor", "labour_income", "organised_share")
SHORT: dict[str, Promise] = {
    "transferred_persons": _("Transferred"),
    "transferred_registered_poor": _("Registered poor"),
    "labour_income": _("Income"),
    "income_per_person": _("Per person"),
    "labour_income_registered_poor": _("Income"),
    "organised_share": _("Organised share"),
    "stable_3_share": _("Stable 3 months"),
    "stable_6_share": _("Stable 6 months"),
    "point_to_point_persons": _("Point to point"),
}  # of the measures that stand in narrow places
_LONG_TAIL = 0.02  # of the whole: smaller parts are drawn together
_PARTS_DRAWN = 6


def language() -> str:
    """Return the reader's language as figures know it."""
    return "zh" if words.in_chinese() else "en"


def said(two: Words) -> str:
    """Return words that are kept in both languages."""
    return two.to(language())


def measure_of(name: str) -> Measure | None:
    """Return a measure by name."""
    return all_measures().get(name)


def short(name: str) -> str:
    """Return a name of a measure that fits a narrow place."""
    return str(SHORT[name]) if name in SHORT else said(all_measures()[name].title)


def big(value: Value) -> tuple[str, str]:
    """Return number and unit for the big type: ``("526", "万人")``."""
    return shown(value.measure, value.value, language())


def plain(value: Value) -> str:
    """Return a number whose unit stands beside it in a heading: ``78.4万``, ``73.5%``."""
    return number_words(value.measure, value.value)


def number_words(measure: Measure, value: Decimal | float | None) -> str:
    """Return a number of a measure without the unit of what is counted."""
    if value is None:
        return "–"
    if measure.is_share:
        return words.percent(float(value))
    return words.large(round(value / 100 if measure.is_money else value))


def road(name: str, *parts: int | str) -> str:
    """Return the address of a page of another room, or nothing while that room has none."""
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""


def map_of(
    values: Mapping[int, Value], *, measure: Measure, division: int, link: Callable[[int], str] | None = None
) -> dict[str, Any]:
    """Return the map of the counties in a division, and its legend.

    Args:
        values: by 12-digit county code; a county without one is drawn as unknown.
        measure: what is drawn.
        division: a prefecture or a province.
        link: the address of a county; without it areas are no links.
    """
    inside = range_of(division)
    areas = [code for code in pictures.counties() if code in inside]
    numbers = {code: float(one.value) for code, one in values.items() if one.value is not None}
    if measure.is_money:
        numbers = {code: fen / 100 for code, fen in numbers.items()}
    classes = pictures.nice_breaks(numbers.values())
    say = _share_words if measure.is_share else _large_words
    drawn = pictures.county_map(
        areas,
        numbers,
        classes=classes,
        labels=_labels(areas, division),
        names={code: f"{words.place(code)} {_told(measure, values.get(code))}" for code in areas},
        title=gettext("%(measure)s by county") % {"measure": said(measure.title)},
        link=link,
    )
    legend = pictures.legend_of(
        classes,
        say=say,
        under=gettext("under {}"),
        over=gettext("{} and over"),
        nothing=gettext("nothing counted") if len(numbers) < len(areas) else "",
    )
    return {"map": drawn, "legend": legend, "map_unit": "" if measure.is_share else said(measure.unit)}


def _labels(areas: Iterable[int], division: int) -> dict[int, str]:
    if level_of(division) is Level.PROVINCE:
        areas = {ancestor_of(code, Level.PREFECTURE) for code in areas}
    names = {code: words.short_place(code) for code in sorted(areas)}
    return {code: name if len(name) > 1 else words.place(code) for code, name in names.items()}


def _told(measure: Measure, value: Value | None) -> str:
    return sentence_of(measure, value.value if value else None, language())


def _large_words(number: float) -> str:
    return words.large(round(number))


def _share_words(share: float) -> str:
    return words.percent(share, 0)


def trend_of(points: Sequence[tuple[date, Decimal]], measure: Measure) -> str:
    """Return the line of a measure from January to the end of each month; nothing for a single point."""
    if len(points) < 2:
        return ""
    values = [float(value) / (100 if measure.is_money else 1) for _, value in points]
    return pictures.line_chart(
        [Line(said(measure.title), values)],
        marks=[words.short_month(month.month) for month, _ in points],
        title=gettext("%(measure)s since January") % {"measure": said(measure.title)},
        desc=gettext("From %(first)s to %(last)s.")
        % {"first": _large_words(values[0]), "last": _large_words(values[-1])},
        say=_large_words,
    )


DOORS: dict[Door, Promise] = {
    Door.LEAVE_HOME: _("Leave home"),
    Door.BOARD: _("Board"),
    Door.ALIGHT: _("Alight"),
    Door.ENTER_FACTORY: _("Factory"),
}


def doors_of(way: OnTheWay) -> str:
    """Return the four arches with how many have come through each."""
    doors = [Arch(str(name), f"{way.passed[door]:,}") for door, name in DOORS.items()]
    return pictures.arches(doors, title=gettext("The four doors today"))


def bars_of(parts: Sequence[tuple[str, Decimal]], *, title: str) -> str:
    """Return bars of the largest parts of the transferred persons, each with its share of the whole."""
    whole = float(sum(value for _, value in parts))
    drawn = [(name, float(value) / whole) for name, value in parts] if whole else []
    if len(drawn) > _PARTS_DRAWN:
        drawn, rest = drawn[: _PARTS_DRAWN - 1], drawn[_PARTS_DRAWN - 1 :]
        drawn.append((gettext("others"), sum(share for _, share in rest)))
    return pictures.bar_chart(drawn, title=title, say=words.percent) if drawn else ""


def stack_of(parts: Sequence[tuple[str, Decimal]], *, title: str) -> str:
    """Return one bar parted by share."""
    names, sizes = [name for name, _ in parts], [float(value) for _, value in parts]
    if not sum(sizes):
        return ""
    return pictures.stacked_bar(
        [("", sizes)], parts=names, title=title, say=lambda share: words.percent(share, 0)
    )


def flows_of(parts: Sequence[tuple[str, Decimal]], *, origin: int) -> str:
    """Return the map of the country with lines to the provinces where people work."""
    flows = {int(code): float(value) for code, value in parts if int(code) in pictures.provinces()}
    if not flows:
        return ""
    largest = sorted(flows, key=flows.__getitem__, reverse=True)[:8]
    labels = {code: f"{words.short_place(code)} {flows[code]:,.0f}" for code in largest}
    title = gettext("Where people of %(place)s work") % {"place": words.place(origin)}
    return pictures.flow_map(origin, flows, labels=labels, title=title)


def named_parts(breakdown: str, parts: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """Return the parts of a breakdown with words for their keys, in the order in which they are shown."""
    if breakdown == "age_band":
        return sorted(parts)
    name = _KEYS.get(breakdown, str)
    return [(name(key), value) for key, value in parts]


def _industry(key: str) -> str:
    if key == "-":
        return gettext("not said")
    return key if words.in_chinese() else INDUSTRIES.get(key, key)


INDUSTRIES = {
    "制造业": "Manufacturing",
    "建筑业": "Construction",
    "批发零售业": "Wholesale and retail",
    "交通运输仓储邮政业": "Transport and storage",
    "住宿餐饮业": "Hotels and catering",
    "居民服务业": "Resident services",
    "其他": "Other trades",
}  # words of rosters -> English
_KEYS = {
    "destination": lambda key: words.short_place(int(key)),
    "sex": lambda key: words.term(Sex(key)),
    "channel": lambda key: words.term(Channel(key)),
    "industry": _industry,
}
