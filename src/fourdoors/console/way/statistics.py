"""Step 9: count, freeze, sign, and write the bulletin."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from fourdoors.console.demo.work import COUNTED_TO
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.kernel.divisions import GANSU
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import HouseholdStatusKind
from fourdoors.register.rules import OtherIncomeRow, StatusRow
from fourdoors.register.services import load_other_incomes, load_statuses
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import live_values
from fourdoors.statistics.services import (
    bulletin_paper,
    count_figures,
    freeze_release,
    hash_again,
    sign_release,
)

FROM_ON = date(2020, 1, 1)
LIFTED_ON = date(2020, 1, 1)
LIFTED_SHARE = 0.92  # invented; the report gives 1.345 million households
FARM_FEN = (300_000, 2_600_000)  # a year of a household's other income, invented: 3,000 to 26,000 yuan
NUMBER = "2020-10"


def count(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Count every measure, freeze them under a hash, sign, print the bulletin in both languages."""
    lifted = _lift_out(journey)
    bar.expect(2 * len(all_measures()) + 5)
    cells = count_figures(from_on=FROM_ON, to_on=COUNTED_TO, at=at(date(2020, 11, 1)), tick=bar.advance)
    release = freeze_release(
        number=NUMBER,
        from_on=FROM_ON,
        to_on=COUNTED_TO,
        by=journey.officers["province"],
        at=at(date(2020, 11, 2)),
        invented=True,
        tick=bar.advance,
    )
    release = sign_release(release=release, by=journey.officers["province2"], at=at(date(2020, 11, 2), 8))
    must(hash_again(release=release) == release.hash, "the release does not hash to itself")
    for language in ("zh-hans", "en"):
        paper = bulletin_paper(release=release, language=language)
        (journey.papers / f"bulletin-{NUMBER}-{language}.pdf").write_bytes(paper)
        must(paper.startswith(b"%PDF"), "the bulletin is no PDF")
    journey.release_hash = release.hash
    values = live_values(measures=list(all_measures()), division=GANSU)
    shown = {name: round(float(value.value), 3) for name, value in values.items() if value.value is not None}
    must(shown["transferred_persons"] > journey.workers / 2, f"too few were counted: {shown}")
    return {
        "lifted_out": lifted,
        "cells": cells,
        "measures": len(shown),
        "evidence": {grade: round(share, 3) for grade, share in values["labour_income"].mix.items()},
        "figures": shown,
    }


def _lift_out(journey: Journey) -> int:
    """Lift most registered poor households out, and enter what they earn beside work away from home."""
    draw = np.random.default_rng(journey.seed + 11)
    lifted = [home for home in journey.homes if home.registered_poor and draw.random() < LIFTED_SHARE]
    load_statuses(
        StatusRow(
            home.village,
            journey.household_numbers[home.number],
            HouseholdStatusKind.LIFTED_OUT,
            LIFTED_ON,
            source="demonstration",
            grade=Grade.B,
        )
        for home in lifted
    )
    load_other_incomes(
        OtherIncomeRow(
            home.village,
            journey.household_numbers[home.number],
            COUNTED_TO.year,
            int(draw.integers(*FARM_FEN)),
            source="demonstration",
        )
        for home in lifted
    )
    return len(lifted)
