"""Provinces that take workers: letters and replies, stations, missions and their outcomes."""

from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Level, find_division, level_of
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.models import Letter, Mission, PartnerProvince, Station
from fourdoors.partners.rules import MissionKind, Strategy


class NotAProvinceError(RuleError):
    """A partner is a province, an autonomous region or a municipality."""

    code: ClassVar[str] = "not_a_province"


class LetterKnownError(RuleError):
    """A letter of this number was sent already."""

    code: ClassVar[str] = "letter_known"


class ReplyTooEarlyError(RuleError):
    """A reply cannot be older than its letter."""

    code: ClassVar[str] = "reply_too_early"


class StationKnownError(RuleError):
    """A station of this name is open already."""

    code: ClassVar[str] = "station_known"


@transaction.atomic
def add_province(
    *, code: int, strategy: Strategy, paired_with: str = "", at: datetime, by: Officer | None
) -> PartnerProvince:
    """Make a province a partner, or change what is wanted of it.

    Args:
        code: its 12-digit code.
        strategy: what is wanted of it.
        paired_with: its pairing in Gansu before 2021, as published.
        at: the moment of the deed.
        by: who decides.

    Raises:
        NotAProvinceError: no province of this code.
    """
    if find_division(code) is None or level_of(code) is not Level.PROVINCE:
        raise NotAProvinceError(code=code)
    province, _ = PartnerProvince.objects.update_or_create(
        code=code, defaults={"strategy": strategy.value, "paired_with": paired_with}
    )
    record_deed(officer=by, action="partners.province_added", at=at, object_id=code, strategy=strategy.value)
    return province


@transaction.atomic
def send_letter(
    *, province: PartnerProvince, number: str, asks: str, sent_on: date, at: datetime, by: Officer | None
) -> Letter:
    """Enter a letter to a province (发函): what it asks for, and when it left.

    Raises:
        LetterKnownError: the number is taken.
    """
    letter, made = Letter.objects.get_or_create(
        number=number, defaults={"province": province, "asks": asks, "sent_on": sent_on}
    )
    if not made:
        raise LetterKnownError(number=number)
    record_deed(officer=by, action="partners.letter_sent", at=at, object_id=letter.pk, province=province.pk)
    return letter


@transaction.atomic
def record_reply(
    *,
    letter: Letter,
    replied_on: date,
    reply: str,
    posts_offered: int | None,
    at: datetime,
    by: Officer | None,
) -> Letter:
    """Enter the reply to a letter; a later one replaces it, the trail keeps both numbers.

    Args:
        letter: the letter that is answered.
        replied_on: day of the reply.
        reply: what it says, in a few words.
        posts_offered: posts that the province offers; None where it names no number.
        at: the moment of the deed.
        by: who enters it.

    Raises:
        ReplyTooEarlyError: before the letter was sent.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if replied_on < letter.sent_on:
        raise ReplyTooEarlyError(sent_on=letter.sent_on)
    letter.replied_on, letter.reply, letter.posts_offered = replied_on, reply, posts_offered
    letter.save(update_fields=["replied_on", "reply", "posts_offered"])
    record_deed(officer=by, action="partners.reply_recorded", at=at, object_id=letter.pk, posts=posts_offered)
    return letter


@transaction.atomic
def open_station(
    *,
    name: str,
    place: int,
    home: int,
    head_name: str,
    phone: str,
    opened_on: date,
    at: datetime,
    by: Officer | None,
) -> Station:
    """Open a labour-service station outside the province (驻外劳务工作站).

    Args:
        name: one name, one station.
        place: 12-digit division where it stands.
        home: 12-digit division that runs it.
        head_name: who leads it.
        phone: its office line, which is public.
        opened_on: first day.
        at: the moment of the deed.
        by: who decides.

    Raises:
        StationKnownError: the name is taken.
    """
    station, made = Station.objects.get_or_create(
        name=name,
        defaults={
            "place": place,
            "home": home,
            "head_name": head_name,
            "phone": phone,
            "opened_on": opened_on,
        },
    )
    if not made:
        raise StationKnownError(name=name)
    record_deed(officer=by, action="partners.station_opened", at=at, object_id=station.pk, place=place)
    return station


@transaction.atomic
def record_mission(
    *,
    province: PartnerProvince,
    title: str,
    kind: MissionKind,
    place: int,
    on: date,
    posts_promised: int,
    at: datetime,
    by: Officer | None,
) -> Mission:
    """Enter a mission, symposium or matching event with a province (劳务对接).

    Args:
        province: the partner.
        title: as the papers call it.
        kind: how they met.
        place: 12-digit division where they met.
        on: its day.
        posts_promised: posts that were promised there; 0 where none were.
        at: the moment of the deed.
        by: who enters it.
    """
    mission = Mission.objects.create(
        province=province, title=title, kind=kind.value, place=place, on=on, posts_promised=posts_promised
    )
    record_deed(
        officer=by, action="partners.mission_recorded", at=at, object_id=mission.pk, posts=posts_promised
    )
    return mission


@transaction.atomic
def record_outcome(
    *, mission: Mission, outcome: str, posts_promised: int, at: datetime, by: Officer | None
) -> Mission:
    """Enter what a mission brought, and the posts that were promised in the end."""
    mission = Mission.objects.select_for_update().get(pk=mission.pk)
    mission.outcome, mission.posts_promised = outcome, posts_promised
    mission.save(update_fields=["outcome", "posts_promised"])
    record_deed(
        officer=by, action="partners.outcome_recorded", at=at, object_id=mission.pk, posts=posts_promised
    )
    return mission
