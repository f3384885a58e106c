"""People who were registered twice, with the slips of real rosters, for the search for duplicates."""

import datetime

import numpy as np
from numpy.random import Generator

from fourdoors.console.demo.people import GIVEN_FEMALE, GIVEN_MALE
from fourdoors.console.demo.province import County
from fourdoors.kernel.divisions import divisions_in
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.names import pinyin_of
from fourdoors.kernel.terms import Sex
from fourdoors.register.rules import WorkerRow
from fourdoors.register.selectors import numbers_of
from fourdoors.register.services import load_workers

# Shares of each slip among records that were written twice; invented, several may fall together.
SOUND_SHARE, LETTER_SHARE, BIRTH_SHARE, VILLAGE_SHARE = 0.15, 0.10, 0.15, 0.10
PHONE_MISSING_SHARE, PHONE_OTHER_SHARE = 0.30, 0.15
_FIRST_SEQUENCE, _SEQUENCES = 2_650_000, 5_000_000  # first records stay below, see ``County.identity``
_SECOND_PHONE = 50_000_000
_SOUND_ALIKE = GIVEN_FEMALE + GIVEN_MALE + "晓筱岚蓝瑛颖军俊君伟玮"


def register_twice(*, county: County, share: float, seed: int, at: datetime.datetime) -> int:
    """Register a share of a county's workers a second time, with slips and another identity number.

    The source of each second record names the first one: ``demonstration:NUMBER``.

    Returns:
        How many there are.
    """
    draw = np.random.default_rng((seed, county.code, 2))
    chosen = draw.permutation(len(county.names))[: round(share * len(county.names))]
    places = [  # of two neighbours, who share an order number, one at most
        place for place in sorted(chosen.tolist())
        if (county.first + place) % 2 == 0 and (county.first + place) // 2 + _FIRST_SEQUENCE < _SEQUENCES
    ]  # fmt: skip
    numbers = numbers_of([county.identity(place) for place in places])
    rows = [_again(draw, county, place, numbers[county.identity(place)]) for place in places]
    return len(load_workers(rows, at=at))


def _again(draw: Generator, county: County, place: int, number: int) -> WorkerRow:
    sex, born_on = county.sexes[place], _birth(draw, county.births[place])
    sequence = (county.first + place) // 2 + _FIRST_SEQUENCE
    return WorkerRow(
        village=_village(draw, int(county.villages[county.household[place]])),
        identity=invented_identity(sequence=sequence, born_on=born_on, sex=sex),
        name=_name(draw, county.names[place], sex),
        sex=sex.value,
        born_on=born_on,
        education=county.educations[place],
        labour_capacity=county.capacities[place],
        phone=_phone(draw, county.first + place),
        source=f"demonstration:{number}",
        grade=Grade.D.value,
    )


def _village(draw: Generator, village: int) -> int:
    if draw.random() >= VILLAGE_SHARE:
        return village
    beside = divisions_in(village // 1_000 * 1_000)
    return beside[int(draw.integers(len(beside)))].code


def _name(draw: Generator, name: str, sex: Sex) -> str:
    letters = GIVEN_FEMALE if sex is Sex.FEMALE else GIVEN_MALE
    place = int(draw.integers(1, len(name)))
    slip = draw.random()
    if slip < SOUND_SHARE:
        alike = [
            sign for sign in _SOUND_ALIKE
            if sign != name[place] and pinyin_of(sign) == pinyin_of(name[place])
        ]  # fmt: skip
        return name[:place] + alike[int(draw.integers(len(alike)))] + name[place + 1 :] if alike else name
    if slip < SOUND_SHARE + LETTER_SHARE and len(name) == 3:
        return name[:place] + letters[int(draw.integers(len(letters)))] + name[place + 1 :]
    return name


def _birth(draw: Generator, born_on: datetime.date) -> datetime.date:
    if draw.random() >= BIRTH_SHARE:
        return born_on
    kind = int(draw.integers(3))
    if kind == 0:
        return born_on.replace(day=int(draw.integers(1, 29)))
    if kind == 1:
        return born_on.replace(month=int(draw.integers(1, 13)), day=min(born_on.day, 28))
    return born_on.replace(year=born_on.year - int(draw.integers(1, 10)), day=min(born_on.day, 28))


def _phone(draw: Generator, person: int) -> str:
    slip = draw.random()
    if slip < PHONE_MISSING_SHARE:
        return ""
    other = slip < PHONE_MISSING_SHARE + PHONE_OTHER_SHARE
    return invented_phone(person + _SECOND_PHONE if other else person)
