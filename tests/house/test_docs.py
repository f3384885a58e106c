"""The docs cannot rot: what the code offers has its place in them, and what they name exists."""

import os
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management.base import BaseCommand
from django.urls import resolve
from scripts.tables import TABLES, with_tables

import fourdoors
from fourdoors.conf.verbs import djangos_verbs, our_verbs

PACKAGE = Path(fourdoors.__path__[0])
ROOT = PACKAGE.parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]
NOT_OURS = {".git", ".venv", ".var", "node_modules", "__pycache__", "parts", "fonts", "dist", ".hypothesis"}
BEGINNINGS = {"/my/", "/enter/"}  # a secret follows
ROOMS = {path.name for path in PACKAGE.iterdir() if path.is_dir()}

page = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def headings(path: Path) -> list[str]:
    """Return the headings of a page, without what stands in blocks of code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


def anchor(heading: str) -> str:
    """Return the name under which a heading is linked, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def first_cells(path: Path) -> set[str]:
    """Return every name in code type that opens a row of a table."""
    return set(re.findall(r"^\| `([^`]+)` \|", path.read_text(encoding="utf-8"), re.MULTILINE))


def parser_of(verb: str) -> ArgumentParser:
    command = import_module(f"fourdoors.console.management.commands.{verb}").Command()
    assert isinstance(command, BaseCommand)
    return command.create_parser("fourdoors", verb)


def deeds_of(verb: str) -> list[str]:
    """Return what a command can be asked to do, where it can do several things."""
    return [
        str(choice)
        for action in parser_of(verb)._actions
        if action.choices and not action.option_strings
        for choice in action.choices
    ]


def known_options() -> dict[str, set[str]]:
    """Return, for each of our verbs, every option of it and of its deeds."""
    known = {}
    for verb in our_verbs():
        parsers = [parser_of(verb)]
        for action in parsers[0]._actions:
            if isinstance(action.choices, dict):
                parsers += action.choices.values()
        known[verb] = {option for one in parsers for found in one._actions for option in found.option_strings}
    return known


def examples(text: str) -> Iterator[list[str]]:
    """Find every ``fourdoors ...`` that a page tells its reader to type."""
    blocks = re.findall(r"^```(?:sh|console)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    for line in [*lines, *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))]:
        if found := re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ )*fourdoors ([a-z].*)$", line.strip()):
            yield shlex.split(found[1], comments=True)


# --- what the code offers has its place ---


@pytest.mark.parametrize("verb", sorted(our_verbs()))
def test_every_command_has_its_heading_and_every_deed_of_it_its_example(verb: str) -> None:
    commands = DOCS / "commands.md"
    assert f"`fourdoors {verb}`" in headings(commands)
    shown = {tuple(words[:2]) for words in examples(commands.read_text(encoding="utf-8"))}
    assert [deed for deed in deeds_of(verb) if (verb, deed) not in shown] == []


def test_every_setting_has_its_row_and_every_row_its_setting() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    settings = set(re.findall(r'"(FOURDOORS_[A-Z_]+|DATABASE_(?:[A-Z]+_)?URL)"', sources))
    assert {"FOURDOORS_HOME", "DATABASE_URL", "DATABASE_OWNER_URL"} <= settings
    rows = first_cells(DOCS / "settings.md")
    assert {row for row in rows if row.startswith(("FOURDOORS_", "DATABASE_"))} == settings


def test_every_measure_is_in_the_numbers() -> None:
    measures = {path.stem for path in (PACKAGE / "statistics" / "measures").glob("*.sql")}
    assert measures
    named = set(headings(DOCS / "numbers.md"))
    assert measures - named == set()


