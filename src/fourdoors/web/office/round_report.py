"""What the page of a round says of its plan: figures, flows, fairness, plans beside it, what stayed free."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.engines.pictures import bar_chart, flow_map
from fourdoors.kernel.divisions import GANSU
from fourdoors.kernel.occupations import find_occupation
from fourdoors.kernel.terms import Sex
from fourdoors.placements.rules import AGE_BANDS, ChangeKind, Dial
from fourdoors.placements.selectors import fill_of, offered_by_province, unplaced_by_rule, vacancies_called
from fourdoors.web import words
from fourdoors.web.matching import RULES, TIERS, WEIGHTS, why_free

NAMED_ENDS = 8  # provinces named on the map; all of them stand in the table
UNFILLED_SHOWN = 20
OCCUPATIONS_SHOWN = 12


def report_of(found: Any) -> dict[str, Any]:
    """Return everything that the page of a round with a plan is made of."""
    by_rule = unplaced_by_rule(round_id=found.pk)
    return {
        **_where(found),
        "figures": _figures(found),
        "fill": _fill(found),
        "dial": words.term(Dial(found.policy["dial"])),
        "weights": [(label, found.policy["weights"][name]) for name, label in WEIGHTS.items()],
        "promise": _promise(found.report),
        "fairness": _fairness(found),
        "plans": _plans(found),
        "plan_tiers": list(TIERS.values()),
        "locks": _locks(found),
        "since": _since(found),
        "unfilled": _unfilled(found.report),
        "by_rule": [{"rule": rule, "label": RULES[rule], "people": people} for rule, people in by_rule],
    }


def _figures(found: Any) -> list[dict[str, Any]]:
    offered, people = found.offered, found.workers
    left, free = people - offered, found.openings - offered
    return [
        {
            "label": gettext("Offered work"),
            "value": f"{offered:,}",
            "unit": gettext("people"),
            "note": gettext("%(share)s of those who agreed") % {"share": words.percent(offered / people)},
        },
        {"label": gettext("Agreed to be matched"), "value": f"{people:,}", "unit": gettext("people")},
        {
            "label": gettext("Openings"),
            "value": f"{found.openings:,}",
            "note": gettext("%(free)s stayed free") % {"free": f"{free:,}"},
        },
        {
            "label": gettext("Nothing found for"),
            "value": f"{left:,}",
            "unit": gettext("people"),
            "note": gettext("why") if left else "",
            "href": reverse("unplaced_list", args=[found.pk]) if left else "",
        },
    ]


def _where(found: Any) -> dict[str, Any]:
    flows = offered_by_province(found)
    most = max(flows.values(), default=0)
    rows = [
        {"place": words.place(code), "people": people, "share": people / most}
        for code, people in flows.items()
    ]
    away = {code: float(people) for code, people in flows.items() if code != GANSU}
    title = gettext("Where the offers of %(place)s lead") % {"place": words.place(found.division)}
    if away:
        named = sorted(away, key=lambda code: -away[code])[:NAMED_ENDS]
        labels = {code: words.short_place(code) for code in named}
        return {"flows": rows, "picture": flow_map(found.division, away, labels=labels, title=title)}
    bars = [(words.place(code), float(people)) for code, people in flows.items()]
    return {"flows": rows, "picture": bar_chart(bars, title=title) if bars else ""}


def _fill(found: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": _trade(one.occupation),
            "openings": one.openings,
            "offered": one.offered,
            "share": one.share,
        }
        for one in fill_of(found)[:OCCUPATIONS_SHOWN]
    ]


def _trade(occupation: str) -> str:
    known = find_occupation(occupation) if occupation else None
    return known.name if known else occupation or gettext("no occupation said")


def _promise(report: Any) -> dict[str, Any]:
    offered, most = report["placed_by_tier"]["registered_poor"], report["most_placeable_first_tier"]
    return {"offered": offered, "most": most, "kept": offered == most}


def _fairness(found: Any) -> list[dict[str, Any]]:
    """Return one table for each way of looking at people, each with its groups."""
    kept = found.report["fairness"]
    tables = [
        (gettext("By tier"), "tier", _tier),
        (gettext("By sex"), "sex", _sex),
        (gettext("By age on the first day"), "age", _age),
        (gettext("By township"), "township", words.place),
    ]
    return [
        {"title": title, "rows": [_group(one, label(one["group"])) for one in kept[name]]}
        for title, name, label in tables
    ]


def _tier(name: Any) -> str:
    return str(TIERS[name])


def _sex(code: Any) -> str:
    return (gettext("Not recorded"), words.term(Sex.FEMALE), words.term(Sex.MALE))[code]


def _age(band: Any) -> str:
    if not band:
        return gettext("Under %(years)d") % {"years": AGE_BANDS[0]}
    if band == len(AGE_BANDS):
        return gettext("%(years)d and over") % {"years": AGE_BANDS[-1]}
    return gettext("%(from)d to %(to)d") % {"from": AGE_BANDS[band - 1], "to": AGE_BANDS[band] - 1}


def _group(one: Any, label: str) -> dict[str, Any]:
    people, offered = one["people"], one["placed"]
    return {**one, "label": label, "share": offered / people if people else 0.0}


PLAN_WORDS = {
    **{one.value: one.en for one in Dial},
    "queue": _("A queue: tier by tier, each takes the best that is left"),
}


def _plans(found: Any) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "label": gettext(str(PLAN_WORDS[one["plan"]])),
            "placed_by_tier": [one["placed_by_tier"].get(tier, 0) for tier in TIERS],
            "points_by_tier": [one["points_by_tier"].get(tier, 0) for tier in TIERS],
        }
        for one in found.report["plans"]
    ]


NOT_KEPT = {
    "full": _("its openings were taken by pairs held together earlier"),
    "takes_no_part": _("the worker takes no part: no consent, no wish to go, or placed already"),
    "not_open": _("the post is not open, or has no free opening"),
}


def _locks(found: Any) -> dict[str, Any]:
    kept = found.report["locks"]
    broken = [str(NOT_KEPT.get(why) or RULES[why]) for _number, why in kept["not_kept"]]
    return {"kept": kept["kept"], "not_kept": broken}


def _since(found: Any) -> dict[str, Any]:
    kept = found.report["changes"]
    if not kept:
        return {}
    counts = [(words.term(kind), kept[kind.value]) for kind in ChangeKind]
    return {"round": kept["round"], "same": kept["same"], "counts": counts}


def _unfilled(report: Any) -> dict[str, Any]:
    lines = sorted(report["unfilled"], key=lambda line: -line["free"])
    known = vacancies_called([line["vacancy"] for line in lines[:UNFILLED_SHOWN]])
    rows = [
        {"vacancy": known[line["vacancy"]], "free": line["free"], "why": why_free(line)}
        for line in lines[:UNFILLED_SHOWN]
    ]
    return {"rows": rows, "more": len(lines) - len(rows), "free": sum(line["free"] for line in lines)}
