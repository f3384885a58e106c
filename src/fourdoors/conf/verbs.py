"""What ``fourdoors --help`` says: our verbs in groups, each in one sentence, then Django's."""

import ast
import pkgutil
import textwrap
from functools import cache
from pathlib import Path

from fourdoors.console.management import commands as ours
from fourdoors.console.words import say


def _(text: str) -> str:
    return text


GREETING = _("Four Doors: organised labour transfer, from the village to the factory gate.")
USAGE = _("Usage: fourdoors VERB [options]      fourdoors VERB --help says more about one verb")
GROUPS: dict[str, tuple[str, ...]] = {
    _("First steps"): ("serve", "way", "demo"),
    _("Daily work"): ("intake", "round", "release", "policies"),
    _("Keeping it running"): ("worker", "db", "migrate", "keys", "token", "audit"),
}
MORE = _("More")
DJANGO = _("Django's own commands")
ENVIRONMENT = _("Environment")
SETTINGS = {
    "FOURDOORS_HOME": _("the folder of all data (default: .var beside the clone; for root under /var/lib)"),
    "DATABASE_URL": _("a real PostgreSQL server instead of the embedded one; see docs/deploy.md"),
    "LANG": _("zh_CN.UTF-8 makes these words Chinese"),
}
_DJANGOS_USEFUL = (
    "makemigrations", "showmigrations", "check", "createsuperuser", "changepassword", "shell",
    "dbshell", "collectstatic", "sendtestemail", "test",
)  # fmt: skip
_WIDTH = 100


@cache
def our_verbs() -> dict[str, str]:
    """Return our verbs and what each does, read from the sources: nothing is imported, no database asked."""
    folder = Path(ours.__path__[0])
    return {name: _help_of(folder / f"{name}.py") for name in _names(folder)}


def djangos_verbs() -> set[str]:
    """Return Django's verbs and those of the installed packages; this reads the settings."""
    import django  # noqa: PLC0415 (our own verbs need not wait for it)
    from django.core.management import get_commands  # noqa: PLC0415

    django.setup()
    return {*get_commands(), "help", "version"}


def help_text() -> str:
    """Return the page that a newcomer reads first."""
    shown = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, MORE: tuple(name for name in our_verbs() if name not in shown)}
    parts = [say(GREETING), "", say(USAGE)]
    for title, names in groups.items():
        there = {name: say(our_verbs()[name]) for name in names if name in our_verbs()}
        parts += _section(say(title), there)
    parts += ["", f"{say(DJANGO)}:"]
    parts += textwrap.wrap(", ".join(_DJANGOS_USEFUL), _WIDTH, initial_indent="  ", subsequent_indent="  ")
    parts += _section(say(ENVIRONMENT), {name: say(words) for name, words in SETTINGS.items()})
    return "\n".join(parts) + "\n"


def _section(title: str, lines: dict[str, str]) -> list[str]:
    width = max(map(len, lines), default=0)
    return (
        ["", f"{title}:", *(f"  {name:<{width}}  {words}" for name, words in lines.items())] if lines else []
    )


def _names(folder: Path) -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules([str(folder)]))


def _help_of(source: Path) -> str:
    """Read ``help = "..."`` of the class Command."""
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Assign(targets=[ast.Name(id="help")], value=ast.Constant(value=str(words))):
                return words
    return ""
