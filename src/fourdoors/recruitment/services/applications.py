"""Applications: by a worker of the register, or by a name and a phone left on the village page."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import transaction
from django.utils.timezone import localdate

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Level, county_of, find_division
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.identity import is_mobile_phone, normalised_phone
from fourdoors.recruitment.models import Application, Vacancy
from fourdoors.recruitment.rules import Answer, ApplicationChannel
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.register.models import Worker
from fourdoors.store.vault import vault

MOST_PER_VILLAGE_AND_HOUR = 60  # our own: a village of Gansu has some 300 households; a machine sends more
NAME_LENGTH = 40


class VacancyClosedError(RuleError):
    """The vacancy takes no applications: it is full, withdrawn, expired or not yet verified."""

    code: ClassVar[str] = "vacancy_closed"


class ApplicantNamelessError(RuleError):
    """Somebody must be asked for by name."""

    code: ClassVar[str] = "applicant_nameless"


class PhoneWrongError(RuleError):
    """The number is no mobile number: nobody could call back."""

    code: ClassVar[str] = "phone_wrong"


class VillageUnknownError(RuleError):
    """No village has that code."""

    code: ClassVar[str] = "village_unknown"


class TooManyApplicationsError(RuleError):
    """More came from one village in an hour than people send."""

    code: ClassVar[str] = "too_many_applications"


@transaction.atomic
def apply(
    *, vacancy: Vacancy, worker: Worker, channel: ApplicationChannel, at: datetime, by: Officer | None
) -> Application:
    """Enter that a worker wants a vacancy (报名); a second time returns the first application.

    It binds nobody: it is neither a consent to a move nor a promise of the employer.

    Args:
        vacancy: one that is open and verified.
        worker: a worker of the register within the scope that is set.
        channel: by which way.
        at: the moment.
        by: the officer who enters it; None for the worker's own hand.

    Raises:
        VacancyClosedError: the vacancy takes nobody.
    """
    vacancy = _open(vacancy, at)
    application, made = Application.objects.get_or_create(
        vacancy=vacancy,
        worker=worker,
        withdrawn_at=None,
        defaults={
            "village": worker.village, "county": worker.county, "channel": channel.value, "applied_at": at,
        },
    )  # fmt: skip
    if made:
        _record(application, "recruitment.applied", at=at, by=by)
    return application


@transaction.atomic
def apply_from_village(*, vacancy: Vacancy, village: int, name: str, phone: str, at: datetime) -> Application:
    """Enter a name and a phone left on a village page; the phone is sealed before it is stored.

    The scope that is set must hold the village. The same phone for the same vacancy returns the first
    application. Machines are kept out by a limit a village and hour, which no village reaches.

    Args:
        vacancy: one that is open and verified.
        village: 12-digit code of the village whose page it was.
        name: how to ask for the caller.
        phone: a mobile number in any spelling.
        at: the moment.

    Raises:
        VillageUnknownError: no village of that code.
        ApplicantNamelessError: no name.
        PhoneWrongError: no mobile number.
        TooManyApplicationsError: the village sent too many within the hour.
        VacancyClosedError: the vacancy takes nobody.
    """
    number, name = normalised_phone(phone), name.strip()[:NAME_LENGTH]
    place = find_division(village)
    if place is None or place.level is not Level.VILLAGE:
        raise VillageUnknownError(code=village)
    if not name:
        raise ApplicantNamelessError
    if not is_mobile_phone(number):
        raise PhoneWrongError
    vacancy = _open(vacancy, at)
    recent = Application.objects.filter(village=village, channel=ApplicationChannel.POSTER.value)
    if recent.filter(applied_at__gt=at - timedelta(hours=1)).count() >= MOST_PER_VILLAGE_AND_HOUR:
        raise TooManyApplicationsError
    application, made = Application.objects.get_or_create(
        vacancy=vacancy,
        phone_hash=vault().hash("phone", number),
        withdrawn_at=None,
        defaults={
            "village": village, "county": county_of(village), "name": name,
            "phone_cipher": vault().seal("phone", number), "phone_tail": number[-4:],
            "channel": ApplicationChannel.POSTER.value, "applied_at": at,
        },
    )  # fmt: skip
    if made:
        _record(application, "recruitment.applied", at=at, by=None)
    return application


@transaction.atomic
def withdraw_application(*, application: Application, at: datetime, by: Officer | None) -> None:
    """Take an application back, in one step and without a reason; a second time changes nothing.

    A name and a phone that were left are erased with it: their purpose has ended.
    """
    if Application.objects.filter(pk=application.pk, withdrawn_at=None).update(
        withdrawn_at=at, name="", phone_hash=None, phone_cipher=None, phone_tail=""
    ):
        _record(application, "recruitment.application_withdrawn", at=at, by=by)


@transaction.atomic
def answer_application(*, application: Application, answer: Answer, at: datetime, by: Officer) -> Application:
    """Note what the office did about an application."""
    application.answer, application.answered_at = answer.value, at
    application.save(update_fields=["answer", "answered_at"])
    _record(application, "recruitment.application_answered", at=at, by=by, answer=answer.value)
    return application


@transaction.atomic
def show_phone(*, application: Application, at: datetime, by: Officer) -> str:
    """Open the phone that somebody left, to call back; looking at it is a deed. Blank where none is left."""
    if application.phone_cipher is None:
        return ""
    phone = vault().open("phone", application.phone_cipher)
    _record(application, "recruitment.phone_shown", at=at, by=by)
    return phone


def _open(vacancy: Vacancy, at: datetime) -> Vacancy:
    """Return the vacancy locked, so that it cannot close meanwhile, or refuse one that is not open."""
    found = open_vacancies(on=localdate(at), country=vacancy.country).filter(pk=vacancy.pk)
    locked = found.select_related(None).select_for_update(no_key=True).first()
    if locked is None:
        raise VacancyClosedError(vacancy=vacancy)
    return locked


def _record(
    application: Application, action: str, *, at: datetime, by: Officer | None, **values: object
) -> None:
    record_deed(
        officer=by, action=action, at=at, county=application.county, object_id=application.pk,
        vacancy=application.vacancy_id, channel=application.channel, **values,
    )  # fmt: skip
