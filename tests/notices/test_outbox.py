"""The outbox: quiet hours, sealed phones that go, and two senders that never send the same."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.identity import invented_phone
from fourdoors.notices.models import Notice
from fourdoors.notices.rules import Kind, Message, Way, not_before
from fourdoors.notices.selectors import notices_of
from fourdoors.notices.services import AddressMissingError, Spool, put_in_outbox, send_due
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from tests.makers.accounts import LI_VILLAGE

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2020, 3, 1, 12, 0, tzinfo=CHINA)


class Kept:
    """An adapter that honours the port and takes every message but those to one number."""

    def __init__(self, refused: str = "") -> None:
        self.messages: list[Message] = []
        self.refused = refused

    def send(self, message: Message) -> bool:
        self.messages.append(message)
        return message.address != self.refused


def put(at: datetime = NOON, number: int = 1, way: Way = Way.SMS) -> Notice:
    return put_in_outbox(
        worker_id=number, village=LI_VILLAGE, kind=Kind.OFFER, way=way, at=at,
        address=invented_phone(number) if way.needs_phone else "", values={"offer": 7},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "minute", "day", "then"),
    [
        (20, 59, 1, "20:59"),
        (21, 0, 2, "07:00"),
        (23, 30, 2, "07:00"),
        (6, 59, 1, "07:00"),
        (7, 0, 1, "07:00"),
    ],
)
def test_nobody_is_woken(hour: int, minute: int, day: int, then: str) -> None:
    moment = not_before(datetime(2020, 3, 1, hour, minute, tzinfo=CHINA).astimezone(UTC))

    assert (moment.day, f"{moment:%H:%M}") == (day, then)


@pytest.fixture
def _in_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.mark.usefixtures("_in_gansu")
class TestOutbox:
    def test_a_phone_is_sealed_while_it_waits_and_gone_when_it_is_sent(self) -> None:
        notice = put()
        assert vault().open("phone", notice.address_cipher or b"") == invented_phone(1)
        adapter = Kept()

        assert send_due(adapter=adapter, at=NOON) == {"sent": 1, "failed": 0}
        assert adapter.messages[0].address == invented_phone(1)
        notice.refresh_from_db()
        assert (notice.address_cipher, notice.sent_at) == (None, NOON)
        assert Deed.objects.filter(action="notices.sent").count() == 1

    def test_a_message_leaves_once(self) -> None:
        put()
        send_due(adapter=Kept(), at=NOON)

        assert send_due(adapter=Kept(), at=NOON) == {"sent": 0, "failed": 0}
        assert Deed.objects.filter(action="notices.sent").count() == 1

    def test_a_message_of_the_night_waits_for_the_morning(self) -> None:
        put(at=NOON.replace(hour=22))

        assert send_due(adapter=Kept(), at=NOON.replace(hour=23))["sent"] == 0
        assert send_due(adapter=Kept(), at=NOON.replace(day=2, hour=7))["sent"] == 1

    def test_what_is_not_taken_is_told_and_keeps_no_phone(self) -> None:
        put(number=1)
        put(number=2)

        assert send_due(adapter=Kept(refused=invented_phone(1)), at=NOON) == {"sent": 1, "failed": 1}
        failed = Notice.objects.get(worker_id=1)
        assert (failed.failed_at, failed.sent_at, failed.address_cipher) == (NOON, None, None)

    def test_without_a_phone_paper_is_the_way(self) -> None:
        with pytest.raises(AddressMissingError):
            put_in_outbox(worker_id=1, village=LI_VILLAGE, kind=Kind.PAID, way=Way.VOICE, at=NOON)
        put(way=Way.PAPER)

        assert [notice.way for notice in notices_of(1)] == ["paper"]

    def test_the_spool_writes_masked_lines_and_says_that_nothing_was_sent(self, tmp_path: Path) -> None:
        put()
        put(number=2)
        spool = Spool(home=tmp_path, at=NOON)
        send_due(adapter=spool, at=NOON)

        lines = [json.loads(line) for line in spool.path.read_text().splitlines()]
        assert [line["to"] for line in lines] == ["100****0001", "100****0002"]
        assert lines[0]["values"] == {"offer": 7}
        assert "no gateway is wired" in lines[0]["note"]
        assert spool.path.stat().st_mode & 0o077 == 0
