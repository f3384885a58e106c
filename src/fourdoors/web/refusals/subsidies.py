"""Refusals of subsidies."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "application_worker_unknown": _(
        "Nobody of this name and number is in the register of the place that this file is for."
    ),
    "application_subsidy_unknown": _(
        "No travel subsidy “%(subsidy)s” is in force at this person's home, or more than one: name it in a "
        "column “补贴项目”."
    ),
    "application_work_unknown": _(
        "No work of this person at “%(place)s” is known. Bring the ledger in, or record the work first."
    ),
    "application_not_granted": _("The rule gives nothing on what is held: %(why)s"),
    "account_missing": _(
        "No account is known for claim %(claim)d. Enter the passbook or card of the household first."
    ),
    "batch_closed": _("Payment list %(number)s was released or withdrawn: nothing in it changes any more."),
    "batch_untrue": _(
        "Payment list %(number)s does not hold what it held when it was made. "
        "Withdraw it and make it again; tell the auditor."
    ),
    "claim_not_here": _("The claim is not at this step any more (%(state)s). Open it again."),
    "nothing_to_pay": _("No approved claim of %(key)s waits for payment here."),
    "nothing_to_show": _("No claim of %(key)s waits for a public notice here."),
    "notice_over": _(
        "Claim %(claim)d is not on public notice today. Objections are taken while the notice runs."
    ),
    "notice_running": _("The public notice runs until %(to_on)s. Review on the day after."),
    "objection_answered": _("Objection %(objection)d was answered already."),
    "objection_open": _("An objection to claim %(claim)d waits for an answer. Answer it first."),
    "own_batch": _("Payment list %(number)s was made by you. Another officer releases it."),
    "own_claim": _("Claim %(claim)d was made by you. Another officer reviews it."),
    "own_release": _(
        "Payment list %(number)s was released by you. Another officer brings the bank's answer in."
    ),
    "payment_amount": _("The list says %(listed)s yuan, this row %(said)s. Ask the bank which is right."),
    "payment_day": _("The list was released on %(released)s; the bank cannot have paid before."),
    "payment_done": _(
        "The bank said already that this was paid. Money that came back later is dealt with on paper."
    ),
    "payment_list_open": _("Payment list %(number)s is not released: nothing of it can be paid yet."),
    "payment_unknown": _("No payment list has this person for this subsidy and period."),
    "policy_elsewhere": _("%(key)s is not in force in division %(division)d."),
    "policy_not_computable": _(
        "%(key)s cannot be computed from what we hold: %(missing)s. Claims under it are made on paper."
    ),
    "policy_over": _("%(key)s was not in force in the period %(period)s."),
    "policy_unsound": _("The policy file %(key)s does not say what it should at “%(place)s”."),
}
