"""Pages of placements, and the lists that are taken out; how often a page asks the database."""

import io

import openpyxl
import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.placements.models import Placement
from fourdoors.placements.rules import CloseReason
from fourdoors.recruitment.rules import Asked, RequirementKind
from tests.makers.accounts import LI_COUNTY
from tests.makers.placements import (
    make_placed_worker,
)
from tests.makers.recruitment import make_draft, make_vacancy
from tests.web.officers import again, as_officer, county, text_of
from tests.web.placing import auditor, stranger, township

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def test_owner_colleague_and_stranger_at_a_placement() -> None:
    make_vacancy()
    placement = make_placed_worker()
    for officer in (county(), township(), auditor()):
        client = as_officer(officer)
        assert "马小兰" in text_of(client, "/placements/")
        page = text_of(client, f"/placements/{placement.pk}/")
        assert "No seat on a trip yet" in page
        assert ("Take back" in page) is (officer.duty != Duty.AUDITOR)
    client = as_officer(stranger())
    assert "马小兰" not in text_of(client, "/placements/")
    assert client.get(f"/placements/{placement.pk}/").status_code == 404
    assert client.post(f"/placements/{placement.pk}/withdraw/").status_code == 404
    again()
    assert Placement.objects.get().closed_on is None


def test_a_placement_that_waits_for_a_certificate_says_so_and_is_listed() -> None:
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    placement = make_placed_worker()
    client = as_officer(county())
    assert "马小兰" in text_of(client, "/placements/?state=waiting")
    assert "Waits for a class" in text_of(client, f"/placements/{placement.pk}/")


def test_placements_are_narrowed_by_state_and_employer() -> None:
    make_vacancy()
    make_placed_worker()
    client = as_officer(county())
    assert "马小兰" in text_of(client, "/placements/?employer=缝纫")
    for query in ("state=waiting", "state=closed", "employer=电子"):
        assert "No placement fits" in text_of(client, f"/placements/?{query}")


def test_nobody_needs_a_coach_for_work_in_the_own_county() -> None:
    make_vacancy(draft=make_draft(place=LI_COUNTY))
    placement = make_placed_worker()
    page = text_of(as_officer(county()), f"/placements/{placement.pk}/")
    assert "First day of work" in page
    assert "No seat on a trip yet" not in page


def test_a_placed_worker_is_taken_out_of_the_move_on_the_page() -> None:
    make_vacancy()
    placement = make_placed_worker()
    client = as_officer(county())
    assert client.post(f"/placements/{placement.pk}/withdraw/").status_code == 302
    again()
    assert Placement.objects.get().close_reason == CloseReason.WITHDRAWN
    assert "Ended" in text_of(client, f"/placements/{placement.pk}/")


@pytest.mark.parametrize(("what", "address"), [("offers", "/offers/"), ("placements", "/placements/")])
def test_a_list_taken_out_is_recorded_with_its_length_and_bears_a_name(what: str, address: str) -> None:
    make_vacancy()
    make_placed_worker()
    client = as_officer(county())
    answer = client.post(f"{address}export/")
    again()
    deed = Deed.objects.get(action=f"placements.{what}_exported")
    assert (deed.values["rows"], deed.officer) == (1, county())
    cells = [
        str(cell.value)
        for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()
        for cell in row
    ]
    assert {"马小兰", Placement.objects.get().identity_tail} <= set(cells)
    assert any("1 people" in cell and "王处" in cell for cell in cells)
    nothing = as_officer(stranger()).post(f"{address}export/")
    assert "马小兰".encode() not in nothing.content
    assert client.get(f"{address}export/").status_code == 405
