"""The public notice, objections, and the review after its last day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import find_division
from fourdoors.subsidies.models import Claim, NoticePeriod
from fourdoors.subsidies.rules import ClaimState
from fourdoors.subsidies.selectors import (
    public_notice,
)
from fourdoors.subsidies.services import (
    AccountMissingError,
    ClaimNotHereError,
    NothingToShowError,
    NoticeOverError,
    NoticeRunningError,
    ObjectionAnsweredError,
    ObjectionOpenError,
    OwnClaimError,
    answer_objection,
    end_notices,
    open_notice,
    raise_objection,
    review_claim,
    review_claims,
)
from tests.makers.subsidies import (
    MADE_AT,
    REVIEWED_AT,
    ZHOUQU,
    make_checker,
    make_claim,
    make_maker,
    make_passbook,
    make_policy,
    make_poor_worker,
)

pytestmark = pytest.mark.django_db
HOME = "舟曲县" + find_division(623023_100000).name  # type: ignore[union-attr]
NOTICE_EVE = datetime(2020, 9, 6, 15, 59, tzinfo=UTC)  # 23:59 in China on the last day


def test_the_notice_is_masked_and_readable_for_its_days_only() -> None:
    make_claim(worker=make_poor_worker(name="杨大成"))
    notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)

    assert (notice.from_on, notice.to_on) == (date(2020, 9, 1), date(2020, 9, 6))
    (row,) = notice.masked
    assert row["name"] == "杨*成"
    assert row["identity"].startswith("99*************")
    assert row["phone"][3:7] == "****"
    assert row["home"] == HOME
    assert row["fen"] == 325_608
    assert public_notice(notice.pk, on=date(2020, 8, 31)) is None
    assert public_notice(notice.pk, on=date(2020, 9, 6)) == notice
    assert public_notice(notice.pk, on=date(2020, 9, 7)) is None


def test_a_notice_that_is_over_keeps_no_list() -> None:
    make_claim()
    open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    assert end_notices(on=date(2020, 9, 6)) == 0
    assert end_notices(on=date(2020, 9, 7)) == 1
    assert end_notices(on=date(2020, 9, 7)) == 0
    assert NoticePeriod.objects.get().masked == []


def test_nothing_waiting_is_no_notice() -> None:
    with pytest.raises(NothingToShowError):
        open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)


def on_notice() -> Claim:
    claim = make_claim()
    open_notice(policy=claim.policy, division=ZHOUQU, by=make_maker(), at=MADE_AT)
    claim.refresh_from_db()
    return claim


def test_a_claim_is_approved_by_another_officer_on_the_day_after_the_notice() -> None:
    claim = on_notice()
    with pytest.raises(NoticeRunningError):
        review_claim(claim=claim, by=make_checker(), at=NOTICE_EVE)
    with pytest.raises(OwnClaimError):
        review_claim(claim=claim, by=make_maker(), at=REVIEWED_AT)
    assert Claim.objects.get().state == ClaimState.ON_NOTICE

    review_claim(claim=claim, by=make_checker(), at=NOTICE_EVE + timedelta(minutes=1))

    assert Claim.objects.get().state == ClaimState.APPROVED
    with pytest.raises(ClaimNotHereError):
        review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)


def test_a_claim_that_was_never_on_notice_is_not_approved() -> None:
    claim = make_claim()
    with pytest.raises(ClaimNotHereError):
        review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)


def test_an_open_objection_holds_a_claim_back_and_an_upheld_one_refuses_it() -> None:
    claim = on_notice()
    objection = raise_objection(claim=claim, words="二月份他在村里", at=MADE_AT, by=make_checker())
    with pytest.raises(ObjectionOpenError):
        review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)

    answer_objection(objection=objection, upheld=True, at=REVIEWED_AT, by=make_checker())

    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED
    assert claim.refusal["code"] == "objection_upheld"
    with pytest.raises(ObjectionAnsweredError):
        answer_objection(objection=objection, upheld=False, at=REVIEWED_AT, by=make_checker())
    assert "村里" not in str(list(Deed.objects.values_list("values", flat=True)))


def test_an_objection_that_is_not_upheld_changes_nothing() -> None:
    claim = on_notice()
    objection = raise_objection(claim=claim, words="听说", at=NOTICE_EVE, by=None)
    answer_objection(objection=objection, upheld=False, at=REVIEWED_AT, by=make_checker())
    review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)
    assert Claim.objects.get().state == ClaimState.APPROVED


def test_an_objection_comes_while_the_notice_runs() -> None:
    claim = on_notice()
    with pytest.raises(NoticeOverError):
        raise_objection(claim=claim, words="晚了", at=REVIEWED_AT, by=None)


def test_money_needs_an_account_and_one_added_later_is_taken() -> None:
    worker = make_poor_worker(passbook=False)
    make_claim(worker=worker)
    notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    with pytest.raises(AccountMissingError):
        review_claim(claim=Claim.objects.get(), by=make_checker(), at=REVIEWED_AT)
    assert review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT).left == {"account_missing": 1}

    make_passbook(worker=worker, holder_name="杨老汉")
    assert review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT).approved == 1
    assert Claim.objects.get().passbook is not None


def test_a_whole_notice_is_reviewed_after_its_last_day() -> None:
    on_notice()
    with pytest.raises(NoticeRunningError):
        review_claims(notice=NoticePeriod.objects.get(), by=make_checker(), at=NOTICE_EVE)
