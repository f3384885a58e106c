"""The same vectors in a real browser: its answers are those of the rules in Python."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer
from scripts.vectors import IMPOSTOR, KEYS, PATH, pass_id

from fourdoors.engines.passes.token import MOST_SECONDS
from fourdoors.engines.passes.trust import TrustList, sign_trust

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

ANSWER_ALL = """async (book) => {
  const { answerAtGate, trueMoment } = await import("/static/gate/verdict.js");
  const moment = (seconds) => (seconds === null ? null : book.start + seconds);
  const answers = [];
  for (const one of book.cases) {
    const said = book.carried[one.carried];
    const carried = {
      trip: said.trip, leg: said.leg, state: said.state, departedAt: moment(said.departed_at),
      stateCertain: said.state_certain, endsAt: moment(said.ends_at), gone: new Set(said.gone),
      codes: new Map(Object.entries(book.codes).map(([code, [id, seat]]) => [code, { id, seat }])),
      trust: {
        madeAt: moment(one.list_at), keys: said.keys.map((name) => book.keys[name]),
        revoked: new Set(said.revoked),
      },
    };
    const found = await answerAtGate({
      text: one.raw ?? book.texts[one.text], door: one.door, carried, answeredFor: one.answered_for,
      at: trueMoment(moment(one.device_at), one.ahead, carried.trust.madeAt),
      passed: new Map(Object.entries(one.passed)),
    });
    answers.push([found.code, found.rider ? [found.rider.id, found.rider.seat] : null, found.age]);
  }
  return answers;
}"""

READ_LISTS = """async ({ files, signers }) => {
  const { readTrust } = await import("/static/gate/trust.js");
  const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return Promise.all(files.map(([text, newest]) => readTrust(bytes(text), { signers, newest })));
}"""


@pytest.fixture
def at_home(page: Page, live_server: LiveServer) -> Page:
    page.goto(f"{live_server.url}/accounts/login/")
    return page


def test_the_browser_answers_every_vector_as_python_does(at_home: Page) -> None:
    book = json.loads(PATH.read_text(encoding="utf-8"))
    answers = at_home.evaluate(ANSWER_ALL, book)
    differ = [
        (case["name"], answer)
        for case, answer in zip(book["cases"], answers, strict=True)
        if answer != [case["expected"], case["rider"], case["age"]]
    ]
    assert differ == []


def test_the_browser_reads_a_list_that_python_signed_and_no_other(at_home: Page) -> None:
    made_at = datetime(2020, 3, 9, tzinfo=UTC)
    trust = TrustList(
        version=7, made_at=made_at, keys=tuple(key.verifying for key in KEYS.values()),
        revoked=frozenset(pass_id(seat) for seat in range(5000)),
    )  # fmt: skip
    good = sign_trust(trust, KEYS["new"])
    damaged = bytearray(good)
    damaged[60] ^= 1
    files = [good, good, good, sign_trust(trust, IMPOSTOR), bytes(damaged), good[:-1], b""]
    newest = [0, 7, 8, 0, 0, 0, 0]
    asked = {
        "files": [(file.hex(), number) for file, number in zip(files, newest, strict=True)],
        "signers": [{"kid": KEYS["new"].kid.hex(), "point": KEYS["new"].public.hex()}],
    }
    found = at_home.evaluate(READ_LISTS, asked)
    assert [one["code"] for one in found] == ["", "", "trust_older", *["trust_malformed"] * 4]
    read = found[0]["trust"]
    assert (read["version"], read["madeAt"]) == (7, int(made_at.timestamp()))
    assert sorted(read["revoked"]) == sorted(one.hex() for one in trust.revoked)
    assert [one["kid"] for one in read["keys"]] == [key.kid.hex() for key in trust.keys]
    assert read["madeAt"] < MOST_SECONDS
