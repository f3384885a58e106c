"""Pictures: classes, maps that keep their borders, names that keep apart, charts at their edges."""

import gzip
import re
import time
from itertools import combinations
from xml.etree import ElementTree as Tree

import pytest

from fourdoors.engines import pictures
from fourdoors.engines.pictures import Arch, Line
from fourdoors.engines.pictures.ink import NOTHING, RAMP
from fourdoors.engines.pictures.maps import _outlines
from fourdoors.engines.pictures.names import Name, placed

LI, GANSU, FUJIAN = 621226000000, 620000000000, 350000000000
PREFECTURES = {
    620100000000: "Lanzhou",
    620400000000: "Baiyin",
    620500000000: "Tianshui",
    620800000000: "Pingliang",
    621000000000: "Qingyang",
    621100000000: "Dingxi",
    621200000000: "Longnan",
    622900000000: "Linxia",
    623000000000: "Gannan",
}


def whole_map(**changed: object) -> str:
    values = {code: float(at * 1000) for at, code in enumerate(pictures.counties())}
    given: dict[str, object] = {
        "classes": pictures.nice_breaks(values.values()),
        "labels": PREFECTURES,
        "names": {code: f"{code} <&>" for code in values},
        "title": "Workers by county",
        "link": lambda code: f"/county/{code}/",
    }
    return pictures.county_map(pictures.counties(), values, **(given | changed))  # type: ignore[arg-type]


def drawn(picture: str) -> Tree.Element:
    return Tree.fromstring(picture)  # noqa: S314 (our own picture; it must be well-formed)


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter("text")]


def test_breaks_are_round_rising_and_part_the_areas_about_evenly() -> None:
    breaks = pictures.nice_breaks([value * 137.0 for value in range(1, 88)])
    assert breaks == sorted(set(breaks))
    assert breaks == [2000, 4000, 6000, 8000, 10000]


@pytest.mark.parametrize(("values", "breaks"), [([], []), ([0, 0], []), ([5, 5, 5], [5]), ([0.03], [0.03])])
def test_breaks_of_few_values_are_few(values: list[float], breaks: list[float]) -> None:
    assert pictures.nice_breaks(values) == breaks


def test_a_limit_belongs_to_the_class_above_it() -> None:
    assert pictures.colour_of(9.99, [10, 20]) == RAMP[0]
    assert pictures.colour_of(10, [10, 20]) == pictures.colour_of(19.99, [10, 20])
    assert pictures.colour_of(20, [10, 20]) == RAMP[5]
    assert pictures.colour_of(None, [10, 20]) == NOTHING


def test_the_legend_says_every_class_and_what_is_not_known() -> None:
    steps = pictures.legend_of([10, 20], say=str, under="under {}", over="{} and over", nothing="unknown")
    assert [step.words for step in steps] == ["under 10", "10–20", "20 and over", "unknown"]
    assert steps[1].colour == pictures.colour_of(15, [10, 20])
    assert pictures.legend_of([], say=str, under="{}", over="{}") == []


def test_more_classes_than_colours_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 6 classes, not 7"):
        pictures.colour_of(1, [1, 2, 3, 4, 5, 6])


def test_the_map_has_86_counties_and_jiayuguan_each_with_its_link_and_words() -> None:
    picture = drawn(whole_map())
    links = [link.get("href") for link in picture.iter("a")]
    assert len(links) == len(set(links)) == 87
    assert "/county/620201000000/" in links
    assert all(link.get("tabindex") == "-1" for link in picture.iter("a"))
    assert len(list(picture.iter("title"))) == 87 + 1
    assert picture.get("role") == "group"


def test_a_map_without_links_is_one_picture_to_a_screen_reader() -> None:
    assert drawn(whole_map(link=None)).get("role") == "img"


def test_the_map_is_light_and_quick() -> None:
    whole_map()  # the outlines are read once a process
    start = time.perf_counter()
    picture = whole_map()
    assert time.perf_counter() - start < 0.15 * 3  # 31 ms alone; the bar is 150 ms, other tests run beside
    assert len(gzip.compress(picture.encode())) < 40_000


def test_no_inline_style_leaves_the_strict_policy_whole() -> None:
    assert "style" not in whole_map()


def test_a_county_without_a_value_is_drawn_as_unknown() -> None:
    picture = pictures.county_map([LI], {}, classes=[1], labels={}, names={}, title="x")
    assert f'fill="{NOTHING}"' in picture


def test_words_are_escaped() -> None:
    assert "&lt;&amp;&gt;" in whole_map()


