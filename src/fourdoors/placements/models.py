"""Who is matched to which vacancy (匹配、对接、输转)."""

from django.db import models

from fourdoors.accounts.models import Officer
from fourdoors.partners.models import Employer
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Consent, Worker
from fourdoors.store.rows import PersonRow


class Round(models.Model):
    """One run of the matching engine over a division (匹配批次), frozen with its hash."""

    division = models.BigIntegerField()
    starts_on = models.DateField()  # first day of work that the round plans for
    policy = models.JSONField(default=dict)  # weights and tiers, printed beside the result
    engine = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    state = models.CharField(max_length=12)  # placements.rules.RoundState
    workers = models.PositiveIntegerField(default=0)
    vacancies = models.PositiveIntegerField(default=0)
    openings = models.PositiveIntegerField(default=0)
    offered = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(null=True)  # points
    bound = models.BigIntegerField(null=True)  # no plan can have more points
    answer_hash = models.CharField(max_length=64, blank=True)
    report = models.JSONField(default=dict)  # fairness, unfilled vacancies, verification
    run_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    run_at = models.DateTimeField()
    published_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    # how the queue stands; these three moments are the machine's own, whatever day a demonstration plays on
    phase = models.CharField(max_length=12, blank=True)  # placements.rules.Phase
    phase_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker began it
    seconds = models.JSONField(default=dict)  # phase -> how long it took
    question = models.JSONField(default=dict)  # a what-if: placements.rules.Question; empty for a real round
    failure = models.JSONField(default=dict)  # code and values of the refusal; no code: the program failed

    def __str__(self) -> str:
        return f"round {self.pk}"


class Offer(PersonRow):
    """A vacancy offered to a worker (推荐岗位), its terms and reasons kept. Declining has no effect."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="offers")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    place = models.BigIntegerField(null=True)  # of work
    shown_name = models.CharField(max_length=40)  # for the employer, who never reads the register
    identity_tail = models.CharField(max_length=3)
    terms = models.JSONField()  # wage, board, lodging, hours, start as offered
    points = models.IntegerField()
    reasons = models.JSONField()  # at most four facts: term, points, values
    state = models.CharField(max_length=12)  # placements.rules.OfferState
    expires_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_how = models.CharField(max_length=12, blank=True)
    decline_words = models.CharField(max_length=200, blank=True)  # only if the worker wishes to say
    employer_answered_at = models.DateTimeField(null=True)
    employer_said_yes = models.BooleanField(null=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="+"
    )  # its place

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["round", "worker"], name="one_offer_a_round"),
        ]
        indexes = [
            models.Index(fields=["worker", "state"], name="offer_worker"),
            models.Index(fields=["employer", "state"], name="offer_employer"),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class Unplaced(PersonRow):
    """A worker for whom a round found nothing, with the rules that cost most."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="unplaced")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["round", "worker"], name="unplaced_once"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} in round {self.round_id}"


class Line(models.Model):
    """One vacancy of a round: what was free, what was offered, what one more opening would be worth."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="lines")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    openings = models.PositiveIntegerField()  # free to this round
    offered = models.PositiveIntegerField()
    tier = models.CharField(max_length=20, blank=True)  # of the person one more opening would place
    points = models.IntegerField()  # that it would add besides

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "vacancy"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.vacancy_id} in round {self.round_id}"


class Change(PersonRow):
    """What became of a person since the round before of the same division, and why."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="changes")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # placements.rules.ChangeKind
    why = models.CharField(max_length=12)  # placements.rules.ChangeWhy
    was = models.ForeignKey(Vacancy, on_delete=models.PROTECT, null=True, related_name="+")
    now = models.ForeignKey(Vacancy, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["round", "worker"], name="change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} in round {self.round_id}: {self.kind}"


class Override(PersonRow):
    """What an officer said of one pair (人工干预), for every round until it is undone; of nothing else."""

    kind = models.CharField(max_length=8)  # placements.rules.OverrideKind
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    agreed_how = models.CharField(
        max_length=12, blank=True
    )  # register.rules.HowGiven: the worker's yes to a lock
    proxy_name = models.CharField(max_length=40, blank=True)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["worker"], condition=models.Q(undone_at=None, kind="lock"), name="worker_has_one_lock"
            ),
            models.UniqueConstraint(
                fields=["worker", "vacancy"], condition=models.Q(undone_at=None), name="pair_overridden_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.worker_id} - {self.vacancy_id}"


class Placement(PersonRow):
    """One worker in one vacancy (输转), from the agreement of all three sides to the end of the move."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="+")
    consent = models.OneToOneField(
        Consent, on_delete=models.PROTECT, related_name="+"
    )  # the yes to this very move
    place = models.BigIntegerField(null=True)  # of work
    shown_name = models.CharField(max_length=40)
    identity_tail = models.CharField(max_length=3)
    starts_on = models.DateField()
    wage_low_yuan = models.PositiveIntegerField()  # a month before tax, as agreed
    wage_high_yuan = models.PositiveIntegerField()
    certificate_needed = models.CharField(max_length=16, blank=True)  # CSCO code: waits for training
    placed_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=16, blank=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["worker"], condition=models.Q(closed_on=None), name="worker_has_one_open_placement"
            ),
        ]
        indexes = [models.Index(fields=["employer", "starts_on"], name="placement_employer")]

    def __str__(self) -> str:
        return f"placement {self.pk}"
