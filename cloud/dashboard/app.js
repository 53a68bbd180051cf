// The live page: load everything, then follow events and load again what they touch.
import { ApiFailure, follow, list, session, signIn, signInMethods, signOut } from "./api.js";
import {
  byId,
  clearPunches,
  drawBanner,
  drawConnection,
  drawCount,
  drawGateways,
  drawPeople,
  drawPunch,
  showSignIn,
} from "./view.js";

const SLOW_REFRESH_MS = 15_000;
const PEOPLE_DELAY_MS = 700;
const PUNCHES_BEFORE_MS = 3_600_000;
const PUNCHES_AT_FIRST = 20;

const MEANINGS = { "break-start": "break starts", "break-end": "break ends" };

const PUNCH_EVENTS = {
  "attendance.check-in.recorded": "in",
  "attendance.check-out.recorded": "out",
  "attendance.break.started": "break starts",
  "attendance.break.ended": "break ends",
  "attendance.punch.quarantined": "quarantined",
};
const OTHER_EVENTS = [
  "attendance.punch.redated",
  "attendance.quarantine.resolved",
  "attendance.meaning.withdrawn",
];

let people = { items: [], isWhole: true };
let names = new Map();
let events;
let peopleTimer;
let slowTimer;
let freshAt;

const drawAll = () =>
  drawPeople(people.items, {
    search: byId("search").value,
    show: byId("show").value,
    isWhole: people.isWhole,
  });

/** Names change rarely: they are loaded again only when somebody unknown appears. */
async function loadNames() {
  const { items } = await list("/api/v1/employees", 100_000);
  names = new Map(
    items.map(({ employeeId, firstName, lastName }) => [employeeId, `${firstName} ${lastName}`]),
  );
}

async function loadPeople() {
  const found = await list("/api/v1/presence", 20_000);
  if (found.items.some(({ employeeId }) => !names.has(employeeId))) await loadNames();
  const named = found.items.map((person) => ({
    ...person,
    name: names.get(person.employeeId) ?? person.employeeId,
  }));
  people = {
    items: named.toSorted((a, b) => a.name.localeCompare(b.name)),
    isWhole: found.isWhole,
  };
  for (const state of ["in", "break", "out"]) {
    drawCount(state, String(people.items.filter((person) => person.state === state).length));
  }
  drawAll();
}

async function loadQuarantine() {
  const { items, isWhole } = await list("/api/v1/quarantine?state=waiting", 1000);
  drawCount("quarantine", isWhole ? String(items.length) : `${items.length}+`);
}

/** What was punched in the last hour, so that the list is not empty at first. */
async function loadPunches() {
  const from = new Date(Date.now() - PUNCHES_BEFORE_MS).toISOString();
  const { items } = await list(`/api/v1/punches?from=${encodeURIComponent(from)}`, 20_000);
  clearPunches();
  for (const punch of items.slice(-PUNCHES_AT_FIRST)) {
    drawPunch({
      at: punch.at,
      who: names.get(punch.employeeId) ?? punch.employeeId,
      what: MEANINGS[punch.meaning] ?? punch.meaning ?? "not read yet",
      where: `${punch.site} / ${punch.reader}`,
      isBad: false,
    });
  }
}

async function loadGateways() {
  const { items } = await list("/api/v1/gateways");
  const active = items.filter((gateway) => gateway.status === "active");
  drawCount(
    "gateways",
    `${active.filter((gateway) => gateway.isOnline).length} / ${active.length}`,
  );
  drawGateways(items);
  const silent = active.filter((gateway) => !gateway.isOnline);
  return silent.length === 0
    ? ""
    : `Not complete: ${silent.map((gateway) => gateway.name).join(", ")} not heard from.`;
}

/** Loads the parts; a part that fails keeps what it showed, and the banner says how old that is. */
async function refresh(...loads) {
  const results = await Promise.allSettled(loads.map((load) => load()));
  const failure = results.find((result) => result.status === "rejected")?.reason;
  if (failure instanceof ApiFailure && failure.status === 401) {
    leave();
    return;
  }
  if (failure !== undefined) {
    const age =
      freshAt === undefined ? "" : ` Shown is the state of ${freshAt.toLocaleTimeString()}.`;
    const trace = failure.traceId === undefined ? "" : ` (trace ${failure.traceId})`;
    drawBanner(`${failure.message}${age}${trace}`);
    return;
  }
  freshAt = new Date();
  const notes = results.map((result) => result.value).filter((note) => typeof note === "string");
  if (notes.length > 0) drawBanner(notes.join(" "));
}

function soon() {
  clearTimeout(peopleTimer);
  peopleTimer = setTimeout(() => void refresh(loadPeople), PEOPLE_DELAY_MS);
}

function onEvent(type, { data }) {
  if (type in PUNCH_EVENTS) {
    const punch = data.punch ?? data;
    drawPunch({
      at: new Date(data.at ?? punch.time.takenAtMs ?? punch.time.gatewayAtMs).toISOString(),
      who: names.get(data.employeeId) ?? data.employeeId ?? "unknown",
      what:
        data.reason === undefined || type !== "attendance.punch.quarantined"
          ? PUNCH_EVENTS[type]
          : `${PUNCH_EVENTS[type]}: ${data.reason}`,
      where: `${punch.site} / ${punch.reader}`,
      isBad: type === "attendance.punch.quarantined",
    });
  }
  if (type.includes("quarantine") || type.endsWith(".redated")) void refresh(loadQuarantine);
  soon();
}

async function enter() {
  showSignIn(true);
  await refresh(loadPeople, loadQuarantine, loadGateways);
  await refresh(loadPunches);
  events = follow([...Object.keys(PUNCH_EVENTS), ...OTHER_EVENTS], {
    onOpen: () => drawConnection("live"),
    onLost(isClosed) {
      drawConnection(isClosed ? "offline" : "waiting");
      // A closed source does not come back by itself: the session is over, or the server turned us away.
      if (isClosed) {
        events.close();
        setTimeout(() => void start(), SLOW_REFRESH_MS);
      }
    },
    onReset: () => void refresh(loadPeople, loadQuarantine, loadGateways),
    onEvent,
  });
  slowTimer = setInterval(() => void refresh(loadGateways), SLOW_REFRESH_MS);
}

function leave() {
  events?.close();
  clearInterval(slowTimer);
  clearTimeout(peopleTimer);
  showSignIn(false);
}

/** Shows the board if there is a session; offline, it keeps what it shows and tries again. */
async function start() {
  clearInterval(slowTimer);
  try {
    await session();
    await enter();
  } catch (failure) {
    if (failure instanceof ApiFailure && failure.status === 401) {
      leave();
      return;
    }
    drawConnection("offline");
    setTimeout(() => void start(), SLOW_REFRESH_MS);
  }
}

async function submitKey() {
  const field = byId("api-key");
  const error = byId("sign-in-error");
  error.textContent = "";
  try {
    await signIn(field.value.trim());
    field.value = "";
    await enter();
  } catch (failure) {
    error.textContent = failure instanceof Error ? failure.message : "Something went wrong.";
    field.focus();
  }
}

byId("sign-in-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  void submitKey();
});
async function endSession() {
  const next = await signOut().catch(() => null);
  leave();
  if (next !== null) location.assign(next);
}

byId("sign-out").addEventListener("click", () => {
  void endSession();
});
/** The way in through the company's login provider, where there is one. */
void signInMethods()
  .then(({ provider }) => {
    byId("provider-sign-in").hidden = !provider;
  })
  .catch(() => undefined);
byId("search").addEventListener("input", drawAll);
byId("show").addEventListener("change", drawAll);
void start();