@pytest.mark.parametrize("name", sorted({name for name, _ in TABLES}))
def test_the_tables_say_what_the_code_says(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    assert with_tables(name, text) == text, "run: python scripts/tables.py"


def test_every_column_of_money_says_whose_it_is() -> None:
    columns = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if model.__module__.startswith("fourdoors.")
        for field in model._meta.concrete_fields
        if re.search(r"(^|_)(fen|yuan)(_|$)", field.column or "")
    }
    assert columns == {row for row in first_cells(DOCS / "security" / "voluntary.md") if "." in row}


def test_every_page_is_on_the_map_of_the_docs() -> None:
    listed = {(DOCS / link).resolve() for link in links(DOCS / "index.md")}
    assert {path for path in PAGES if path.is_relative_to(DOCS)} - listed == {DOCS / "index.md"}


# --- what the docs name exists ---


def links(path: Path) -> list[str]:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
    return [link for pair in found for link in pair if link and not re.match(r"[a-z]+:", link)]


@page
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in links(path):
        file, _, part = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        if part:
            assert part in map(anchor, headings(target)), link


@page
def test_every_command_in_an_example_exists(path: Path) -> None:
    options = known_options()
    verbs = set(options) | djangos_verbs()
    for words in examples(path.read_text(encoding="utf-8")):
        verb, *rest = words
        assert verb in verbs, words
        if verb in options:
            given = {word.split("=")[0] for word in rest if word.startswith("--")}
            assert given - options[verb] == set(), words
            deeds = deeds_of(verb)
            assert not deeds or not rest or rest[0].startswith("-") or rest[0] in deeds, words


@page
def test_every_make_target_in_an_example_exists(path: Path) -> None:
    targets = re.findall(r"^([a-z%-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    known = [re.compile(target.replace("%", "[a-z]+") + "$") for target in targets]
    for named in re.findall(r"`make ([a-z-]*[a-z])\b", path.read_text(encoding="utf-8")):
        assert any(target.match(named) for target in known), named


@page
def test_every_address_that_a_page_names_opens_a_page(path: Path) -> None:
    for address in re.findall(r"`(/(?:[a-z-]+/)*)`", path.read_text(encoding="utf-8")):
        if address not in BEGINNINGS:
            resolve(address)


@page
def test_every_test_that_a_page_names_exists(path: Path) -> None:
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", path.read_text(encoding="utf-8")):
        source = (ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in source, f"{file}::{name}"


@page
def test_every_name_of_the_code_that_a_page_names_exists(path: Path) -> None:
    named = re.findall(r"`([a-z_]+)\.([a-z_]+)\.(\w+)`", path.read_text(encoding="utf-8"))
    for room, file, name in named:
        if room in ROOMS:
            assert defines(PACKAGE / room / file, name), f"{room}.{file}.{name}"


def defines(module: Path, name: str) -> bool:
    single = module.with_suffix(".py")
    sources = [single] if single.exists() else sorted(module.rglob("*.py"))
    if (module / name).is_dir() or (module / f"{name}.py").exists():
        return True
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    return bool(re.search(rf"^\s*(class|def) {name}\b|^{name}\b.* = ", text, re.MULTILINE))


# --- what must not be in any file ---


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith("_cache")]
        yield from (Path(folder) / name for name in names if name != ".git")


def index_of_this_machine() -> set[str]:
    """Return the host names that this machine fetches packages from: they are nobody else's business."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    given = [value for name, value in os.environ.items() if name.lower().startswith(("pip_", "uv_", "npm_"))]
    return set(re.findall(r"https?://(?:[^@/'\s]*@)?([\w.-]+)", " ".join([asked.stdout, *given])))


def test_no_file_names_a_registry_or_a_machine() -> None:
    # each in two halves, so that this file may be read like all others
    banned = [r'"resol' r'ved":', r"--index-" r"url\s", r"(?<![\w.])/(ro" r"ot|ho" r"me|wo" r"rk)/[a-z]"]
    found = re.compile("|".join([*banned, *map(re.escape, index_of_this_machine())]))
    for path in files():
        try:
            named = found.search(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # a picture or a table
        assert not named, f"{path.relative_to(ROOT)}: {named[0]}"
