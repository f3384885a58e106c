"""Trips, seats, passes and the four doors (点对点、四门)."""

from django.db import models

from fourdoors.accounts.models import Officer
from fourdoors.partners.models import Employer
from fourdoors.placements.models import Placement
from fourdoors.register.models import Consent, Worker
from fourdoors.store.rows import PersonRow
from fourdoors.travel.rules import PASSING


class Carrier(models.Model):
    """A carrier (承运企业)."""

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)

    def __str__(self) -> str:
        return self.name


class Vehicle(models.Model):
    """A coach (客车) and its seats."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="vehicles")
    plate = models.CharField(max_length=12, unique=True)
    seats = models.PositiveSmallIntegerField()  # 核载, without drivers

    def __str__(self) -> str:
        return self.plate


class Driver(models.Model):
    """A driver, as the charter filing names one."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="drivers")
    name = models.CharField(max_length=40)
    licence_tail = models.CharField(max_length=4)

    def __str__(self) -> str:
        return self.name


class Trip(models.Model):
    """One coach with people of one employer and day, from their villages to one factory (趟次)."""

    number = models.CharField(max_length=30, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    home = models.BigIntegerField()  # 12-digit county that sends
    place = models.BigIntegerField()  # of the factory
    report_on = models.DateField()
    load_rule = models.JSONField(default=dict)  # dated seat cap and isolation rows, with their source
    state = models.CharField(max_length=12)  # travel.rules.TripState
    planned_at = models.DateTimeField()
    departed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["home", "report_on"], name="trip_home")]

    def __str__(self) -> str:
        return self.number


class Leg(models.Model):
    """One vehicle from one point to the next."""

    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="legs")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8, default="coach")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    drivers = models.ManyToManyField(Driver, related_name="+")
    leader = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")  # 领队、车长
    departs_at = models.DateTimeField()
    arrives_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trip", "number"], name="leg_number")]

    def __str__(self) -> str:
        return f"{self.trip_id}/{self.number}"


class LegStop(models.Model):
    """A stop of a leg (停靠点), in order; people board at home stops only."""

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()
    division = models.BigIntegerField()
    at = models.DateTimeField()
    boards = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leg", "order"], name="stop_order")]

    def __str__(self) -> str:
        return f"stop {self.order} of {self.leg_id}"


class Seat(PersonRow):
    """A rider's seat on a leg (座位), with the few fields the leader needs, until the trip closes."""

    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="seats")
    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="seats")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")  # the yes to this move
    place = models.BigIntegerField()  # of the factory: stations look at it
    number = models.PositiveSmallIntegerField(null=True)  # none once given up
    shown_name = models.CharField(max_length=40)
    identity_tail = models.CharField(max_length=3)
    phone_cipher = models.BinaryField(null=True)  # only if the worker agreed to be called
    given_up_at = models.DateTimeField(null=True)
    given_up_reason = models.CharField(max_length=16, blank=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["leg", "number"], name="seat_once"),
            models.UniqueConstraint(
                fields=["placement"], condition=models.Q(given_up_at=None), name="one_seat_a_placement"
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.number} of {self.leg_id}"


class Task(models.Model):
    """What a department must have done before a trip may leave (四部门联动)."""

    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="tasks")
    department = models.CharField(max_length=16)  # travel.rules.Department
    kind = models.CharField(max_length=24)  # travel.rules.TaskKind
    mandatory = models.BooleanField(default=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trip", "department", "kind"], name="task_once")]

    def __str__(self) -> str:
        return f"{self.department} {self.kind} of {self.trip_id}"


class HealthCheck(PersonRow):
    """Fit or refer (适宜、转诊), nothing more; read by health duty only, deleted on its day."""

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="+")
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="+")
    fit = models.BooleanField()
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    delete_on = models.DateField()

    def __str__(self) -> str:
        return f"check of seat {self.seat_id}"


