"""Deeds of intake: a file is received, checked, merged or refused, and sent back with notes."""

from fourdoors.intake.services.files import (
    AlreadyBroughtInError,
    FormUnknownError,
    OutsideTerritoryError,
    receive_file,
)
from fourdoors.intake.services.merging import (
    MergeRow,
    RowOutcome,
    ask_for_merge,
    begin_merge,
    fail_import,
    finish_merge,
    refuse_import,
    rows_to_merge,
)
from fourdoors.intake.services.reading import (
    HeaderIncompleteError,
    HeaderUnknownError,
    NotNowError,
    stage_rows,
)
from fourdoors.intake.services.returning import FileGoneError, annotated_workbook, forget_files

__all__ = [
    "AlreadyBroughtInError",
    "FileGoneError",
    "FormUnknownError",
    "HeaderIncompleteError",
    "HeaderUnknownError",
    "MergeRow",
    "NotNowError",
    "OutsideTerritoryError",
    "RowOutcome",
    "annotated_workbook",
    "ask_for_merge",
    "begin_merge",
    "fail_import",
    "finish_merge",
    "forget_files",
    "receive_file",
    "refuse_import",
    "rows_to_merge",
    "stage_rows",
]
