"""The words of every fault of a row: what is wrong with the cell, and how it is mended."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.intake.rules import Code, Fault
from fourdoors.kernel.terms import Sex
from fourdoors.travel.rules import TripState
from fourdoors.web.explain import explained
from fourdoors.web.refusals import REFUSALS, Words
from fourdoors.web.words import in_chinese

FAULTS: Words = {
    Code.MISSING: _("This cell must not be empty."),
    Code.NOT_IN_LIST: _("“%(text)s” is not one of the words of this column: %(choices)s."),
    Code.NOT_A_NUMBER: _("“%(text)s” is not a whole number."),
    Code.NOT_A_DAY: _("“%(text)s” is not a day. Write it like 2020-03-01."),
    Code.DAY_ASSUMED: _("“%(text)s” was read as %(day)s. Write the day itself where this is not meant."),
    Code.PHONE_FORM: _("%(text)s is not a telephone number of 11 digits."),
    Code.MASKED: _("The number is masked with stars. Write the whole number."),
    Code.CREDIT_CODE_FORM: _("“%(text)s” is not a unified social credit code of 18 characters."),
    Code.BIRTH_DIFFERS: _(
        "The day of birth %(cell)s differs from the identity number, which says %(identity)s."
    ),
    Code.SEX_DIFFERS: _("The sex differs from the identity number, which says: %(identity)s."),
    Code.TWICE_IN_FILE: _("The same person stands in row %(row)d already."),
    Code.MONTHS_OVER_TWELVE: _("%(months)d months of work in one year."),
    Code.MONTHS_WITHOUT_PLACE: _("%(months)d months of work, but no place of work."),
    Code.PLACE_WITHOUT_MONTHS: _("Works in %(place)s, but for no month."),
    Code.UNDER_SIXTEEN_WORKING: _(
        "Works at the age of %(age)d; the minimum is %(minimum)d (Labour Law, article 15). "
        "Check the day of birth and the work."
    ),
    Code.NO_CAPACITY_BUT_WORKING: _("No capacity to work, but months of work are written down."),
    Code.TWO_HEADS: _("The household has a head in row %(row)d already."),
    Code.TWO_SPOUSES: _("The head of this household has a spouse in row %(row)d already."),
    Code.SPOUSES_OF_ONE_SEX: _(
        "Head and spouse of this household have the same sex, by their identity numbers."
    ),
    Code.NO_HEAD: _("Nobody in this file is the head of this household of %(members)d."),
    Code.MONTHS_WITHOUT_EMPLOYER: _("%(months)d months of work, but no employer."),
    Code.UNDER_SIXTEEN_WITH_CAPACITY: _("%(age)d years old, but written down as able to work."),
    Code.AT_SCHOOL_AND_WORKING: _("At school, but %(months)d months of work are written down."),
    Code.SCHOOL_AND_EDUCATION: _("Both a class at school and a finished education are written down."),
    Code.LOCAL_WORK_AWAY: _(
        "Public-welfare jobs and village workshops are in the own county, but the place is %(place)s."
    ),
    Code.POST_WITHOUT_MONTHS: _("A public-welfare job, but for no month."),
    Code.INCOME_UNLIKELY: _(
        "%(yuan)d yuan a month is under %(least)d or over %(most)d. Is it a year's income, or in 万?"
    ),
    Code.MONTHS_WITHOUT_INCOME: _("%(months)d months of work, but no income."),
    Code.INCOME_WITHOUT_MONTHS: _("Income, but for no month."),
    Code.VILLAGE_UNKNOWN: _(
        "No place here, or more than one, is called “%(names)s”. Write the names as in the list of divisions."
    ),
    Code.VILLAGE_OUTSIDE: _("%(names)s lies outside the place that this file is for."),
    Code.RETURNED_BEFORE_LEFT: _("The day of return is before the day of leaving, %(left)s."),
    Code.DAY_NOT_COME: _("%(day)s has not come yet."),
    Code.MARK_OVER: _("%(mark)d is more than the best mark, %(most)d."),
    Code.NO_OPENINGS: _("A post needs at least one opening."),
    Code.NAME_OUTSIDE_FONT: _(
        "Printed papers cannot show %(signs)s. The row is taken; write the name on papers by hand."
    ),
    Code.MAPPING_NO_NUMBER: _("“%(text)s” is not a number."),
    Code.MAPPING_NO_DATE: _("“%(text)s” is not a day of the kind that the mapping expects."),
    Code.MAPPING_UNKNOWN_VALUE: _("The mapping has no word for “%(text)s”."),
    Code.MAPPING_OUT_OF_RANGE: _("%(text)s is outside the range that the mapping allows."),
    Code.MAPPING_OUT_OF_ORDER: _("These two days are in the wrong order: %(text)s."),
    Code.WORKER_ELSEWHERE: _("This identity number is registered in another place. Ask that office first."),
    Code.OTHER_VILLAGE: _("This person is registered in another village of yours. Record the removal first."),
    Code.HOUSEHOLD_ELSEWHERE: _("This household number belongs to another place."),
    Code.MEMBER_NAME_MISSING: _(
        "The form names only the head, %(head)s, and nobody of this number is in the register yet. Add a "
        "column “姓名” with the member's own name."
    ),
    Code.HOUSEHOLD_NOT_FOUND: _(
        "The form has no household number, and no household (or more than one) of a head called %(head)s is "
        "known in this village. The person is entered without a household; a roster with numbers adds it."
    ),
    Code.APPLICATION_NO_ACCOUNT: _(
        "The claim is made, but no account of this person is known: record it with the passbook in hand. "
        "An account is never taken from a file."
    ),
    Code.APPLICATION_OTHER_ACCOUNT: _(
        "The claim is made for the known account ending in %(tail)s; the row names another. Change it only "
        "with the passbook in hand."
    ),
    Code.APPLICATION_OTHER_AMOUNT: _("Applied for %(said)s yuan; the rule gives %(due)s yuan."),
    Code.SAME_PERSON: _(
        "Another row is of the same person, whose two records were merged. That row was taken."
    ),
}


DROPPED: Words = {  # why a column is not read
    "ethnicity": _("ethnicity: never stored"),
    "religion": _("religion: never stored"),
    "politics": _("political status: never stored"),
    "health": _("health: not this register's business"),
    "not_needed": _("not needed for work"),
    "unknown": _("the form has no such field"),
}


def words_of(fault: Fault) -> str:
    """Return the sentence beside the cell: a fault's own words, or those of the refusal it names."""
    values = dict(fault.values)
    if fault.code == Code.MAPPING_REASON:
        return str(values["zh" if in_chinese() else "en"])
    if fault.code == Code.SEX_DIFFERS:
        values["identity"] = gettext(Sex(str(values["identity"])).en)
    if fault.code == "trip_wrong_state":
        values["state"] = gettext(TripState(str(values["state"])).en)
    if fault.code == "application_not_granted":
        line = {"code": values.pop("reason"), "holds": False, "values": values}
        values = {"why": explained([line])[0].words}
    said = str(FAULTS.get(fault.code) or REFUSALS[fault.code]) % values
    return (
        f"{said} {gettext('Explained: %(reason)s') % {'reason': fault.explained}}"
        if fault.explained
        else said
    )
