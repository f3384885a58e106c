"""Cooperation: what is entered, what is refused, and that a refusal writes nothing."""

from datetime import date

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import range_of
from fourdoors.partners.models import (
    Agreement,
    Brand,
    BrandMember,
    Employer,
    PartnerProvince,
    PlanTarget,
    PostBudget,
    PublicPost,
)
from fourdoors.partners.rules import BrandMemberRow, EmployerKind, EmployerRow, PublicPostRow, Strategy
from fourdoors.partners.selectors import agreed_places, has_public_post, promises
from fourdoors.partners.services import (
    AgreementKnownError,
    AgreementPartyError,
    BudgetBelowTakenError,
    BudgetSpentError,
    CreditCodeWrongError,
    EndBeforeStartError,
    HouseholdHasPostError,
    LetterKnownError,
    NoHouseholdError,
    NotAProvinceError,
    ReplyTooEarlyError,
    StandardNotHeldError,
    StandardUnsoundError,
    TargetOutsidePlanError,
    add_province,
    admit_brand_member,
    free_post,
    load_brand_members,
    load_employers,
    load_public_posts,
    record_reply,
    register_brand,
    register_employer,
    send_letter,
    set_post_budget,
    set_target,
    sign_agreement,
    take_post,
)
from fourdoors.register.models import Certificate, Worker
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE, QINGDAO_JIAOZHOU, make_officer
from tests.makers.partners import (
    BEIJING,
    MARCH,
    SHANDONG,
    make_agreement,
    make_base,
    make_brand,
    make_budget,
    make_employer,
    make_letter,
    make_mission,
    make_plan,
    make_province,
)
from tests.makers.register import make_household, make_membership, make_worker

pytestmark = pytest.mark.django_db
TODAY = date(2020, 3, 2)


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def take(budget: PostBudget, worker: Worker) -> PublicPost:
    return take_post(budget=budget, worker=worker, taken_on=TODAY, at=MARCH, by=make_officer())


def make_member(*, name: str = "马小兰") -> Worker:
    worker = make_worker(name=name)
    make_membership(worker=worker, household=make_household())
    return worker


def test_a_partner_is_a_province_and_nothing_smaller() -> None:
    with pytest.raises(NotAProvinceError):
        add_province(code=QINGDAO_JIAOZHOU, strategy=Strategy.HOLD_EAST, at=MARCH, by=None)
    with pytest.raises(NotAProvinceError):
        add_province(code=990000000000, strategy=Strategy.HOLD_EAST, at=MARCH, by=None)

    assert not PartnerProvince.objects.exists()
    assert not Deed.objects.exists()


def test_a_letter_is_sent_once_and_answered_on_its_day_at_the_earliest() -> None:
    letter = make_letter(sent_on=date(2020, 2, 20))
    with pytest.raises(LetterKnownError):
        send_letter(province=letter.province, number=letter.number, asks="", sent_on=TODAY, at=MARCH, by=None)
    with pytest.raises(ReplyTooEarlyError):
        record_reply(
            letter=letter, replied_on=date(2020, 2, 19), reply="", posts_offered=1, at=MARCH, by=None
        )
    letter.refresh_from_db()
    assert letter.posts_offered is None

    record_reply(letter=letter, replied_on=date(2020, 2, 20), reply="", posts_offered=800, at=MARCH, by=None)
    letter.refresh_from_db()
    assert letter.posts_offered == 800


def test_an_agreement_needs_another_side_days_in_order_and_a_free_number() -> None:
    with pytest.raises(AgreementPartyError):
        sign_agreement(number="1", title="", home=LI_COUNTY, from_on=TODAY, to_on=TODAY, at=MARCH, by=None)
    with pytest.raises(EndBeforeStartError):
        make_agreement(from_on=TODAY, to_on=date(2020, 3, 1))
    assert not Agreement.objects.exists()

    make_agreement(number="1", from_on=TODAY, to_on=TODAY)
    with pytest.raises(AgreementKnownError):
        make_agreement(number="1")


def test_a_target_lies_within_its_plan_and_is_changed_in_place() -> None:
    plan, province = make_plan(), make_province()
    for year in (2017, 2021):
        with pytest.raises(TargetOutsidePlanError):
            set_target(plan=plan, year=year, province=province, persons=1, at=MARCH, by=None)
    assert not PlanTarget.objects.exists()

    for persons in (5000, 6000):
        set_target(plan=plan, year=2020, province=province, persons=persons, at=MARCH, by=None)
    assert PlanTarget.objects.get().persons == 6000


def test_an_employer_is_known_by_a_credit_code_that_checks() -> None:
    row = EmployerRow("91350100M000100Y43", "福州工厂", EmployerKind.ENTERPRISE.value, QINGDAO_JIAOZHOU)
    first = register_employer(row=row._replace(credit_code=" 91350100m000100y43 "), at=MARCH, by=None)
    again = register_employer(row=row._replace(name="另一个名字"), at=MARCH, by=None)
    assert again == first
    assert Employer.objects.get().name == "福州工厂"

    with pytest.raises(CreditCodeWrongError):
        register_employer(row=row._replace(credit_code="91350100M000100Y44"), at=MARCH, by=None)
    assert Employer.objects.count() == 1
    assert Deed.objects.filter(action="partners.employer_registered").count() == 1


def test_a_unit_abroad_carries_a_number_of_its_own() -> None:
    row = EmployerRow("X-US-0a1b2c3d4e5f", "Orchard", EmployerKind.FARM.value)

    assert register_employer(row=row, at=MARCH, by=None).place is None


