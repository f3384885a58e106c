"""Divisions: codes, ranges, names, distance by borders, and the table itself."""

from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.kernel.divisions import (
    GANSU,
    LI_COUNTY,
    Level,
    Range,
    Ring,
    all_divisions,
    ancestor_of,
    county_of,
    destination_ring,
    divisions_in,
    find_by_names,
    find_division,
    level_of,
    parent_of,
    path_of,
    plain_name,
    point_of,
    range_of,
)

LONGNAN = 621200000000
YANGUAN = 621226101000  # Yanguan Town (盐官镇), Li County
VILLAGE = 621226101201


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (GANSU, Level.PROVINCE),
        (LONGNAN, Level.PREFECTURE),
        (LI_COUNTY, Level.COUNTY),
        (YANGUAN, Level.TOWNSHIP),
        (VILLAGE, Level.VILLAGE),
    ],
)
def test_trailing_zeros_tell_the_level(code: int, level: Level) -> None:
    assert level_of(code) is level
    assert ancestor_of(VILLAGE, level) == code


@pytest.mark.parametrize("code", [0, 621226, 62122610120, 6212261012010])
def test_a_code_has_twelve_digits(code: int) -> None:
    with pytest.raises(ValueError, match="12-digit"):
        level_of(code)


def test_a_range_is_half_open() -> None:
    county = range_of(LI_COUNTY)
    assert county == Range(621226000000, 621227000000)
    assert LI_COUNTY in county
    assert 621226999999 in county
    assert 621227000000 not in county
    assert 621225999999 not in county


def test_a_range_covers_what_lies_inside_and_itself() -> None:
    assert range_of(GANSU).covers(range_of(LI_COUNTY))
    assert range_of(GANSU).covers(range_of(GANSU))
    assert not range_of(LI_COUNTY).covers(range_of(GANSU))
    assert not range_of(LI_COUNTY).covers(range_of(621227000000))


@given(st.sampled_from([division.code for division in all_divisions()]))
def test_every_division_lies_in_its_parent(code: int) -> None:
    parent = parent_of(code)
    if parent is None:
        assert level_of(code) is Level.PROVINCE
    else:
        assert level_of(parent) == level_of(code) - 1
        assert range_of(parent).covers(range_of(code))


def test_the_county_of_a_village_has_six_digits() -> None:
    assert county_of(VILLAGE) == 621226


@pytest.mark.parametrize(
    ("work_place", "ring"),
    [
        (VILLAGE, Ring.IN_TOWNSHIP),
        (621226101999, Ring.IN_TOWNSHIP),
        (YANGUAN, Ring.IN_TOWNSHIP),
        (621226102000, Ring.IN_COUNTY),
        (LI_COUNTY, Ring.IN_COUNTY),
        (621227000000, Ring.IN_CITY),
        (LONGNAN, Ring.IN_CITY),
        (620102000000, Ring.IN_PROVINCE),
        (GANSU, Ring.IN_PROVINCE),
        (610100000000, Ring.NEIGHBOUR_PROVINCE),
        (650000000000, Ring.NEIGHBOUR_PROVINCE),
        (440300000000, Ring.OUT_OF_PROVINCE),
        (110000000000, Ring.OUT_OF_PROVINCE),
    ],
)
def test_the_ring_is_told_by_the_nearest_common_border(work_place: int, ring: Ring) -> None:
    assert destination_ring(VILLAGE, work_place) is ring


def test_neighbours_are_those_of_gansu_alone() -> None:
    assert destination_ring(640104000000, 610100000000) is Ring.OUT_OF_PROVINCE


def test_the_table_holds_gansu_to_its_villages_and_china_to_its_counties() -> None:
    counts = Counter(division.level for division in all_divisions())
    assert counts == {
        Level.PROVINCE: 31,
        Level.PREFECTURE: 342,
        Level.COUNTY: 2_975,  # 2,978 published, three of which repeat their prefecture
        Level.TOWNSHIP: 1_403,
        Level.VILLAGE: 17_718,
    }
    codes = [division.code for division in all_divisions()]
    assert codes == sorted(set(codes))
    known = set(codes)
    assert all(division.parent in known for division in all_divisions() if division.parent)


