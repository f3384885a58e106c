"""Workers whom a program delivers: row by row, at the edges, twice, and beside what a cadre brings in."""

import json
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from requests import PreparedRequest
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import make_token
from fourdoors.intake.models import Import, StagedRow
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Consent, HouseholdStatus, Membership, Proposal, Worker
from fourdoors.register.rules import Fact
from fourdoors.register.services import ask_for_two
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.intake import roster_row
from tests.makers.register import SPRING
from tests.web.officers import again, as_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]
ADDRESS = "/api/workers/deliveries/"
KEPT = (
    "township", "village", "household_number", "name", "sex", "born_on", "identity", "phone", "relation",
    "education", "labour_capacity",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def machine() -> Client:
    return program(make_officer())


def program(officer: Any) -> Client:
    secret = make_token(officer=officer, name="county system", at=SPRING)
    again()
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})


def person(sequence: int = 1, **changed: str) -> dict[str, str]:
    row = roster_row(sequence)
    return {key: row[key] for key in KEPT} | changed


def deliver(client: Client, rows: Any, key: str = "one", status: int = 200, **more: Any) -> dict[str, Any]:
    answer = client.post(
        ADDRESS, {"rows": rows, **more}, content_type="application/json", headers={"idempotency-key": key}
    )
    again()
    assert answer.status_code == status, answer.content.decode()
    return dict(answer.json())


def findings(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in row["findings"]]


def test_people_come_in_with_household_source_grade_and_deed(machine: Client) -> None:
    said = deliver(machine, [person(3), person(4)])

    assert (said["accepted"], said["unchanged"], said["refused"], said["repeated"]) == (2, 0, 0, False)
    worker = Worker.objects.get(pk=said["rows"][0]["worker"])
    assert (worker.name, worker.source, worker.grade) == (
        person(3)["name"], f"import:{said['delivery']}", "D",
    )  # fmt: skip
    assert Membership.objects.count() == 2
    assert HouseholdStatus.objects.get().kind == "registered_poor"
    deeds = Deed.objects.filter(action__startswith="intake.").order_by("number")
    assert [deed.action for deed in deeds] == ["intake.delivered", "intake.merged"]
    assert {deed.officer for deed in deeds} == {make_officer()}


def test_nothing_that_names_a_person_stays_with_the_rows(machine: Client) -> None:
    said = deliver(machine, [person(3), person(4, identity="99")])

    kept = StagedRow.objects.filter(batch=said["delivery"])
    assert [(row.cells, row.private_cipher) for row in kept] == [({}, None)] * 2
    assert person(3)["identity"] not in json.dumps(list(Deed.objects.values_list("values", flat=True)))


def test_the_same_request_twice_changes_nothing_and_gives_the_same_answer(machine: Client) -> None:
    first = deliver(machine, [person(3)])
    deeds = Deed.objects.count()
    second = deliver(machine, [person(3)])

    assert second == {**first, "repeated": True}
    assert (Import.objects.count(), Worker.objects.count(), Deed.objects.count()) == (1, 1, deeds)


def test_the_same_people_under_another_key_are_unchanged(machine: Client) -> None:
    worker = deliver(machine, [person(3)])["rows"][0]["worker"]
    said = deliver(machine, [person(3)], key="two")

    assert [(row["result"], row["worker"]) for row in said["rows"]] == [("unchanged", worker)]
    assert Worker.objects.count() == 1


def test_a_key_is_not_given_to_other_rows(machine: Client) -> None:
    deliver(machine, [person(3)])
    said = deliver(machine, [person(4)], status=409)

    assert said["code"] == "request_key_used"
    assert Worker.objects.count() == 1


def test_two_officers_may_choose_the_same_key(machine: Client) -> None:
    deliver(machine, [person(3)])
    deliver(program(make_officer(username="ma")), [person(4)])
    assert Worker.objects.count() == 2


