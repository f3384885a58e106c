"""Reads of recruitment: which vacancies are open, which fit a village, how many applied."""

from datetime import date

from django.db.models import Q, QuerySet

from fourdoors.recruitment.models import Vacancy


def vacancies() -> QuerySet[Vacancy]:
    """Return every vacancy with its employer, the newest confirmation first."""
    return Vacancy.objects.select_related("employer").order_by("-confirmed_at", "-id")


def open_vacancies(*, on: date, country: str = "CN", verified: bool = True) -> QuerySet[Vacancy]:
    """Return the vacancies that may be offered on a day, best pay first.

    Left out are those withdrawn, full or past their days, and, unless ``verified`` is False, those that no
    officer has put a name to. On ``expires_on`` itself a vacancy is no longer open.
    """
    found = Vacancy.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on),
        country=country,
        withdrawn_at=None,
        filled_at=None,
        expires_on__gt=on,
    )
    if verified:
        found = found.exclude(verified_at=None)
    return found.select_related("employer").order_by("-wage_low_yuan", "-wage_high_yuan", "id")
