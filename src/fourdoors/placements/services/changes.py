"""A round compared with the one before it: who is new, who changed, who is gone, and why."""

from collections.abc import Iterator
from typing import Any

from fourdoors.engines.matching.problem import UNPLACED
from fourdoors.kernel.divisions import county_of
from fourdoors.placements.models import Change, Offer, Placement, Round, Unplaced
from fourdoors.placements.rules import (
    Before,
    ChangeKind,
    ChangeWhy,
    OfferState,
    RoundState,
    change_of,
)
from fourdoors.placements.services.planning import Draft
from fourdoors.placements.services.problems import Rows
from fourdoors.register.models import Consent, Wish, Worker
from fourdoors.register.rules import Purpose
from fourdoors.store.copying import copy_rows


def round_before(found: Round) -> Round | None:
    """Return the last round of the same division that had a plan, published or not."""
    earlier = Round.objects.filter(
        division=found.division, state__in=[RoundState.PUBLISHED, RoundState.SET_ASIDE], pk__lt=found.pk
    )
    return earlier.order_by("-pk").first()


def keep_changes(found: Round, rows: Rows, draft: Draft) -> dict[str, Any]:
    """Write what became of everybody since the round before; return how many, by kind, for the report.

    A fixed number of queries, whatever the number of people; who has the same vacancy as before is counted
    and not written.
    """
    before = round_before(found)
    if before is None:
        return {}
    columns = ("round_id", "worker_id", "kind", "why", "was_id", "now_id", "village", "county")
    changes = [*_here(found, before, rows, draft), *_gone(found, before, rows)]
    copy_rows(table=Change._meta.db_table, columns=columns, rows=changes)
    counted: dict[str, int] = {kind.value: 0 for kind in ChangeKind}
    for change in changes:
        counted[change[2]] += 1
    same = len(rows.workers) - sum(counted.values()) + counted[ChangeKind.GONE]
    return {"round": before.pk, "same": same, **counted}


def _here(found: Round, before: Round, rows: Rows, draft: Draft) -> Iterator[tuple[Any, ...]]:
    had = dict(Offer.objects.filter(round=before).values_list("worker", "vacancy"))
    nothing = set(Unplaced.objects.filter(round=before).values_list("worker", flat=True))
    said_no = set(
        Offer.objects.filter(round=before, state__in=[OfferState.DECLINED, OfferState.NOT_TAKEN]).values_list(
            "worker", flat=True
        )
    )
    look = _Look(before, rows, draft)
    for row, person in enumerate(rows.workers):
        now = look.vacancy_of(row)
        if person.pk not in had and person.pk not in nothing:
            said: Any = (ChangeKind.NEW, ChangeWhy.NEWCOMER)
        else:
            was = had.get(person.pk)
            said = change_of(look.at(row, was=was, now=now, said_no=person.pk in said_no))
        if said:
            kind, why = said
            yield (
                found.pk,
                person.pk,
                kind.value,
                why.value,
                had.get(person.pk),
                now,
                person.village,
                person.county,
            )


class _Look:
    """What each comparison looks at, read once."""

    def __init__(self, before: Round, rows: Rows, draft: Draft) -> None:
        self._before, self._rows, self._draft = before, rows, draft
        self._lines = {vacancy.pk: line for line, vacancy in enumerate(rows.vacancies)}
        self._held = {(rows.workers[worker].pk, rows.vacancies[line].pk) for worker, line in draft.held}
        chosen = draft.answer.assignment
        taken = [0] * len(rows.vacancies)
        for line in chosen[chosen != UNPLACED].tolist():
            taken[line] += 1
        openings = rows.problem.vacancies.openings.tolist()
        self._full = {
            v.pk for v, used, free in zip(rows.vacancies, taken, openings, strict=True) if used >= free
        }

    def vacancy_of(self, row: int) -> int | None:
        line = int(self._draft.answer.assignment[row])
        return None if line == UNPLACED else self._rows.vacancies[line].pk

    def at(self, row: int, *, was: int | None, now: int | None, said_no: bool) -> Before:
        person, run_at = self._rows.workers[row], self._before.run_at
        pairs = {(person.pk, was), (person.pk, now)}
        verified_at = self._rows.vacancies[self._lines[now]].verified_at if now else None
        return Before(
            was=was,
            now=now,
            overridden=bool(pairs & self._held or pairs & self._rows.kept_apart),
            said_no=said_no,
            wish_changed=person.wished_at > run_at,
            still_open=was in self._lines,
            is_new=verified_at is not None and verified_at > run_at,
            is_full=was in self._full,
        )


def _gone(found: Round, before: Round, rows: Rows) -> Iterator[tuple[Any, ...]]:
    here = {person.pk for person in rows.workers}
    county = county_of(found.division)
    had: dict[int, tuple[int | None, int]] = {worker: (vacancy, village) for worker, vacancy, village in
           Offer.objects.filter(round=before).values_list("worker", "vacancy", "village")}  # fmt: skip
    had |= {worker: (None, village) for worker, village in
            Unplaced.objects.filter(round=before).values_list("worker", "village")}  # fmt: skip
    placed = set(Placement.objects.filter(county=county, closed_on=None).values_list("worker", flat=True))
    waits = Offer.objects.filter(county=county, state__in=[OfferState.MADE, OfferState.ACCEPTED])
    waiting = set(waits.values_list("worker", flat=True))
    agreed = Consent.objects.filter(county=county, purpose=Purpose.MATCHING, withdrawn_at=None)
    willing = set(agreed.values_list("worker", flat=True))
    stays = _who_stays(county)
    merged = set(Worker.objects.filter(county=county).exclude(merged_into=None).values_list("pk", flat=True))
    for worker, (vacancy, village) in had.items():
        if worker in here:
            continue
        why = (
            ChangeWhy.ELSEWHERE if worker in merged
            else ChangeWhy.PLACED if worker in placed
            else ChangeWhy.WAITING if worker in waiting
            else ChangeWhy.WITHDRAWN if worker not in willing
            else ChangeWhy.STAYS if worker in stays
            else ChangeWhy.ELSEWHERE
        )  # fmt: skip
        yield found.pk, worker, ChangeKind.GONE.value, why.value, vacancy, None, village, village // 10**6


def _who_stays(county: int) -> set[int]:
    newest = Wish.objects.filter(county=county).order_by("worker", "-collected_at", "-pk").distinct("worker")
    return set(
        Wish.objects.filter(pk__in=newest.values("pk"), wants_to_go=False).values_list("worker", flat=True)
    )
