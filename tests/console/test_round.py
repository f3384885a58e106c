"""``fourdoors round``: one summary line, two officers, exit codes."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from fourdoors.accounts.rules import Duty
from fourdoors.console.demo.marker import WHOLE, marker
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Offer, Round
from fourdoors.placements.rules import RoundState
from fourdoors.register.models import Wish
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
from tests.makers.placements import MATCHED_AT, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy

pytestmark = pytest.mark.django_db
ON = ("--on", MATCHED_AT.date().isoformat())
RUN = ("run", "--division", str(LI_COUNTY), "--starts-on", "2020-03-09", *ON)


@pytest.fixture(autouse=True)
def _in_gansu(db: None) -> None:
    again()
    make_officer()
    make_officer(username="second")


def again() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def run(*arguments: object) -> str:
    out = StringIO()
    try:
        call_command("round", *map(str, arguments), stdout=out)
    finally:
        again()
    return out.getvalue()


def test_a_round_is_run_published_and_shown_in_one_line_each() -> None:
    make_willing_worker()
    make_vacancy()
    said = run(*RUN, "--by", "li")
    made = Round.objects.get()
    assert said == (
        f"round {made.pk} ready {LI_COUNTY} 2020-03-09: workers=1 vacancies=1 openings=30 offered=1 left=0"
        f" gap=0 made=1 hash={made.answer_hash}\n"
    )
    assert run("publish", made.pk, "--by", "second", *ON).startswith(f"round {made.pk} published")
    assert run("show", made.pk).startswith(f"round {made.pk} published")
    assert Offer.objects.get().round == made


def test_whoever_ran_a_round_cannot_publish_it_here_either() -> None:
    make_willing_worker()
    make_vacancy()
    run(*RUN, "--by", "li")
    with pytest.raises(CommandError, match="another officer"):
        run("publish", Round.objects.get().pk, "--by", "li", *ON)
    assert Round.objects.get().state == RoundState.READY


def test_nothing_to_match_is_said_in_words_and_nothing_is_written() -> None:
    with pytest.raises(CommandError, match="0 workers agreed"):
        run(*RUN, "--by", "li")
    assert not Round.objects.exists()


@pytest.mark.parametrize("username", ["nobody", "dang", "reader"])
def test_only_a_county_officer_of_the_place_runs_its_rounds(username: str) -> None:
    make_officer(username="dang", division=DANGCHANG)
    make_officer(username="reader", duty=Duty.PREFECTURE, division=GANSU)
    make_willing_worker()
    make_vacancy()
    with pytest.raises(CommandError, match=f"{username} is not an officer of county duty"):
        run(*RUN, "--by", username)
    assert not Round.objects.exists()


def test_a_place_and_a_round_that_are_not_there_are_named() -> None:
    with pytest.raises(CommandError, match="No division has the code 123"):
        run("run", "--division", 123, "--starts-on", "2020-03-09", "--by", "li")
    with pytest.raises(CommandError, match="There is no round 999"):
        run("show", 999)


@pytest.fixture
def demonstration(settings: Settings, tmp_path: Path) -> None:
    """A home that holds a whole demonstration, on the day of the makers."""
    settings.HOME = tmp_path
    settings.DEMONSTRATION_DAY_SETTING = MATCHED_AT.date().isoformat()
    marker().write_text(WHOLE)
    make_officer(username="county")


@pytest.mark.usefixtures("demonstration")
def test_a_round_of_the_demonstration_names_who_got_a_post_and_who_did_not() -> None:
    make_willing_worker(name="得到")
    other = make_willing_worker(name="没得到")
    Wish.objects.filter(worker=other).update(wage_floor_yuan=4100)
    vacancy = make_vacancy(draft=make_draft(openings=1))
    said = run("--demo")
    made, offer = Round.objects.get(), Offer.objects.get()
    assert made.state == RoundState.READY
    assert said.startswith(f"round {made.pk} ready")
    assert "得到" in said.splitlines()[1]
    assert f"/offers/{offer.pk}/" in said.splitlines()[1]
    assert "没得到" in said.splitlines()[2]
    assert f"/rounds/{made.pk}/posts/{vacancy.pk}/" in said.splitlines()[2]


@pytest.mark.usefixtures("demonstration")
def test_where_openings_are_enough_it_names_somebody_for_whom_nothing_fitted() -> None:
    make_willing_worker(name="得到")
    make_willing_worker(name="要价高")
    Wish.objects.filter(worker__name="要价高").update(wage_floor_yuan=9000)
    make_vacancy()
    said = run("--demo").splitlines()
    assert "得到" in said[1]
    assert "要价高" in said[2]
    assert said[2].rstrip("。.").endswith(f"/rounds/{Round.objects.get().pk}/unplaced/?rule=WAGE")


@pytest.mark.usefixtures("demonstration")
def test_where_everybody_was_offered_work_it_says_so() -> None:
    make_willing_worker()
    make_vacancy()
    assert len(run("--demo").splitlines()) == 3


@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_with_nobody_to_match_says_so() -> None:
    with pytest.raises(CommandError):
        run("--demo")
    assert not Round.objects.exists()


def test_without_a_deed_it_asks_for_one() -> None:
    with pytest.raises(CommandError, match="--demo"):
        run()
