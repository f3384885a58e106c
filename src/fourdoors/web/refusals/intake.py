"""Refusals of files: what is wrong with them and what to do."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "delivery_rows": _("%(rows)d rows; from 1 to %(limit)d are taken in one request."),
    "delivery_text": _("Row %(row)d: “%(field)s” must be text of at most %(limit)d characters."),
    "request_key_used": _(
        "Other rows came under this key (delivery %(number)d). Nothing changed; give a new request a new key."
    ),
    "export_gone": _("The file is not there any more: it is kept for %(hours)d hours. Have it made again."),
    "export_about": _("The form cannot be filled in about “%(about)s”. Choose one of the list."),
    "accounts_closed": _("Account numbers stand in this form: the county office that pays has it filled in."),
    "health_not_taken": _(
        "%(name)s holds health records (%(columns)s). Nothing of it was read or kept, not even sealed: "
        "health answers are for health duty alone, which writes fit or refer on the page of the trip. "
        "Print the list of the trip for the clinic from “Forms filled in”."
    ),
    "coach_sheet_not_taken": _(
        "“%(form)s” is a paper, nothing of it is read: coach, drivers and signatures of a handover are "
        "recorded on the page of the trip. The list of travellers can be read."
    ),
    "class_paper_not_taken": _(
        "“%(form)s” is a paper, nothing of it is read: it does not name the order, the occupation or the "
        "issuer. Open the class on its page; certificates come from its results."
    ),
    "numbers_masked": _(
        "%(name)s cannot be read back: the numbers under “%(column)s” are masked with stars, so nobody in it "
        "can be recognised. Have the form filled in by the county office under “Forms filled in”, which has "
        "whole numbers, and send that one; or take the masked column out where it is not needed."
    ),
    "import_worn_out": _(
        "Several times the program was cut off in the middle of this file; nothing of it was written. Most "
        "often a file is too large for the machine: send it in parts. If it breaks off again, give the "
        "address of this page to whoever keeps the machine."
    ),
    "export_worn_out": _(
        "Several times the program was cut off while it made this file, so there is none. Ask for it for a "
        "smaller place. If that breaks off too, tell whoever keeps the machine."
    ),
    "disk_full": _(
        "There was no room left on the disk of the machine; nothing was written. Tell whoever keeps the "
        "machine to make room, then do it again."
    ),
    "already_brought_in": _(
        "This file was already brought in on %(on)s (number %(number)d). Nothing changed."
    ),
    "column_twice": _("Two columns are said to be “%(title)s”. Choose one of them."),
    "column_not_there": _("The form has no column “%(column)s” that may be stored."),
    "finding_not_explainable": _("This finding cannot be explained away. Correct the cell."),
    "reason_missing": _("Write why the row is right all the same."),
    "file_gone": _("The file itself is kept for %(days)d days after the decision and is gone now."),
    "template_column_forbidden": _(
        "These columns must not be asked for or kept: %(titles)s. Take them out and send the template again; "
        "nothing changed."
    ),
    "template_title_taken": _(
        "“%(title)s” stands twice, or is the name of another column of this form. Choose another title."
    ),
    "form_unknown": _("Nothing is merged from the form %(form)s. Choose one of the list."),
    "header_incomplete": _(
        "The header of %(name)s lacks: %(missing)s. Add these columns and send it again; nothing changed."
    ),
    "header_unknown": _(
        "None of the first ten rows of %(name)s has the columns of “%(form)s”. Did you choose the right form?"
    ),
    "import_not_now": _("This file has been decided, or is still being worked on. Load the page again."),
    "in_review": _("%(officer)s has this file in review. Nothing was done; agree on who decides."),
    "outside_territory": _("Division %(division)d is not yours. Choose one of your own."),
    "sheet_too_large": _(
        "%(name)s has %(size_megabytes)d MB; at most %(limit_megabytes)d MB are read. Send it in parts."
    ),
    "sheet_too_wide": _(
        "A stray cell near %(farthest)s makes %(name)s too wide to read. "
        "Clear everything outside the table, save it and send it again."
    ),
    "sheet_bomb": _("%(name)s unpacks to far more than a workbook holds and was not opened."),
    "sheet_macro": _("%(name)s carries macros and was not opened. Save it as .xlsx without macros."),
    "sheet_external": _("%(name)s refers to outside content and was not opened. Save it again as .xlsx."),
    "sheet_locked": _("%(name)s is locked by a password. Take the password off and send it again."),
    "sheet_unreadable": _("%(name)s is not a workbook, or it is damaged. Send .xlsx, .xls, .ods or .csv."),
    "sheet_empty": _("%(name)s has not one filled cell."),
    "sheet_encoding": _(
        "The text of %(name)s cannot be read from line %(line)d on. Save it as .xlsx, or as CSV in UTF-8."
    ),
    "cell_too_long": _(
        "The text in row %(row)d, column %(column)d is longer than the %(limit)d characters a cell holds."
    ),
    "mapping_misfit": _("The mapping %(mapping)s does not fit %(name)s: %(missing)s is missing."),
    "mapping_unsound": _("The mapping %(name)s does not say what it should at %(place)s."),
}
