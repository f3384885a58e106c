"""Vacancies, what they ask for, fairs and campaigns (岗位、线上线下招聘)."""

from django.db import models

from fourdoors.accounts.models import Officer
from fourdoors.partners.models import Agreement, Employer
from fourdoors.register.models import Worker
from fourdoors.store.rows import PersonRow


class Vacancy(models.Model):
    """A post with openings (岗位、招聘人数), alive until it expires or is filled."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=120)
    occupation = models.CharField(max_length=16, blank=True)  # code in the system named next
    occupation_system = models.CharField(max_length=8, default="CSCO")  # CSCO, SOC
    openings = models.PositiveIntegerField()
    wage_low_yuan = models.PositiveIntegerField()  # a month before tax
    wage_high_yuan = models.PositiveIntegerField()
    pay_basis = models.CharField(max_length=12)  # recruitment.rules.PayBasis: monthly, hourly, piece, daily
    wage_given = models.JSONField(
        default=dict
    )  # as the source gave it: amount, currency, unit, rate, its date
    hours_per_week = models.FloatField(null=True)
    board = models.BooleanField(default=False)  # 包吃
    lodging = models.BooleanField(default=False)  # 包住
    insurance = models.CharField(max_length=60, blank=True)
    duties = models.TextField(blank=True)
    country = models.CharField(max_length=2, default="CN")
    place = models.BigIntegerField(null=True)  # 12-digit division; none outside China
    place_words = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    report_words = models.CharField(max_length=120, blank=True)  # 报到方式
    source = models.CharField(max_length=40)  # recruitment.rules.Source or the name of a mapping
    source_row = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField()  # the employer last said that it is still open
    expires_on = models.DateField()  # first day on which it is no longer shown unless confirmed anew
    verified_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    filled_at = models.DateTimeField(null=True)  # every opening is taken
    withdrawn_at = models.DateTimeField(null=True)
    invented = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["country", "expires_on"], name="vacancy_alive"),
            models.Index(fields=["occupation"], name="vacancy_occupation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_row"],
                condition=~models.Q(source_row=""),
                name="vacancy_source_once",
            ),
            models.CheckConstraint(
                condition=models.Q(wage_low_yuan__lte=models.F("wage_high_yuan")), name="vacancy_wage_order"
            ),
            models.CheckConstraint(condition=models.Q(openings__gte=1), name="vacancy_has_openings"),
        ]

    def __str__(self) -> str:
        return self.title


class Requirement(models.Model):
    """What a vacancy asks of a person; sex and age only with the article that allows it."""

    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=16)  # recruitment.rules.RequirementKind
    value = models.CharField(max_length=60)
    legal_basis = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["sex", "age_min", "age_max"]) | ~models.Q(legal_basis=""),
                name="requirement_has_legal_basis",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Campaign(models.Model):
    """A campaign over weeks (春风行动)."""

    name = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=80)
    from_on = models.DateField()
    to_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """A job fair, on line or off (招聘会), at a place and a day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="events")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)  # recruitment.rules.EventKind: fair, online, livestream
    on = models.DateField()
    division = models.BigIntegerField()
    place_words = models.CharField(max_length=160, blank=True)
    vacancies = models.ManyToManyField(Vacancy, related_name="+")
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Visit(PersonRow):
    """A worker at a fair: signed in, and what came of it."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="visits")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    signed_in_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True)  # recruitment.rules.VisitOutcome
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["event", "worker"], name="visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} at {self.event_id}"


class Application(PersonRow):
    """Somebody wants a vacancy (报名): a worker, or a name and phone left on the village page."""

    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=40, blank=True)
    phone_hash = models.BinaryField(max_length=16, null=True)
    phone_cipher = models.BinaryField(null=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    channel = models.CharField(
        max_length=12
    )  # recruitment.rules.ApplicationChannel: poster, fair, proxy, self
    applied_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True)  # recruitment.rules.Answer
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        indexes = [
            models.Index(fields=["vacancy", "village"], name="application_vacancy"),
            models.Index(fields=["village", "applied_at"], name="application_village"),
        ]
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["vacancy", "worker"],
                condition=models.Q(withdrawn_at=None),
                name="application_of_a_worker_once",
            ),
            models.UniqueConstraint(
                fields=["vacancy", "village", "phone_hash"],
                condition=models.Q(withdrawn_at=None),
                name="application_of_a_phone_once",
            ),
            models.CheckConstraint(
                condition=models.Q(worker=None) | models.Q(phone_hash=None), name="application_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"application for {self.vacancy_id}"
