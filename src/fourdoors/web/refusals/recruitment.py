"""Refusals of recruitment: a limit without a legal basis names the article that forbids it."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "applicant_nameless": _("Write a name, so that we know whom to ask for."),
    "age_limit_unfounded": _(
        "No article allows the age limit of %(years)d (%(article_en)s). Leave it out; 16 and 18 may be asked "
        "as the lowest age, a highest age only where a dated rule of the place bars people from the trade."
    ),
    "employer_failed_check": _(
        "The newest check of %(employer)s found something out of order. Enter a check that it passes first."
    ),
    "employer_unknown": _(
        "No employer called “%(name)s” is registered. Write its unified social credit code beside it."
    ),
    "event_closed": _("“%(event)s” is closed."),
    "hours_missing": _("Pay by the hour needs the hours of a week. Enter them, or give the pay of a month."),
    "openings_missing": _("“%(title)s” needs at least one opening."),
    "phone_wrong": _("This is no mobile number. Write eleven digits that begin with 1."),
    "piece_needs_month": _(
        "Pay by the piece is shown as what a month brings. Enter the lowest and the highest pay of a month."
    ),
    "place_unknown": _("No place has the code %(code)s."),
    "post_not_at_fair": _("Choose one of the posts offered at “%(event)s”."),
    "post_twice_in_list": _("“%(title)s” stands in an earlier row of this list: same employer, same place."),
    "requirement_unread": _("“%(value)s” cannot be read. Write full years, or “不限”."),
    "sex_limit_unfounded": _(
        "The post may not be limited to one sex (%(sex_en)s): %(article_en)s. Leave it out, or name one of "
        "the three kinds of work in the annex of State Council Decree 619 that the post really is."
    ),
    "title_missing": _("The post needs a name."),
    "too_many_applications": _(
        "Too many applications came from this village in one hour. Wait a little, or ask the village office."
    ),
    "vacancy_closed": _("“%(vacancy)s” takes no applications any more."),
    "vacancy_expired": _(
        "“%(vacancy)s” expired on %(expires_on)s. Ask the employer whether it is still open and confirm it."
    ),
    "vacancy_gone": _("“%(vacancy)s” was withdrawn or is full."),
    "village_unknown": _("No village has the code %(code)s."),
    "wage_missing": _(
        "“%(title)s” must say what it pays a month: the lower number first, the higher second."
    ),
    "wage_unread": _(
        "“%(text)s” says nothing of the pay of a month. Write numbers in yuan, such as 4200-5500."
    ),
    "words_unlawful": _("“%(words)s” may not stand in a post: %(article_en)s. Take these words out."),
    "work_ends_before_it_starts": _("The work would end on %(ends_on)s, before it starts on %(starts_on)s."),
}
