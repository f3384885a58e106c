"""Policy rules, claims, notices and payments (补贴、奖补)."""

from django.db import models

from fourdoors.accounts.models import Officer
from fourdoors.employment.models import Spell
from fourdoors.partners.models import Broker
from fourdoors.register.models import Passbook, Worker
from fourdoors.store.rows import PersonRow


class Policy(models.Model):
    """One version of a dated rule, as its YAML was when it was loaded; claims pin it."""

    key = models.CharField(max_length=60)
    version = models.CharField(max_length=64)  # SHA-256 of the YAML
    yaml = models.TextField()
    division = models.BigIntegerField()  # where it is in force
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="policy_version")]

    def __str__(self) -> str:
        return self.key


class NoticePeriod(models.Model):
    """A public notice (公示) of claims, masked, with its days."""

    division = models.BigIntegerField()
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()  # last day on which an objection may be raised
    opened_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    masked = models.JSONField(default=list)  # the list as everybody may read it; emptied after the last day

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Claim(PersonRow):
    """What a rule gives one worker, or a broker for one worker, in one period: made from evidence held."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    policy_key = models.CharField(max_length=60)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    spell = models.ForeignKey(Spell, on_delete=models.PROTECT, null=True, related_name="+")
    broker = models.ForeignKey(Broker, on_delete=models.PROTECT, null=True, related_name="+")
    passbook = models.ForeignKey(Passbook, on_delete=models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=16)  # "2020", "2020-Q1", "once"
    fen = models.BigIntegerField()
    payer = models.CharField(max_length=60)
    trace = models.JSONField()  # every line of the computation, with the numbers
    evidence = models.JSONField(default=list)  # table and number of each record used, with its grade
    state = models.CharField(max_length=12)  # subsidies.rules.ClaimState
    notice = models.ForeignKey(NoticePeriod, on_delete=models.PROTECT, null=True, related_name="claims")
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    refusal = models.JSONField(default=dict)  # code and values where refused

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(fen__gte=0), name="claim_not_negative"),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("made_by")),
                name="claim_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["worker", "policy_key", "period"],
                condition=~models.Q(state="refused"),
                name="one_live_claim",
            ),
        ]
        indexes = [models.Index(fields=["county", "state"], name="claim_state")]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Objection(PersonRow):
    """What somebody said against a claim while it was on notice (异议), and the answer."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="objections")
    words = models.TextField()
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"objection to {self.claim_id}"


class PaymentBatch(models.Model):
    """A payment list (发放清册): made by one officer, released by another, then closed for good."""

    number = models.CharField(max_length=30, unique=True)
    division = models.BigIntegerField()
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)  # subsidies.rules.BatchState
    persons = models.PositiveIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    released_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    list_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_by=None) | ~models.Q(released_by=models.F("made_by")),
                name="batch_released_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Payment(PersonRow):
    """Money for one claim; the same person, rule and period can never be paid twice, in any county."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="+")
    policy_key = models.CharField(max_length=60)
    identity_hash = models.BinaryField(max_length=16)  # of the worker the claim is about
    period = models.CharField(max_length=16)
    fen = models.BigIntegerField()

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["identity_hash", "policy_key", "period"], name="never_paid_twice"
            ),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="payment_positive"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class PaymentAnswer(PersonRow):
    """What the bank said of one payment of a released list (回盘): paid, or returned with its reason."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="answer")
    result = models.CharField(max_length=10)  # kernel.terms.PaymentResult
    on = models.DateField(null=True)  # as the bank says
    words = models.CharField(max_length=120, blank=True)  # why it came back
    source = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.result}: payment {self.payment_id}"
