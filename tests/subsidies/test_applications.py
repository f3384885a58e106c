"""Applications for a travel subsidy: the rule says what is due, the form only that somebody asks."""

from datetime import date
from typing import Any

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.employment.models import TravelCost
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import Fault
from fourdoors.intake.services import rehearse_merge
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Passbook, Worker
from fourdoors.store.vault import vault
from fourdoors.subsidies.models import Claim
from fourdoors.subsidies.selectors import application_rows
from fourdoors.subsidies.services import make_claims, merge_applications
from fourdoors.web.faults import words_of
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import LI_COUNTY
from tests.makers.employment import make_spell, make_ticket
from tests.makers.intake import make_asked_import, make_import
from tests.makers.subsidies import (
    ACCOUNT,
    MADE_AT,
    ZHOUQU,
    make_earner,
    make_maker,
    make_policy,
    make_poor_worker,
)

pytestmark = pytest.mark.django_db
FORM, TRAVEL = "travel_subsidy_form", "zhouqu-2020-travel"
TITLES = {
    "name": "姓名", "sex": "性别", "identity": "身份证号", "workplace": "务工省市县", "ticket": "票据金额",
    "claimed": "申请金额", "account": "社保卡或一折通号", "payee": "收款人", "signature": "签名",
    "policy": "补贴项目", "health": "健康状况",
}  # fmt: skip
Line = dict[str, str]


def applicant(**of: Any) -> Worker:
    """Make somebody who left Zhouqu for Jiaozhou on 20 February with a proven ticket of 399 yuan."""
    worker = make_poor_worker(**of)
    make_earner(worker=worker)
    make_policy(TRAVEL)
    return worker


def line(worker: Worker, **changed: str) -> Line:
    said = {
        "name": worker.name, "sex": Sex(worker.sex).zh, "workplace": "山东省青岛市胶州市", "ticket": "399",
        "identity": vault().open("identity", bytes(worker.identity_cipher)), "claimed": "399",
        "account": ACCOUNT, "payee": worker.name, "signature": "", "policy": "", "health": "某健康",
    }  # fmt: skip
    return said | changed


def sheet(*lines: Line) -> bytes:
    return xlsx([list(TITLES.values()), *([one[key] for key in TITLES] for one in lines)])


def bring(*lines: Line, name: str = "申请.xlsx", division: int = ZHOUQU) -> Import:
    batch = make_asked_import(data=sheet(*lines), form=FORM, division=division, name=name, at=MADE_AT)
    return merge_applications(import_id=batch.pk, at=MADE_AT, by=make_maker())


def told() -> list[tuple[str, str, str]]:
    rows = StagedRow.objects.exclude(faults=[]).order_by("batch", "number")
    return [(row.outcome, fault["column"], fault["code"]) for row in rows for fault in row.faults]


def test_an_application_makes_the_claim_that_the_rule_grants_and_nothing_else() -> None:
    worker = applicant()
    batch = bring(line(worker))
    claim = Claim.objects.get()
    assert (claim.worker, claim.policy_key, claim.fen, claim.period) == (worker, TRAVEL, 39_900, "once")
    assert (claim.state, claim.made_by) == ("made", make_maker())
    assert claim.passbook == Passbook.objects.get()
    assert (batch.counts["new"], told()) == (1, [])
    assert [one["reason"] for one in batch.dropped] == ["health"]
    assert Deed.objects.get(action="subsidies.claim_applied").values["fen"] == 39_900
    assert TravelCost.objects.count() == 1


def test_the_same_application_twice_and_one_beside_the_claim_of_the_round_change_nothing() -> None:
    worker = applicant()
    bring(line(worker))
    before = list(Claim.objects.values())
    assert bring(line(worker, signature="杨大成"), name="b.xlsx").counts["unchanged"] == 1
    making = make_claims(
        policy=make_policy(TRAVEL), division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT
    )
    assert (making.made, making.held) == (0, 1)
    assert list(Claim.objects.values()) == before


