"""The bulletin is written from figures alone: the same in both languages, silent where nothing happened."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.statistics.models import Release
from fourdoors.statistics.rules import (
    Figure,
    Place,
    all_measures,
    bulletin_words,
    compose,
    figures_of,
    measures_in,
    period_words,
    reported_table,
    sentence_of,
)
from fourdoors.statistics.selectors import bulletin, published
from fourdoors.statistics.services import LANGUAGES, NotSignedError, bulletin_paper
from fourdoors.store.scope import NOTHING, Scope, set_scope
from tests.makers.statistics import make_ledger, make_release

OCTOBER = date(2020, 10, 31)
SENTENCES = [
    sentence
    for section in bulletin_words()["sections"]
    for paragraph in section["paragraphs"]
    for sentence in paragraph
]


def told(values: dict[str, Decimal | None], language: str = "zh") -> str:
    sections = compose(to_on=OCTOBER, values=values, mixes={}, language=language)
    parts = [part for one in sections for paragraph in one.paragraphs for part in paragraph]
    return "".join(part.words if isinstance(part, Figure) else part for part in parts)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one["en"][:40])
def test_both_languages_tell_the_same_figures(sentence: dict[str, str]) -> None:
    assert figures_of(sentence["zh"]) == figures_of(sentence["en"])
    known = {*all_measures(), "last_day"}
    assert {name.split(" of ")[-1] for name in figures_of(sentence["zh"])} <= known


def test_every_figure_of_the_report_is_in_the_bulletin() -> None:
    named = {name for sentence in SENTENCES for name in figures_of(sentence["zh"])}
    assert {name for name, one in all_measures().items() if one.reported is not None} <= named


def test_a_sentence_without_its_figure_is_left_out_and_an_empty_section_with_it() -> None:
    values = {"transferred_persons": Decimal(5_260_000), "labour_income": Decimal(11_300_000_000_000)}
    assert told({**values, "income_per_person": None}) == ""
    assert "累计输转城乡劳动力526万人，创劳务收入1130亿元，人均2.15万元" in told(
        {**values, "income_per_person": Decimal(2_148_300)}
    ).replace(",", "")
    sections = compose(to_on=OCTOBER, values={"letters_sent": Decimal(15)}, mixes={}, language="en")
    assert [one.heading for one in sections] == ["1. Cooperation with other provinces"]


def test_nothing_is_said_of_what_did_not_happen() -> None:
    assert told({"trained_persons": Decimal(0), "nearby_persons": Decimal(12)}, "en") == (
        "12 persons worked in a workshop, in a public-welfare post or otherwise inside their home county."
    )


def test_the_evidence_is_said_in_whole_per_cents() -> None:
    mixes = {"labour_income": {"A": 0.18, "B": 0.37, "C": 0.31, "D": 0.14}}
    (section,) = compose(to_on=OCTOBER, values={}, mixes=mixes, language="en")
    figures = [part.words for part in section.paragraphs[0] if isinstance(part, Figure)]
    assert figures == ["55%", "31%", "14%"]
    assert measures_in([section]) == ["labour_income"]


@pytest.mark.parametrize(
    ("from_on", "to_on", "zh", "en"),
    [
        (date(2020, 10, 1), date(2020, 10, 31), "2020年10月", "October 2020"),
        (date(2020, 1, 1), date(2020, 2, 29), "2020年1—2月", "January to February 2020"),
        (
            date(2020, 1, 1),
            date(2020, 2, 28),
            "2020年1月1日至2020年2月28日",
            "1 January 2020 to 28 February 2020",
        ),
        (
            date(2019, 12, 1),
            date(2020, 1, 31),
            "2019年12月1日至2020年1月31日",
            "1 December 2019 to 31 January 2020",
        ),
    ],
)
def test_a_period_of_whole_months_is_named_by_them(from_on: date, to_on: date, zh: str, en: str) -> None:
    assert (period_words(from_on, to_on, "zh"), period_words(from_on, to_on, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("transferred_persons", 1, "1人", "1 person"),
        ("transferred_persons", 9_999, "9,999人", "9,999 persons"),
        ("transferred_registered_poor", 1_899_000, "189.9万人", "1.899 million persons"),
        ("labour_income", 11_300_000_000_000, "1,130亿元", "113 billion yuan"),
        ("organised_share", Decimal("0.7355"), "73.6%", "73.6%"),
        ("letters_sent", 15, "15个", "15 provinces"),
    ],
)
def test_a_number_is_said_as_its_reader_expects(name: str, value: int, zh: str, en: str) -> None:
    measure = all_measures()[name]
    assert sentence_of(measure, Decimal(value), "zh") == zh
    assert sentence_of(measure, Decimal(value), "en") == en


def test_what_the_press_reported_stands_beside_ours_and_is_named_so() -> None:
    values = {"transferred_persons": Decimal(18_227), "labour_income": None, "income_per_person": None}
    table = reported_table(Place(GANSU, "", values, frozenset({"labour_income"})), language="en")
    assert table.rows[0] == ["Persons transferred", "18,227 persons", "5.26 million persons"]
    assert [row[1] for row in table.rows[1:3]] == ["…", "–"]  # hidden is not the same as nothing
    assert "not counted here" in table.caption
    assert table.columns[2] == "As reported"


@pytest.mark.django_db
class TestPaper:
    @pytest.fixture(autouse=True)
    def _ledger(self) -> None:
        set_scope(Scope(territory=range_of(GANSU)))
        make_ledger(li=30, danchang=40, tianshui=30)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_same_release_prints_the_same_paper_without_any_scope(self, language: str) -> None:
        release = make_release()
        set_scope(NOTHING)
        paper = bulletin_paper(release=release, language=language)
        assert paper.startswith(b"%PDF")
        assert bulletin_paper(release=release, language=language) == paper

    def test_a_signature_after_midnight_is_of_the_new_day_in_china(self, client: Client) -> None:
        release = make_release()
        Release.objects.filter(pk=release.pk).update(signed_at=datetime(2020, 11, 15, 18, 30, tzinfo=UTC))
        page = client.get(f"/bulletin/{release.number}/", headers={"accept-language": "en"}).content.decode()
        assert "16 November 2020" in page
        assert "15 November 2020" not in page

    def test_nobody_prints_what_nobody_signed(self) -> None:
        with pytest.raises(NotSignedError):
            bulletin_paper(release=make_release(signed=False), language="zh")

    def test_its_table_has_every_prefecture_and_the_whole(self) -> None:
        make_release()
        figures = published()
        assert figures is not None
        made = bulletin(figures, language="zh")
        assert len(made.places.rows) == 15
        assert made.places.rows[-1][:2] == ["全省", "100"]
        assert made.title == "甘肃省2020年1—10月劳务输转情况通报"
        rows = {row[0]: row[1:] for row in made.places.rows}
        assert rows["陇南市"][0] == "70"
        assert rows["兰州市"] == ["0", "0", "0", "–", "–"]
        assert rows["陇南市"][1] == "…"  # two of them are poor
