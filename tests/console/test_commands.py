"""Commands at their edges: what they print, what they refuse, their exit codes."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.services import record_deed
from fourdoors.console.demo.marker import make_room
from tests.makers.accounts import make_officer


def said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_first_officer_gets_in_by_a_link_of_the_shell(client: Client) -> None:
    link = said("appoint", "li", "--name", "马主任", "--duty", "county", "--division", "621226000000").strip()
    assert client.post(link).status_code == 302
    assert Officer.objects.get().full_name == "马主任"


@pytest.mark.django_db
def test_nobody_is_appointed_to_a_place_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="no such division"):
        said("appoint", "li", "--name", "x", "--duty", "county", "--division", "629999000000")
    assert not Officer.objects.exists()


@pytest.mark.django_db
def test_a_token_is_printed_once_listed_without_its_secret_and_ended() -> None:
    make_officer(username="li")
    secret = said("token", "make", "li", "--name", "county system").strip()
    number = said("token", "list").split("\t")[0]

    assert secret not in said("token", "list")
    said("token", "end", number)
    for wrong in (("end", number), ("make", "nobody", "--name", "x")):
        with pytest.raises(CommandError):
            said("token", *wrong)


@pytest.mark.django_db
def test_a_trail_that_holds_is_said_to_hold() -> None:
    record_deed(officer=make_officer(), action="test.done", at=timezone.now(), county=621226)
    assert said("audit", "verify").startswith("1 deeds in 1 chains hold")
    assert said("audit", "heads").startswith("621226\t1\t")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_broken_trail_ends_with_exit_code_1() -> None:
    record_deed(officer=make_officer(), action="test.done", at=timezone.now(), county=621226)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE accounts_deed SET action = 'other'")
    with pytest.raises(SystemExit) as end:
        said("audit", "verify")
    assert end.value.code == 1


@pytest.mark.django_db
def test_duplicates_are_counted_and_an_unknown_officer_is_refused() -> None:
    make_officer(username="li")
    assert said("duplicates", "--by", "li").strip() == "0"
    assert Deed.objects.filter(action="register.duplicates_sought").count() == 1
    with pytest.raises(CommandError, match="nobody"):
        said("duplicates", "--by", "nobody")
    with pytest.raises(CommandError, match="629999000000"):
        said("duplicates", "--by", "li", "--division", "629999000000")


@pytest.mark.django_db
def test_the_way_says_how_many_people_it_needs() -> None:
    with pytest.raises(CommandError, match="at least 2000"):
        said("way", "--workers", "1999")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_demonstration_never_takes_the_place_of_real_data(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    make_officer()
    with pytest.raises(CommandError, match="no demonstration"):
        make_room()
    assert Officer.objects.count() == 1
    assert not (tmp_path / "demonstration").exists()
