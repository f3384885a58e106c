"""The adapter that is wired: a file. No SMS gateway and no voice service is; nobody's phone rings."""

import json
import os
from datetime import datetime
from pathlib import Path

from fourdoors.kernel.identity import masked_phone
from fourdoors.notices.rules import Message

_SAYS = "no gateway is wired: this line is all that was sent"


class Spool:
    """Writes each message as a line of JSON to ``outbox/<day>.jsonl``, private to the account.

    The phone is masked: nobody picks the file up to dial it. A gateway's adapter gets the open number.
    """

    def __init__(self, *, home: Path, at: datetime) -> None:
        self.path = home / "outbox" / f"{at:%Y-%m-%d}.jsonl"
        self.at = at

    def send(self, message: Message) -> bool:
        """Write the message down."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = {
            "at": self.at.isoformat(timespec="seconds"),
            "number": message.number,
            "kind": message.kind.value,
            "way": message.way.value,
            "to": masked_phone(message.address) if message.address else "",
            "language": message.language,
            "values": message.values,
            "note": _SAYS,
        }
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return True
