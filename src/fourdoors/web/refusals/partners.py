"""Refusals of cooperation."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "agreement_known": _("Agreement %(number)s is entered already."),
    "agreement_party": _("Agreement %(number)s needs another side: choose a province or an employer."),
    "base_known": _("“%(name)s” carries a plaque already."),
    "brand_known": _("The brand “%(name)s” is registered already."),
    "broker_known": _("A broker with licence %(licence_number)s is registered already."),
    "budget_below_taken": _(
        "%(posts_taken)d posts are taken already: the budget cannot go down to %(posts)d."
    ),
    "budget_spent": _("Every public-welfare post of %(year)d is taken. Ask for a larger budget first."),
    "credit_code_wrong": _(
        "%(code)s is no unified social credit code: 18 characters, the last of which checks the others. "
        "Copy it again from the licence."
    ),
    "end_before_start": _("The last day (%(to_on)s) lies before the first (%(from_on)s)."),
    "household_has_post": _(
        "The household of %(worker)s holds a public-welfare post already: there is one a household."
    ),
    "letter_known": _("Letter %(number)s is entered already."),
    "no_household": _("%(worker)s belongs to no household in the register. Enter the household first."),
    "not_a_province": _("%(code)s is the code of no province."),
    "reply_too_early": _("The letter was sent on %(sent_on)s: its reply cannot be older."),
    "standard_not_held": _(
        "%(worker)s does not yet hold what %(brand)s asks for: %(missing_en)s. Enter the certificate first."
    ),
    "standard_unsound": _(
        "Point %(number)d of the standard of “%(name)s” cannot be checked: "
        "it needs a kind, an occupation and its words in both languages."
    ),
    "station_known": _("A station called “%(name)s” is open already."),
    "target_outside_plan": _("%(year)d lies outside the plan (%(from_year)d to %(to_year)d)."),
}
