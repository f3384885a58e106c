"""Papers: each prints in both languages, with few and many rows and long names, marked when invented."""

import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import typst
import zxingcpp
from PIL import Image

from fourdoors.engines.papers import NAMES, paper_pages, print_paper, qr_svg

AT = datetime(2020, 3, 1, tzinfo=UTC)
LONG = "阿卜杜热合曼·买买提明江"
CODE = "FD1:" + "6BF+70B9-R7.3QK8" * 12
MAP = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3"/></svg>'
PICTURES = {"code": qr_svg(CODE), "all": qr_svg("https://four.example/v/621226", "q"), "map": MAP}


def trip(rows: int) -> dict[str, Any]:
    return {
        "trip": "40001",
        "from": "定西市临洮县",
        "to": "山东省青岛市",
        "departs": "2020年3月1日 06:30",
        "plate": "甘J·A3001",
        "leader": "王晓红",
        "employer": "海尔智家",
        "arrived": "2020年3月2日 05:40",
        "place": "厂区东门",
        "expected": 44,
        "present": 44 - rows,
    }


def manifest(rows: int) -> dict[str, Any]:
    row = {
        "name": LONG,
        "village": "积石山保安族东乡族撒拉族自治县",
        "employer": "海信日立空调第二工厂",
        "post": "缝纫工",
    }
    return {**trip(rows), "rows": [{**row, "seat": seat + 1} for seat in range(rows)]}


def cards(rows: int) -> dict[str, Any]:
    row = {**trip(0), "name": LONG, "board": "临洮县汽车站", "alight": "即发厂门", "code": "K7QF-29MA"}
    return {
        "rows": [{**row, "seat": seat + 1, "expires": "3月6日", "picture": "code"} for seat in range(rows)]
    }


def poster(rows: int) -> dict[str, Any]:
    job = {
        "title": "缝纫工",
        "place": "青岛",
        "pay": "4,200–5,500",
        "terms": "包吃住",
        "employer": "即发集团",
    }
    jobs = [
        {**job, "openings": 30, "need": "熟手优先", "number": at + 1, "picture": "code"} for at in range(rows)
    ]
    words = {"village": "礼县盐官镇", "telephone": "12333", "text_example": "3 马秀兰", "liaison": LONG}
    return {**words, "jobs": jobs}


def handover(rows: int) -> dict[str, Any]:
    return {**trip(rows), "rows": [{"seat": at, "name": LONG, "what": "途中下车"} for at in range(rows)]}


def bulletin(rows: int) -> dict[str, Any]:
    figures = [{"figure": "526.0万人", "note": "out"}, "，", {"figure": "1130亿元", "note": "out"}]
    table = {
        "caption": "分市州",
        "columns": ["市州", "人数"],
        "rows": [["天水市", "784,000"]] * rows,
        "total": True,
    }
    picture = {"name": "map", "caption": "分县区", "legend": [{"colour": "#0b5d4e", "words": "5万以上"}]}
    return {
        "title": "甘肃省劳务输转情况通报",
        "issuer": "甘肃省人力资源和社会保障厅",
        "released_on": "2020年11月3日",
        "release_hash": "9f2c41d0",
        "sections": [
            {"heading": "总体情况", "paragraphs": [["累计输转", *figures]], "pictures": [picture]},
            {"heading": "分市州", "tables": [table]},
        ],
        "notes": {"out": {"words": "每人只计一次", "address": "/figures/out/"}},
    }


def notice(rows: int) -> dict[str, Any]:
    return {
        "title": "礼县外出务工交通补贴公示",
        "lead": "拟发放如下。",
        "columns": ["姓名", "身份证号", "金额"],
        "rows": [["马*兰", "99*************02X", "300"]] * rows,
        "from": "2020年11月3日",
        "until": "2020年11月11日",
        "objections": "12333",
        "issuer": "礼县人社局",
        "posted_on": "2020年11月3日",
    }


