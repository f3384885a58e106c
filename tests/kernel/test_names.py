"""Names of people: sorted, searched, and warned of before they print as a box."""

import subprocess
import sys
from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from fourdoors.kernel.names import initials_of, outside_font, pinyin_of


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("马小兰", "ma xiao lan", "mxl"),
        ("曾国", "zeng guo", "zg"),  # ceng, were it not a surname
        ("国曾", "guo ceng", "gc"),
        ("欧阳兰", "ou yang lan", "oyl"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("吕兰", "lv lan", "ll"),
        ("单", "shan", "s"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti", "ayglmmt"),
        ("Ma Lan", "ma lan", "ml"),
        (" 马兰 ", "ma lan", "ml"),
        ("", "", ""),
    ],
)
def test_a_name_is_read_as_people_read_it(name: str, pinyin: str, initials: str) -> None:
    assert pinyin_of(name) == pinyin
    assert initials_of(name) == initials


def test_names_sort_syllable_by_syllable() -> None:
    assert sorted(["先安", "西安", "习安平"], key=pinyin_of) == ["西安", "习安平", "先安"]


def test_a_rare_character_beyond_the_font_is_named_once() -> None:
    assert outside_font("马小兰") == ""
    assert outside_font("𠮷马𠮷") == "𠮷"
    assert outside_font("𬱖") == ""  # beyond the common blocks, and the font has it
    assert outside_font("Ma Lan·123") == ""


def test_the_table_agrees_with_the_font_we_ship() -> None:
    font = TTFont(str(files("fourdoors.engines.papers") / "fonts" / "NotoSansSC_400Regular.ttf"))
    has = set(font.getBestCmap())
    ideographs = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x323B0)]
    assert [code for code in ideographs if bool(outside_font(chr(code))) is (code in has)] == []


def test_reading_a_code_does_not_load_the_dictionary() -> None:
    code = "import sys, fourdoors.kernel.names, fourdoors.kernel.divisions as d; d.all_divisions()"
    code += "; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
