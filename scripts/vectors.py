"""Write ``tests/vectors/doors.json``: what a door answers, for Python and for the browser alike.

Each named case carries the answer that its author expects; the sweeps (every door after every set of doors,
every state, every damaged byte) carry what the rules say. The keys are drawn from nothing secret, so the file
is the same on every machine. Usage: ``python scripts/vectors.py``.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import cbor2
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fourdoors.engines.passes.keys import SigningKey, VerifyingKey
from fourdoors.engines.passes.short_code import short_code
from fourdoors.engines.passes.signed import sign_message
from fourdoors.engines.passes.token import PREFIX, RIDE, PassClaims, sign_pass
from fourdoors.travel.rules import Carried, Door, GateAnswer, Rider, TripState, answer_at_gate, true_moment

PATH = Path(__file__).parents[1] / "tests" / "vectors" / "doors.json"
START = datetime(2020, 3, 8, 22, 0, tzinfo=UTC)  # 9 March 2020, 06:00 in China
END = START + timedelta(days=7)
HOUR = 3600
Case = dict[str, Any]


def key_from(word: str, kid: bytes = b"") -> SigningKey:
    """Return a pair that everybody can draw again; it signs nothing but these vectors."""
    private = hashlib.sha256(f"vectors of Four Doors: {word}".encode()).digest()
    secret = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    public = secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return SigningKey(kid=kid or hashlib.sha256(public).digest()[:8], private=private, public=public)


OLD, NEW, STRANGER = key_from("old"), key_from("new"), key_from("stranger")
TWIN = key_from("twin", kid=NEW.kid)  # another pair under the same kid
IMPOSTOR = key_from("impostor", kid=NEW.kid)
KEYS = {"old": OLD, "new": NEW, "twin": TWIN}
HERE, THERE = 40123, 40124


def claims(sits: int, /, **changed: Any) -> PassClaims:
    """Return what the pass of a seat says."""
    said: dict[str, Any] = {
        "issuer": "fourdoors", "not_before_at": START, "expires_at": END, "pass_id": pass_id(sits),
        "trip": HERE, "leg": 1, "seat": str(sits), "name": "马*兰",
    }  # fmt: skip
    return PassClaims(**(said | changed))


def pass_id(seat: int) -> bytes:
    """Return the pass id of a seat."""
    return hashlib.sha256(f"seat {seat}".encode()).digest()[:8]


def raw(said: dict[int, Any], key: SigningKey = NEW) -> str:
    """Sign any claims at all, also those that no issuer writes."""
    return f"{PREFIX}{b45encode(sign_message(cbor2.dumps(said, canonical=True), key)).decode()}"


def plain(**changed: Any) -> dict[int, Any]:
    """Return the claims of seat 1 as they are written, some of them changed."""
    first, end = int(START.timestamp()), int(END.timestamp())
    said = {1: "fourdoors", 4: end, 5: first, 7: pass_id(1), RIDE: [HERE, 1, "1", "马*兰"]}
    return said | {int(name.removeprefix("c")): value for name, value in changed.items()}


SEATS = {
    1: ("马*兰", NEW), 2: ("李*", NEW), 3: ("王*花", OLD), 4: ("赵*", TWIN), 5: ("孙*", NEW), 6: ("周*", NEW),
}  # fmt: skip
REVOKED, GONE = 5, 6
CODES = {short_code(pass_id(seat)): str(seat) for seat in SEATS}
TEXTS = {
    f"seat_{seat}": sign_pass(claims(seat, name=name), key) for seat, (name, key) in SEATS.items()
} | {
    "newer": sign_pass(claims(20), NEW),  # issued after the phone was told of its riders
    "other_trip": sign_pass(claims(1, trip=THERE), NEW),
    "other_leg": sign_pass(claims(1, leg=2), NEW),
    "no_seat": sign_pass(claims(1, seat=""), NEW),
    "like_a_method": sign_pass(claims(1, seat="valueOf"), NEW),
    "expired_elsewhere": sign_pass(claims(1, trip=THERE, expires_at=START + timedelta(minutes=1)), NEW),
    "unknown_key": sign_pass(claims(1), STRANGER),
    "impostor": sign_pass(claims(1), IMPOSTOR),
    "most": sign_pass(
        claims(1, issuer="发" * 16, trip=2**53 - 1, leg=99, seat="座" * 8, name="名" * 15 + "*"), NEW
    ),
}  # fmt: skip
FOREIGN = {
    "no_star": raw(plain(**{f"c{RIDE}": [HERE, 1, "1", "马小兰"]})),
    "leg_0": raw(plain(**{f"c{RIDE}": [HERE, 0, "1", "马*兰"]})),
    "leg_100": raw(plain(**{f"c{RIDE}": [HERE, 100, "1", "马*兰"]})),
    "trip_too_big": raw(plain(**{f"c{RIDE}": [2**53, 1, "1", "马*兰"]})),
    "trip_negative": raw(plain(**{f"c{RIDE}": [-1, 1, "1", "马*兰"]})),
    "seat_number": raw(plain(**{f"c{RIDE}": [HERE, 1, 1, "马*兰"]})),
    "seat_long": raw(plain(**{f"c{RIDE}": [HERE, 1, "123456789", "马*兰"]})),
    "name_long": raw(plain(**{f"c{RIDE}": [HERE, 1, "1", "名" * 16 + "*"]})),
    "name_rare": raw(plain(**{f"c{RIDE}": [HERE, 1, "1", "𠮷" * 15 + "*"]})),
    "ride_short": raw(plain(**{f"c{RIDE}": [HERE, 1, "1"]})),
    "ride_long": raw(plain(**{f"c{RIDE}": [HERE, 1, "1", "马*兰", "13912345678"]})),
    "claim_more": raw(plain(c8="more")),
    "claim_less": raw({name: value for name, value in plain().items() if name != 1}),
    "id_short": raw(plain(c7=pass_id(1)[:7])),
    "id_text": raw(plain(c7="马小兰")),
    "issuer_empty": raw(plain(c1="")),
    "ends_before": raw(plain(c4=int(START.timestamp()))),
    "ends_in_3000": raw(plain(c4=2**33)),
    "begins_negative": raw(plain(c5=-1)),
    "float": raw(plain(c4=1.5)),
    "true": raw(plain(**{f"c{RIDE}": [True, 1, "1", "马*兰"]})),
    "none": raw(plain(c1=None)),
    "bom": raw(plain(**{f"c{RIDE}": [HERE, 1, "\ufeff1", "马*兰"]})),
    "list": raw([1, 2]),  # type: ignore[arg-type]
}
ALL_TEXTS = TEXTS | FOREIGN
CARRIED: dict[str, Case] = {
    "trip": {}, "departed": {"state": "departed", "departed_at": HOUR},
    **{f"{state.value}_now": {"state": state.value, "state_certain": True} for state in TripState},
    **{f"{state.value}_remembered": {"state": state.value} for state in TripState},
    "departed_now": {"state": "departed", "departed_at": HOUR, "state_certain": True},
    "before_roll": {"keys": ["old"]}, "after_roll": {"keys": ["new", "old"]},
    "twins": {"keys": ["twin", "new"]}, "no_keys": {"keys": []},
}  # fmt: skip
PLAIN: Case = {
    "trip": HERE, "leg": 1, "state": "approved", "departed_at": None, "state_certain": False,
    "ends_at": 7 * 24 * HOUR, "keys": ["old", "new", "twin"], "revoked": [pass_id(REVOKED).hex()],
    "gone": [pass_id(GONE).hex()],
}  # fmt: skip


def case(name: str, expected: str | None = None, **given: Any) -> Case:
    """Return one case: seconds from the beginning of the passes, a right clock, a new list."""
    plain_case = {
        "name": name, "text": "seat_1", "door": 1, "device_at": 2 * HOUR, "ahead": 0, "list_at": HOUR,
        "carried": "trip", "passed": {}, "answered_for": False,
    }  # fmt: skip
    return plain_case | given | {"expected": expected}


def named() -> Iterator[Case]:
    """Every edge, with the answer that its author expects."""
    yield case("a good pass", "accepted")
    for text, expected in {
        "seat_3": "accepted", "seat_4": "accepted", "seat_5": "revoked", "seat_6": "given_up",
        "newer": "accepted", "other_trip": "wrong_trip", "other_leg": "wrong_leg", "no_seat": "accepted",
        "like_a_method": "accepted", "unknown_key": "pass_unknown_key", "impostor": "pass_forged",
        "most": "wrong_trip", "expired_elsewhere": "pass_expired", "bom": "accepted",
        "name_rare": "accepted",
    }.items():  # fmt: skip
        yield case(f"pass {text}", expected, text=text)
    for text in FOREIGN.keys() - {"bom", "name_rare"}:
        yield case(f"claims that no issuer writes: {text}", "pass_malformed", text=text)
    yield from in_time()
    yield from by_list()
    yield from by_code()
    yield from written_wrongly()
    yield from after_each_other()


def in_time() -> Iterator[Case]:
    """The first and the last second, and clocks that are wrong."""
    week, early = 7 * 24 * HOUR, {"list_at": -HOUR}
    yield case("a second too early", "pass_not_yet", device_at=-1, **early)
    yield case("the first second", "accepted", device_at=0, **early)
    yield case("the last second", "accepted", device_at=week - 1, list_at=week - HOUR)
    yield case("the moment of the end", "pass_expired", device_at=week, list_at=week - HOUR)
    yield case(
        "a clock two days ahead",
        "accepted",
        device_at=week + HOUR,
        ahead=48 * HOUR,
        list_at=5 * HOUR + week // 2,
    )
    yield case("a clock two days behind", "accepted", device_at=-47 * HOUR, ahead=-48 * HOUR)
    yield case("a clock behind, not known", "accepted", device_at=-47 * HOUR)  # the list proves the moment
    yield case("a clock ahead, not known", "pass_expired", device_at=week + 1)
    yield case("a clock at its birth", "accepted", device_at=-int(START.timestamp()))
    yield case("ahead by a second too much", "pass_not_yet", device_at=0, ahead=1, **early)
    for door in (1, 2):
        for at, expected in ((HOUR, "accepted"), (HOUR + 1, "has_left")):
            passed = {"1": [1]} if door == 2 else {}
            yield case(f"door {door} at {at} of a coach that left", expected, door=door, device_at=at,
                       carried="departed", passed=passed, list_at=0)  # fmt: skip
    yield case("a coach that left, by a clock two days behind", "has_left", device_at=-46 * HOUR,
               ahead=-48 * HOUR, carried="departed", list_at=0)  # fmt: skip


def by_list() -> Iterator[Case]:
    """The age of the list, its keys, and whoever answers for a rider."""
    at = 100 * HOUR
    for hours, seconds, expected in (
        (1, 0, "accepted"), (24, -1, "accepted"), (24, 0, "accepted"), (71, 0, "accepted"),
        (72, -1, "accepted"), (72, 0, "list_too_old"), (73, 0, "list_too_old"),
    ):  # fmt: skip
        given = {"device_at": at, "list_at": at - hours * HOUR - seconds}
        yield case(f"a list of {hours} h {seconds} s", expected, **given)
        yield case(f"a list of {hours} h {seconds} s, answered for", "accepted", answered_for=True, **given)
    too_old = {"device_at": at, "list_at": at - 80 * HOUR}
    yield case("too old a list and the wrong coach", "wrong_trip", text="other_trip", **too_old)
    yield case("too old a list and a revoked pass", "revoked", text="seat_5", **too_old)
    yield case(
        "too old a list and a revoked pass, answered for",
        "revoked",
        text="seat_5",
        answered_for=True,
        **too_old,
    )
    yield case("too old a list and passed before", "already", passed={"1": [1]}, **too_old)
    yield case("too old a list and a missed door", "list_too_old", door=2, **too_old)
    yield case(
        "too old a list and a missed door, answered for", "out_of_order", door=2, answered_for=True, **too_old
    )
    yield case("before the roll the new key is unknown", "pass_unknown_key", carried="before_roll")
    yield case("before the roll the old key is good", "accepted", text="seat_3", carried="before_roll")
    yield case("after the roll both are good: new", "accepted", carried="after_roll")
    yield case("after the roll both are good: old", "accepted", text="seat_3", carried="after_roll")
    yield case("without its twin a key forges", "pass_forged", text="seat_4", carried="after_roll")
    yield case("two keys of one kid: the first", "accepted", text="seat_4", carried="twins")
    yield case("two keys of one kid: the second", "accepted", carried="twins")
    yield case("no keys at all", "pass_unknown_key", carried="no_keys")


def by_code() -> Iterator[Case]:
    """The eight characters, typed well and badly."""
    code = next(code for code, seat in CODES.items() if seat == "1")
    full = "".join(chr(ord(letter) + 0xFEE0) for letter in code.replace("-", ""))
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f"  {code} ",
        code.replace("-", " "),
        f"\t{code}\n",
        full,
    ):
        yield case(f"typed {typed!r}", "accepted", raw=typed)
    for place in range(8):
        letters = list(code.replace("-", ""))
        letters[place] = "3" if letters[place] != "3" else "4"
        yield case(f"one character wrong, {place}", "pass_code_mistyped", raw="".join(letters))
    for typed in (
        "",
        " ",
        "K7QF",
        code + "2",
        "K7QF-29MB",
        "二二二二二二二二",
        "ß" * 4,
        "0" * 8,
        "2222-222",
        "💥" * 8,
    ):
        yield case(f"no code: {typed!r}", "pass_code_mistyped", raw=typed)
    yield case("a good code of nobody here", "pass_unknown", raw="2222-2222")
    revoked = next(code for code, seat in CODES.items() if seat == str(REVOKED))
    yield case("the code of a revoked pass", "revoked", raw=revoked)
    yield case("the code of who gave up", "given_up", raw=next(c for c, s in CODES.items() if s == str(GONE)))
    week = 7 * 24 * HOUR
    yield case("a code in its last second", "accepted", raw=code, device_at=week - 1, list_at=week - HOUR)
    yield case("a code after the end", "pass_unknown", raw=code, device_at=week, list_at=week - HOUR)
    yield case("a code with too old a list", "list_too_old", raw=code, device_at=100 * HOUR)


def written_wrongly() -> Iterator[Case]:
    """Texts that are no pass, or one that was damaged as a whole."""
    good = TEXTS["seat_1"]
    for name, text in {
        "prefix only": "FD1:", "small prefix": good.replace("FD1", "fd1"), "health certificate": "HC1:6BF",
        "half": good[: len(good) // 2], "twice": good + good[4:], "without its last": good[:-1],
        "one more": good + "0", "not base45": "FD1:!!!!", "small letters": good.lower(),
        "too long": good + "0" * 300, "over the top": "FD1:" + ":::" * 60, "web address": "https://example.org/FD1:",
        "line in the middle": good[:50] + "\n" + good[50:], "full width": "FD1：" + good[4:],
        "two letters too big": "FD1:::", "json": '{"trip": 40123}', "empty": "",
    }.items():  # fmt: skip
        expected = "pass_malformed" if text.startswith(PREFIX) else "pass_code_mistyped"
        yield case(f"text: {name}", expected, raw=text)
    yield case("blanks around it", "accepted", raw=f" \r\n{good}\t ")
    message = b45decode(good[4:])
    for name, bytes_ in {
        "other tag": b"\xd1" + message[1:], "no tag": message[1:],
        "long length": message.replace(b"\x4c", b"\x58\x0c", 1),
        "tail": message + b"\x00", "nested": b"\x81" * 60 + b"\x00", "endless": b"\x9f" + message,
        "huge": b"\x5b" + b"\xff" * 8, "huge number": b"\x1b" + b"\xff" * 8, "nothing": b"",
        "no algorithm": _with_header({4: NEW.kid}), "none": _with_header({1: 0, 4: NEW.kid}),
        "hmac": _with_header({1: 5, 4: NEW.kid}), "eddsa": _with_header({1: -8, 4: NEW.kid}),
        "short kid": _with_header({1: -7, 4: NEW.kid[:7]}),
        "more header": _with_header({1: -7, 3: 0, 4: NEW.kid}),
        "header outside": _with_header({1: -7, 4: NEW.kid}, {9: 9}),
    }.items():  # fmt: skip
        yield case(f"form: {name}", "pass_malformed", raw=f"{PREFIX}{b45encode(bytes_).decode()}")
    swapped = _with_signature(b45decode(TEXTS["seat_2"][4:])[-64:])
    yield case("the signature of another pass", "pass_forged", raw=swapped)
    yield case("a signature of zeros", "pass_forged", raw=_with_signature(bytes(64)))
    yield case("a signature of ones", "pass_forged", raw=_with_signature(b"\xff" * 64))


def _with_header(header: dict[int, Any], bare: dict[int, Any] | None = None) -> bytes:
    payload = cbor2.dumps(plain(), canonical=True)
    parts = [cbor2.dumps(header, canonical=True), bare or {}, payload, bytes(64)]
    return cbor2.dumps(cbor2.CBORTag(18, parts), canonical=True)


def _with_signature(signature: bytes) -> str:
    return f"{PREFIX}{b45encode(b45decode(TEXTS['seat_1'][4:])[:-64] + signature).decode()}"


def after_each_other() -> Iterator[Case]:
    """A copied pass, a missed door, the wrong order."""
    yield case("a copy at the same door", "already", passed={"1": [1]})
    yield case("a copy of another seat", "accepted", passed={"2": [1]})
    yield case("a copy by its code", "already", raw=next(iter(CODES)), passed={"1": [1]})
    yield case("in order", "accepted", door=2, passed={"1": [1]})
    yield case("a door missed", "out_of_order", door=2)
    yield case("a door too late", "out_of_order", door=1, passed={"1": [2]})
    yield case("passed and departed", "already", passed={"1": [1]}, carried="departed_now")
    yield case("passed and closed", "already", passed={"1": [1]}, carried="closed_now")
    yield case("departed now, door 3", "accepted", door=3, passed={"1": [1, 2]}, carried="departed_now")
    yield case("approved now, door 3", "not_departed", door=3, passed={"1": [1, 2]}, carried="approved_now")
    yield case("approved when last asked, door 3", "accepted", door=3, passed={"1": [1, 2]})
    yield case("planned when last asked", "accepted", carried="planned_remembered")
    yield case("closed when last asked", "closed", carried="closed_remembered")
    yield case("cancelled when last asked", "closed", carried="cancelled_remembered")


def swept() -> Iterator[Case]:
    """Every door after every set of doors, every state, every damaged byte of a pass."""
    doors = [int(door) for door in Door]
    for door in doors:
        for many in range(5):
            for passed in combinations(doors, many):
                yield case(f"door {door} after {list(passed)}", door=door, passed={"1": list(passed)})
        for state in TripState:
            for how in ("now", "remembered"):
                name = f"{state.value}_{how}"
                yield case(f"door {door}, {name}", door=door, carried=name, device_at=2 * HOUR)
    message = b45decode(TEXTS["seat_1"][4:])
    for place in range(len(message)):
        damaged = bytearray(message)
        damaged[place] ^= 1 << (place % 8)
        yield case(f"byte {place} damaged", raw=f"{PREFIX}{b45encode(bytes(damaged)).decode()}")


def answer(given: Case) -> GateAnswer:
    """Answer one case by the rules of travel."""
    said = PLAIN | CARRIED[given["carried"]]
    made_at = _moment(given["list_at"])
    carried = Carried(
        trip=said["trip"], leg=said["leg"], state=TripState(said["state"]),
        departed_at=None if said["departed_at"] is None else _moment(said["departed_at"]),
        ends_at=_moment(said["ends_at"]), list_made_at=made_at, state_certain=said["state_certain"],
        codes={code: Rider(pass_id(int(seat)), seat) for code, seat in CODES.items()},
        gone=[bytes.fromhex(one) for one in said["gone"]],
        keys=[VerifyingKey(KEYS[name].kid, KEYS[name].public) for name in said["keys"]],
        revoked=[bytes.fromhex(one) for one in said["revoked"]],
    )  # fmt: skip
    return answer_at_gate(
        text=given["raw"] if "raw" in given else ALL_TEXTS[given["text"]],
        door=Door(given["door"]),
        at=true_moment(
            device_at=_moment(given["device_at"]), ahead_seconds=given["ahead"], list_made_at=made_at
        ),
        carried=carried,
        passed={seat: frozenset(map(Door, doors)) for seat, doors in given["passed"].items()},
        answered_for=given["answered_for"],
    )


def _moment(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def book() -> dict[str, Any]:
    """Return the whole file; a named case that the rules answer otherwise is an error."""
    cases = []
    for given in [*named(), *swept()]:
        found = answer(given)
        if given["expected"] not in (None, found.code):
            raise AssertionError(f"{given['name']}: {found.code}, not {given['expected']}")
        rider = [found.rider.pass_id.hex(), found.rider.seat] if found.rider else None
        cases.append(given | {"expected": found.code, "rider": rider, "age": found.list_age.value})
    return {
        "start": int(START.timestamp()),
        "keys": {name: {"kid": key.kid.hex(), "point": key.public.hex()} for name, key in KEYS.items()},
        "codes": {code: [pass_id(int(seat)).hex(), seat] for code, seat in CODES.items()},
        "carried": {name: PLAIN | said for name, said in CARRIED.items()},
        "texts": ALL_TEXTS,
        "cases": sorted(cases, key=lambda one: str(one["name"])),
    }


def written() -> str:
    """Return the file as text, one case a line."""
    whole = book()
    cases = ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in whole.pop("cases"))
    head = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1)
    return f'{head[:-2]},\n "cases": [\n{cases}\n]}}\n'


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{len(book()['cases'])} vectors\n")
