"""Another country's orders become vacancies by a mapping alone: codes, dollars, hours; refusals are told."""

import csv
import io
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.divisions import range_of
from fourdoors.partners.models import Employer
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.recruitment.services import merge_job_list
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import GANSU
from tests.makers.partners import MARCH

pytestmark = pytest.mark.django_db
MAPPING = (files("fourdoors.intake") / "mappings" / "us_h2a_fy2017.yaml").read_text("utf-8")
# An invented farm in the columns of the real file.
ORDER = {
    "CASE_NUMBER": "H-300-99001-000001",
    "CASE_STATUS": "DETERMINATION ISSUED - CERTIFICATION",
    "REQUESTED_START_DATE_OF_NEED": "2020-03-01 00:00:00",
    "REQUESTED_END_DATE_OF_NEED": "2020-11-15 00:00:00",
    "PRIMARY/SUB": "PRI",
    "EMPLOYER_NAME": "Invented Orchards, Inc.",
    "JOB_TITLE": "Apple Picker",
    "SOC_CODE": "45-2092",
    "SOC_TITLE": "Farmworkers and Laborers, Crop",
    "PRIMARY_CROP": "Apples",
    "NAICS_CODE": "111331",
    "NBR_WORKERS_CERTIFIED": "12",
    "BASIC_NUMBER_OF_HOURS": "40",
    "HOURLY_WORK_SCHEDULE_AM": "07:00 AM",
    "HOURLY_WORK_SCHEDULE_PM": "03:00 PM",
    "BASIC_RATE_OF_PAY": "12.00",
    "BASIC_UNIT_OF_PAY": "Hour",
    "EDUCATION_LEVEL": "",
    "EMP_EXPERIENCE_REQD": "Y",
    "EMP_EXP_NUM_MONTHS": "3",
    "WORKSITE_CITY": "Nowhere",
    "WORKSITE_COUNTY": "Invented",
    "WORKSITE_STATE": "WA",
    "JOB_END_DATE": "2020-08-01 00:00:00",
}


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def brought_in(*changes: dict[str, str]) -> Import:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ORDER))
    writer.writeheader()
    writer.writerows(
        {**ORDER, "CASE_NUMBER": f"H-300-99001-{number:06d}", **change}
        for number, change in enumerate(changes)
    )
    batch = receive_file(
        form="job_list",
        division=GANSU,
        data=text.getvalue().encode(),
        name="orders.csv",
        at=MARCH,
        mapping=MAPPING,
    )
    stage_rows(import_id=batch.pk, at=MARCH)
    ask_for_merge(import_id=batch.pk, at=MARCH)
    return merge_job_list(import_id=batch.pk, at=MARCH)


def test_an_order_is_a_vacancy_like_any_other() -> None:
    batch = brought_in({})

    vacancy = Vacancy.objects.get()
    assert batch.counts["new"] == 1
    assert (vacancy.country, vacancy.place, vacancy.place_words) == ("US", None, "Nowhere, Invented, WA")
    assert (vacancy.occupation_system, vacancy.occupation) == ("SOC", "45-2092")
    assert vacancy.wage_low_yuan == vacancy.wage_high_yuan == 14044  # 12 x 40 x 52/12 x 6.7518
    assert vacancy.wage_given == {
        "amount": "12.00", "currency": "USD", "unit": "hourly", "rate": "6.7518", "rate_on": "2017-12-31",
    }  # fmt: skip
    assert (vacancy.lodging, vacancy.hours_per_week, vacancy.openings) == (True, 40.0, 12)
    assert list(vacancy.requirements.values_list("kind", "value")) == [("experience", "3")]
    assert (vacancy.source, vacancy.source_row) == ("us_h2a_fy2017", "H-300-99001-000000")


def test_it_is_not_offered_in_gansu() -> None:
    brought_in({})

    assert not open_vacancies(on=date(2020, 3, 3), verified=False).exists()
    assert open_vacancies(on=date(2020, 3, 3), country="US", verified=False).count() == 1


def test_one_farm_under_two_spellings_is_one_employer() -> None:
    brought_in({}, {"EMPLOYER_NAME": "INVENTED ORCHARDS INC"}, {"EMPLOYER_NAME": "Other Farm"})

    assert Employer.objects.count() == 2
    assert all(it.credit_code.startswith("X-US-") for it in Employer.objects.all())


def test_every_refused_row_has_its_reason() -> None:
    batch = brought_in(
        {},
        {"PRIMARY/SUB": "SUB"},
        {"CASE_STATUS": "DETERMINATION ISSUED - WITHDRAWN"},
        {"BASIC_UNIT_OF_PAY": "Select Pay Range"},
        {"BASIC_NUMBER_OF_HOURS": ""},
        {"REQUESTED_END_DATE_OF_NEED": "2019-11-15 00:00:00"},
    )

    rows = StagedRow.objects.filter(batch=batch).exclude(faults=[]).values_list("faults", flat=True)
    reasons = Counter(faults[0]["values"].get("reason") or faults[0]["code"] for faults in rows)
    assert (batch.counts["new"], batch.counts["faulty"]) == (1, 5)
    assert reasons == {
        "counted_in_primary": 1, "not_certified": 1, "wage_unclear": 1, "missing": 1,
        "mapping_out_of_order": 1,
    }  # fmt: skip
    assert Vacancy.objects.count() == 1


def test_the_same_orders_again_change_nothing_but_the_day_of_confirming() -> None:
    brought_in({})
    batch = brought_in({}, {"JOB_TITLE": "Pruner"})

    assert (batch.counts["unchanged"], batch.counts["new"]) == (1, 1)
