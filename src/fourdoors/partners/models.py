"""Provinces, stations, employers, brokers, bases and brands (劳务协作、劳务工作站、用工单位、劳务品牌)."""

from django.db import models

from fourdoors.accounts.models import Officer
from fourdoors.register.models import Household, Worker
from fourdoors.store.rows import PersonRow


class PartnerProvince(models.Model):
    """A province that takes Gansu workers (劳务协作省份)."""

    code = models.BigIntegerField(primary_key=True)  # 12-digit division
    strategy = models.CharField(
        max_length=12
    )  # partners.rules.Strategy: hold_east, grow_west, other (稳东拓西)
    paired_with = models.CharField(max_length=60, blank=True)  # pairing before 2021, as published

    def __str__(self) -> str:
        return str(self.code)


class Letter(models.Model):
    """A letter to a province asking to keep or take workers (发函), and its reply."""

    province = models.ForeignKey(PartnerProvince, on_delete=models.PROTECT, related_name="letters")
    number = models.CharField(max_length=60, unique=True)
    sent_on = models.DateField()
    asks = models.TextField()
    replied_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)
    posts_offered = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.number


class Station(models.Model):
    """A labour-service station outside the province (驻外劳务工作站)."""

    name = models.CharField(max_length=80, unique=True)
    place = models.BigIntegerField()  # 12-digit division
    home = models.BigIntegerField()  # the division that runs it
    head_name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)  # a public office line
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """A unit that employs (用工单位), of any kind: enterprise, workshop, public-welfare post ..."""

    credit_code = models.CharField(
        max_length=18, unique=True
    )  # GB 32100; foreign units: "X-" and their own number
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)  # partners.rules.EmployerKind
    industry = models.CharField(max_length=40, blank=True)
    place = models.BigIntegerField(null=True)  # 12-digit division; none for a unit abroad
    place_words = models.CharField(max_length=160, blank=True)
    contact_name = models.CharField(max_length=40, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    recognised_on = models.DateField(null=True, blank=True)  # workshops: day of recognition (认定)
    invented = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["kind", "place"], name="employer_kind")]

    def __str__(self) -> str:
        return self.name


class EmployerCheck(models.Model):
    """A look at an employer: papers, visit, wages paid (用工单位核验)."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=16)  # partners.rules.CheckKind
    checked_on = models.DateField()
    passed = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    checked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} of {self.employer_id}"


class PostBudget(models.Model):
    """Public-welfare posts a county may fill in a year (公益性岗位), and the monthly allowance."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="budgets")
    year = models.SmallIntegerField()
    posts = models.PositiveIntegerField()
    posts_taken = models.PositiveIntegerField(default=0)
    fen_per_month = models.BigIntegerField()
    payer = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employer", "year"], name="budget_of_a_year"),
            models.CheckConstraint(
                condition=models.Q(posts_taken__lte=models.F("posts")), name="budget_not_overspent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id} {self.year}"


class PublicPost(PersonRow):
    """A public-welfare post that somebody holds; a household holds one at a time (乡村公益性岗位)."""

    budget = models.ForeignKey(PostBudget, on_delete=models.PROTECT, related_name="holders")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField()
    freed_on = models.DateField(null=True, blank=True)  # first day on which it is free again

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(freed_on=None), name="public_post_once_a_household"
            ),
        ]

    def __str__(self) -> str:
        return f"post of {self.household_id}"


class Agreement(models.Model):
    """A labour agreement (劳务协议) with a province, a city or an employer: quota and end."""

    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    province = models.ForeignKey(
        PartnerProvince, on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="agreements")
    home = models.BigIntegerField()  # the division that signed
    sector = models.CharField(max_length=40, blank=True)
    quota_persons = models.PositiveIntegerField(null=True)
    from_on = models.DateField()
    to_on = models.DateField()

    def __str__(self) -> str:
        return self.number


class ActionPlan(models.Model):
    """A plan over years (三年行动计划)."""

    title = models.CharField(max_length=120, unique=True)
    from_year = models.SmallIntegerField()
    to_year = models.SmallIntegerField()

    def __str__(self) -> str:
        return self.title


class PlanTarget(models.Model):
    """What a plan wants in one year for one destination."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="targets")
    year = models.SmallIntegerField()
    province = models.ForeignKey(PartnerProvince, on_delete=models.PROTECT, related_name="+")
    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "year", "province"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.year} {self.province_id}"


class Mission(models.Model):
    """A mission, symposium or matching event between two governments (劳务对接), with its outcome."""

    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)  # partners.rules.MissionKind
    province = models.ForeignKey(PartnerProvince, on_delete=models.PROTECT, related_name="missions")
    place = models.BigIntegerField()
    on = models.DateField()
    posts_promised = models.PositiveIntegerField(default=0)
    outcome = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class Base(models.Model):
    """An accredited domestic-service base (家政服务劳务基地) with its plaque."""

    name = models.CharField(max_length=80, unique=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.BigIntegerField()
    capacity_persons = models.PositiveIntegerField()
    plaque_on = models.DateField()
    expires_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """A labour brand (劳务品牌): a trained trade group with a name, an owner and a standard."""

    name = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60)
    owner = models.CharField(max_length=80)
    occupation = models.CharField(max_length=16)
    standard = models.JSONField(default=list)  # what a member must hold, in zh and en
    registered_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class BrandMember(PersonRow):
    """A worker who carries a brand's name."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="members")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["brand", "worker"], condition=models.Q(left_on=None), name="brand_member_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} of {self.brand_id}"


class Broker(models.Model):
    """A licensed labour broker or agency (劳务经纪人、劳务中介); its fee to a worker is always nothing."""

    name = models.CharField(max_length=80)
    licence_number = models.CharField(max_length=60, unique=True)
    home = models.BigIntegerField()
    bank = models.CharField(max_length=60, blank=True)
    account_cipher = models.BinaryField(null=True)
    account_tail = models.CharField(max_length=4, blank=True)
    licensed_to_on = models.DateField()

    def __str__(self) -> str:
        return self.name
