"""Deeds of placing: rounds, offers, answers, placements."""

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
    NobodyToMatchError,
    OwnRoundError,
    PlanFaultError,
    RoundNotReadyError,
    RoundTooLargeError,
    publish_round,
    run_round,
    set_aside_round,
)

__all__ = [
    "NoConsentError",
    "NobodyToMatchError",
    "OfferGoneError",
    "OwnRoundError",
    "PlacedAlreadyError",
    "PlanFaultError",
    "RoundNotReadyError",
    "RoundTooLargeError",
    "VacancyFullError",
    "accept_offer",
    "answer_as_employer",
    "close_placement",
    "decline_offer",
    "expire_offers",
    "publish_round",
    "record_export",
    "run_round",
    "set_aside_round",
    "withdraw_move",
]
