"""Officers at their desks: signed in, and what a page of theirs says."""

from django.test import Client

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import ORGANISATIONAL, Duty
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVERYWHERE = Scope(territory=range_of(GANSU))


def again() -> None:
    """Look at the tables again: a request ends with the scope of who asked."""
    set_scope(EVERYWHERE)


def as_officer(officer: Officer, language: str = "en") -> Client:
    """Sign an officer in."""
    client = Client(headers={"accept-language": language})
    client.force_login(officer, backend=BACKEND)
    again()
    return client


def county() -> Officer:
    """Make the officer of Li County."""
    return make_officer()


def enter(duty: Duty = Duty.PROVINCE, division: int = GANSU, username: str = "who") -> Client:
    """Make an officer of a duty and sign in, in the language that nobody chose."""
    organisation = 1 if duty in ORGANISATIONAL else None
    client = Client()
    client.force_login(
        make_officer(username=username, duty=duty, division=division, organisation=organisation),
        backend=BACKEND,
    )
    return client


def text_of(client: Client, address: str) -> str:
    """Return a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()
