"""Agreements on a day and standards of a brand, tried at their edges; no database."""

from datetime import date

import pytest

from fourdoors.kernel.periods import Window
from fourdoors.partners.rules import (
    AgreementState,
    Promise,
    PromiseKind,
    StandardKind,
    StandardPoint,
    joined,
    missing_points,
    quota_left,
    state_on,
)

HELPER = StandardPoint(StandardKind.CERTIFICATE, "4-10-01", 4, "家政四级", "level 4")


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2019, 12, 31), AgreementState.COMING),
        (date(2020, 1, 1), AgreementState.IN_FORCE),
        (date(2020, 10, 31), AgreementState.IN_FORCE),
        (date(2020, 11, 1), AgreementState.EXPIRING),  # sixty days before its last day
        (date(2020, 12, 31), AgreementState.EXPIRING),  # the last day still holds
        (date(2021, 1, 1), AgreementState.EXPIRED),
    ],
)
def test_an_agreement_holds_from_its_first_to_its_last_day(day: date, state: AgreementState) -> None:
    assert state_on(day, from_on=date(2020, 1, 1), to_on=date(2020, 12, 31)) is state


@pytest.mark.parametrize(("delivered", "left"), [(299, 1), (300, 0), (301, 0)])
def test_a_quota_is_never_less_than_nothing(delivered: int, left: int) -> None:
    assert quota_left(300, delivered) == left


@pytest.mark.parametrize(
    ("certificates", "held"),
    [
        ([("4-10-01-06", 4)], True),
        ([("4-10-01-06", 3)], True),  # a smaller number is a higher level
        ([("4-10-01-06", 5)], False),
        ([("4-10-01-06", None)], False),  # a certificate without level proves no level
        ([("4-10-02-06", 1)], False),  # another trade
        ([], False),
    ],
)
def test_a_certificate_counts_from_the_level_that_the_standard_names(
    certificates: list[tuple[str, int | None]], *, held: bool
) -> None:
    assert bool(missing_points([HELPER], certificates=certificates, skills=[])) is not held


def test_a_standard_of_several_points_names_those_that_are_missing() -> None:
    skill = StandardPoint(StandardKind.SKILL, "4-10-01", None, "会做西北菜", "cooks")

    assert missing_points([HELPER, skill], certificates=[], skills=["4-10-01-06"]) == [HELPER]


@pytest.mark.parametrize("wrong", [{"kind": "charm"}, {"zh": ""}, {"occupation": ""}, {"level": 6}])
def test_a_point_that_nobody_can_check_is_no_point(wrong: dict[str, object]) -> None:
    point = {"kind": "certificate", "occupation": "4-10-01", "level": 5, "zh": "证书", "en": "certificate"}
    assert StandardPoint.read(point).level == 5

    with pytest.raises((ValueError, KeyError)):
        StandardPoint.read({**point, **wrong})


def test_what_was_promised_stands_beside_what_was_delivered() -> None:
    year = Window(date(2020, 1, 1), date(2020, 12, 31))
    letter = Promise(PromiseKind.LETTER, 370000000000, "1", 370000000000, 400, year)
    words = Promise(PromiseKind.AGREEMENT, 7, "2", None, None, year)

    kept, unnamed = joined([letter, words], {370000000000: 500})

    assert (kept.delivered, kept.share) == (500, 1.25)
    assert (unnamed.delivered, unnamed.share) == (0, None)
