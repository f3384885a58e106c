"""Sample words and numbers of the style guide; none of them is anybody's."""

from datetime import date
from typing import Any

from django.utils.translation import pgettext

from fourdoors.engines import pictures
from fourdoors.engines.pictures import Arch, Line
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, divisions_in
from fourdoors.web import words

_MONTHS = range(1, 11)
_THIS_YEAR = (62, 118, 287, 371, 418, 452, 478, 497, 514, 526)  # ten thousand people, by the end of a month
_LAST_YEAR = (88, 205, 301, 362, 401, 431, 458, 480, 500, 515)


def words_of_parts() -> dict[str, Any]:
    """Return what the parts of a page show."""
    return {
        "figures": _figures(),
        "steps": _steps(),
        "events": _events(),
        "prefectures": _prefectures(),
        "tabs": _tabs(),
        "masked": "马*兰",
        "plate": "甘J·A3021",
    }


def pictures_of_parts() -> dict[str, Any]:
    """Return the pictures of a page."""
    return {
        "trend": _trend(),
        "doors": _doors(),
        "stay": _stay(),
        "flow": _flow(),
        "ages": _ages(),
        **_map(),
    }


def _map() -> dict[str, Any]:
    values = {code: 400.0 + (code // 10**6 * 7919) % 61_000 for code in pictures.counties()}
    breaks = pictures.nice_breaks(values.values())
    labels = {one.code: words.short_place(one.code) for one in divisions_in(GANSU)}
    names = {code: f"{words.place(code)} {value:,.0f}" for code, value in values.items()}
    title = pgettext("look", "Workers transferred, by county")
    under, over = pgettext("look", "under {}"), pgettext("look", "{} and over")
    return {
        "map": pictures.county_map(
            values, values, classes=breaks, labels=labels, names=names, title=title, link="#{}".format
        ),
        "legend": pictures.legend_of(breaks, say=lambda n: words.large(int(n)), under=under, over=over),
    }


def _trend() -> str:
    lines = [
        Line(pgettext("look", "this year"), [n * 10_000 for n in _THIS_YEAR]),
        Line(pgettext("look", "last year"), [n * 10_000 for n in _LAST_YEAR], "before"),
    ]
    return pictures.line_chart(
        lines,
        marks=[words.short_month(number) for number in _MONTHS],
        title=pgettext("look", "Workers transferred since January"),
        desc=pgettext("look", "Under last year in February, level from March, 5.26 million by October."),
        say=lambda n: words.large(round(n)),
        notes={2: pgettext("look", "epidemic")},
    )


def _doors() -> str:
    names = [
        pgettext("look", "Leave home"),
        pgettext("look", "Board"),
        pgettext("look", "Alight"),
        pgettext("look", "Factory"),
    ]
    counts = ("1,284", "1,279", "912", "866")
    doors = [Arch(name, count) for name, count in zip(names, counts, strict=True)]
    return pictures.arches(doors, title=pgettext("look", "The four doors today"))


def _stay() -> str:
    points = {7: 0.981, 30: 0.934, 90: 0.861, 180: 0.802}
    return pictures.retention_curve(
        points,
        marks={day: str(day) for day in points},
        title=pgettext("look", "Still in work by days since the first"),
        say=lambda share: words.percent(share, 0),
    )


def _flow() -> str:
    flows = {350000000000: 900.0, 370000000000: 700.0, 110000000000: 600.0, 650000000000: 500.0}
    flows |= {320000000000: 300.0, 440000000000: 250.0, 120000000000: 90.0, 330000000000: 190.0}
    return pictures.flow_map(
        LI_COUNTY,
        flows,
        labels={code: words.short_place(code) for code in flows},
        title=pgettext("look", "Where the workers of Li County go"),
    )


def _ages() -> str:
    rows = [
        (words.short_place(LI_COUNTY - LI_COUNTY % 10**8), (5.0, 3, 2)),
        (words.place(LI_COUNTY), (8.0, 1, 1)),
    ]
    parts = [
        pgettext("look", "other provinces"),
        pgettext("look", "Gansu, another county"),
        pgettext("look", "own county"),
    ]
    return pictures.stacked_bar(
        rows, parts=parts, title=pgettext("look", "Place of work"), say=lambda share: words.percent(share, 0)
    )


def _figures() -> list[dict[str, Any]]:
    return [
        {
            "label": pgettext("look", "Workers transferred"),
            "value": "526.0" if words.in_chinese() else "5.26",
            "unit": pgettext("look", "million people"),
            "note": pgettext("look", "110,000 more than a year ago"),
            "tone": "up",
        },
        {
            "label": pgettext("look", "Labour income"),
            "value": "1,130" if words.in_chinese() else "113",
            "unit": pgettext("look", "billion yuan"),
            "note": pgettext("look", "21,500 yuan a head"),
        },
        {
            "label": pgettext("look", "From registered-poor households"),
            "value": "189.9" if words.in_chinese() else "1.899",
            "unit": pgettext("look", "million people"),
            "note": pgettext("look", "36.1% of all"),
        },
        {
            "label": pgettext("look", "Taken door to door"),
            "value": "109,612",
            "unit": pgettext("look", "people"),
            "note": pgettext("look", "all four doors: 98.7%"),
        },
        {
            "label": pgettext("look", "To do today"),
            "value": "3",
            "unit": pgettext("look", "matters"),
            "note": pgettext("look", "2 trips not handed over"),
            "href": "#table",
            "todo": True,
        },
    ]


def _steps() -> list[dict[str, str]]:
    return [
        {"label": pgettext("look", "Upload"), "state": "done"},
        {"label": pgettext("look", "Check"), "state": "done"},
        {"label": pgettext("look", "Review"), "state": "current"},
        {"label": pgettext("look", "Merge"), "state": ""},
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {"on": date(2020, 6, 1), "title": pgettext("look", "Follow-up due: 90 days"), "tone": "next"},
        {
            "on": date(2020, 3, 2),
            "title": pgettext("look", "Entered the factory"),
            "grade": "A",
            "note": pgettext("look", "Door 4, scanned 17:40"),
            "tone": "now",
        },
        {
            "on": date(2020, 2, 20),
            "title": pgettext("look", "Consent to this move"),
            "grade": "C",
            "note": pgettext("look", "Given by telephone to the village cadre"),
        },
        {
            "on": date(2020, 2, 18),
            "title": pgettext("look", "An offer was declined"),
            "note": pgettext("look", "Declining has no consequence"),
        },
    ]


def _prefectures() -> list[dict[str, Any]]:
    rows = [
        (pgettext("look", "Tianshui"), 784_000, 1.01),
        (pgettext("look", "Dingxi"), 752_000, 0.96),
        (pgettext("look", "Longnan"), 718_000, 0.96),
        (pgettext("look", "Gannan"), 94_000, 0.91),
    ]
    return [{"name": name, "workers": n, "share": n / 784_000, "target": target} for name, n, target in rows]


def _tabs() -> list[dict[str, Any]]:
    said = [
        ("找", pgettext("look", "Find work")),
        ("车", pgettext("look", "My trip")),
        ("补", pgettext("look", "Subsidies")),
        ("我", pgettext("look", "Mine")),
    ]
    return [
        {"href": f"#{number}", "sign": sign, "words": label, "current": number == 0}
        for number, (sign, label) in enumerate(said)
    ]
