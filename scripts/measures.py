"""Write the section of every measure into docs/numbers.md, from the heads of the SQL files.

Usage: ``python scripts/measures.py`` writes it; ``--check`` tells by exit code 1 that it is out of date.
"""

import sys
from pathlib import Path

from fourdoors.kernel.money import in_millions
from fourdoors.statistics.rules import Measure, all_breakdowns, all_measures

PAGE = Path(__file__).parents[1] / "docs" / "numbers.md"
BEGIN = "<!-- measures: written by scripts/measures.py from src/fourdoors/statistics/measures/*.sql -->"
END = "<!-- end of measures -->"
HEAD = """## Measures

Each is one SQL file with its definition, unit and source; its name never changes its meaning unseen: a
release keeps the hash of definition and query. What the press reported on 11 November 2020 stands beside it
and is never mixed with what is counted here."""


def section(measure: Measure) -> str:
    """Return the paragraph of one measure."""
    lines = [
        f"### {measure.name}",
        "",
        f"**{measure.title.en}** ({measure.title.zh}), in {measure.unit.en} ({measure.unit.zh}). "
        f"{measure.definition.en}. {measure.definition.zh}。",
        "",
    ]
    made = f"{measure.parts[0]} / {measure.parts[1]}" if measure.parts else f"rows of `{measure.table}`"
    facts = [f"Made of {made}", f"source: {measure.source.en}"]
    if measure.reported is not None:
        facts.append(f"as reported: {_reported(measure)}")
    if measure.within:
        facts.append(f"some of `{measure.within}`: hidden with it in public tables")
    if measure.province_only:
        facts.append("of the province alone")
    return "\n".join([*lines, f"{'; '.join(facts)}."])


def _reported(measure: Measure) -> str:
    assert measure.reported is not None  # noqa: S101 (the caller has asked)
    if measure.is_share:
        return f"{measure.reported:.0%}"
    return f"{in_millions(int(measure.reported))} {measure.unit.en}"


def whole() -> str:
    """Return everything between the two marks."""
    parts = ", ".join(f"`{name}`" for name in all_breakdowns())
    last = f"Breakdowns of the persons transferred, by the latest spell of each: {parts}."
    return "\n\n".join([BEGIN, HEAD, *map(section, all_measures().values()), last, END])


def written(page: str) -> str:
    """Return the page with its measures as they are now."""
    if BEGIN not in page:
        return f"{page.rstrip()}\n\n{whole()}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{whole()}{after}"


def main() -> int:
    """Write the page, or tell that it is out of date."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = written(page)
    if "--check" in sys.argv:
        return int(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
