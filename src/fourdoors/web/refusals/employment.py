"""Refusals of employment."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "already_settled": _("This case was closed on %(settled_on)s."),
    "amount_owed": _(
        "%(yuan)d yuan cannot stand here: owed is more than nothing, and recovered is at most what is owed."
    ),
    "earner_unknown": _(
        "Household %(household)s has no member of this name here, or two. Compare it with the roster."
    ),
    "wage_differs": _(
        "What is known of %(quarter)s adds up to %(known)s yuan, this row says %(said)s. "
        "Correct the row, or the month of pay itself."
    ),
    "wage_without_work": _(
        "No work is known in %(quarter)s of %(year)d that could have earned this. Bring the ledger in first."
    ),
    "follow_up_closed": _("The visit of day %(day)d was made already, or the work is over."),
    "follow_up_early": _("This visit is due on %(due_on)s. Record it on that day or later."),
    "income_better_proven": _(
        "%(month)s is known already: %(yuan).2f yuan by evidence of grade %(grade)s. "
        "Better evidence takes its place; for a slip of the pen, correct the record itself."
    ),
    "income_negative": _("%(yuan)d yuan cannot be right. Type what was paid, or nothing at all."),
    "income_not_earned_yet": _("%(month)s has not begun yet. Record pay once it is earned."),
    "income_outside_spell": _(
        "The work began on %(left_on)s and was not going on in %(month)s. Check the month, or the spell."
    ),
    "ledger_worker_unknown": _(
        "Nobody in the register here has this identity number. Bring the roster in first."
    ),
    "monitor_begin_missing": _(
        "Nobody knows of this work in that month yet. Write the day it began and the place, "
        "so that it can be opened; or check the month."
    ),
    "monitor_not_stated": _(
        "Nobody knows of this work in that month yet: to be opened it needs its employer, industry and pay."
    ),
    "monitor_journey_unknown": _(
        "The row says “point to point”, but no trip and no ledger knows of this journey. "
        "Bring the ledger in first, with who organised it."
    ),
    "organiser_missing": _(
        "Organised work names who organised it: a station, a broker, an employer's order. "
        "Fill the organiser in, or write “self-arranged”."
    ),
    "spell_ended": _("This work ended on %(ended_on)s already."),
    "spell_ends_before_it_begins": _(
        "The work began on %(left_on)s, so %(ended_on)s cannot be the first day no longer at work: "
        "that is the next day at the earliest. Check both days."
    ),
    "spell_overlap": _(
        "Worker %(worker)s was at work elsewhere on %(left_on)s or after. "
        "End that spell first, or check the day."
    ),
    "work_place_unknown": _("“%(place)s” is no place that we know. Write province, prefecture and county."),
}
