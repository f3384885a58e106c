"""Papers that are never read: whoever sends one is told why, and nothing of it is kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import MERGEABLE_FORMS
from fourdoors.intake.services import FormUnknownError, HealthNotTakenError, receive_file
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
