"""Work away from home as it was (务工台账、稳岗): spells, income, follow-up, arrears."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func

from fourdoors.accounts.models import Officer
from fourdoors.partners.models import Broker, Employer
from fourdoors.placements.models import Placement
from fourdoors.register.models import Worker
from fourdoors.store.rows import PersonRow
from fourdoors.travel.models import Trip


class Spell(PersonRow):
    """A time of work away from the farm (一段务工). Spells of one worker never overlap."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)  # kernel.terms.Channel
    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, null=True, related_name="+")
    trip = models.ForeignKey(
        Trip, on_delete=models.PROTECT, null=True, related_name="+"
    )  # carried by this trip
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    employer_name = models.CharField(max_length=120, blank=True)
    broker = models.ForeignKey(Broker, on_delete=models.PROTECT, null=True, related_name="+")  # who led them
    organiser = models.CharField(max_length=80, blank=True)  # who led them, as a ledger words it
    shown_name = models.CharField(max_length=40, blank=True)  # for the employer; gone when the spell ends
    identity_tail = models.CharField(max_length=3, blank=True)
    post = models.CharField(max_length=60, blank=True)
    occupation = models.CharField(max_length=16, blank=True)
    industry = models.CharField(max_length=40, blank=True)
    place = models.BigIntegerField()  # 12-digit division of work
    left_on = models.DateField()
    arrived_on = models.DateField(null=True)
    ended_on = models.DateField(null=True, blank=True)  # first day no longer at work
    end_reason = models.CharField(max_length=24, blank=True)  # kernel.terms.EndReason
    contract_signed = models.BooleanField(null=True)  # None: nobody said
    insured = models.BooleanField(null=True)
    source = models.CharField(max_length=60)
    grade = models.CharField(max_length=1)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            ExclusionConstraint(
                name="spells_never_overlap",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    (
                        Func("left_on", "ended_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["village", "left_on"], name="spell_village"),
            models.Index(fields=["place"], name="spell_place"),
        ]

    def __str__(self) -> str:
        return f"spell {self.pk}"


class IncomeRecord(PersonRow):
    """Gross pay of one month of a spell (劳务收入), in fen, with its evidence."""

    spell = models.ForeignKey(Spell, on_delete=models.PROTECT, related_name="incomes")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    month = models.DateField()  # its first day
    fen = models.BigIntegerField()
    measured = models.BooleanField()  # false: months x monthly pay, said by somebody
    source = models.CharField(max_length=60)
    grade = models.CharField(max_length=1)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["spell", "month"], name="income_of_a_month"),
            models.CheckConstraint(condition=models.Q(fen__gte=0), name="income_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.month} of spell {self.spell_id}"


class IncomeRecordEvent(
    pghistory.create_event_model(  # type: ignore[misc]  # a class made at run time
        IncomeRecord,
        pghistory.UpdateEvent(row="OLD"),
        pghistory.DeleteEvent(),
        level=pghistory.Statement,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        obj_field=pghistory.ObjForeignKey(related_name="+"),
    )
):
    """What a month of pay was said to be, before better evidence came."""

    pgh_id = models.BigAutoField(primary_key=True)


class TravelCost(PersonRow):
    """What a worker paid for the way there or back (交通费), as the ticket says."""

    spell = models.ForeignKey(Spell, on_delete=models.PROTECT, related_name="travel_costs")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)  # employment.rules.TicketKind
    fen = models.BigIntegerField()
    travelled_on = models.DateField()
    source = models.CharField(max_length=60)
    grade = models.CharField(max_length=1)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["spell", "kind"], name="travel_cost_once"),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="travel_cost_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of spell {self.spell_id}"


class FollowUp(PersonRow):
    """A visit or call after 7, 30, 90 and 180 days (稳岗回访)."""

    spell = models.ForeignKey(Spell, on_delete=models.PROTECT, related_name="follow_ups")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    place = models.BigIntegerField()
    employer_name = models.CharField(max_length=120, blank=True)
    shown_name = models.CharField(max_length=40)  # for the station, which never reads the register
    phone_cipher = models.BinaryField(null=True)  # only if the worker agreed to be called
    day = models.PositiveSmallIntegerField()  # 7, 30, 90, 180
    due_on = models.DateField()
    closed_on = models.DateField(null=True)  # no longer due: the spell ended before
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    still_there = models.BooleanField(null=True)
    paid = models.BooleanField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["spell", "day"], name="follow_up_once"),
        ]
        indexes = [models.Index(fields=["place", "due_on"], name="follow_up_due")]

    def __str__(self) -> str:
        return f"day {self.day} of spell {self.spell_id}"


class ArrearsCase(PersonRow):
    """Wages owed (欠薪): reported, sent to the inspection of the work place, settled."""

    spell = models.ForeignKey(Spell, on_delete=models.PROTECT, related_name="arrears")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    place = models.BigIntegerField()
    fen_owed = models.BigIntegerField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()  # employment.rules.arrears_due_on
    fen_recovered = models.BigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(fen_owed__gt=0), name="arrears_positive"),
            models.CheckConstraint(
                condition=models.Q(fen_recovered__gte=0, fen_recovered__lte=models.F("fen_owed")),
                name="arrears_recovered_within_owed",
            ),
        ]

    def __str__(self) -> str:
        return f"arrears {self.pk}"
