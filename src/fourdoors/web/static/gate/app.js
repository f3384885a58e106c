// The page of a door on a phone: reads, answers, keeps, and only then reports. It never waits for a network.
import { addScan, allScans, forget, read, write } from "./keep.js";
import { hasOwnReader, look } from "./eye.js";
import { enrol, report } from "./send.js";
import { DOORS, PASSING, answerAtGate, trueMoment } from "./verdict.js";

const $ = (id) => document.getElementById(id);
const { words, addresses, files } = JSON.parse($("house").textContent);
const SAME_CODE_MS = 3000;
const REPORT_EVERY_MS = 30000;
const WRONG_CLOCK_SECONDS = 120;
const state = { door: 1, device: null, roster: null, trust: null, trip: null, clock: null, passed: new Map(), waiting: 0, heard: false };
let [last, lastAt, busy, unanswered, sounds] = ["", 0, false, "", null];
let drift = Date.now() - performance.now();

const fill = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name] ?? "");
const now = () => Math.floor(Date.now() / 1000);
const show = (id, text) => { $(id).textContent = text; $(id).hidden = !text; };

// A clock that is set while the page is open is seen: the page's own stopwatch goes on.
function keepTime() {
  const jump = Math.round((Date.now() - performance.now() - drift) / 1000);
  if (Math.abs(jump) < 30 || !state.clock) return;
  drift = Date.now() - performance.now();
  state.clock = { ahead: state.clock.ahead + jump, wrong: state.clock.wrong + jump };
  write("clock", state.clock);
}

function moment() {
  keepTime();
  const made = trueMoment(now(), state.clock?.ahead ?? 0, state.trust?.madeAt ?? 0);
  state.lastMoment = Math.max(made, state.lastMoment ?? 0);
  return state.lastMoment; // the numbers of scans and their moments go the same way
}

async function load() {
  [state.device, state.roster, state.trust, state.trip, state.clock] =
    await Promise.all(["device", "roster", "trust", "trip", "clock"].map(read));
  const scans = await allScans();
  state.waiting = scans.filter((scan) => !scan.sent).length;
  state.lastMoment = Math.max(0, ...scans.map((scan) => scan.made_at));
  state.passed = new Map(Object.entries(state.trip?.passed ?? {}).map(([seat, doors]) => [seat, [...doors]]));
  for (const scan of scans) if (!scan.sent && PASSING.includes(scan.said)) passedBy(scan.seat, scan.door);
}

function passedBy(seat, door) {
  const doors = state.passed.get(seat) ?? [];
  if (!doors.includes(door)) state.passed.set(seat, [...doors, door].sort());
}

function carried() {
  const { roster, trust, trip } = state;
  return {
    trip: roster.trip, leg: roster.leg, state: trip.state, departedAt: trip.departedAt, stateCertain: false, endsAt: roster.ends_at,
    codes: new Map(roster.riders.map((rider) => [rider.code, rider])), gone: new Set(roster.gone),
    trust: { ...trust, revoked: new Set(trust.revoked) },
  };
}

async function scan(text, answeredFor = "") {
  if (busy || !state.roster || !state.trust) return;
  busy = true;
  try {
    await answer(text, answeredFor);
  } catch (error) { // a full disk: what is not kept is not shown as recorded
    tell("stop", words.not_kept, error.name === "QuotaExceededError" ? words.full : words.broken);
  } finally {
    busy = false;
  }
}

async function answer(text, answeredFor) {
  const [began, at, door] = [performance.now(), moment(), state.door];
  const found = await answerAtGate({ text, door, at, carried: carried(), passed: state.passed, answeredFor: Boolean(answeredFor) });
  const rider = found.rider && (state.roster.riders.find((one) => one.id === found.rider.id) ?? found.rider);
  const kept = await addScan({
    door, pass: found.rider?.id ?? "", seat: rider?.seat ?? "", said: found.code, answered_for: answeredFor,
    device_at: now(), made_at: at, list: state.trust.version,
  });
  if (PASSING.includes(found.code)) passedBy(rider.seat, door);
  state.waiting += 1;
  unanswered = found.code === "list_too_old" ? text : "";
  const said = words.answers[found.code] ?? words.answers.pass_malformed;
  const values = { ...found.claims, here: state.roster.trip, expires_at: clockOf(found.claims?.expires), not_before_at: clockOf(found.claims?.notBefore) };
  const title = rider ? fill(words.rider, { name: rider.name, number: rider.seat }) : said.title;
  tell(said.tone, title, [rider ? said.title : "", fill(said.todo, values)].filter(Boolean).join(" · "));
  window.lastAnswerMs = performance.now() - began;
  draw();
  reportSoon();
  return kept;
}

const clockOf = (second) => (second ? new Date(second * 1000).toLocaleString(document.documentElement.lang) : "");

function tell(tone, title, text) {
  $("verdict").className = `verdict ${tone}`;
  $("verdict").dataset.verdict = tone;
  $("title").textContent = title;
  $("words").textContent = text;
  navigator.vibrate?.(tone === "go" ? 60 : tone === "look" ? [60, 60, 60] : [200, 80, 200]);
  beep({ go: [880], look: [660, 660], stop: [220, 220, 220] }[tone] ?? []);
}

function beep(notes) {
  if (!sounds || sounds.state !== "running") return;
  notes.forEach((hertz, place) => {
    const [tone, loud, at] = [sounds.createOscillator(), sounds.createGain(), sounds.currentTime + place * 0.18];
    tone.frequency.value = hertz;
    loud.gain.value = 0.3;
    tone.connect(loud).connect(sounds.destination);
    tone.start(at);
    tone.stop(at + 0.14);
  });
}

