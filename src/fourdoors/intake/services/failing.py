"""Why a task broke off, as its import or export says it afterwards: a code that the faces have words for."""

from typing import ClassVar

from fourdoors.kernel.errors import RuleError
from fourdoors.store.faults import is_disk_full


class ImportWornOutError(RuleError):
    """Every try to read or merge a file ended with the death of its process; it is not tried again."""

    code: ClassVar[str] = "import_worn_out"


class ExportWornOutError(RuleError):
    """Every try to make a file ended with the death of its process; it is not tried again."""

    code: ClassVar[str] = "export_worn_out"


class DiskFullError(RuleError):
    """The machine had no room left to write."""

    code: ClassVar[str] = "disk_full"


def code_of(fault: Exception) -> str:
    """Return the code under which a task's record keeps why it broke off; blank where the program failed."""
    if isinstance(fault, RuleError):
        return fault.code
    return DiskFullError.code if is_disk_full(fault) else ""
