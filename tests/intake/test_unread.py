"""Papers that are never read: whoever sends one is told why, and nothing of it is kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import MERGEABLE_FORMS, Fault
from fourdoors.intake.rules.cells import read_cell
from fourdoors.intake.services import (
    FormUnknownError,
    HealthNotTakenError,
    MaskedFileError,
    receive_file,
)
from fourdoors.kernel.errors import RuleError
from fourdoors.web.office.intake_words import UNREAD_WORDS
from fourdoors.web.refusals import words_for
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db
HEALTH = xlsx([
    ["姓名", "身份证号", "户籍地", "体温", "血压", "日期"],
    ["马小兰", "991101199003074527", "礼县城关镇", "36.8", "120/80", "2020-03-05"],
])  # fmt: skip


def received(form: str, data: bytes = HEALTH) -> Any:
    return receive_file(form=form, division=LI_COUNTY, data=data, name="随访.xlsx", at=SPRING)


def test_a_health_record_is_refused_and_not_even_a_sealed_copy_stays() -> None:
    with pytest.raises(HealthNotTakenError) as refused:
        received("health_followup")
    assert refused.value.values["columns"] == "体温、血压"
    assert "36.8" not in str(words_for(refused.value))
    assert not Import.objects.exists()
    assert not StagedRow.objects.exists()


def test_a_health_record_under_another_header_is_refused_with_the_columns_of_its_form() -> None:
    with pytest.raises(HealthNotTakenError) as refused:
        received("health_followup", xlsx([["甲", "乙"], ["1", "2"]]))
    assert "流行病史咨询" in str(refused.value.values["columns"])


@pytest.mark.parametrize("form", sorted(UNREAD_WORDS))
def test_every_form_of_the_field_is_read_or_refused_with_its_own_reason(form: str) -> None:
    assert form not in MERGEABLE_FORMS
    with pytest.raises(RuleError) as refused:
        received(form)
    assert not isinstance(refused.value, FormUnknownError)
    assert words_for(refused.value)
    assert not Import.objects.exists()


def test_the_page_offers_the_paper_and_says_why_it_is_not_read(client: Client) -> None:
    client.force_login(make_officer())
    assert "health_followup" in client.get("/intake/").content.decode()
    file = SimpleUploadedFile("随访.xlsx", HEALTH)
    answer = client.post("/intake/", {"form": "health_followup", "division": LI_COUNTY, "file": file})
    said = answer.content.decode()
    assert "体温、血压" in said
    assert "卫健岗位" in said
    assert not Import.objects.exists()


PHONES = [["姓名", "身份证号", "户编号", "联系电话"]] + [
    ["马小兰", f"99110119900307{at:04d}", "1", f"138****{at:04d}"] for at in range(1, 12)
]


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (PHONES, "联系电话"),
        ([PHONES[0], [*PHONES[1][:3], "13812345678"], *PHONES[2:]], "联系电话"),  # ten of eleven
        ([["姓名", "证件"], ["马小兰", "***************123"]], "证件"),  # a list of ours, with another header
    ],
)
def test_stars_in_nearly_every_number_are_the_reason_that_is_told(rows: list[list[str]], column: str) -> None:
    with pytest.raises(MaskedFileError) as refused:
        received("national_member_export", xlsx(rows))
    assert refused.value.values["column"] == column
    assert not Import.objects.exists()


def test_a_few_masked_cells_are_noted_each_and_an_account_may_be_masked() -> None:
    rows = [PHONES[0], *([*row[:3], "13812345678"] for row in PHONES[1:9]), *PHONES[9:]]
    assert received("national_member_export", xlsx(rows)).state == "mapped"
    column = next(it for it in FORMS["national_member_export"].columns if it.key == "phone")
    assert read_cell(column, "138****1234", SPRING.date()) == Fault("phone", "masked")
