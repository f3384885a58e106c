"""Deeds of placing: rounds, offers, answers, placements."""

from fourdoors.placements.services.asking import (
    NobodyToMatchError,
    PlanFaultError,
    RoundCancelledError,
    RoundOverError,
    RoundStuckError,
    RoundTooLargeError,
    RoundUnderWayError,
    ask_for_round,
    cancel_round,
    fail_round,
)
from fourdoors.placements.services.offers import (
    NoConsentError,
    OfferGoneError,
    PlacedAlreadyError,
    VacancyFullError,
    accept_offer,
    answer_as_employer,
    close_placement,
    decline_offer,
    expire_offers,
    record_export,
    withdraw_move,
)
from fourdoors.placements.services.rounds import (
    OwnRoundError,
    RoundNotReadyError,
    publish_round,
    set_aside_round,
)
from fourdoors.placements.services.working import run_round, work_round

__all__ = [
    "NoConsentError",
    "NobodyToMatchError",
    "OfferGoneError",
    "OwnRoundError",
    "PlacedAlreadyError",
    "PlanFaultError",
    "RoundCancelledError",
    "RoundNotReadyError",
    "RoundOverError",
    "RoundStuckError",
    "RoundTooLargeError",
    "RoundUnderWayError",
    "VacancyFullError",
    "accept_offer",
    "answer_as_employer",
    "ask_for_round",
    "cancel_round",
    "close_placement",
    "decline_offer",
    "expire_offers",
    "fail_round",
    "publish_round",
    "record_export",
    "run_round",
    "set_aside_round",
    "withdraw_move",
    "work_round",
]