def test_a_prefecture_fills_the_picture_and_only_known_counties_are_drawn() -> None:
    longnan = [code for code in pictures.counties() if code // 10**8 == 6212]
    picture = pictures.county_map(
        [*longnan, 620171000000],
        {},
        classes=[],
        labels={LI: "礼县", 620100000000: "兰州"},
        names={},
        title="x",
    )
    assert len(longnan) == 9
    assert len(list(drawn(picture).iter("path"))) == 9
    assert set(texts(picture)) == {"礼县"}
    _, _, wide, high = map(float, drawn(picture).get("viewBox", "").split())
    assert wide < 820
    assert high == pytest.approx(820 / 1.12, abs=1)


@pytest.mark.parametrize("size", [13.5, 23.0])
def test_names_keep_apart_and_inside_even_in_the_crowded_south_east(size: float) -> None:
    crowd = [
        Name(words, 400 + 30 * (at % 3), 300 + 22 * (at // 3))
        for at, words in enumerate(PREFECTURES.values())
    ]
    boxes = placed(crowd, size=size, width=820, height=640)
    assert not [pair for pair in combinations(boxes, 2) if pair[0].covers(pair[1])]
    assert all(box.x - box.width / 2 >= 0 and box.x + box.width / 2 <= 820 for box in boxes)


def test_a_lonely_name_stays_on_its_point() -> None:
    (box,) = placed([Name("Jiuquan", 100, 100)], size=13.5, width=820, height=640)
    assert (box.x, box.y) == (100, 100)


def test_a_national_map_keeps_every_boundary_line_whatever_flows() -> None:
    lines = _outlines("china")["lines"]
    assert lines.count("M") >= 30  # the eight features of the source, among them the sea boundary's dashes
    for flows in ({}, {FUJIAN: 10.0}):
        assert lines in pictures.flow_map(LI, flows, labels={}, title="x")
    assert len(pictures.provinces()) == 34


def test_more_people_are_a_thicker_line_and_those_at_home_are_no_line() -> None:
    flows = {FUJIAN: 100.0, 370000000000: 50.0, GANSU: 999.0}
    picture = pictures.flow_map(LI, flows, labels={FUJIAN: "福建"}, title="x")
    widths = sorted(float(found) for found in re.findall(r'Q[^"]*" stroke-width="([0-9.]+)"', picture))
    assert widths == [6, 10.5]
    assert set(texts(picture)) == {"福建"}


def test_the_end_of_the_first_line_says_its_last_known_value() -> None:
    lines = [Line("2020", [1, 5, None]), Line("2019", [2, 3, 4], "before")]
    words = texts(pictures.line_chart(lines, marks=["1", "2", "3"], title="x", notes={1: "why"}))
    assert {"5", "2019", "why"} <= set(words)
    assert "2020" not in words


@pytest.mark.parametrize("lines", [[], [Line("x", [])], [Line("x", [None])], [Line("x", [0, 0])]])
def test_a_chart_of_nothing_is_still_a_picture(lines: list[Line]) -> None:
    drawn(pictures.line_chart(lines, marks=["a", "b"], title="x"))
    drawn(pictures.bar_chart([], title="x"))
    drawn(pictures.stacked_bar([("", [0, 0])], parts=["a", "b"], title="x", say=str))
    assert pictures.small_sparkline([1]) == ""


def test_long_names_of_marks_are_thinned_out() -> None:
    months = ["September 2020"] * 24
    words = texts(pictures.line_chart([Line("x", [1.0] * 24)], marks=months, title="x"))
    assert words.count("September 2020") <= 4


def test_parts_of_a_whole_fill_the_bar() -> None:
    picture = drawn(
        pictures.stacked_bar([("", [3, 0, 1])], parts=["a", "b", "c"], title="x", say=lambda s: f"{s:.0%}")
    )
    widths = [float(bar.get("width", 0)) for bar in picture.iter("rect") if bar.get("height") == "22"]
    assert widths == [330, 110]


def test_bars_stand_in_proportion() -> None:
    picture = drawn(pictures.bar_chart([("a", 50.0), ("b", 100.0), ("c", -1.0)], title="x"))
    half, whole, none = (float(bar.get("width", 0)) for bar in picture.iter("rect"))
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert none == 0


def test_the_stairs_of_those_still_in_work_say_each_day_asked_about() -> None:
    words = texts(
        pictures.retention_curve(
            {7: 0.98, 30: 0.93}, marks={7: "7", 30: "30", 90: "90"}, title="x", say=lambda s: f"{s:.0%}"
        )
    )
    assert {"98%", "93%", "7", "30", "90"} <= set(words)
    assert "86%" not in words


def test_the_last_of_the_four_doors_is_gold() -> None:
    doors = [Arch("出家门", "1,284"), Arch("上车门", "1,279"), Arch("下车门", "912"), Arch("进厂门", "866")]
    picture = pictures.arches(doors, title="四门")
    assert texts(picture) == ["出家门", "1,284", "上车门", "1,279", "下车门", "912", "进厂门", "866"]
    assert picture.index("#e9b949") > picture.index("912")


def test_a_picture_for_paper_is_a_file_of_its_own() -> None:
    paper = pictures.for_paper(whole_map())
    assert Tree.fromstring(paper).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
    assert b"Noto Sans SC" in paper
