"""Days, numbers, places and fields in both languages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from fourdoors.kernel.divisions import LI_COUNTY
from fourdoors.web import words


def rendered(source: str, language: str = "zh-hans", **values: Any) -> str:
    with translation.override(language):
        return Template("{% load fourdoors %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "chinese", "english"),
    [
        ("{{ x|day }}", date(2020, 3, 1), "2020年3月1日", "1 March 2020"),
        ("{{ x|short_day }}", date(2020, 12, 31), "12月31日", "31 Dec"),
        ("{{ x|month }}", date(2020, 3, 1), "2020年3月", "March 2020"),
        (
            "{{ x|moment }}",
            datetime(2020, 2, 29, 22, 30, tzinfo=UTC),
            "2020年3月1日 06:30",
            "1 March 2020, 06:30",
        ),
        ("{{ x|percent }}", 0.98749, "98.7%", "98.7%"),
        ("{{ x|percent:0 }}", 0.125, "13%", "13%"),
        ("{{ x|count }}", 1284, "1,284", "1,284"),
        ("{{ x|large }}", 1_899_000, "189.9万", "1.899 million"),
        ("{{ x|yuan }}", 4200, "4,200 元", "4,200 yuan"),
        ("{{ x|large_yuan }}", 35_370_000_000, "353.7亿元", "35.37 billion yuan"),
        ("{{ x|fen }}", 325650, "3,256.50 元", "3,256.50 yuan"),
        ("{{ x|place }}", LI_COUNTY, "礼县", "Li County"),
        ("{{ x|place }}", 999999000000, "999999000000", "999999000000"),
        ("{{ x|whole_place }}", LI_COUNTY, "陇南市礼县", "Li County, Longnan City"),
        ("{{ x|whole_place }}", 620000000000, "甘肃省", "Gansu"),
        ("{{ x|short_place }}", 622900000000, "临夏", "Linxia"),
        ("{{ x|short_place }}", LI_COUNTY, "礼", "Li"),
        ("{{ x|masked_name }}", "马小兰", "马*兰", "马*兰"),
    ],
)
def test_a_value_is_said_in_the_readers_language(source: str, value: Any, chinese: str, english: str) -> None:
    assert rendered(source, x=value) == chinese
    assert rendered(source, "en", x=value) == english


@pytest.mark.parametrize(
    "name", ["day", "month", "moment", "percent", "count", "large", "yuan", "large_yuan", "fen", "place"]
)
def test_nothing_is_shown_where_nothing_is_known(name: str) -> None:
    assert rendered(f"{{{{ x|{name} }}}}", x=None) == ""


def test_a_number_is_parted_from_its_unit_for_the_big_type() -> None:
    assert words.parted("189.9万") == ("189.9", "万")
    assert words.parted("113 billion") == ("113", "billion")
    assert words.parted("9,999") == ("9,999", "")


def test_an_evidence_grade_is_said_in_words_and_not_only_in_colour() -> None:
    assert "干部代述" in rendered('{% evidence "D" %}')
    assert "cadre&#x27;s word" in rendered('{% evidence "D" %}', "en")


def test_the_mix_of_evidence_fills_the_bar_and_leaves_absent_grades_out() -> None:
    shown = rendered("{% evidence_mix mix %}", mix={"A": 3, "C": 1})
    assert 'class="eA" x="0.00" width="75.00"' in shown
    assert 'class="eC" x="75.00" width="25.00"' in shown
    assert "eB" not in shown
    assert "<rect" not in rendered("{% evidence_mix mix %}", mix={})


def test_a_bar_stays_in_its_cell_and_says_when_it_is_over_the_whole() -> None:
    assert 'width="100.0"' in rendered("{% bar x %}", x=1.3)
    assert 'class="over"' in rendered("{% bar x %}", x=1.3)
    assert 'class=""' in rendered("{% bar x %}", x=1.0)
    assert 'width="0.0"' in rendered("{% bar x %}", x=-0.2)


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    way = forms.ChoiceField(label="Way", widget=forms.RadioSelect, choices=[("a", "A")], required=False)


def test_a_field_ties_label_hint_and_fault_to_its_input() -> None:
    shown = rendered("{% field form.name %}", form=Sample({}))
    assert '<label for="id_name">' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_several_answers_to_one_question_stand_in_a_fieldset() -> None:
    shown = rendered("{% field form.way %}", form=Sample())
    assert "<legend>Way" in shown
    assert "（选填）" in shown
