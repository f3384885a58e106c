"""Deeds of the outbox: a message is put in, and handed on when nobody sleeps."""

from fourdoors.notices.services.outbox import AddressMissingError, put_in_outbox, send_due
from fourdoors.notices.services.spool import Spool

__all__ = ["AddressMissingError", "Spool", "put_in_outbox", "send_due"]
