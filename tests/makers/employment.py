"""Makers of spells of work, pay and visits. Everybody here is invented."""

from datetime import date

from fourdoors.employment.models import FollowUp, IncomeRecord, Spell, TravelCost
from fourdoors.employment.rules import IncomeRow, SpellRow, TicketKind, TravelCostRow
from fourdoors.employment.services import load_incomes, load_spells, load_travel_costs, schedule_follow_ups
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel
from fourdoors.partners.models import Broker, Employer
from fourdoors.register.models import Worker
from tests.makers.accounts import QINGDAO_JIAOZHOU


def make_spell(
    *,
    worker: Worker,
    left_on: date = date(2020, 3, 2),
    ended_on: date | None = None,
    channel: Channel = Channel.ORGANISED,
    place: int = QINGDAO_JIAOZHOU,
    employer: Employer | None = None,
    broker: Broker | None = None,
    grade: Grade = Grade.A,
    end_reason: str = "",
    shown_name: str = "",
    contract_signed: bool | None = None,
) -> Spell:
    """Make a spell that begins on the day of leaving."""
    row = SpellRow(
        village=worker.village,
        worker_id=worker.pk,
        channel=channel.value,
        place=place,
        left_on=left_on,
        arrived_on=left_on,
        ended_on=ended_on,
        end_reason=end_reason,
        source="door 4",
        grade=grade.value,
        employer_id=employer.pk if employer else None,
        employer_name=employer.name if employer else "青岛衣坊(虚构)",
        broker_id=broker.pk if broker else None,
        shown_name=shown_name,
        identity_tail=worker.identity_tail if shown_name else "",
        post="缝纫工",
        contract_signed=contract_signed,
    )
    return Spell.objects.get(pk=load_spells([row])[0])


def make_income(
    *, spell: Spell, month: date = date(2020, 4, 1), fen: int = 450_000, grade: Grade = Grade.B
) -> IncomeRecord:
    """Make a month of pay."""
    load_incomes(
        [
            IncomeRow(
                village=spell.village,
                spell_id=spell.pk,
                worker_id=spell.worker_id,
                month=month,
                fen=fen,
                measured=grade <= Grade.B,
                source="payroll",
                grade=grade.value,
                employer_id=spell.employer_id,
            )
        ]
    )
    return IncomeRecord.objects.get(spell=spell, month=month)


def make_ticket(*, spell: Spell, fen: int = 39_900, grade: Grade = Grade.B) -> TravelCost:
    """Make a ticket to the work place."""
    load_travel_costs(
        [
            TravelCostRow(
                village=spell.village,
                spell_id=spell.pk,
                worker_id=spell.worker_id,
                kind=TicketKind.ONE_WAY.value,
                fen=fen,
                travelled_on=spell.left_on,
                source="ticket",
                grade=grade.value,
            )
        ]
    )
    return TravelCost.objects.get(spell=spell)


def make_follow_up(*, spell: Spell, day: int = 7) -> FollowUp:
    """Make the visits of a spell and return one of them."""
    schedule_follow_ups([spell.pk])
    return FollowUp.objects.get(spell=spell, day=day)
