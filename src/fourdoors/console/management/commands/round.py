"""``fourdoors round``: run, publish or show a matching round from the command line."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.utils import timezone

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import officer_called, scope_of
from fourdoors.console.demo.marker import demonstration_moment, is_whole
from fourdoors.console.progress import step
from fourdoors.console.words import say
from fourdoors.kernel.divisions import LI_COUNTY, Range, find_division, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.selectors import contested_pair, counted_states, offers, rounds_in
from fourdoors.placements.services import publish_round, run_round
from fourdoors.store.scope import Scope, scoped


def _(text: str) -> str:
    return text


NO_DIVISION = _("No division has the code %(code)d.")
NO_OFFICER = _("%(username)s is not an officer of county duty who answers for this place.")
NO_ROUND = _("There is no round %(number)d.")
REFUSED = _("Refused (%(code)s): %(values)s. Nothing was written.")
WORDS = {
    "nobody_to_match": _(
        "There is nothing to match: %(workers)d workers agreed to be matched, %(vacancies)d vacancies are"
        " open. Record wishes and consents, or verify vacancies, then run the round again."
    ),
    "round_under_way": _(
        "Round %(round)d of the same people is under way. Wait until it is ready, or cancel it."
    ),
    "round_not_ready": _("Round %(round)d is published or set aside already. Nothing was changed."),
    "round_own": _("You ran round %(round)d yourself: another officer has to publish it."),
}
EVERYWHERE = Range(0, 10**12)
NOTHING_TO_DO = _("Say what to do: run, publish or show a round, or --demo.")
WHERE = _(
    "Read it in the page: fourdoors serve --demonstration, sign in as county2, open /rounds/%(round)d/."
)
GOT = _("%(name)s was offered %(title)s: why stands at /offers/%(offer)d/.")
NOT = _(
    "%(name)s was not, though it would have suited best: why stands at /rounds/%(round)d/posts/%(vacancy)d/."
)
NOTHING_FIT = _("%(name)s was offered nothing: why stands at /rounds/%(round)d/unplaced/?rule=%(rule)s.")
NOBODY_LEFT = _("Nobody was left over, or nobody was offered anything: /rounds/%(round)d/ says it.")
DEMO_STARTS_AFTER_DAYS = 7


class Command(BaseCommand):
    """``fourdoors round``."""

    help = "Match a county's willing workers to what is open: run, publish, show / 人岗匹配批次."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the deed and what it needs."""
        parser.add_argument(
            "--demo", action="store_true", help="make the demonstration once, then a round of Li County in it"
        )
        parser.add_argument(
            "--workers", type=int, default=20_000, help="invented workers of the demonstration"
        )
        deeds = parser.add_subparsers(dest="deed", metavar="run|publish|show")
        run = deeds.add_parser("run", help="match and keep the plan; nobody sees it yet / 运行匹配")
        run.add_argument("--division", type=int, required=True, help="12-digit code, county or township")
        run.add_argument(
            "--starts-on", type=date.fromisoformat, required=True, help="first day of work, like 2020-03-09"
        )
        run.add_argument("--seed", type=int, default=0, help="draws the lots between equals (0)")
        publish = deeds.add_parser("publish", help="show the offers to the workers / 发布")
        show = deeds.add_parser("show", help="say how a round stands / 查看")
        for parser_of_one in (publish, show):
            parser_of_one.add_argument("round", type=int, help="number of the round")
        for deed in (run, publish):
            deed.add_argument("--by", required=True, metavar="USERNAME", help="who does it")
            deed.add_argument("--on", type=date.fromisoformat, help="day of the deed, today if left out")

    def handle(self, *args: Any, deed: str | None, **options: Any) -> None:
        """Do it and print one summary line; exit code 1 on a refusal."""
        if options["demo"]:
            for line in _demo(options["workers"]):
                self.stdout.write(line)
            return
        if deed is None:
            raise CommandError(say(NOTHING_TO_DO))
        try:
            number = {"run": _run, "publish": _publish, "show": _known}[deed](options)
        except RuleError as refusal:
            raise CommandError(_words(refusal)) from refusal
        self.stdout.write(_summary(number))