SHEETS: dict[str, Callable[[int], dict[str, Any]]] = {
    "bulletin": bulletin,
    "cards": cards,
    "handover": handover,
    "manifest": manifest,
    "notice": notice,
    "poster": poster,
}


def printed(name: str, rows: int, language: str = "zh-hans", **more: Any) -> bytes:
    values = {**SHEETS[name](rows), **more}
    return print_paper(name, values, language=language, at=AT, pictures=PICTURES)


def signs_of(pdf: bytes) -> set[str]:
    """Return every sign that the fonts inside a PDF can give back as text."""
    signs = set()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            stream = zlib.decompress(packed)
        except zlib.error:
            continue
        for mapped in re.findall(rb"<[0-9A-Fa-f]+> <([0-9A-Fa-f]+)>", stream):
            signs |= set(bytes.fromhex(mapped.decode()).decode("utf-16-be", "ignore"))
    return signs


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", pdf))


@pytest.mark.parametrize("rows", [1, 60])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_paper_prints_in_both_languages_with_few_and_many_rows(
    name: str, language: str, rows: int
) -> None:
    pdf = printed(name, rows, language)
    assert pdf.startswith(b"%PDF")
    assert b"NotoSansSC" in pdf


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("bulletin", "累计输转每人只计一次数据版本", "This bulletin was written from records"),
        ("cards", "务工乘车证捡到请交村委会", "Worker pass"),
        ("handover", "到岗交接单应到实到异常", "Handover sheet"),
        ("manifest", "乘车名单出家门上车门下车门进厂门", "Trip manifest"),
        ("notice", "公示期异议受理", "Objections"),
        ("poster", "家门口看岗位找工作不收费", "Finding work is free"),
    ],
)
def test_a_paper_says_its_words_in_its_language(name: str, chinese: str, english: str) -> None:
    assert set(chinese) <= signs_of(printed(name, 2))
    in_english = signs_of(printed(name, 2, "en"))
    assert set(english) - {" "} <= in_english
    assert not set(chinese) <= in_english


@pytest.mark.parametrize("name", NAMES)
def test_invented_people_are_marked_on_the_paper_and_real_ones_are_not(name: str) -> None:
    mark = set("演示")  # in none of the sample values
    assert mark <= signs_of(printed(name, 2))
    assert not mark <= signs_of(printed(name, 2, demonstration=False))


def test_the_same_values_give_the_same_bytes() -> None:
    assert printed("bulletin", 3) == printed("bulletin", 3)


@pytest.mark.parametrize(("passes", "pages"), [(1, 1), (10, 1), (11, 2), (60, 6)])
def test_ten_passes_fit_a_page(passes: int, pages: int) -> None:
    assert pages_of(printed("cards", passes)) == pages


def test_a_long_list_goes_on_and_a_list_of_one_stays_on_a_page() -> None:
    assert pages_of(printed("manifest", 1)) == 1
    assert pages_of(printed("manifest", 60)) == 3


def test_a_paper_without_a_value_it_needs_is_refused() -> None:
    values = manifest(1)
    del values["plate"]
    with pytest.raises(typst.TypstError, match="plate"):
        print_paper("manifest", values, language="zh", at=AT)


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="no paper is called 'order'"):
        print_paper("order", {}, language="zh", at=AT)


def test_a_code_reads_back_from_the_printed_pass() -> None:
    (page,) = paper_pages("cards", cards(1), language="zh", pictures=PICTURES, dots_per_inch=200)
    with Image.open(BytesIO(page)) as picture:
        found = zxingcpp.read_barcode(picture.convert("L"))
    assert found is not None
    assert found.text == CODE


def test_internal_lists_may_go_untagged_and_are_smaller() -> None:
    bare = print_paper("manifest", manifest(30), language="zh", at=AT, tagged=False)
    assert len(bare) < len(print_paper("manifest", manifest(30), language="zh", at=AT))
