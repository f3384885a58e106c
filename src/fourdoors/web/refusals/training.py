"""Refusals of training."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "class_code_taken": _("Another class has the code %(code)s. Choose the next free one."),
    "candidate_unknown": _(
        "No trainee here has the number %(number)s. It stands on the class's own results sheet."
    ),
    "class_closed": _("Class %(code)s is closed. Nothing was changed."),
    "class_days": _(
        "The class runs from %(starts_on)s to %(ends_on)s, but its people are needed on %(needed_on)s."
        " Choose days that end in time."
    ),
    "class_full": _("The order behind class %(code)s asks for %(headcount)d people. Open a second class."),
    "class_not_over": _("Class %(code)s runs until %(ends_on)s. Its results are taken when it is over."),
    "class_unknown": _("No class here has the code %(code)s."),
    "not_a_class_day": _("%(on)s is no day of class %(code)s, or has not come yet. Choose another day."),
    "provider_code": _("%(credit_code)s is no unified social credit code. Compare it with the licence."),
    "results_incomplete": _(
        "The results of a class close it, and %(missing)d of its trainees are not among the sound rows."
    ),
    "trainee_left": _("This person left class %(code)s before."),
    "trainee_name": _("This number belongs to somebody of another name."),
    "trainee_unknown": _("Nobody in the register here has this identity number; a trainee must be in it."),
}
