"""Pictures of pages for the eye of a reader, and the accessibility of pages for axe.

``picture(page, "desk_zh")`` writes tests/pictures/desk_zh.png; ``faults(page)`` lists what axe finds.
"""

from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "pictures"
AXE = Path(__file__).parent / "parts" / "axe.min.js"
DESK, PHONE = 1440, 390


def picture(page: Page, name: str, width: int = DESK) -> Path:
    """Write the whole page, as wide as asked, to tests/pictures/ (not kept in git)."""
    FOLDER.mkdir(exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


def faults(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA: ``rule: the element``, nothing when all is well."""
    page.evaluate(AXE.read_text())  # in page's world by the debugger: the policy does not apply
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    return [f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window: a phone page must not scroll sideways."""
    beyond: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return beyond