def test_many_employers_are_loaded_in_the_order_given() -> None:
    rows = [EmployerRow(f"X-T-{n}", f"厂{n}", EmployerKind.WORKSHOP.value, LI_COUNTY) for n in range(3)]

    numbers = load_employers(rows)

    assert [Employer.objects.get(pk=number).name for number in numbers] == ["厂0", "厂1", "厂2"]


def test_a_household_holds_one_public_post_at_a_time() -> None:
    budget, mother = make_budget(posts=5), make_member()
    son = make_worker(name="马强")
    household = mother.memberships.get().household
    make_membership(worker=son, household=household)
    post = take(budget, mother)

    with pytest.raises(HouseholdHasPostError):
        take(budget, son)
    budget.refresh_from_db()
    assert (budget.posts_taken, PublicPost.objects.count()) == (1, 1)

    with pytest.raises(EndBeforeStartError):
        free_post(post=post, freed_on=date(2020, 3, 1), at=MARCH, by=None)
    assert has_public_post(household.pk)
    for _ in range(2):
        free_post(post=post, freed_on=date(2020, 4, 1), at=MARCH, by=None)
    budget.refresh_from_db()
    assert budget.posts_taken == 0
    take(budget, son)


def test_a_second_post_of_another_year_is_a_second_post() -> None:
    worker = make_member()
    take(make_budget(year=2020), worker)

    with pytest.raises(HouseholdHasPostError):
        take(make_budget(year=2021), worker)


def test_a_worker_without_household_gets_no_public_post() -> None:
    budget = make_budget()

    with pytest.raises(NoHouseholdError):
        take(budget, make_worker())

    budget.refresh_from_db()
    assert budget.posts_taken == 0


def test_the_last_post_is_the_last() -> None:
    budget = make_budget(posts=1)
    take(budget, make_member())

    with pytest.raises(BudgetSpentError):
        take(budget, make_member(name="马强"))
    assert PublicPost.objects.count() == 1
    with pytest.raises(BudgetBelowTakenError):
        set_post_budget(
            employer=budget.employer, year=2020, posts=0, fen_per_month=1, payer="", at=MARCH, by=None
        )
    budget.refresh_from_db()
    assert (budget.posts, budget.fen_per_month) == (1, 50_000)


def test_holders_that_are_loaded_count_against_their_budget() -> None:
    budget, worker = make_budget(posts=3), make_member()
    household = worker.memberships.get().household_id
    row = PublicPostRow(LI_VILLAGE, budget.pk, worker.pk, household, TODAY)

    assert load_public_posts([row]) == 1
    budget.refresh_from_db()
    assert budget.posts_taken == 1


def test_only_who_holds_the_standard_carries_the_brand() -> None:
    brand, worker = make_brand(level=5), make_worker()

    def admit() -> BrandMember:
        return admit_brand_member(brand=brand, worker=worker, joined_on=TODAY, at=MARCH, by=None)

    with pytest.raises(StandardNotHeldError) as refusal:
        admit()
    assert refusal.value.values["missing_en"] == "certificate of domestic helper, level 5 or better"

    certificate = Certificate.objects.create(
        worker=worker, village=worker.village, county=worker.county, occupation="4-10-01-06",
        title="家政服务员", number="1", level=5, issued_on=date(2020, 3, 3), issuer="县就业局", grade="B",
    )  # fmt: skip
    with pytest.raises(StandardNotHeldError):
        admit()  # issued the day after
    assert not BrandMember.objects.exists()

    certificate.issued_on = TODAY
    certificate.save()
    assert admit() == admit()
    assert Deed.objects.filter(action="partners.member_admitted").count() == 1


def test_a_brand_whose_standard_cannot_be_checked_is_not_registered() -> None:
    with pytest.raises(StandardUnsoundError) as refusal:
        register_brand(
            name="礼贤大嫂", name_en="", owner="", occupation="4-10-01-06", at=MARCH, by=None,
            standard=[{"kind": "certificate", "occupation": "4-10-01", "zh": "证书", "en": ""}],
        )  # fmt: skip

    assert refusal.value.values["number"] == 1
    assert not Brand.objects.exists()


def test_members_are_loaded_by_the_thousand_way() -> None:
    brand, worker = make_brand(), make_worker()

    assert load_brand_members([BrandMemberRow(worker.village, brand.pk, worker.pk, TODAY)]) == 1


def test_every_number_promised_for_a_year_is_found_with_its_days() -> None:
    record_reply(letter=make_letter(), replied_on=TODAY, reply="", posts_offered=800, at=MARCH, by=None)
    make_agreement(quota_persons=300)
    make_agreement(from_on=date(2021, 1, 1), to_on=date(2021, 12, 31))
    set_target(plan=make_plan(), year=2020, province=make_province(), persons=5000, at=MARCH, by=None)
    make_mission(posts=500)
    make_base(capacity=200)

    found = {promise.kind.value: promise for promise in promises(year=2020)}

    assert {kind: promise.promised for kind, promise in found.items()} == {
        "letter": 800, "agreement": 300, "target": 5000, "mission": 500, "base": 200,
    }  # fmt: skip
    assert (found["letter"].key, found["base"].province) == (SHANDONG, BEIJING)
    assert found["mission"].window.start == date(2020, 6, 10)


def test_agreements_lead_a_village_to_provinces_and_to_employers_counties() -> None:
    make_agreement(home=LI_COUNTY)
    make_agreement(home=GANSU, employer=make_employer(place=110105_000000))
    make_agreement(home=621223_000000, province=make_province(code=650000_000000))  # another county's
    make_agreement(
        province=make_province(code=440000_000000), from_on=date(2019, 1, 1), to_on=date(2020, 3, 1)
    )  # ended the day before

    assert agreed_places(LI_VILLAGE, on=TODAY) == [range_of(110105_000000), range_of(SHANDONG)]
