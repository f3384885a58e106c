"""Every measure says what it is in both languages; releases are frozen, signed, and only grow."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.statistics.models import Figure, Release
from fourdoors.statistics.rules import MeasureKind, all_measures, read_measure
from fourdoors.statistics.services import (
    AlreadySignedError,
    EmptyPeriodError,
    OwnReleaseError,
    PeriodAheadError,
    ReleaseNumberTakenError,
    count_figures,
    freeze_release,
    hash_again,
    sign_release,
)
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer

FIRST, LAST = date(2020, 1, 1), date(2020, 10, 31)
NOON = datetime(2020, 11, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize("name", list(all_measures()))
def test_a_measure_says_what_it_is_in_both_languages(name: str) -> None:
    measure = all_measures()[name]
    for words in (measure.title, measure.unit, measure.definition, measure.source):
        assert words.zh
        assert words.en


def test_the_report_is_covered() -> None:
    reported = {name for name, measure in all_measures().items() if measure.reported is not None}
    assert len(reported) == 16


def test_a_ratio_with_a_query_is_refused() -> None:
    head = "\n".join(
        f"-- {line}"
        for line in (
            "kind: ratio",
            'title: {zh: "甲", en: "a"}',
            'unit: {zh: "%", en: "%"}',
            'definition: {zh: "甲", en: "a"}',
            'source: {zh: "甲", en: "a"}',
            "parts: [a, b]",
        )
    )
    assert read_measure("x", head).kind is MeasureKind.RATIO
    with pytest.raises(ValueError, match="two measures"):
        read_measure("x", f"{head}\nSELECT 1")


@pytest.mark.django_db
class TestReleases:
    @pytest.fixture(autouse=True)
    def province(self) -> None:
        set_scope(Scope(territory=range_of(GANSU)))

    def freeze(self, number: str = "2020-10") -> Release:
        return freeze_release(
            number=number, from_on=FIRST, to_on=LAST, by=make_officer(username="a"), at=NOON
        )

    def test_an_empty_ledger_counts_to_nothing(self) -> None:
        assert count_figures(from_on=FIRST, to_on=LAST, at=NOON) == 0

    def test_a_period_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(EmptyPeriodError):
            count_figures(from_on=LAST, to_on=FIRST, at=NOON)

    def test_what_is_still_to_come_is_not_frozen(self) -> None:
        """The last day may be today in China, and no later."""
        by, midnight = make_officer(username="a"), datetime(2020, 10, 30, 16, tzinfo=UTC)
        with pytest.raises(PeriodAheadError):
            freeze_release(
                number="2020-10", from_on=FIRST, to_on=LAST, by=by, at=midnight - timedelta(seconds=1)
            )
        assert not Release.objects.exists()
        freeze_release(number="2020-10", from_on=FIRST, to_on=LAST, by=by, at=midnight)

    def test_the_same_ledger_gives_the_same_hash(self) -> None:
        release = self.freeze()
        assert len(release.hash) == 64
        assert hash_again(release=release) == release.hash

    def test_a_number_is_used_once(self) -> None:
        self.freeze()
        with pytest.raises(ReleaseNumberTakenError):
            self.freeze()
        assert Release.objects.count() == 1

    def test_another_officer_signs_and_once(self) -> None:
        release = self.freeze()
        with pytest.raises(OwnReleaseError):
            sign_release(release=release, by=make_officer(username="a"), at=NOON)
        second = make_officer(username="b")
        assert sign_release(release=release, by=second, at=NOON).signed_by == second
        with pytest.raises(AlreadySignedError):
            sign_release(release=release, by=second, at=NOON)

    def test_figures_of_a_release_only_grow(self) -> None:
        self.freeze()
        with pytest.raises(Exception, match="permission denied"):
            Figure.objects.all().update(value=1)
