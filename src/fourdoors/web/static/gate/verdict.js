// What a door answers: facts in, verdict out (travel/rules/doors.py and gate.py say the same, vector by vector).
import { readShortCode } from "./code.js";
import { PREFIX, readPass } from "./pass.js";

export const DOORS = [1, 2, 3, 4]; // leave home, board, alight, enter the factory
export const PASSING = ["accepted", "out_of_order"];
const LIST_OLD_SECONDS = 24 * 3600;
const LIST_TOO_OLD_SECONDS = 72 * 3600;

// Of several true reasons the one whose remedy comes first.
export function verdictOf(facts) {
  const atHome = facts.door <= 2;
  const missed = DOORS.some((door) => (door < facts.door) !== facts.passed.includes(door) && door !== facts.door);
  const holds = [
    ["wrong_trip", !facts.rightTrip],
    ["wrong_leg", !facts.rightLeg],
    ["given_up", !facts.seatHeld],
    ["revoked", !facts.passLive],
    ["already", facts.passed.includes(facts.door)],
    ["closed", ["closed", "cancelled"].includes(facts.state)],
    ["not_approved", facts.stateCertain && facts.state === "planned"],
    ["has_left", atHome && facts.afterDeparture],
    ["not_departed", facts.stateCertain && !atHome && facts.state !== "departed"],
    ["list_too_old", !facts.listHolds],
    ["out_of_order", missed],
  ].find(([, isTrue]) => isTrue);
  return holds ? holds[0] : "accepted";
}

export function listAge(madeAt, at) {
  const seconds = at - madeAt;
  if (seconds >= LIST_TOO_OLD_SECONDS) return "too_old";
  return seconds >= LIST_OLD_SECONDS ? "old" : "fresh";
}

// When a scan was made: the difference to the server's clock is taken away, and it is never before the list was made.
export const trueMoment = (deviceAt, aheadSeconds, listMadeAt) => Math.max(deviceAt - aheadSeconds, listMadeAt);

// carried: {trip, leg, state, departedAt, stateCertain, endsAt, codes: Map of code to {id, seat}, gone: Set, trust: {keys, revoked: Set, madeAt}}
// passed: Map of seat to [doors]. Returns {code, rider: {id, seat, name} or null, age, claims}.
export async function answerAtGate({ text, door, at, carried, passed, answeredFor = false }) {
  const age = listAge(carried.trust.madeAt, at);
  const { code, rider, leg, claims } = await read(text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""), at, carried);
  if (!rider) return { code, rider: null, age, claims };
  const verdict = verdictOf({
    door,
    passed: passed.get(rider.seat) ?? [],
    state: carried.state,
    rightTrip: true,
    rightLeg: leg === carried.leg,
    seatHeld: !carried.gone.has(rider.id),
    passLive: !carried.trust.revoked.has(rider.id),
    afterDeparture: carried.departedAt !== null && at > carried.departedAt,
    stateCertain: carried.stateCertain,
    listHolds: age !== "too_old" || answeredFor,
  });
  return { code: verdict, rider, age, claims };
}

async function read(text, at, carried) {
  if (text.startsWith(PREFIX)) {
    const { code, claims } = await readPass(text, { keys: carried.trust.keys, trip: carried.trip, at });
    if (code) return { code, claims };
    return { rider: { id: claims.id, seat: claims.seat, name: claims.name }, leg: claims.leg, claims };
  }
  const typed = readShortCode(text);
  if (!typed) return { code: "pass_code_mistyped" };
  const rider = at < carried.endsAt ? carried.codes.get(typed) : null;
  return rider ? { rider, leg: carried.leg } : { code: "pass_unknown" };
}
