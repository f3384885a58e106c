"""Refusals of training."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "class_code_taken": _("Another class has the code %(code)s. Choose the next free one."),
    "class_closed": _("Class %(code)s is closed. Nothing was changed."),
    "class_days": _(
        "The class runs from %(starts_on)s to %(ends_on)s, but its people are needed on %(needed_on)s."
        " Choose days that end in time."
    ),
    "class_full": _("The order behind class %(code)s asks for %(headcount)d people. Open a second class."),
    "not_a_class_day": _("%(on)s is no day of class %(code)s, or has not come yet. Choose another day."),
    "provider_code": _("%(credit_code)s is no unified social credit code. Compare it with the licence."),
}
