"""A worker's own link: the secret is printed as a QR code, only its hash is kept."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.register.models import Worker, WorkerLink


@transaction.atomic
def make_worker_link(*, worker: Worker, at: datetime, by: Officer | None = None) -> str:
    """Return the secret of a new link to a worker's own pages; an older link ends.

    Args:
        worker: whose pages.
        at: the moment of the deed.
        by: the officer who prints the card.
    """
    WorkerLink.objects.filter(worker_id=worker.pk, ended_at=None).update(ended_at=at)
    secret = secrets.token_urlsafe(16)
    WorkerLink.objects.create(
        secret_hash=hash_of(secret), worker_id=worker.pk, village=worker.village, made_at=at
    )
    record_deed(officer=by, action="register.link_made", at=at, county=worker.county, object_id=worker.pk)
    return secret


def worker_by_link(secret: str) -> WorkerLink | None:
    """Return the link of a secret while it holds: the number and the home village of its worker.

    It is read before any scope is set; the page then sets the scope to that village.
    """
    return WorkerLink.objects.filter(secret_hash=hash_of(secret), ended_at=None).first()


def hash_of(secret: str) -> str:
    """Return the SHA-256 under which a secret is kept: 128 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