def test_amount_and_account_of_the_form_are_compared_and_never_taken_over() -> None:
    worker = applicant()
    bring(line(worker, claimed="800", account="6228480000000001111"))
    assert told() == [("new", "account", "application_other_account")]
    bring(line(worker, claimed="800"), name="b.xlsx")
    assert told()[1:] == [("unchanged", "claimed", "application_other_amount")]
    assert Claim.objects.get().fen == 39_900
    assert Passbook.objects.get().account_tail == ACCOUNT[-4:]


def test_without_a_known_account_the_claim_stands_and_a_note_says_so() -> None:
    worker = applicant(passbook=False)
    bring(line(worker))
    assert told() == [("new", "account", "application_no_account")]
    assert Claim.objects.get().passbook is None
    assert not Passbook.objects.exists()


def test_a_ticket_that_only_the_form_names_proves_nothing_and_is_not_written_either() -> None:
    worker = make_poor_worker()
    make_spell(worker=worker, left_on=date(2020, 2, 20), grade=Grade.A)
    make_policy(TRAVEL)
    bring(line(worker, signature="杨大成"))
    ((outcome, column, code),) = told()
    assert (outcome, column, code) == ("faulty", "claimed", "application_not_granted")
    assert not Claim.objects.exists()
    assert not TravelCost.objects.exists()
    assert "%" not in words_of(Fault(**StagedRow.objects.get().faults[0]))


def test_another_ticket_than_the_proven_one_stays_out() -> None:
    worker = applicant()
    bring(line(worker, ticket="500"))
    assert told() == [("faulty", "ticket", "income_better_proven")]
    assert (TravelCost.objects.get().fen, Claim.objects.count()) == (39_900, 0)


def test_who_left_on_another_day_than_the_rule_names_is_told_the_reason_in_words() -> None:
    worker = make_poor_worker()
    spell = make_spell(worker=worker, left_on=date(2020, 5, 2), grade=Grade.A)
    make_ticket(spell=spell)
    make_policy(TRAVEL)
    bring(line(worker, policy=TRAVEL))
    assert told() == [("faulty", "claimed", "application_not_granted")]
    assert "2020" in words_of(Fault(**StagedRow.objects.get().faults[0]))
    bring(line(worker), name="b.xlsx")  # in force on that day: none
    assert told()[1:] == [("faulty", "policy", "application_subsidy_unknown")]
    assert not Claim.objects.exists()


def test_place_name_and_register_are_looked_at() -> None:
    worker = applicant()
    bring(
        line(worker, workplace="广东省深圳市"),
        line(worker, name="杨别名", policy="甲"),
        line(worker, policy="没有的补贴"),
    )
    assert told() == [
        ("faulty", "workplace", "application_work_unknown"),
        ("faulty", "identity", "application_worker_unknown"),
        ("faulty", "policy", "application_subsidy_unknown"),
    ]
    bring(line(worker, policy="舟曲县2020年外出务工交通补贴", workplace=""), name="b.xlsx")
    assert Claim.objects.count() == 1


def test_the_rehearsal_says_it_before_and_one_person_applies_once_in_a_file() -> None:
    worker = applicant()
    batch = make_import(data=sheet(line(worker), line(worker)), form=FORM, division=ZHOUQU, at=MADE_AT)
    rehearse_merge(import_id=batch.pk, merge=merge_applications, at=MADE_AT)
    batch.refresh_from_db()
    assert told() == [("faulty", "identity", "twice_in_file")]
    assert (batch.counts["would_new"], Claim.objects.count()) == (1, 0)


def test_the_form_filled_in_shows_no_account_and_comes_back_unchanged() -> None:
    worker = applicant()
    bring(line(worker))
    (row,) = application_rows(range_of(ZHOUQU), date(2020, 12, 31), whole=True)
    assert (row["claimed"], row["ticket"], row["account"]) == (39_900, 39_900, f"****{ACCOUNT[-4:]}")
    assert list(application_rows(range_of(LI_COUNTY), date(2020, 12, 31), whole=True)) == []
    assert list(application_rows(range_of(ZHOUQU), date(2019, 12, 31), whole=True)) == []
    again = line(
        worker, account=row["account"], policy=row["policy"], workplace=row["workplace"], name=row["name"]
    )
    assert bring(again, name="again.xlsx").counts["unchanged"] == 1
    assert told() == []
