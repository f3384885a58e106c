"""Deeds of intake: a file is received, checked, merged or refused, and sent back with notes."""

from fourdoors.intake.services.columns import (
    ColumnShown,
    ColumnTwiceError,
    HeaderIncompleteError,
    HeaderUnknownError,
    columns_shown,
    confirm_columns,
)
from fourdoors.intake.services.county_forms import (
    TemplateColumnForbiddenError,
    TemplateTitleTakenError,
    drop_county_form,
    keep_county_form,
)
from fourdoors.intake.services.exporting import (
    AccountsClosedError,
    ExportAboutError,
    ExportGoneError,
    ask_for_export,
    exports_folder,
    fail_export,
    forget_exports,
    make_export,
    manifest_of,
    name_of_file,
    progress_of,
    take_export,
    watermark_of,
)
from fourdoors.intake.services.files import (
    AlreadyBroughtInError,
    FormUnknownError,
    OutsideTerritoryError,
    receive_file,
)
from fourdoors.intake.services.mending import (
    ColumnNotThereError,
    NotExplainableError,
    ReasonMissingError,
    amend_cells,
    explain_finding,
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
from fourdoors.intake.services.reading import ask_for_reading, stage_rows
from fourdoors.intake.services.rehearsal import rehearse_merge
from fourdoors.intake.services.returning import annotated_workbook, forget_files
from fourdoors.intake.services.reviewing import InReviewError, close_review, open_review
from fourdoors.intake.services.sealed import FileGoneError, NotNowError

__all__ = [
    "AccountsClosedError",
    "AlreadyBroughtInError",
    "ColumnNotThereError",
    "ColumnShown",
    "ColumnTwiceError",
    "ExportAboutError",
    "ExportGoneError",
    "FileGoneError",
    "FormUnknownError",
    "HeaderIncompleteError",
    "HeaderUnknownError",
    "InReviewError",
    "MergeRow",
    "NotExplainableError",
    "NotNowError",
    "OutsideTerritoryError",
    "ReasonMissingError",
    "RowOutcome",
    "TemplateColumnForbiddenError",
    "TemplateTitleTakenError",
    "amend_cells",
    "annotated_workbook",
    "ask_for_export",
    "ask_for_merge",
    "ask_for_reading",
    "begin_merge",
    "close_review",
    "columns_shown",
    "confirm_columns",
    "drop_county_form",
    "explain_finding",
    "exports_folder",
    "fail_export",
    "fail_import",
    "finish_merge",
    "forget_exports",
    "forget_files",
    "keep_county_form",
    "make_export",
    "manifest_of",
    "name_of_file",
    "open_review",
    "progress_of",
    "receive_file",
    "refuse_import",
    "rehearse_merge",
    "rows_to_merge",
    "stage_rows",
    "take_export",
    "watermark_of",
]
