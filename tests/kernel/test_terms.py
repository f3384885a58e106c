"""Shared words: each form's word is read, written back, and said in both languages."""

from collections import Counter
from importlib.resources import files

import polib
import pytest

from fourdoors.kernel.divisions import Ring
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import (
    CannotLeaveReason,
    Channel,
    ChannelOfJob,
    Education,
    EndReason,
    HouseholdStatusKind,
    LabourCapacity,
    PaymentResult,
    RelationToHead,
    Sex,
    Term,
)

EVERY = [
    Sex, Education, LabourCapacity, RelationToHead, HouseholdStatusKind, Channel, ChannelOfJob, EndReason,
    CannotLeaveReason, PaymentResult, Ring, Grade,
]  # fmt: skip
EXPORT_RELATIONS = [
    "户主", "配偶", "之子", "之女", "之儿媳", "之女婿", "之孙子", "之孙女", "之外孙子", "之外孙女", "之父",
    "之母", "之岳父", "之岳母", "之公公", "之婆婆", "之祖父", "之祖母", "之外祖父", "之外祖母", "之兄弟姐妹",
    "之曾孙子", "之曾孙女", "之侄儿", "之侄女", "之兄弟媳妇", "之叔伯", "其他",
]  # fmt: skip


def test_no_enumeration_is_forgotten_here() -> None:
    assert {kind for kind in Term.__subclasses__() if kind.__module__.startswith("fourdoors.kernel.")} == set(
        EVERY
    )


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: str(kind.__name__))
def test_every_spelling_is_read_as_one_word(kind: type[Term]) -> None:
    spellings = Counter(
        spelling for term in kind for spelling in {spelling.casefold() for spelling in term.spellings}
    )
    assert [spelling for spelling, times in spellings.items() if times > 1] == []
    for term in kind:
        assert all(kind.read(spelling) is term for spelling in term.spellings)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: str(kind.__name__))
def test_the_pages_say_the_words_of_the_forms(kind: type[Term]) -> None:
    catalogue = polib.pofile(str(files("fourdoors") / "locale" / "zh_Hans" / "kernel.po"))
    words = {entry.msgid: entry.msgstr for entry in catalogue}
    assert {term.en: term.zh for term in kind} == {term.en: words.get(term.en) for term in kind}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (RelationToHead, EXPORT_RELATIONS),
        (Education, ["文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上"]),
        (LabourCapacity, ["普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力"]),
    ],
)
def test_the_national_export_is_read_and_written_word_for_word(kind: type[Term], words: list[str]) -> None:
    assert [term.zh for term in kind] == words


def test_width_spaces_and_case_do_not_matter_but_an_unknown_word_is_nothing() -> None:
    assert Ring.read("乡（镇）内务工") is Ring.IN_TOWNSHIP
    assert Sex.read(" 女 ") is Sex.FEMALE
    assert Sex.read("FEMALE") is Sex.FEMALE
    assert Sex.read("") is None
    assert Sex.read("未知") is None


def test_a_code_is_stored_and_read_back() -> None:
    assert Sex("female") is Sex.FEMALE
    assert f"{Sex.FEMALE}" == str(Sex.FEMALE.value) == "female"


def test_schooling_is_ranked() -> None:
    assert [level.rank for level in Education] == list(range(6))


def test_two_kinds_of_capacity_allow_no_work() -> None:
    assert [capacity for capacity in LabourCapacity if not capacity.may_work] == [
        LabourCapacity.LOST,
        LabourCapacity.NONE,
    ]


def test_a_word_of_health_is_kept_as_a_personal_reason() -> None:
    for said in ["身体原因", "生病", "患病", "残疾"]:
        assert EndReason.read(said) is EndReason.PERSONAL
        assert CannotLeaveReason.read(said) is CannotLeaveReason.PERSONAL
    codes = {term.value for kind in (EndReason, CannotLeaveReason) for term in kind}
    assert not {code for code in codes if "health" in code or "ill" in code}
