"""What the tests of the pages of rounds, offers and placements share."""

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import GANSU
from fourdoors.placements.models import Offer
from fourdoors.register.models import Wish
from tests.makers.accounts import DANGCHANG, LI_VILLAGE, make_officer
from tests.makers.placements import (
    make_round,
    make_willing_worker,
)
from tests.makers.recruitment import make_vacancy


def stranger() -> Officer:
    return make_officer(username="dang", division=DANGCHANG)


def township() -> Officer:
    return make_officer(username="town", duty=Duty.TOWNSHIP, division=LI_VILLAGE // 1000 * 1000)


def auditor() -> Officer:
    return make_officer(username="audit", duty=Duty.AUDITOR, division=GANSU)


def an_offer(*, publish: bool = True) -> Offer:
    worker = make_willing_worker()
    Wish.objects.filter(worker=worker).update(wage_floor_yuan=3300)
    make_vacancy()
    make_round(publish=publish)
    return Offer.objects.get()
