"""In review: one officer has a checked file before them, and no other decides on it meanwhile."""

from datetime import datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.intake.models import Import
from fourdoors.intake.rules import State, may_become
from fourdoors.intake.services.sealed import NotNowError
from fourdoors.kernel.errors import RuleError


class InReviewError(RuleError):
    """Another officer has this import in review."""

    code: ClassVar[str] = "in_review"


@transaction.atomic
def open_review(*, import_id: int, at: datetime, by: Officer) -> Import:
    """Take a checked import into review: until it is given back, only this officer mends and decides it.

    Raises:
        NotNowError: it is not checked, or decided.
        InReviewError: another officer has it.
    """
    batch = Import.objects.select_for_update(of=("self",)).select_related("reviewed_by").get(pk=import_id)
    refuse_held(batch, by)
    if not may_become(State(batch.state), State.IN_REVIEW):
        raise NotNowError(state=batch.state)
    take_into_review(batch, at=at, by=by)
    return batch


def take_into_review(batch: Import, *, at: datetime, by: Officer) -> None:
    """Write down who has a locked import in review; who has it already goes on."""
    if batch.reviewed_by_id == by.pk:
        return
    batch.state, batch.reviewed_by, batch.reviewed_at = State.IN_REVIEW.value, by, at
    batch.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    _record(batch, "intake.review_opened", at, by)


@transaction.atomic
def close_review(*, import_id: int, at: datetime, by: Officer) -> Import:
    """Give an import back undecided; any officer who may decide may do it for one who has gone home.

    Raises:
        NotNowError: nobody has it in review, or it is being worked on or decided.
    """
    batch = Import.objects.select_for_update().get(pk=import_id)
    if batch.reviewed_by_id is None or batch.state not in (State.IN_REVIEW, State.FAILED):
        raise NotNowError(state=batch.state)
    if batch.state == State.IN_REVIEW:
        batch.state = State.CHECKED.value
    batch.reviewed_by = batch.reviewed_at = None
    batch.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    _record(batch, "intake.review_closed", at, by)
    return batch


def refuse_held(batch: Import, by: Officer | None) -> None:
    """Refuse an officer while another has the import in review; the command line decides all the same.

    Raises:
        InReviewError: it is in another's review.
    """
    if by is not None and batch.reviewed_by_id not in (None, by.pk):
        raise InReviewError(officer=str(batch.reviewed_by))


def _record(batch: Import, action: str, at: datetime, by: Officer) -> None:
    record_deed(officer=by, action=action, at=at, county=chain_of(batch.division), object_id=batch.pk)
