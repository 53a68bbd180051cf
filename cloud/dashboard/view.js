// Drawing only: text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

function cell(content, options = {}) {
  const element = document.createElement(options.isHeader ? "th" : "td");
  if (options.isHeader) element.scope = "row";
  if (options.className) element.className = options.className;
  element.append(content ?? "");
  return element;
}

function row(...cells) {
  const element = document.createElement("tr");
  element.append(...cells);
  return element;
}

function state(value, text) {
  const element = document.createElement("span");
  element.className = "state";
  element.dataset.state = value;
  element.textContent = text;
  return element;
}

function instant(iso) {
  if (iso === null || iso === undefined) return "–";
  const element = document.createElement("time");
  element.dateTime = iso;
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  element.textContent = isToday
    ? at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" })
    : at.toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
  element.title = at.toLocaleString();
  return element;
}

function fill(name, rows, emptyText) {
  byId(name).replaceChildren(...rows);
  const empty = byId(`${name}-empty`);
  empty.hidden = rows.length > 0;
  empty.textContent = emptyText;
}

const STATE_TEXT = { in: "in", break: "on break", out: "out" };
const SHOWN_PEOPLE = 300;

export function drawPeople(people, { search, show, isWhole }) {
  const wanted = search.trim().toLowerCase();
  const found = people.filter(
    (person) =>
      (show === "all" || person.state === show || (show === "present" && person.state !== "out")) &&
      (wanted === "" ||
        [person.name, person.employeeId, person.site].some((text) =>
          (text ?? "").toLowerCase().includes(wanted),
        )),
  );
  const rows = found
    .slice(0, SHOWN_PEOPLE)
    .map((person) =>
      row(
        cell(person.name, { isHeader: true }),
        cell(state(person.state, STATE_TEXT[person.state] ?? person.state)),
        cell(instant(person.since)),
        cell(person.site),
      ),
    );
  const emptyText =
    people.length === 0
      ? "Nobody has punched yet. Assign a badge to an employee, and tap it at a reader."
      : "Nobody matches.";
  fill("people", rows, emptyText);
  const left = found.length - rows.length;
  byId("people-more").textContent = [
    left > 0 ? `${left} more: narrow the search.` : "",
    isWhole ? "" : "Only the first people are loaded.",
  ].join(" ");
}

const SHOWN_PUNCHES = 50;

export function drawPunch({ at, who, what, where, isBad }) {
  const element = row(
    cell(instant(at)),
    cell(who, { isHeader: true }),
    cell(what, { className: isBad ? "bad" : "" }),
    cell(where),
  );
  element.classList.add("new");
  setTimeout(() => element.classList.remove("new"), 100);
  const punches = byId("punches");
  punches.prepend(element);
  while (punches.childElementCount > SHOWN_PUNCHES) punches.lastElementChild.remove();
  byId("punches-empty").hidden = true;
}

export function clearPunches() {
  byId("punches").replaceChildren();
  byId("punches-empty").hidden = false;
}

export function drawGateways(gateways) {
  const rows = gateways.map((gateway) => {
    const now = gateway.status === "revoked" ? "revoked" : gateway.isOnline ? "online" : "offline";
    const waiting = gateway.live === null ? "–" : String(gateway.live.backlogRows);
    return row(
      cell(`${gateway.name} (${gateway.site}/${gateway.gateway})`, { isHeader: true }),
      cell(state(now, now)),
      cell(instant(gateway.live?.lastSeenAt)),
      cell(instant(gateway.completeUntil)),
      cell(waiting, { className: "number" }),
      cell(readers(gateway.live?.readers ?? [])),
    );
  });
  fill("gateways", rows, "No gateway is registered yet: PUT /api/v1/gateways/{site}/{gateway}.");
}

function readers(list) {
  const fragment = document.createDocumentFragment();
  for (const reader of list) {
    const line = document.createElement("div");
    const fault = reader.fault === null ? "" : `: ${reader.fault.message}`;
    line.append(state(reader.state, `${reader.reader} ${reader.state}${fault}`));
    fragment.append(line);
  }
  return fragment;
}

export function drawCount(name, value) {
  byId(`count-${name}`).textContent = value;
}

export function drawConnection(now) {
  const pill = byId("connection");
  pill.hidden = false;
  pill.dataset.state = now;
  pill.textContent = { live: "Live", waiting: "Reconnecting…", offline: "Offline" }[now];
}

export function drawBanner(text) {
  const banner = byId("banner");
  banner.hidden = text === "";
  banner.textContent = text;
}

export function showSignIn(isSignedIn) {
  byId("sign-in").hidden = isSignedIn;
  byId("board").hidden = !isSignedIn;
  byId("sign-out").hidden = !isSignedIn;
  if (!isSignedIn) {
    byId("connection").hidden = true;
    byId("api-key").focus();
  }
}