def test_one_bad_row_among_500_stays_out_alone(machine: Client) -> None:
    rows = [person(number, household_number=f"H{number}") for number in range(1, 501)]
    rows[41]["identity"] = rows[41]["identity"][:-1]
    said = deliver(machine, rows)

    assert (said["accepted"], said["refused"]) == (499, 1)
    assert Worker.objects.count() == 499
    bad = said["rows"][41]
    assert (bad["row"], bad["result"], bad["worker"], findings(bad)) == (
        42, "refused", None, [("identity", "identity_form")],
    )  # fmt: skip
    assert bad["findings"][0]["words"]


@pytest.mark.parametrize("many", [0, 501])
def test_no_row_and_501_rows_are_refused_whole(machine: Client, many: int) -> None:
    said = deliver(machine, [person(number) for number in range(1, many + 1)], status=400)

    assert said["code"] == "delivery_rows"
    assert not Import.objects.exists()
    assert not Worker.objects.exists()


def test_as_many_statements_for_500_people_as_for_five(machine: Client) -> None:
    def statements(first: int, many: int, key: str) -> int:
        rows = [person(number, household_number=f"H{number}") for number in range(first, first + many)]
        with CaptureQueriesContext(connection) as ran:
            deliver(machine, rows, key=key)
        return len(ran)

    statements(1, 1, "warm")
    assert statements(2, 5, "few") == statements(100, 500, "many")


def test_a_village_of_another_county_is_refused_row_by_row(machine: Client) -> None:
    said = deliver(machine, [person(3, county="宕昌县", township="城关镇", village=""), person(4)])
    assert [row["result"] for row in said["rows"]] == ["refused", "accepted"]
    assert findings(said["rows"][0])[0][0] in ("county", "township")


@pytest.mark.parametrize("division", [DANGCHANG, 620000_000000, 621226_999999, 1])
def test_another_county_the_province_and_no_place_at_all_are_not_there(
    machine: Client, division: int
) -> None:
    assert deliver(machine, [person(3)], status=404, division=division)["code"] == "outside_territory"
    assert not Import.objects.exists()


def test_a_person_of_another_county_is_not_taken_over_nor_shown(machine: Client) -> None:
    dangchang = program(make_officer(username="dang", division=DANGCHANG))
    there = {"township": "", "village": "", "county": "宕昌县"}
    first = deliver(dangchang, [person(3, **there)])
    assert first["accepted"] == 1
    row = deliver(machine, [person(3)])["rows"][0]

    assert (row["result"], row["worker"], findings(row)) == (
        "refused", None, [("identity", "registered_elsewhere")],
    )  # fmt: skip
    assert Worker.objects.get().county == 621223


def test_forbidden_fields_are_dropped_and_named_and_never_kept(machine: Client) -> None:
    word = "秘密的话"
    row = person(3) | {"ethnicity": word, "民族": word, "religion": word, "consent": word, "x\0y": word}
    said = deliver(machine, [row, person(4) | {"politics": [word]}])

    assert said["accepted"] == 2
    assert {it["field"]: it["code"] for it in said["dropped"]} == {
        "ethnicity": "ethnicity", "民族": "ethnicity", "religion": "religion", "politics": "politics",
        "consent": "unknown", "xy": "unknown",
    }  # fmt: skip
    assert not Consent.objects.exists()
    with connection.cursor() as cursor:
        for table in ("intake_import", "intake_stagedrow", "register_worker", "accounts_deed"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{word}%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("text", [1, None, True, ["x"], "x" * 201, "x\0", "\ud800"])
def test_what_is_no_text_refuses_the_request_and_names_row_and_field(machine: Client, text: object) -> None:
    said = deliver(machine, [person(3), person(4) | {"name": text}], status=400)

    assert said["code"] == "delivery_text"
    assert "Row 2" in said["detail"]
    assert not Worker.objects.exists()


def test_a_text_of_200_characters_is_looked_at(machine: Client) -> None:
    deliver(machine, [person(3, workplace="x" * 200, months_worked="3")])


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("{", "k"),
        ("[]", "k"),
        ('{"rows": 1}', "k"),
        ('{"rows": [1]}', "k"),
        ('{"rows": [{}], "division": "x"}', "k"),
        ('{"rows": [{}]}', ""),
        ('{"rows": [{}]}', "k" * 65),
        ('{"rows": [{}]}', "a b"),
    ],
)
def test_a_request_that_is_none_is_400(machine: Client, body: str, key: str) -> None:
    answer = machine.post(ADDRESS, body, content_type="application/json", headers={"idempotency-key": key})
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_request_beyond_four_megabytes_is_not_read(machine: Client) -> None:
    row = person(3) | {"x": "x" * 4 * 2**20}
    deliver(machine, [row], status=413)


