"""What the documents of the kernel say is so."""

import re
from pathlib import Path

import pytest

import fourdoors

PACKAGE = Path(fourdoors.__path__[0])
DOCS = PACKAGE.parents[1] / "docs"
NAMES = re.findall(r"`([a-z_]+)\.([a-z_]+)\.(\w+)`", (DOCS / "glossary.md").read_text(encoding="utf-8"))
CONSTANTS = re.findall(r"`(kernel)\.([a-z_]+)\.(\w+)`", (DOCS / "numbers.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("room", "file", "name"), sorted(set(NAMES + CONSTANTS)))
def test_every_name_in_the_glossary_and_the_numbers_exists(room: str, file: str, name: str) -> None:
    module = PACKAGE / room / file
    sources = (
        [module.with_suffix(".py")] if module.with_suffix(".py").exists() else sorted(module.glob("*.py"))
    )
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    assert re.search(rf"^(class|def) {name}\b|^{name}\b.* = ", text, re.MULTILINE)


def test_every_term_of_the_kernel_is_in_the_glossary() -> None:
    text = (PACKAGE / "kernel" / "terms.py").read_text(encoding="utf-8")
    terms = set(re.findall(r"^class (\w+)\(Term\)", text, re.MULTILINE)) - {"Sex", "EndReason"}
    assert terms <= {name for _, _, name in NAMES}
