"""The file itself, as it was sent: sealed, and gone some weeks after the decision."""

import base64
from typing import ClassVar

from fourdoors.intake.models import Import
from fourdoors.intake.rules import FILE_KEPT_DAYS
from fourdoors.kernel.errors import RuleError
from fourdoors.store.vault import vault


class FileGoneError(RuleError):
    """The file was forgotten, some weeks after the decision."""

    code: ClassVar[str] = "file_gone"


class NotNowError(RuleError):
    """The import is not where this deed begins: it is decided already, or still being read."""

    code: ClassVar[str] = "import_not_now"


def sealed_file(data: bytes) -> bytes:
    """Return a file as it is stored."""
    return vault().seal("file", base64.b64encode(data).decode())


def file_of(batch: Import) -> bytes:
    """Return the file of an import.

    Raises:
        FileGoneError: it was forgotten.
    """
    batch.refresh_from_db(fields=["file_cipher"])
    if batch.file_cipher is None:
        raise FileGoneError(days=FILE_KEPT_DAYS)
    return base64.b64decode(vault().open("file", batch.file_cipher))