class PassKey(models.Model):
    """A signing key, of passes or of the lists that phones carry; the private half is sealed."""

    signs = models.CharField(max_length=8, default="passes")  # or "lists"
    kid = models.BinaryField(max_length=8, unique=True)
    public = models.BinaryField()
    private_cipher = models.BinaryField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return bytes(self.kid).hex()


class Pass(PersonRow):
    """A signed pass for one rider on one leg (乘车凭证); a new random number each time."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="passes")
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="+")
    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="+")
    pass_number = models.BinaryField(max_length=8, unique=True)
    short_code = models.CharField(max_length=9)  # K7QF-29MA
    token = models.TextField()  # FD1:...
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["trip", "short_code"], name="short_code_of_a_trip"),
            models.UniqueConstraint(
                fields=["seat"], condition=models.Q(revoked_at=None), name="one_live_pass_a_seat"
            ),
        ]

    def __str__(self) -> str:
        return self.short_code


class Passage(PersonRow):
    """One scan at one door (过门记录). Rows are only ever added; the same scan sent twice is one row."""

    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="+")
    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    carried_by = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="+")
    door = models.PositiveSmallIntegerField()  # travel.rules.Door
    verdict = models.CharField(max_length=16)  # travel.rules.Verdict: accepted, already, ...
    device = models.CharField(max_length=40)
    device_sequence = models.BigIntegerField()
    device_at = models.DateTimeField()
    received_at = models.DateTimeField()
    scanned_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["device", "device_sequence"], name="scan_once"),
            models.UniqueConstraint(
                fields=["seat", "door"],
                condition=models.Q(verdict__in=[verdict.value for verdict in PASSING]),
                name="door_passed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"door {self.door} of seat {self.seat_id}"


class TrustFile(models.Model):
    """A signed list of keys and revoked passes, as phones fetch it; each has a higher number."""

    version = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)  # of keys and revocations: a change makes a new list

    def __str__(self) -> str:
        return f"list {self.version}"


class GateDevice(models.Model):
    """A phone at the doors of one leg (验票手机): invited by a code that works once, shut from afar."""

    name = models.CharField(max_length=40, unique=True)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="+")
    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")  # answers for its scans
    invite_hash = models.CharField(max_length=64, unique=True)
    invite_ends_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, blank=True)
    enrolled_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ahead_seconds = models.BigIntegerField(null=True)  # of its clock, when it was seen last
    waiting_scans = models.PositiveIntegerField(default=0)  # still on it, when it was seen last

    def __str__(self) -> str:
        return self.name


class DeviceScan(models.Model):
    """What a phone said of one scan, word for word (原始记录). Rows are only ever added.

    ``made_at`` is the moment as the phone corrected it, ``device_at`` what its clock showed. ``outcome`` is
    what we answered: a verdict of the passage that was written, or the code of a refusal.
    """

    device = models.ForeignKey(GateDevice, on_delete=models.PROTECT, related_name="scans")
    sequence = models.BigIntegerField()
    door = models.PositiveSmallIntegerField()  # travel.rules.Door
    code = models.CharField(max_length=12)  # the short code of the pass; blank where it was unreadable
    said = models.CharField(max_length=24)  # what the phone answered
    answered_for = models.CharField(max_length=16, blank=True)  # why a rider was let in with an old list
    device_at = models.DateTimeField()
    made_at = models.DateTimeField()
    list_version = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "sequence"], name="device_scan_once")]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.sequence} {self.said}"


class Handover(models.Model):
    """The receipt at the factory gate (交接单): expected, present, exceptions, three signatures."""

    trip = models.OneToOneField(Trip, on_delete=models.PROTECT, related_name="handover")
    expected_persons = models.PositiveSmallIntegerField()
    present_persons = models.PositiveSmallIntegerField()
    exceptions = models.JSONField(default=list)  # seat numbers with a reason code
    sent_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    carried_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    carried_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"handover of {self.trip_id}"
