"""Occupations: the book, the cleaning of titles, the proposals; no labelled title is used here."""

import csv
import time
from collections import Counter
from importlib.resources import files

import pytest

from fourdoors.kernel.occupations import (
    all_occupations,
    find_occupation,
    plain_title,
    propose_occupations,
)


def test_the_book_holds_what_the_package_has_of_it() -> None:
    counts = Counter(occupation.level for occupation in all_occupations())
    assert counts == {1: 8, 2: 72, 3: 335, 4: 1_632}
    codes = [occupation.code for occupation in all_occupations()]
    assert codes == sorted(set(codes))
    assert not [occupation.name for occupation in all_occupations() if occupation.name[-1] in "LS"]


def test_an_occupation_is_found_by_its_code() -> None:
    sewing = find_occupation("6-05-01-03")
    assert sewing is not None
    assert (sewing.name, sewing.level) == ("缝纫工", 4)
    assert find_occupation("9-99-99-99") is None


def test_our_own_words_name_entries_of_the_book_and_none_twice() -> None:
    text = (files("fourdoors.kernel") / "data" / "title_words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    words = Counter(word for row in rows for word in row["words"].split("|"))
    assert [word for word, times in words.items() if times > 1] == []
    for row in rows:
        occupation = find_occupation(row["code"])
        assert occupation is not None
        assert occupation.name == row["name"]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("急招缝纫工(包吃住)月薪5000-8000", "缝纫工"),
        ("某某酒店招聘服务员【包吃住】5-6k", "服务员"),
        ("招聘专员", "招聘专员"),
        ("招生老师", "招生老师"),
        ("盘锦市业务员", "业务员"),
        ("兰州保安", "保安"),
        ("铜川", "铜川"),
        ("普工＋包吃包住＋综合薪资5-6k＋汽车厂", "普工 汽车厂"),
        ("(保安)", "保安"),
        ("包吃住", "包吃住"),
        ("CNC操作员6000元/月", "cnc操作员"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_a_title_is_what_it_says_of_the_work(title: str, plain: str) -> None:
    assert plain_title(title) == plain


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("普工", "生产制造及有关人员"),
        ("急招普工包吃住6000", "生产制造及有关人员"),
        ("缝纫工", "缝纫工"),
        ("保安", "保安员"),
        ("高薪诚聘夜班保安", "保安员"),
        ("厨师", "中式烹调师"),
        ("拉面师傅", "中式面点师"),
        ("电焊工", "焊工"),
        ("泥瓦工", "砌筑工"),
        ("月嫂", "家政服务员"),
        ("养老院护工", "养老护理员"),
        ("新疆摘棉工", "农艺工"),
        ("叉车司机", "起重装卸机械操作工"),
        ("快递分拣员", "快件处理员"),
        ("酒店客房服务员", "客房服务员"),
    ],
)
def test_the_trades_of_our_workers_come_first(title: str, name: str) -> None:
    assert propose_occupations(title)[0].name == name


def test_proposals_fall_in_score_and_are_as_many_as_asked() -> None:
    proposals = propose_occupations("餐厅服务员")
    scores = [proposal.score for proposal in proposals]
    assert len(proposals) == 5
    assert scores == sorted(scores, reverse=True)
    assert propose_occupations("餐厅服务员", most=2) == proposals[:2]


@pytest.mark.parametrize("title", ["", "!!!", "Sewing operator", "12345"])
def test_nothing_is_proposed_for_what_the_book_does_not_know(title: str) -> None:
    assert propose_occupations(title) == []


def test_a_proposal_takes_less_than_two_milliseconds() -> None:
    propose_occupations("保安")
    spent = []
    for _ in range(50):
        started = time.perf_counter()
        propose_occupations("某某酒店招聘服务员【包吃住】5-6k")
        spent.append(time.perf_counter() - started)
    assert sorted(spent)[25] < 0.002
