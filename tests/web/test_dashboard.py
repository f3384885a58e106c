"""The first page of each duty: its own territory and no other, every number a road to its rows."""

import gzip
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import divisions_in, range_of
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, LI_VILLAGE, LONGNAN
from tests.makers.statistics import count, make_ledger
from tests.web.officers import enter

pytestmark = pytest.mark.django_db
LIGHT_BYTES = 80_000


def seen(client: Client, path: str = "/", status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.usefixtures("ledger")
def test_the_province_sees_its_figures_and_where_they_come_from() -> None:
    page = seen(enter())

    assert "甘肃省劳务输转" in page
    assert "截至<b>2020年10月31日</b>" in page
    assert re.search(r"<b>6</b>人", page)  # transferred
    assert re.search(r"<b>2.7</b>万元", page)  # six months of 4,500
    assert f'href="/figures/transferred_persons/{LONGNAN}/"' in page
    assert 'href="/definitions/"' in page


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("duty", sorted(TERRITORIAL))
def test_each_territory_sees_its_own_division_and_nothing_beside_it(duty: Duty) -> None:
    own = {
        Duty.PROVINCE: GANSU,
        Duty.AUDITOR: GANSU,
        Duty.PREFECTURE: LONGNAN,
        Duty.COUNTY: LI_COUNTY,
        Duty.TOWNSHIP: LI_VILLAGE // 1000 * 1000,
    }[duty]
    client = enter(duty, own)

    assert f'href="/figures/transferred_persons/{own}/"' in seen(client)
    for child in divisions_in(own)[:1]:
        seen(client, f"/places/{child.code}/")


@pytest.mark.usefixtures("ledger")
def test_owner_and_colleague_open_a_county_and_a_stranger_is_told_it_is_not_there() -> None:
    assert "礼县劳务输转" in seen(enter(Duty.COUNTY, LI_COUNTY, "owner"), f"/places/{LI_COUNTY}/")
    assert "礼县劳务输转" in seen(enter(Duty.PREFECTURE, LONGNAN, "colleague"), f"/places/{LI_COUNTY}/")
    stranger = enter(Duty.COUNTY, DANGCHANG, "stranger")
    seen(stranger, f"/places/{LI_COUNTY}/", status=404)
    seen(stranger, f"/places/{LI_COUNTY}/table.xlsx", status=404)
    seen(enter(Duty.STATION, LI_COUNTY, "station"), f"/places/{LI_COUNTY}/", status=404)
    seen(enter(Duty.COUNTY, LI_COUNTY, "owner"), "/places/621226999999/", status=404)


@pytest.mark.usefixtures("ledger")
def test_a_county_counts_its_own_people_and_its_table_adds_up() -> None:
    page = seen(enter(Duty.COUNTY, LI_COUNTY))

    assert re.search(r"<b>3</b>人", page)
    town = LI_VILLAGE // 1000 * 1000
    assert re.search(rf'href="/figures/transferred_persons/{town}/">3</a>', page)


@pytest.mark.usefixtures("ledger")
def test_the_map_is_switched_without_the_rest_of_the_page() -> None:
    client = enter()
    whole = seen(client, "/?measure=labour_income")
    part = client.get(
        f"/places/{GANSU}/?measure=labour_income",
        headers={"HX-Request": "true", "HX-Target": "map"},
    ).content.decode()

    assert "各县区劳务收入" in whole
    assert part.startswith('<section class="card map" id="map"')
    assert "各县区劳务收入" in part
    assert "<html" not in part


def test_a_measure_that_is_none_draws_the_first(ledger: None) -> None:
    assert "各县区累计输转人数" in seen(enter(), "/?measure=%27;--")


def test_before_the_first_count_the_page_says_so() -> None:
    assert "尚未统计" in seen(enter())
    seen(enter(), f"/places/{GANSU}/table.xlsx", status=404)


@pytest.mark.usefixtures("ledger")
def test_the_table_goes_out_as_a_workbook_that_names_who_took_it() -> None:
    answer = enter().get(f"/places/{LONGNAN}/table.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]

    assert "王处" in rows[1][0]
    assert rows[2][:2] == ["地区", "输转人数 (人)"]
    counts = {row[0]: row[1] for row in rows[3:]}
    assert counts["礼县"] == 3
    assert counts["宕昌县"] == 2
    deed = Deed.objects.get(action="statistics.table_taken")
    assert deed.values == {"division": LONGNAN, "rows": len(counts)}


@pytest.mark.parametrize("duty", sorted(set(Duty) - TERRITORIAL))
def test_every_other_duty_is_shown_its_queues_or_that_nothing_waits(duty: Duty) -> None:
    page = seen(enter(duty, LI_COUNTY))

    assert "等您处理的事" in page
    assert "<tbody>" in page or "没有待办" in page


def tables(page: str) -> list[str]:
    found = re.findall("<tbody>.*?</tbody>", page, re.DOTALL)
    assert found
    return found


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        seen(client)
    return len(asked)


@pytest.mark.usefixtures("ledger")
def test_the_page_asks_no_more_than_thirty_times_however_many_rows() -> None:
    client = enter()
    seen(client)
    set_scope(Scope(territory=range_of(GANSU)))
    count()
    few = queries_of(client)
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger(li=6, danchang=6, tianshui=6)
    count()

    assert queries_of(client) == few <= 30


@pytest.mark.usefixtures("ledger")
def test_pictures_are_drawn_once_a_counting_and_anew_after_the_next() -> None:
    client = enter()
    first = queries_of(client)
    assert queries_of(client) < first
    before = tables(seen(client))
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger(li=6, danchang=6, tianshui=6)
    assert tables(seen(client)) == before
    set_scope(Scope(territory=range_of(GANSU)))
    count()

    assert tables(seen(client)) != before


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("duty", "division"),
    [(Duty.PREFECTURE, LONGNAN), (Duty.COUNTY, LI_COUNTY), (Duty.TOWNSHIP, LI_VILLAGE // 1000 * 1000)],
)
def test_no_desk_asks_more_than_thirty_times(duty: Duty, division: int) -> None:
    client = enter(duty, division)
    seen(client)
    with CaptureQueriesContext(connection) as asked:
        seen(client)
    assert len(asked) <= 30


@pytest.mark.usefixtures("ledger")
def test_the_page_is_light() -> None:
    assert len(gzip.compress(seen(enter()).encode(), 6)) < LIGHT_BYTES - 25_000  # htmx and the style sheet