function draw() {
  const { roster, trust, trip, clock } = state;
  const open = Boolean(roster && trust && trip);
  for (const id of ["work", "doors"]) $(id).hidden = !open;
  $("start").hidden = open;
  show("net", state.heard ? words.on_line : words.off_line);
  show("queue", state.waiting ? fill(words.waiting, { count: state.waiting }) : "");
  if (!open) return;
  const { plate, from, to, leader } = roster;
  $("way").textContent = `${from[words.language]} → ${to[words.language]} · ${plate}`;
  $("under").textContent = [leader, clockOf(roster.departs_at)].filter(Boolean).join(" · ");
  for (const tab of document.querySelectorAll("[data-door]")) tab.setAttribute("aria-pressed", Number(tab.dataset.door) === state.door);
  const hours = Math.floor((moment() - trust.madeAt) / 3600);
  show("age", fill(hours >= 72 ? words.list_too_old : hours >= 24 ? words.list_old : words.list, { hours, version: trust.version }));
  const off = Math.abs(clock.wrong) > WRONG_CLOCK_SECONDS ? Math.round(clock.wrong / 60) : 0;
  show("clock", off ? fill(off > 0 ? words.ahead : words.behind, { minutes: Math.abs(off) }) : "");
  $("answered").hidden = !unanswered;
  drawRiders(roster);
}

function drawRiders(roster) {
  const missing = roster.riders.filter((rider) => !(state.passed.get(rider.seat) ?? []).includes(state.door));
  $("passed").textContent = roster.riders.length - missing.length;
  $("expected").textContent = roster.riders.length;
  $("missing").textContent = missing.length;
  $("roll").hidden = !(roster.calls && missing.length);
  $("names").replaceChildren(...(roster.calls ? missing.map(lineOf) : []));
}

function lineOf(rider) {
  const line = document.createElement("li");
  line.append(`${rider.seat} · ${rider.name}`);
  if (rider.phone) {
    const call = Object.assign(document.createElement("a"), { href: `tel:${rider.phone}`, className: "btn small", textContent: words.call });
    line.append(" ", call);
  }
  return line;
}

let [reporting, pause] = [null, 0];
function reportSoon() {
  reporting ??= reportNow().catch(() => { state.heard = false; }).finally(reported);
  return reporting;
}

// What waits is tried again by itself: at once where the server was heard, else after a while that doubles.
function reported() {
  reporting = null;
  pause = state.heard ? 0 : Math.min(REPORT_EVERY_MS, Math.max(1000, pause * 2));
  if (state.waiting) setTimeout(reportSoon, pause);
  draw();
}

async function reportNow() {
  const said = await report(addresses);
  state.heard = Boolean(said);
  if (said === "shut" || said === "closed") return leave(words[said]);
  if (said) await load();
}

async function leave(why) {
  await forget(true);
  await load();
  show("why", why);
}

// The trip is over by its own clock: names go, whether or not there is a network.
async function clearIfOver() {
  if (!state.roster || moment() < state.roster.ends_at) return;
  await forget(!state.waiting);
  await load();
  show("why", state.waiting ? words.over_waiting : words.closed);
}

async function enrolByAddress() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname);
  const done = await enrol(addresses, secret).catch(() => null);
  show("why", done ? "" : done === false ? words.spent : words.no_network);
  state.heard = Boolean(done);
  await load();
}

async function storeReader() {
  if (await hasOwnReader()) return;
  const cache = await caches.open("reader");
  for (const file of files) if (!(await cache.match(file))) await cache.add(file);
}

async function prepare() {
  await navigator.serviceWorker.register(addresses.worker, { scope: addresses.scope });
  await navigator.serviceWorker.ready;
  await navigator.storage?.persist?.();
  await storeReader();
  show("ready", state.roster && state.trust ? words.ready : "");
}

function listen() {
  for (const tab of document.querySelectorAll("[data-door]")) {
    tab.addEventListener("click", () => { state.door = Number(tab.dataset.door); last = ""; draw(); });
  }
  document.addEventListener("click", () => { sounds ??= new AudioContext(); sounds.resume(); }); // no sound before a touch
  $("typed").addEventListener("submit", async (event) => {
    event.preventDefault();
    await scan($("code").value);
    if ($("verdict").dataset.verdict === "go") $("code").value = "";
  });
  for (const button of document.querySelectorAll("[data-for]")) {
    button.addEventListener("click", () => unanswered && scan(unanswered, button.dataset.for));
  }
  addEventListener("online", reportSoon);
  addEventListener("offline", () => { state.heard = false; draw(); });
  document.addEventListener("visibilitychange", () => !document.hidden && reportSoon());
  setInterval(reportSoon, REPORT_EVERY_MS);
}

async function watch() {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("no camera");
  await look($("video"), files, async (text) => {
    const at = performance.now();
    if (text === last && at - lastAt < SAME_CODE_MS) { lastAt = at; return; }
    [last, lastAt] = [text, at];
    await scan(text);
  });
  $("hint").hidden = false;
}

await enrolByAddress();
await load();
if (state.trip?.state === "departed") state.door = 3;
await clearIfOver();
listen();
draw();
document.body.dataset.ready = "yes";
prepare().catch(() => {}); // without a network there is nothing to prepare
reportSoon();
watch().catch(() => { $("eye").hidden = true; }); // no camera, or not allowed: the form works
window.gate = { scan, reportSoon, DOORS };
