import { html } from "hono/html";
import type { AgentStatus, IdleStatus, ReaderStatus } from "../health/status.ts";
import { saysOf } from "../health/status-text.ts";
import type { DriverChoice } from "./deps.ts";
import type { Found, FoundDevice } from "./found.ts";
import { type Html, nothing } from "./layout.ts";
import { readerTable } from "./overview.ts";

/** Ways to hang on this gateway that nobody can find by looking. */
const BY_HAND = {
  tcp: "A network address that we call",
  serial: "A serial line",
  hid: "A USB device",
  hidSocket: "The simulator's socket",
} as const;

export function readersView(
  status: AgentStatus | IdleStatus,
  drivers: readonly DriverChoice[],
): Html {
  return html`${"readers" in status ? readerTable(status, "Read now") : nothing}
    <section aria-labelledby="find"><h2 id="find">Find readers</h2>
    <p>What hangs on this gateway's serial ports and USB. Looking opens nothing and disturbs no reader.</p>
    <p><button type="button" id="look">Look again</button></p>
    <div id="found" data-src="/readers/found" aria-live="polite" aria-busy="true"><p class="muted">Looking …</p></div></section>
    <section aria-labelledby="by-hand"><h2 id="by-hand">Add one by hand</h2>
    <p>For terminals on the network, terminals that call this gateway, and the simulator.</p>
    <form class="add" data-by-hand>
      ${nameField("by-hand-name")}
      <label for="by-hand-driver">Kind of terminal</label>
      <select id="by-hand-driver" name="driver">${drivers.map(option)}</select>
      <label for="by-hand-port">It hangs on</label>
      <select id="by-hand-port" name="port">${Object.entries(BY_HAND).map(
        ([kind, words]) => html`<option value="${kind}">${words}</option>`,
      )}</select>
      <small class="muted">Of no matter for terminals that call us.</small>
      <button type="submit">Go on: look through the settings</button>
    </form></section><p id="message" class="bad" role="alert"></p>`;
}

const nameField = (id: string): Html => html`<label for="${id}">Name of the reader</label>
  <input id="${id}" name="reader" required maxlength="64" pattern="[A-Za-z0-9_\\-]+" autocomplete="off"
    aria-describedby="${id}-help"><small id="${id}-help" class="muted">Letters, digits, - and _, such as gate-in</small>`;

const option = ({ name, summary }: DriverChoice): Html =>
  html`<option value="${name}">${name}: ${summary}</option>`;

/** What a look brought, each with what can be done about it next. */
export function foundView({ devices, problems }: Found, drivers: readonly DriverChoice[]): Html {
  const none = html`<p class="empty">Nothing found. Plug the reader in and look again; a reader on the network is added by hand, below.</p>`;
  return html`${problems.map((problem) => html`<p class="banner">${problem}</p>`)}
    ${devices.length === 0 ? none : html`<ul class="found">${devices.map((device, index) => foundItem(device, { index, drivers }))}</ul>`}`;
}

interface Among {
  readonly index: number;
  readonly drivers: readonly DriverChoice[];
}

function foundItem(device: FoundDevice, { index, drivers }: Among): Html {
  const id = `found-${index}`;
  const isGuessed = ({ name }: DriverChoice): boolean => device.drivers.includes(name);
  const fitting = drivers.filter(({ hasPort }) => hasPort);
  const choices = [
    ...fitting
      .filter(isGuessed)
      .toSorted((a, b) => device.drivers.indexOf(a.name) - device.drivers.indexOf(b.name)),
    ...fitting.filter((each) => !isGuessed(each)),
  ];
  return html`<li class="card"><h3>${device.product ?? "Serial port"}</h3>
    <p><code>${device.name}</code></p><p class="muted">${device.reason}</p>${accessText(device)}
    <form class="add" data-port="${JSON.stringify(device.port)}">
      ${nameField(`${id}-name`)}
      <label for="${id}-driver">Read it as</label>
      <select id="${id}-driver" name="driver">${choices.map(option)}</select>
      <button type="submit">Go on: look through the settings</button></form></li>`;
}

function accessText({ access, heldBy }: FoundDevice): Html {
  if (access === "denied") {
    return html`<p class="bad">The agent may not open it; what to type stands above.</p>`;
  }
  if (access === "missing") return html`<p class="bad">It is gone: plug it in again.</p>`;
  if (heldBy.length === 0) return html`<p class="good">Free.</p>`;
  const who = heldBy.map(({ pid, command }) => `${command} (${pid})`).join(", ");
  return html`<p class="bad">In use by ${who}: stop that first, unless it is this agent.</p>`;
}

/** Waits for somebody to punch at one reader; undefined = there is no such reader. */
export function testView(name: string, reader: ReaderStatus | undefined): Html {
  if (reader === undefined) {
    return html`<p class="empty">The agent reads no reader "${name}". <a href="/readers">See those it reads</a>.</p>`;
  }
  return html`<p>State: <span class="state" data-state="${reader.state}">${reader.state}</span> ${saysOf(reader)}</p>
    ${reader.state === "online" ? nothing : html`<p class="banner">The reader is not up yet: a punch may not be noticed. This page looks again by itself.</p>`}`;
}

/** The part of the same page that must stay while the rest is shown anew. */
export const testPanel = (name: string): Html => html`<section class="card" aria-labelledby="test">
  <h2 id="test">Test punch</h2>
  <p id="state" role="status">Connecting …</p>
  <div id="test-result" data-src="/taps/stream" data-reader="${name}" aria-live="assertive">
  <p>Hold a badge to <strong>${name}</strong>, or type it there. It is a real punch: it is journaled and sent.</p></div>
  <p><a href="/readers">Add another reader</a> · <a href="/">To the overview</a></p></section>`;
