"""The page of numbers says every measure as its file does."""

import re
import subprocess
import sys
from pathlib import Path

import fourdoors
from fourdoors.statistics.rules import all_measures

ROOT = Path(fourdoors.__path__[0]).parents[1]


def test_the_page_of_numbers_is_written_from_the_files() -> None:
    asked = [sys.executable, str(ROOT / "scripts" / "measures.py"), "--check"]
    assert subprocess.run(asked, check=False).returncode == 0, "run: python scripts/measures.py"


def test_every_measure_has_its_heading() -> None:
    page = (ROOT / "docs" / "numbers.md").read_text(encoding="utf-8")
    assert set(all_measures()) <= set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
