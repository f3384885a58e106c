// Reports to the server whenever it can be reached. Nothing here is waited for at a door.
import { allScans, markSent, read, write } from "./keep.js";
import { readTrust } from "./trust.js";

const STALL_MS = 8000;
const MOST_SCANS = 100;
const seconds = () => Date.now() / 1000;

async function ask(address, { token, body, as = "json" } = {}) {
  const headers = { Accept: "application/json", ...(token && { "X-Gate-Device": token }) };
  const asked = body ? { method: "POST", body: JSON.stringify(body) } : {};
  const answer = await fetch(address, { ...asked, headers, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(STALL_MS) });
  if (answer.redirected || answer.headers.get("X-Gate") !== "1") throw new Error("not our server"); // a portal of a hotel
  return { status: answer.status, said: answer.ok ? await answer[as]() : null };
}

export async function enrol(addresses, secret) {
  const { status, said } = await ask(addresses.enrol, { body: { secret } });
  if (status !== 200) return false;
  await write("device", { token: said.token, name: said.name });
  await report(addresses);
  return true;
}

// Sends what waits and fetches what is new. Returns "" where the server was not reached, else what it said of us.
export async function report(addresses) {
  const device = await read("device");
  if (!device) return "";
  const waiting = (await allScans()).filter((scan) => !scan.sent);
  const roster = await read("roster");
  const body = { now: seconds(), waiting: waiting.length, roster: roster?.hash ?? "", scans: waiting.slice(0, MOST_SCANS) };
  const began = performance.now();
  const { status, said } = await ask(addresses.sync, { token: device.token, body });
  if (status === 401) return "shut";
  if (status !== 200) return "";
  const half = (performance.now() - began) / 2000;
  await markSent(said.answers);
  await write("clock", { ahead: Math.round(seconds() - half - said.at), wrong: Math.round(seconds() - half - said.clock) });
  await write("trip", { state: said.state, departedAt: said.departed_at, passed: said.passed, heardAt: said.at });
  if (said.roster) await write("roster", said.roster);
  await fetchList(addresses, said);
  if (waiting.length > MOST_SCANS) return report(addresses);
  return said.shut ? "shut" : said.closed ? "closed" : "heard";
}

// The list of keys and revoked passes: only ours, and never an older one than the one at hand.
async function fetchList(addresses, said) {
  const kept = await read("trust");
  if (kept && kept.version >= said.list) return;
  const { said: file } = await ask(addresses.list, { as: "arrayBuffer" });
  if (!file) return;
  const { code, trust } = await readTrust(new Uint8Array(file), { signers: said.signers, newest: kept?.version ?? 0 });
  if (!code) await write("trust", trust);
}
