"""Spreadsheets that came in, and their rows while they are looked at."""

from django.db import models

from fourdoors.accounts.models import Officer


class Import(models.Model):
    """One file brought in for one division (导入批次): staged, checked, reviewed, then merged or refused."""

    form = models.CharField(max_length=40)  # key of engines.sheets.forms
    division = models.BigIntegerField()  # 12-digit code that the file speaks for
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)  # SHA-256 of the bytes
    file_cipher = models.BinaryField(null=True)  # the file itself, sealed; gone some weeks after the decision
    columns_cipher = models.BinaryField(null=True)  # sealed: titles and first cells, until it is decided
    state = models.CharField(max_length=12)  # intake.rules.State
    mapping = models.JSONField(default=dict)  # services.columns.Layout.as_json; file: a mapping's text
    dropped = models.JSONField(default=list)  # columns that are not stored: sheet, title and reason
    counts = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    request_key = models.CharField(max_length=64, blank=True)  # of a program that delivered rows, not a file
    reviewed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)  # since when it is in review
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uploaded_by", "request_key"],
                condition=~models.Q(request_key=""),
                name="delivered_once",
            ),
        ]
        indexes = [models.Index(fields=["division", "-uploaded_at"], name="import_division")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class StagedRow(models.Model):
    """One row of a file. Its cells go once the import is closed; what became of it stays."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    division = models.BigIntegerField()  # of the import: the policy looks at it
    sheet = models.CharField(max_length=80)
    number = models.IntegerField()  # row of the sheet, from 1
    cells = models.JSONField()  # key -> text, without the sealed ones
    private_cipher = models.BinaryField(null=True)  # sealed JSON of identity numbers, phones, accounts
    faults = models.JSONField(default=list)  # [{"column": key, "code": ..., "values": {...}}]
    outcome = models.CharField(max_length=12)  # intake.rules.Outcome
    object_id = models.BigIntegerField(null=True)  # what it became

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "sheet", "number"], name="staged_row_once")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"


class Exemption(models.Model):
    """A finding about a person that an officer explained and signed (豁免): it is not asked again."""

    division = models.BigIntegerField()  # of the import in which it was explained
    form = models.CharField(max_length=40)
    code = models.CharField(max_length=60)  # of the check
    identity_hash = models.BinaryField()  # of the person
    reason = models.CharField(max_length=200)
    signed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "identity_hash", "form", "code"], name="exemption_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


class Export(models.Model):
    """A form that an officer had filled in from what is known (导出): asked for, made in the queue."""

    form = models.CharField(max_length=40)  # key of engines.sheets.forms
    division = models.BigIntegerField()  # whose people, posts or trips stand in it
    about = models.CharField(max_length=40, blank=True)  # month, year, or number of a thing (rules.Subject)
    state = models.CharField(max_length=12)  # intake.rules.ExportState
    whole_identities = models.BooleanField()
    rows = models.PositiveIntegerField(null=True)
    sheets = models.PositiveSmallIntegerField(null=True)
    file_hash = models.CharField(max_length=64, blank=True)  # SHA-256; the file lies beside the database
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    failed_code = models.CharField(max_length=40, blank=True)  # why it broke off; services.failing.code_of

    def __str__(self) -> str:
        return f"{self.form} of {self.division}"


class CountyForm(models.Model):
    """A county's own version of a form (本县模板): its titles and their order, as a workbook showed them."""

    division = models.BigIntegerField()  # 12-digit code of the county
    form = models.CharField(max_length=40)  # key of engines.sheets.forms
    columns = models.JSONField()  # [[key, title], ...] in order
    ignored = models.JSONField(default=list)  # titles that no column of ours stands for
    kept_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "form"], name="county_form_once")]

    def __str__(self) -> str:
        return f"{self.form} of {self.division}"


class Amendment(models.Model):
    """A cell that was corrected on the page; the file stays as it is. Gone once the import is closed."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="amendments")
    division = models.BigIntegerField()  # of the import: the policy looks at it
    sheet = models.CharField(max_length=80)
    number = models.IntegerField()  # row of the sheet, from 1
    column = models.CharField(max_length=40)  # key of the column
    text_cipher = models.BinaryField()  # sealed: what the cell should say
    amended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    amended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number", "column"], name="amended_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number} {self.column}"
