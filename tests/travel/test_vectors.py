"""The vectors that Python and the browser share: as written by their script, answered by the rules."""

import json
from typing import Any

import pytest
from scripts.vectors import PATH, answer, written

CASES: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))["cases"]


def test_the_file_is_what_the_script_writes() -> None:
    assert PATH.read_text(encoding="utf-8") == written(), "run: python scripts/vectors.py"


def test_there_are_enough_and_every_answer_is_among_them() -> None:
    assert len(CASES) >= 300
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert {case["expected"] for case in CASES} == {
        "accepted", "already", "closed", "given_up", "has_left", "list_too_old", "not_approved",
        "not_departed", "out_of_order", "pass_code_mistyped", "pass_expired", "pass_forged", "pass_malformed",
        "pass_not_yet", "pass_unknown", "pass_unknown_key", "revoked", "wrong_leg", "wrong_trip",
    }  # fmt: skip
    assert {case["age"] for case in CASES} == {"fresh", "old", "too_old"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"])[:40])
def test_the_rules_answer_as_the_vectors_say(case: dict[str, Any]) -> None:
    found = answer(case)
    rider = [found.rider.pass_id.hex(), found.rider.seat] if found.rider else None
    assert (found.code, rider, found.list_age.value) == (case["expected"], case["rider"], case["age"])
