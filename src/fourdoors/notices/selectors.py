"""Reads of the outbox."""

from django.db.models import QuerySet

from fourdoors.notices.models import Notice


def notices_of(worker_id: int) -> QuerySet[Notice]:
    """Return what was said to one worker, the newest first."""
    return Notice.objects.filter(worker_id=worker_id).order_by("-made_at", "-pk")
