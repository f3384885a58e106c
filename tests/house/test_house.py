"""The walls of the house: what no linter sees, held by plain tests."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

import fourdoors
from fourdoors.kernel.errors import RuleError
from fourdoors.web.refusals import REFUSALS

PACKAGE = Path(fourdoors.__path__[0])
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
FACES = {"web", "console", "conf"}
# Read before any scope is set: a number, a village and a hash, nothing of a person.
BEFORE_ANY_SCOPE = {"register_workerlink"}


def floors() -> list[str]:
    """Return the packages from the ground up, as the import contract lists them."""
    config = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text())
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return [name.strip() for layer in reversed(layers) for name in layer.split("|")]


def test_the_story_is_told_in_one_order() -> None:
    told = re.findall(r"^    (\w+) {2,}", fourdoors.__doc__ or "", re.MULTILINE)
    assert [name for name in floors() if name not in FACES] == [n for n in told if n not in FACES]

    installed = [app.removeprefix("fourdoors.") for app in settings.INSTALLED_APPS]
    assert [app for app in installed if app not in FACES and app in floors()] == [
        n for n in floors() if n in installed and n not in FACES
    ]


def foreign_keys() -> Iterator[tuple[str, str, str, str]]:
    for model in apps.get_models():
        if not model.__module__.startswith("fourdoors.") or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model:
                target = field.related_model._meta.app_label
                if target != model._meta.app_label and target in floors():
                    hidden = getattr(field.remote_field, "related_name", None) or ""
                    yield f"{model.__name__}.{field.name}", model._meta.app_label, target, hidden


@pytest.mark.parametrize(("name", "source", "target", "related_name"), list(foreign_keys()))
def test_a_foreign_key_points_down_and_leaves_no_stair_back(
    name: str, source: str, target: str, related_name: str
) -> None:
    assert floors().index(target) < floors().index(source), f"{name} points up"
    assert related_name.endswith("+"), f"{name} lets {target} look up: give it related_name='+'"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_steps_know_nothing_of_the_web(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] in FACES:
        return
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    banned = ("django.http", "django.shortcuts", "django.views", "django.forms", "django.urls")
    assert not [name for name in imported if name.startswith(banned)]


def leaves(error: type[RuleError]) -> Iterator[type[RuleError]]:
    for child in error.__subclasses__():
        yield from leaves(child)
        if "code" in vars(child) and child.__module__.startswith("fourdoors."):
            yield child


def test_every_refusal_has_words_and_no_words_are_left_over() -> None:
    for module in pkgutil.walk_packages(fourdoors.__path__, "fourdoors."):
        importlib.import_module(module.name)
    assert {error.code for error in leaves(RuleError)} == set(REFUSALS)


@pytest.mark.django_db
def test_every_table_of_persons_has_a_policy() -> None:
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("fourdoors.")
        and any(
            field.name == "village" or field.related_model is apps.get_model("register", "Worker")
            for field in model._meta.fields
        )
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid WHERE relrowsecurity"
        )
        assert tables - {name for (name,) in cursor.fetchall()} == BEFORE_ANY_SCOPE


@pytest.mark.django_db
def test_migrations_match_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("fourdoors_app", False, False)


SENSITIVE = re.compile(r"ethnic|nationality|religio|politic|party|minority|faith", re.IGNORECASE)


@pytest.mark.django_db
def test_no_column_holds_ethnicity_religion_or_politics() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        assert not [name for (name,) in cursor.fetchall() if SENSITIVE.search(name)]


def views() -> Iterator[tuple[str, object]]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, object]]:
        for pattern in patterns:
            route = f"{prefix}{pattern.pattern}"
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route, pattern.callback

    yield from walk(get_resolver().url_patterns, "")


@pytest.mark.parametrize(
    ("route", "view"), list(views()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_page_says_who_may_open_it(route: str, view: object) -> None:
    if getattr(view, "__module__", "").startswith("fourdoors.web"):
        assert hasattr(view, "duties"), f"{route}: wrap its view with for_duties or for_everybody"