def _run(options: dict[str, Any]) -> int:
    if find_division(options["division"]) is None:
        raise CommandError(say(NO_DIVISION, code=options["division"]))
    by = _officer(options["by"], options["division"])
    with step("round") as (_bar, done), scoped(scope_of(by)):
        made = run_round(
            division=options["division"],
            starts_on=options["starts_on"],
            by=by,
            at=_moment(options["on"]),
            seed=options["seed"],
        )
        done.update(workers=made.workers, offered=made.offered)
    return int(made.pk)


def _demo(workers: int) -> Iterator[str]:
    """Make the demonstration where there is none, match Li County, and name who got a post and who not."""
    if not is_whole():
        call_command("way", workers=workers, stdout=StringIO())
    by, at = _officer("county", LI_COUNTY), demonstration_moment()
    starts_on = at.date() + timedelta(days=DEMO_STARTS_AFTER_DAYS)
    with step("round") as (_bar, done), scoped(scope_of(by)):
        try:
            made = run_round(division=LI_COUNTY, starts_on=starts_on, by=by, at=at)
        except RuleError as refusal:
            raise CommandError(_words(refusal)) from refusal
        done.update(workers=made.workers, offered=made.offered)
    yield _summary(made.pk)
    with scoped(scope_of(by)):
        pair = contested_pair(round_id=made.pk)
    if pair is None:
        yield say(NOBODY_LEFT, round=made.pk)
    else:
        yield from _named(made.pk, *pair)
    yield say(WHERE, round=made.pk)


def _named(number: int, got: Any, left: Any) -> Iterator[str]:
    """Name who was offered a post and who was not, with the pages that say why."""
    yield say(GOT, name=got.shown_name, title=got.terms["title"], offer=got.pk)
    if left.reasons.get("best") == got.vacancy_id:
        yield say(NOT, name=left.worker.name, round=number, vacancy=got.vacancy_id)
        return
    rules = left.reasons["rules"]
    rule = rules[0][0] if rules else left.reasons["why"]
    yield say(NOTHING_FIT, name=left.worker.name, round=number, rule=rule)


def _publish(options: dict[str, Any]) -> int:
    number = _known(options)
    by = _officer(options["by"], rounds_in(EVERYWHERE).get(pk=number).division)
    with scoped(scope_of(by)):
        publish_round(round_id=number, by=by, at=_moment(options["on"]))
    return number


def _known(options: dict[str, Any]) -> int:
    number: int = options["round"]
    if not rounds_in(EVERYWHERE).filter(pk=number).exists():
        raise CommandError(say(NO_ROUND, number=number))
    return number


def _officer(username: str, division: int) -> Any:
    officer = officer_called(username)
    if officer is None or officer.duty != Duty.COUNTY or division not in officer.jurisdiction:
        raise CommandError(say(NO_OFFICER, username=username))
    return officer


def _moment(on: date | None) -> datetime:
    moment = timezone.localtime()
    on = on or settings.DEMONSTRATION_DAY
    return datetime.combine(on, moment.time(), moment.tzinfo) if on else moment


def _summary(number: int) -> str:
    found = rounds_in(EVERYWHERE).get(pk=number)
    with scoped(Scope(territory=range_of(found.division))):
        states = counted_states(offers(round_id=number))
    counts = {
        "workers": found.workers, "vacancies": found.vacancies, "openings": found.openings,
        "offered": found.offered, "left": found.workers - found.offered, "gap": found.report["gap"],
        **states,
    }  # fmt: skip
    said = " ".join(f"{name}={count}" for name, count in counts.items())
    return f"round {number} {found.state} {found.division} {found.starts_on}: {said} hash={found.answer_hash}"


def _words(refusal: RuleError) -> str:
    if refusal.code in WORDS:
        return say(WORDS[refusal.code], **refusal.values)
    values = ", ".join(f"{name}={value}" for name, value in refusal.values.items())
    return say(REFUSED, code=refusal.code, values=values)
