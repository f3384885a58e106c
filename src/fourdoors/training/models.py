"""Order-based classes (订单培训)."""

from django.db import models

from fourdoors.partners.models import Employer
from fourdoors.placements.models import Placement
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Certificate, Worker
from fourdoors.store.rows import PersonRow


class Provider(models.Model):
    """A training provider (培训机构)."""

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    place = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class CourseOrder(models.Model):
    """An employer's order (培训订单): so many people with this skill by that day."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, null=True, related_name="+")
    occupation = models.CharField(max_length=16)
    title = models.CharField(max_length=80)
    headcount = models.PositiveIntegerField()
    hours = models.PositiveIntegerField()
    needed_on = models.DateField()
    ordered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class CourseClass(models.Model):
    """A class (培训班) that serves an order."""

    order = models.ForeignKey(CourseOrder, on_delete=models.PROTECT, related_name="classes")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(max_length=30, unique=True)  # 班级代码
    division = models.BigIntegerField()
    place_words = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12)  # training.rules.ClassState

    def __str__(self) -> str:
        return self.code


class Enrolment(PersonRow):
    """A worker in a class. The few fields the provider needs are copied here; it never reads the register."""

    course_class = models.ForeignKey(CourseClass, on_delete=models.PROTECT, related_name="enrolments")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, null=True, related_name="+")
    shown_name = models.CharField(max_length=40)
    identity_tail = models.CharField(max_length=3)
    enrolled_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["course_class", "worker"], name="enrolled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_name} in {self.course_class_id}"


class Attendance(PersonRow):
    """One day of one trainee (考勤): 到 不到 告假 迟到 早退."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendances")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    mark = models.CharField(max_length=8)  # training.rules.Mark

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment", "on"], name="attendance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.on} {self.mark}"


class CertificateAwarded(PersonRow):
    """What a class ended with for one trainee: marks, and the certificate where it was earned."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="award")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    theory = models.PositiveSmallIntegerField()  # of 100
    practice = models.PositiveSmallIntegerField()
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, null=True, related_name="+")
    awarded_on = models.DateField()

    def __str__(self) -> str:
        return f"award of {self.enrolment_id}"
