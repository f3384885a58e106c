"""Deeds of the register: every write to workers and households passes through here."""

from fourdoors.register.services.consents import (
    MoveNotNamedError,
    ProxyNamelessError,
    give_consent,
    withdraw_consent,
)
from fourdoors.register.services.keys import KeysInUseError, forget_old_keys, rotate_keys
from fourdoors.register.services.links import make_worker_link, worker_by_link
from fourdoors.register.services.loading import (
    load_certificates,
    load_consents,
    load_households,
    load_memberships,
    load_other_incomes,
    load_passbooks,
    load_skills,
    load_statuses,
    load_wishes,
    load_workers,
)
from fourdoors.register.services.merging import merge_roster
from fourdoors.register.services.people import (
    CertificateKnownError,
    StatusOverlapsError,
    UnderWorkingAgeError,
    WorkerElsewhereError,
    WorkerKnownError,
    add_certificate,
    look_at_worker,
    open_identity,
    record_export,
    record_passbook,
    record_status,
    record_wish,
    register_worker,
)

__all__ = [
    "CertificateKnownError",
    "KeysInUseError",
    "MoveNotNamedError",
    "ProxyNamelessError",
    "StatusOverlapsError",
    "UnderWorkingAgeError",
    "WorkerElsewhereError",
    "WorkerKnownError",
    "add_certificate",
    "forget_old_keys",
    "give_consent",
    "load_certificates",
    "load_consents",
    "load_households",
    "load_memberships",
    "load_other_incomes",
    "load_passbooks",
    "load_skills",
    "load_statuses",
    "load_wishes",
    "load_workers",
    "look_at_worker",
    "make_worker_link",
    "merge_roster",
    "open_identity",
    "record_export",
    "record_passbook",
    "record_status",
    "record_wish",
    "register_worker",
    "rotate_keys",
    "withdraw_consent",
    "worker_by_link",
]
