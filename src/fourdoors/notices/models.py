"""The outbox (通知): what is to be said to whom, by which way, and whether it arrived."""

from django.db import models

from fourdoors.store.rows import PersonRow


class Notice(PersonRow):
    """One message to one person; the address is sealed and goes when the message has been handed on."""

    worker_id = models.BigIntegerField()  # a plain number: the register stands above this floor
    kind = models.CharField(max_length=24)  # notices.rules.Kind: offer, arrived, paid, ...
    values = models.JSONField(default=dict)  # numbers and codes for the words of the message
    way = models.CharField(max_length=8)  # notices.rules.Way: sms, voice, paper
    address_cipher = models.BinaryField(null=True)
    language = models.CharField(max_length=8, default="zh-hans")
    not_before_at = models.DateTimeField()  # quiet hours
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        indexes = [models.Index(fields=["sent_at", "not_before_at"], name="notice_due")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.worker_id}"
