"""Write the tables of the docs that repeat what the code says: refusals, faults, row-level policies.

Usage: ``python scripts/tables.py`` (after ``scripts/messages.py``); a test fails while a table is old.
A table stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``; the words around it are written by hand.
"""
# ruff: noqa: E402 (the settings are read before anything that needs them)

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourdoors.conf.settings")
os.environ.setdefault("FOURDOORS_SECRET_KEY", "only words are read")
django.setup()

from django.db.migrations.loader import MigrationLoader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

import fourdoors
from fourdoors.console import words
from fourdoors.kernel.errors import RuleError
from fourdoors.store.refusals import StoreError
from fourdoors.store.scope import ScopePolicy
from fourdoors.subsidies.rules import Policy, missing_of, read_policy
from fourdoors.subsidies.services import shipped_policies
from fourdoors.web.faults import FAULTS
from fourdoors.web.refusals import REFUSALS

DOCS = Path(__file__).parents[1] / "docs"
Row = tuple[str, ...]
Refusal = type[RuleError] | type[StoreError]


def main() -> None:
    """Write every table anew."""
    for page in dict.fromkeys(page for page, _ in TABLES):
        path = DOCS / page
        path.write_text(with_tables(page, path.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stdout.write(f"docs/{page}\n")


def with_tables(page: str, text: str) -> str:
    """Return a page with all its tables as they are now."""
    for (where, name), make in TABLES.items():
        if where == page:
            before, _, after = re.split(
                rf"(?<=<!-- {name} -->\n)(.*)(?=<!-- /{name} -->)", text, flags=re.DOTALL
            )
            text = f"{before}\n{make()}\n{after}"
    return text


def refusals() -> str:
    """Return all refusals of deeds: by room, then by code."""
    rooms: dict[str, dict[str, list[Refusal]]] = {}
    for one in _refusals_below(RuleError):
        rooms.setdefault(_room(one), {}).setdefault(one.code, []).append(one)
    parts = []
    for room, codes in sorted(rooms.items()):
        rows = ((f"`{code}`", _when(codes[code]), *_in_both(REFUSALS[code])) for code in sorted(codes))
        parts.append(f"### {room}\n\n{_table(('code', 'when', '中文', 'English'), rows)}")
    return "\n".join(parts)


def faults() -> str:
    """Return all faults of a cell or row that came in by a workbook."""
    rows = ((f"`{code}`", *_in_both(FAULTS[code])) for code in sorted(FAULTS))
    return _table(("code", "中文", "English"), rows)


def machines() -> str:
    """Return all refusals that the keeper of the machine reads in a terminal."""
    classes = {one.code: one for one in _refusals_below(StoreError)}
    rows = (
        (f"`{code}`", _when([classes[code]]), *_in_both(gettext_lazy(words.REFUSALS[code])))
        for code in sorted(words.REFUSALS)
    )
    return _table(("code", "when", "中文", "English"), rows)


def scopes() -> str:
    """Return who reaches the rows of each table, as the migrations say it to PostgreSQL."""
    rows = [
        _scope(app, operation)
        for (app, _), migration in MigrationLoader(None).disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, ScopePolicy)
    ]
    head = ("table", "territory", "destination", "organisation", "trip", "append-only")
    return _table(head, sorted(rows))


def policies() -> str:
    """Return every rule that is shipped, computable or not, and what it waits for."""
    rules = [read_policy(text) for text in shipped_policies()]
    rows = sorted(map(_policy, rules), key=lambda row: (row[4] != "", row))
    return _table(("rule", "中文", "English", "in force", "waits for"), rows)


def _policy(rule: Policy) -> Row:
    missing = ", ".join(f"`{name}`" for name in missing_of(rule))
    return f"`{rule.key}`", rule.title.zh, rule.title.en, _days(rule), missing


def _days(rule: Policy) -> str:
    return f"{rule.in_force.start} to {rule.in_force.end or ''}".strip()


def _refusals_below(error: Refusal) -> Iterator[Refusal]:
    for module in pkgutil.walk_packages(fourdoors.__path__, "fourdoors."):
        if not module.name.startswith("fourdoors.conf"):
            importlib.import_module(module.name)
    yield from _leaves(error)


def _leaves(error: Refusal) -> Iterator[Refusal]:
    for child in error.__subclasses__():
        yield from _leaves(child)
        if "code" in vars(child) and child.__module__.startswith("fourdoors."):
            yield child


def _room(one: Refusal) -> str:
    parts = one.__module__.split(".")
    return ".".join(parts[1 : 3 if parts[1] == "engines" else 2])


def _when(classes: Iterable[Refusal]) -> str:
    return " / ".join(dict.fromkeys((one.__doc__ or "").strip().split("\n")[0] for one in classes))


def _in_both(text: str | Promise) -> tuple[str, str]:
    with override("zh-hans"):
        chinese = str(text)
    with override("en"):
        return chinese, str(text)


def _scope(app: str, policy: ScopePolicy) -> Row:
    organisations = ("employer", "trainer", "carrier")
    return (
        f"`{app}_{policy.model_name.lower()}`",
        _column(policy.territory),
        _column(policy.destination)
        + (f" while `{policy.destination_while}`" if policy.destination_while else ""),
        ", ".join(_column(policy.equal[name]) for name in organisations if policy.equal[name]),
        _column(policy.equal["trip"]),
        "yes" if policy.append_only else "",
    )


def _column(name: str | None) -> str:
    return f"`{name}`" if name else ""


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


TABLES: dict[tuple[str, str], Callable[[], str]] = {
    ("refusals.md", "refusals"): refusals,
    ("refusals.md", "faults"): faults,
    ("refusals.md", "machines"): machines,
    ("security/scope.md", "scopes"): scopes,
    ("algorithms/subsidies.md", "policies"): policies,
}


if __name__ == "__main__":
    main()
