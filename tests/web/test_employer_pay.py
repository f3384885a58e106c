"""The pay diary of an employer: own people only, by the few fields that were copied for it."""

import pytest

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.partners import make_employer
from tests.makers.register import make_worker
from tests.web.officers import as_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def spell(db: None) -> Spell:
    set_scope(Scope(territory=range_of(GANSU)))
    worker = make_worker(name="马小兰")
    return make_spell(worker=worker, employer=make_employer(), shown_name="马小兰")


def employer_of(spell: Spell, username: str = "hr") -> Officer:
    return make_officer(username=username, duty=Duty.EMPLOYER, organisation=spell.employer_id)


def test_owner_colleague_and_stranger_on_the_diary(spell: Spell) -> None:
    for username in ("hr", "boss"):
        client = as_officer(employer_of(spell, username))
        assert "马小兰" in client.get("/employer/people/").content.decode()
        assert client.get(f"/employer/people/{spell.pk}/").status_code == 200
    stranger = make_officer(username="other", duty=Duty.EMPLOYER, organisation=999_999)
    client = as_officer(stranger)
    assert "Nobody is at work with you yet" in client.get("/employer/people/").content.decode()
    assert client.get(f"/employer/people/{spell.pk}/").status_code == 404
    assert as_officer(make_officer()).get("/employer/people/").status_code == 404


def test_a_month_of_pay_is_recorded_as_a_document_of_the_employer(spell: Spell) -> None:
    make_income(spell=spell, fen=300_000, grade=Grade.D)
    client = as_officer(employer_of(spell))
    asked = {"month": "2020-04", "fen": "4,512.30"}
    assert client.post(f"/employer/people/{spell.pk}/", asked).status_code == 302
    again = client.post(f"/employer/people/{spell.pk}/", asked | {"fen": "9,000"})
    assert again.status_code == 422
    set_scope(Scope(territory=range_of(GANSU)))
    record = IncomeRecord.objects.get()
    assert (record.fen, record.grade, record.measured) == (451_230, "B", True)


def test_who_has_left_is_no_longer_shown(spell: Spell) -> None:
    Spell.objects.filter(pk=spell.pk).update(ended_on="2020-05-01")
    client = as_officer(employer_of(spell))
    assert client.get(f"/employer/people/{spell.pk}/").status_code == 404