def test_a_child_is_left_out_and_said_so(machine: Client) -> None:
    identity = invented_identity(sequence=7, born_on=date(2010, 5, 1), sex=Sex.MALE)
    child = person(3, identity=identity, born_on="20100501", sex="男", labour_capacity="", education="")
    row = deliver(machine, [child])["rows"][0]

    assert (row["result"], findings(row)) == ("refused", [("identity", "left_out")])
    assert not Worker.objects.exists()


def test_a_fact_for_two_officers_waits_and_the_row_says_so(machine: Client) -> None:
    deliver(machine, [person(3)])
    province = make_officer(username="gansu", duty=Duty.PROVINCE, division=620000_000000)
    ask_for_two(fact=Fact.NAME, from_on=date(2020, 1, 1), document="x", at=SPRING, by=province)
    row = deliver(machine, [person(3, name="马新名")], key="two")["rows"][0]

    assert row["waits"] == ["name"]
    assert Worker.objects.get().name == person(3)["name"]
    assert Proposal.objects.get().to_text == "马新名"


@pytest.mark.parametrize("duty", [Duty.AUDITOR, Duty.STATION, Duty.HEALTH])
def test_a_duty_that_brings_nothing_in_is_403(duty: Duty) -> None:
    deliver(program(make_officer(username=duty.value, duty=duty)), [person(3)], status=403)
    assert not Import.objects.exists()


def test_a_session_without_the_token_of_a_form_is_403() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_officer(), backend="allauth.account.auth_backends.AuthenticationBackend")
    deliver(client, [person(3)], status=403)


def test_the_county_sees_what_a_program_brought_in(machine: Client) -> None:
    said = deliver(machine, [person(3) | {"ethnicity": "x", "x": "y"}, person(4, identity="99")])
    page = as_officer(make_officer()).get(f"/intake/{said['delivery']}/").content.decode()

    assert "ethnicity: never stored" in page
    assert "the form has no such field" in page


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_the_description_says(machine: Client, mode: GenerationMode) -> None:
    """Requests that schemathesis makes from the description, sound ones and broken ones.

    One may be broken in a header that is not sent: it is refused only where its body or key is broken.
    """
    schema = schemathesis.openapi.from_dict(machine.get("/api/schema/?format=json").json())
    operation = schema[ADDRESS]["POST"]

    @settings(
        max_examples=40, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case: Any) -> None:
        body = json.dumps(case.body) if isinstance(case.body, dict | list | str | int) else ""
        headers = {"idempotency-key": str((case.headers or {}).get("Idempotency-Key", ""))}
        is_broken = case.meta.components[ParameterLocation.BODY].mode is GenerationMode.NEGATIVE
        statuses = {400, 404, 409} if is_broken else {200, 400, 404, 409}
        answer = machine.post(ADDRESS, body, content_type="application/json", headers=headers)
        again()
        assert answer.status_code in statuses, (case.body, answer.content.decode())
        operation.validate_response(_as_sent(answer))

    answers()


def _as_sent(answer: Any) -> Any:
    """Return an answer of the test client as schemathesis looks at answers."""
    return schemathesis.Response(
        status_code=answer.status_code, headers={"content-type": [answer["content-type"]]},
        content=answer.content, request=PreparedRequest(), elapsed=0.0, verify=False,
    )  # fmt: skip
