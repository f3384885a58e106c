"""Why a file cannot be read or written: one class, one code and its values for each cause."""

from fourdoors.kernel.errors import RuleError


class SheetError(RuleError):
    """A file was refused. Every refusal carries ``name``, the name of the file."""


class SheetTooLargeError(SheetError):
    """The file is larger than a workbook may be (values: ``size_megabytes``, ``limit_megabytes``)."""

    code = "sheet_too_large"


class SheetTooWideError(SheetError):
    """The used area is absurd, mostly by one stray cell (values: ``sheet``, ``farthest``)."""

    code = "sheet_too_wide"


class SheetBombError(SheetError):
    """A small file that unpacks to an enormous one, or holds too many parts."""

    code = "sheet_bomb"


class SheetMacroError(SheetError):
    """The workbook carries a program."""

    code = "sheet_macro"


class SheetExternalError(SheetError):
    """The workbook declares entities, as no spreadsheet program does."""

    code = "sheet_external"


class SheetLockedError(SheetError):
    """The workbook is locked by a password."""

    code = "sheet_locked"


class SheetUnreadableError(SheetError):
    """This is not a workbook, or a broken one."""

    code = "sheet_unreadable"


class SheetEmptyError(SheetError):
    """There is not one filled cell."""

    code = "sheet_empty"


class SheetEncodingError(SheetError):
    """The text is neither UTF-8 nor GB 18030 (value: ``line``, the first that cannot be read)."""

    code = "sheet_encoding"


class CellTooLongError(SheetError):
    """A text is longer than a cell can hold (values: ``row``, ``column``, ``limit``)."""

    code = "cell_too_long"


class MappingUnsoundError(SheetError):
    """A mapping file does not say what it should (value: ``place``, where in the file)."""

    code = "mapping_unsound"


class MappingMisfitError(SheetError):
    """A mapping does not fit a file (values: ``mapping``, ``missing``, the titles that are absent)."""

    code = "mapping_misfit"
