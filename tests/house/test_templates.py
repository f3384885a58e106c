"""What every template keeps: nothing inline, classes of the one style sheet, words in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

import fourdoors

PACKAGE = Path(fourdoors.__path__[0])
TEMPLATES = sorted((PACKAGE / "web" / "templates").rglob("*.html"))
SHEET = PACKAGE / "web" / "static" / "web" / "site.css"
CHINESE_ON_PURPOSE = {
    "500.html",
    "507.html",
    "language.html",
}  # both languages at once; the other language's own name
FROM_LIBRARIES = {"allauth", "mfa", "account"}  # their words come with their own catalogue
CALL = re.compile(r"\b(gettext_lazy|gettext|pgettext_lazy|pgettext|ngettext|npgettext|_)\(")

template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))


def wanted(source: str) -> Iterator[tuple[str | None, str]]:
    """Find context and English words of every call of gettext in a source."""
    for found in CALL.finditer(source):
        for end in (match.end() for match in re.finditer(r"\)", source[found.start() :])):
            try:
                call = ast.parse(source[found.start() : found.start() + end], mode="eval").body
            except SyntaxError:
                continue
            constants = [one.value for one in getattr(call, "args", []) if isinstance(one, ast.Constant)]
            said = [one for one in constants if isinstance(one, str)]
            context = said.pop(0) if "pgettext" in found[1] and len(said) > 1 else None
            if said:
                yield context, said[0]
            break


def chinese() -> set[tuple[str | None, str]]:
    books = (polib.pofile(str(path)) for path in (PACKAGE / "locale" / "zh_Hans").glob("*.po"))
    return {(entry.msgctxt, entry.msgid) for book in books for entry in book.translated_entries()}


@template
def test_nothing_is_inline(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script>|javascript:", source)
    assert not re.search(r"(src|href)=\"(https?:)?//", source)


@template
def test_every_class_is_in_the_one_style_sheet(path: Path) -> None:
    known = set(re.findall(r"\.([A-Za-z][\w-]*)", SHEET.read_text()))
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", path.read_text())
    used = {name for names in re.findall(r'\sclass="([^"]*)"', plain) for name in names.split()}
    assert {name for name in used if "\0" not in name} <= known


@template
def test_every_word_of_a_page_has_its_chinese(path: Path) -> None:
    if path.relative_to(PACKAGE / "web" / "templates").parts[0] in FROM_LIBRARIES:
        return
    assert set(wanted(templatize(path.read_text()))) <= chinese()


@template
def test_no_page_speaks_chinese_to_a_reader_of_english(path: Path) -> None:
    if path.name in CHINESE_ON_PURPOSE:
        return
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\{#.*?#\}", "", path.read_text()))


def test_every_word_of_the_faces_has_its_chinese() -> None:
    sources = [path.read_text() for path in (PACKAGE / "web").rglob("*.py")]
    assert {words for source in sources for words in wanted(source)} - chinese() == set()


def test_the_style_sheet_stays_small() -> None:
    assert SHEET.stat().st_size <= 16 * 1024
