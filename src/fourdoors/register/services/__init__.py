"""Deeds of the register: every write to workers and households passes through here."""

from fourdoors.register.services.consents import (
    MoveNotNamedError,
    ProxyNamelessError,
    give_consent,
    withdraw_consent,
)
from fourdoors.register.services.loading import (
    load_certificates,
    load_consents,
    load_households,
    load_memberships,
    load_passbooks,
    load_skills,
    load_statuses,
    load_wishes,
    load_workers,
)

__all__ = [
    "MoveNotNamedError",
    "ProxyNamelessError",
    "give_consent",
    "load_certificates",
    "load_consents",
    "load_households",
    "load_memberships",
    "load_passbooks",
    "load_skills",
    "load_statuses",
    "load_wishes",
    "load_workers",
    "withdraw_consent",
]
