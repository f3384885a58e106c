"""docs/deploy.md: no deed of ``fourdoors db`` and no refusal of the store without its place."""

import re
from pathlib import Path

import fourdoors
from fourdoors.console.management.commands.db import Command
from fourdoors.console.words import REFUSALS

PACKAGE = Path(fourdoors.__path__[0])
PAGE = (PACKAGE.parents[1] / "docs" / "deploy.md").read_text()
HEADINGS = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
NAMED = set(re.findall(r"`(\w+)`", PAGE))


def test_every_deed_of_db_has_its_heading() -> None:
    parser = Command().create_parser("fourdoors", "db")
    deeds = next(action.choices for action in parser._actions if action.dest == "deed")
    assert deeds
    assert [deed for deed in deeds if f"`fourdoors db {deed}`" not in HEADINGS] == []


def test_every_refusal_of_the_store_is_named() -> None:
    assert set(REFUSALS) - NAMED == set()