def test_gansu_has_fourteen_prefectures_and_88_counties_with_two_that_only_statistics_know() -> None:
    prefectures = divisions_in(GANSU)
    counties = [county for prefecture in prefectures for county in divisions_in(prefecture.code)]
    assert (len(prefectures), len(counties)) == (14, 88)
    assert {620171000000, 620201000000} <= {county.code for county in counties}


@pytest.mark.parametrize(
    ("code", "name", "name_pinyin"),
    [
        (GANSU, "甘肃省", "Gansu"),
        (110000000000, "北京市", "Beijing"),
        (610000000000, "陕西省", "Shaanxi"),
        (140000000000, "山西省", "Shanxi"),
        (620100000000, "兰州市", "Lanzhou City"),
        (LONGNAN, "陇南市", "Longnan City"),
        (LI_COUNTY, "礼县", "Li County"),
        (620102000000, "城关区", "Chengguan District"),
        (620802000000, "崆峒区", "Kongtong District"),
        (620722000000, "民乐县", "Minle County"),
        (621202000000, "武都区", "Wudu District"),
        (622900000000, "临夏回族自治州", "Linxia Hui Autonomous Prefecture"),
        (620171000000, "兰州新区", "Lanzhou New Area"),
        (620201000000, "嘉峪关市", "Jiayuguan City"),
        (610100000000, "西安市", "Xi'an City"),
        (500000000000, "重庆市", "Chongqing"),
        (350200000000, "厦门市", "Xiamen City"),
        (YANGUAN, "盐官镇", "Yanguan Town"),
        (622927208202, "仙家村", "Xianjia Village"),
        (620102001001, "畅家巷社区", "Changjiaxiang Community"),
    ],
)
def test_places_are_called_in_both_languages(code: int, name: str, name_pinyin: str) -> None:
    division = find_division(code)
    assert division is not None
    assert (division.name, division.name_pinyin) == (name, name_pinyin)


def test_an_unknown_code_is_nothing() -> None:
    assert find_division(999999999999) is None
    assert path_of(621226999999) == path_of(LI_COUNTY)


def test_every_prefecture_and_real_county_has_a_place_on_the_map() -> None:
    china = [division for division in all_divisions() if division.level <= Level.PREFECTURE]
    assert all(73 < (division.lon or 0) < 136 and 3 < (division.lat or 0) < 54 for division in china)
    county = find_division(LI_COUNTY)
    assert county is not None
    assert (county.lon, county.lat) == (104.9549, 34.0646)


def test_a_village_borrows_the_place_of_what_holds_it() -> None:
    village = divisions_in(620171000000) or divisions_in(YANGUAN)
    assert point_of(village[0].code) is not None
    assert point_of(620171000000) == point_of(620100000000)  # the pseudo county has none of its own
    assert point_of(990000000000) is None


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["甘肃省", "陇南市", "礼县", "盐官镇"], YANGUAN),
        (["甘肃", "陇南", "礼县", "盐官"], YANGUAN),
        (["", "", "礼县"], LI_COUNTY),
        (["甘肃省", "", "礼县", "盐官镇"], YANGUAN),
        (["甘肃省", "临夏回族自治州", "积石山保安族东乡族撒拉族自治县"], 622927000000),
        (["甘肃省", "陇南市", "无此县"], None),
        (["江苏省", "礼县"], None),
        (["甘肃省", "城关镇"], None),  # many towns of this name
        ([], None),
        ([" "], None),
    ],
)
def test_a_place_is_found_by_its_names(names: list[str], code: int | None) -> None:
    assert find_by_names(names) == code


def test_a_village_is_found_by_its_committee() -> None:
    path = [division.name for division in path_of(622927208202)]
    for called in ("仙家村", "仙家", "仙家村委会", "仙家村村民委员会"):
        assert find_by_names([*path[:-1], called]) == 622927208202


def test_plain_names_lose_one_kind_word_only() -> None:
    assert plain_name("县", Level.COUNTY) == "县"
    assert plain_name("沙县区", Level.COUNTY) == "沙县"


def test_the_reference_data_stay_small() -> None:
    sizes = [file.stat().st_size for file in (files("fourdoors.kernel") / "data").iterdir()]  # type: ignore[attr-defined]
    assert sum(sizes) < 1_000_000
