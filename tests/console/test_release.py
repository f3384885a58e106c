"""``fourdoors release``: from counting to a checked hash, one summary line each, exit codes."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from fourdoors.accounts.rules import Duty
from fourdoors.console.tasks import count
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.statistics.models import Cell, Release
from fourdoors.statistics.selectors import last_counting
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import make_officer
from tests.makers.statistics import make_ledger

PERIOD = ("--from", "2020-01-01", "--to", "2020-10-31")


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("release", *words, stdout=out)
    return out.getvalue()


def make_people() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        make_ledger()
    for name in ("wang", "li"):
        make_officer(username=name, duty=Duty.PROVINCE, division=GANSU)


@pytest.mark.django_db
def test_from_the_count_to_the_paper(tmp_path: Path) -> None:
    make_people()
    assert said("count", *PERIOD).startswith("counted 2020-01-01 to 2020-10-31: ")
    assert Cell.objects.exists()
    assert said("freeze", "2020-10", *PERIOD, "--by", "wang").startswith("release 2020-10 frozen: ")
    assert said("sign", "2020-10", "--by", "li").startswith("release 2020-10 signed by li: ")
    assert said("verify", "2020-10") == f"release 2020-10 holds: {Release.objects.get().hash}\n"
    folder = tmp_path / "papers"
    told = said("bulletin", "2020-10", "--out", str(folder))
    assert {path.name for path in folder.iterdir()} == {
        "bulletin-2020-10-zh.pdf",
        "bulletin-2020-10-en.pdf",
    }
    assert str(folder / "bulletin-2020-10-zh.pdf") in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("sign", "2019-10", "--by", "li"), "no release 2019-10"),
        (("sign", "2020-10", "--by", "nobody"), "Nobody is called nobody"),
        (("sign", "2020-10", "--by", "wang"), "another officer has to sign"),
        (("bulletin", "2020-10"), "Nobody has signed release 2020-10"),
        (("freeze", "2020-10", *PERIOD, "--by", "li"), "exists already"),
        (("freeze", "x", "--from", "2020-10-31", "--to", "2020-01-01", "--by", "li"), "before it begins"),
        (("verify", "2019-10"), "no release 2019-10"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(words: tuple[str, ...], refusal: str) -> None:
    make_people()
    said("freeze", "2020-10", *PERIOD, "--by", "wang")
    with pytest.raises(CommandError, match=refusal):
        said(*words)
    assert Release.objects.get().signed_at is None


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_release_that_somebody_changed_ends_with_a_refusal() -> None:
    make_people()
    said("freeze", "2020-10", *PERIOD, "--by", "wang")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE statistics_frozenrow SET value = value + 1")
    with pytest.raises(CommandError, match="does not hold"):
        said("verify", "2020-10")


@pytest.mark.django_db
def test_the_night_counts_from_new_year_to_yesterday() -> None:
    make_people()
    count(timestamp=0)
    with scoped(Scope(territory=range_of(GANSU))):
        counting = last_counting()
    assert counting is not None
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (counting.from_on, counting.to_on) == (date(yesterday.year, 1, 1), yesterday)


@pytest.mark.django_db
@override_settings(DEMONSTRATION=True)
def test_a_demonstration_keeps_the_days_it_plays_in() -> None:
    make_people()
    count(timestamp=0)
    assert last_counting() is None
