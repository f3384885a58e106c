"""Refusals of placements."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "no_consent": _("%(worker)s has withdrawn the consent to this move. Nothing was changed."),
    "no_such_post": _("No open post is of this kind any more. Ask about another one."),
    "nobody_to_match": _(
        "There is nothing to match: %(workers)d workers agreed to be matched, %(vacancies)d vacancies are"
        " open. Record wishes and consents, or verify vacancies, then run the round again."
    ),
    "not_matchable": _("%(worker)s has not agreed to be matched: nobody is held to a post without a yes."),
    "offer_gone": _("This offer can no longer be answered. Reload the list to see how it stands."),
    "override_reason_missing": _("Say why this pair is kept apart. The reason can be read later."),
    "pair_overridden": _(
        "%(worker)s and %(vacancy)s are held together or kept apart already. Undo that first."
    ),
    "placed_already": _("%(worker)s holds another open placement. Close it first."),
    "plan_fault": _(
        "The second check found %(faults)d faults in the plan. Nothing was offered; tell the provider."
    ),
    "round_cancelled": _("Round %(round)d was cancelled. Nothing of it is kept."),
    "round_not_ready": _("Round %(round)d is published or set aside already. Nothing was changed."),
    "round_over": _("Round %(round)d is not being matched any longer. Nothing was changed."),
    "round_own": _("You ran round %(round)d yourself: another officer has to publish it."),
    "round_stuck": _(
        "Round %(round)d was begun %(attempts)d times and broke off each time. Nothing was written; choose a"
        " township, or tell the provider."
    ),
    "round_too_large": _(
        "%(workers)d workers and %(vacancies)d vacancies are more than one round holds. Nothing was changed:"
        " choose a township, and run one round a township."
    ),
    "round_under_way": _(
        "Round %(round)d of the same people is under way. Wait until it is ready, or cancel it."
    ),
    "vacancy_full": _("All %(openings)d openings of %(vacancy)s are taken. Choose another vacancy."),
    "worker_locked": _("%(worker)s is held together with %(vacancy)s. Undo that first."),
}
