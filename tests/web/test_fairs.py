"""The desk of job fairs: who signs in whom, and that a county sees its own people only."""

import pytest
from django.test import Client
from django.utils import timezone

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.recruitment.models import Application, Event, Visit
from fourdoors.recruitment.services import sign_in_visit
from fourdoors.register.models import Worker
from fourdoors.store.scope import NOTHING, Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, make_officer
from tests.makers.recruitment import make_event, make_vacancy
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(client: Client, **officer: object) -> Client:
    client.force_login(make_officer(**officer), backend=BACKEND)  # type: ignore[arg-type]
    return client


def make_people() -> tuple[Worker, Worker]:
    set_scope(Scope(territory=range_of(GANSU)))
    people = make_worker(name="马小兰"), make_worker(name="宕昌人", village=DANGCHANG + 100201)
    set_scope(NOTHING)
    return people


def all_visits() -> list[Visit]:
    set_scope(Scope(territory=range_of(GANSU)))
    return list(Visit.objects.select_related("vacancy"))


def test_a_fair_is_announced_with_the_posts_offered(client: Client) -> None:
    vacancy = make_vacancy(at=timezone.now())
    enter(client)
    typed = {
        "title": "春风行动",
        "kind": "fair",
        "on": "2020-03-08",
        "division": "礼县",
        "numbers": f"{vacancy.pk}，",
    }
    assert "不是在招岗位：99" in client.post("/fairs/new/", {**typed, "numbers": "99"}).content.decode()
    client.post("/fairs/new/", typed)

    event = Event.objects.get()
    assert list(event.vacancies.all()) == [vacancy]
    page = client.get(f"/fairs/{event.pk}/").content.decode()
    assert "缝纫工" in page
    assert "春风行动" in client.get("/fairs/").content.decode()


def test_people_of_the_territory_are_found_signed_in_and_their_outcome_noted(client: Client) -> None:
    ours, theirs = make_people()
    vacancy = make_vacancy(at=timezone.now())
    event = make_event(vacancies=(vacancy,))
    enter(client)
    assert "马小兰" in client.get(f"/fairs/{event.pk}/", {"who": "mxl"}).content.decode()
    assert "宕昌人" not in client.get(f"/fairs/{event.pk}/", {"who": "宕昌人"}).content.decode().replace(
        'value="宕昌人"', ""
    )

    client.post(f"/fairs/{event.pk}/sign-in/{ours.pk}/")
    assert client.post(f"/fairs/{event.pk}/sign-in/{theirs.pk}/").status_code == 404
    (visit,) = all_visits()
    assert visit.worker_id == ours.pk
    client.post(f"/fairs/{event.pk}/visits/{visit.pk}/", {"outcome": "applied", "post": ""})
    assert all_visits()[0].outcome == ""
    client.post(f"/fairs/{event.pk}/visits/{visit.pk}/", {"outcome": "applied", "post": str(vacancy.pk)})
    assert all_visits()[0].vacancy == vacancy
    assert Application.objects.get().channel == "fair"


def test_a_county_and_its_township_see_the_visit_and_a_neighbour_does_not(client: Client) -> None:
    ours, _theirs = make_people()
    event = make_event()
    set_scope(Scope(territory=range_of(GANSU)))
    visit = sign_in_visit(event=event, worker=ours, at=timezone.now(), by=None)
    set_scope(NOTHING)

    for name, division, seen in (("owner", 621226_000000, True), ("colleague", 621226_100000, True),
                                 ("stranger", DANGCHANG, False)):  # fmt: skip
        enter(client, username=name, division=division, duty=Duty.COUNTY)
        assert ("马小兰" in client.get(f"/fairs/{event.pk}/").content.decode()) is seen
        answer = client.post(f"/fairs/{event.pk}/visits/{visit.pk}/", {"outcome": "looked"})
        assert answer.status_code == (302 if seen else 404)


@pytest.mark.parametrize("duty", [Duty.STATION, Duty.EMPLOYER, Duty.HEALTH])
def test_fairs_are_for_territories(client: Client, duty: Duty) -> None:
    event = make_event()
    assert client.get(f"/fairs/{event.pk}/").status_code == 302
    enter(client, duty=duty, organisation=1)

    for address in ("/fairs/", f"/fairs/{event.pk}/", "/fairs/new/"):
        assert client.get(address).status_code == 404


def test_a_closed_fair_says_what_came_of_it_and_takes_nobody(client: Client) -> None:
    ours, _theirs = make_people()
    event = make_event()
    enter(client)
    client.post(f"/fairs/{event.pk}/close/", {"outcome": "到场1人"})
    page = client.get(f"/fairs/{event.pk}/").content.decode()
    assert "到场1人" in page
    assert "登记签到" not in page

    answer = client.post(f"/fairs/{event.pk}/sign-in/{ours.pk}/", follow=True)
    assert "已结束" in answer.content.decode()
    assert all_visits() == []
    enter(client, username="auditor", duty=Duty.AUDITOR)
    assert client.post(f"/fairs/{event.pk}/close/").status_code == 404
