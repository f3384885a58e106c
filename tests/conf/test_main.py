"""The ``fourdoors`` command: what a newcomer reads, what a slip of the finger gets, how a refusal looks."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fourdoors.conf import verbs
from fourdoors.conf.keys import home_of_this_machine, secret_of
from fourdoors.conf.main import PERHAPS, UNKNOWN, WAITING, run
from fourdoors.console.management.commands import db
from fourdoors.console.words import is_chinese, say
from fourdoors.store.refusals import HomeUnwritableError, MountMissingError

HAN = re.compile(r"[\u4e00-\u9fff]")
NO_DISK = Path("/mnt/fourdoors-no-such-disk/home")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def fourdoors(*command: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "fourdoors.conf.main", *command]
    return subprocess.run(line, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("asked", [[], ["--help"], ["-h"], ["help"]])
def test_help_is_one_page_in_groups(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked) == 0
    page = capsys.readouterr().out
    assert page.index("First steps:") < page.index("  serve  ") < page.index("Keeping it running:")
    assert page.index("  db ") < page.index("Django's own commands:") < page.index("Environment:")
    assert max(map(len, page.splitlines())) <= 120


def test_help_speaks_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert run([]) == 0
    page = capsys.readouterr().out
    explained = [line for line in page.splitlines() if re.match(r"  \w+  ", line)]
    assert explained
    assert all(HAN.search(line) for line in explained), page


@pytest.mark.parametrize("name", verbs.our_verbs())
def test_every_verb_says_in_both_languages_what_it_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = verbs.our_verbs()[name]
    assert words, f"{name}.py has no help"
    monkeypatch.setenv("LANG", "zh")
    assert HAN.search(say(words)), f"no Chinese for the help of {name}: {words!r}"


def test_every_word_of_the_terminal_is_there_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = [UNKNOWN, PERHAPS, WAITING, verbs.GREETING, verbs.USAGE, *verbs.GROUPS, verbs.MORE, verbs.DJANGO]
    spoken += [verbs.ENVIRONMENT, *verbs.SETTINGS.values(), *db.STATUS.values()]
    spoken += [
        words for name, words in vars(db).items() if re.match("[A-Z]", name) and isinstance(words, str)
    ]
    monkeypatch.setenv("LANG", "zh_CN")
    assert [words for words in spoken if not HAN.search(say(words))] == []


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN"}, True),
        ({"LANG": "C.UTF-8", "LC_ALL": ""}, False),
    ],
)
def test_the_language_is_told_as_posix_tells_it(
    environment: dict[str, str], *, chinese: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_chinese() is chinese


@pytest.mark.parametrize(
    ("slip", "answer"),
    [("srve", "fourdoors serve"), ("migrat", "fourdoors migrate"), ("zzzz", "fourdoors --help")],
)
def test_a_slip_of_the_finger_gets_a_suggestion_and_starts_nothing(
    slip: str, answer: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOURDOORS_HOME", str(NO_DISK))
    assert run([slip]) == 2
    assert answer in capsys.readouterr().err


def test_help_of_a_verb_starts_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOURDOORS_HOME", str(tmp_path))
    shown = fourdoors("db", "--help")
    assert shown.returncode == 0
    assert "status" in shown.stdout
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize(
    ("language", "words", "command"),
    [
        ("C", "is not mounted", ["serve"]),
        ("C", "is not mounted", ["migrate"]),
        ("C", "is not mounted", ["db", "start"]),
        ("C", "is not mounted", ["db", "keep"]),
        ("zh_CN.UTF-8", "没有挂载", ["serve"]),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_code_2(
    language: str, words: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setenv("FOURDOORS_HOME", str(NO_DISK))
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    refused = fourdoors(*command)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not NO_DISK.parent.exists()


def test_a_database_that_was_never_prepared_says_how_to_prepare_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for ours in ("FOURDOORS_SOCKET", "FOURDOORS_KEYS"):
        monkeypatch.delenv(ours, raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "fourdoors.conf.settings")
    with tempfile.TemporaryDirectory(prefix="fd-bare-") as home:
        Path(home).chmod(0o711)
        monkeypatch.setenv("FOURDOORS_HOME", home)
        refused = fourdoors(
            "appoint", "li", "--name", "李", "--duty", "province", "--division", "620000000000"
        )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "fourdoors migrate --database owner" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_home_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOURDOORS_HOME", "here")
    assert home_of_this_machine() == tmp_path / "here"
    monkeypatch.delenv("FOURDOORS_HOME")
    assert home_of_this_machine().is_absolute()


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    secret = secret_of(tmp_path / "home")
    assert len(secret) >= 50
    assert secret_of(tmp_path / "home") == secret
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_key_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(MountMissingError):
        secret_of(NO_DISK)
    with pytest.raises(HomeUnwritableError):
        secret_of(Path("/proc/fourdoors"))
