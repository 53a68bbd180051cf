import { html } from "hono/html";
import { renderAge } from "../cli/output.ts";
import type { AgentStatus, IdleStatus, ReaderStatus } from "../health/status.ts";
import { clockText, discardedOf, readOf, saysOf } from "../health/status-text.ts";
import { type Html, nothing } from "./layout.ts";

/** How everything is doing, and what to do about what is not well. */
export function overview(status: AgentStatus | IdleStatus, nowMs: number): Html {
  if (!("journal" in status)) {
    return html`<p class="empty">Nothing runs yet. <a href="/config">Correct the configuration</a>; the agent starts as soon as it is saved.</p>`;
  }
  // What the banner says need not be said twice.
  const problems = status.problems.slice(status.configuration.problem === null ? 0 : 1);
  return html`${problemList(problems)}${readerTable(status, "Readers")}${facts(status, nowMs)}`;
}

function problemList(problems: readonly string[]): Html {
  if (problems.length === 0) {
    return html`<p class="good" role="status"><strong>All well.</strong> Every reader is read, and the hub takes what they give.</p>`;
  }
  return html`<section aria-labelledby="problems"><h2 id="problems">Needs a person</h2>
    <ul class="problems">${problems.map((problem) => html`<li>${problem}</li>`)}</ul></section>`;
}

export function readerTable({ readers }: Pick<AgentStatus, "readers">, title: string): Html {
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Table: ${title}"><table>
    <thead><tr><th scope="col">Reader</th><th scope="col">State</th><th scope="col" class="number">Read</th>
      <th scope="col" class="number">Discarded</th><th scope="col">What it says</th><th scope="col">Test</th></tr></thead>
    <tbody>${readers.map(readerRow)}</tbody></table></div>`;
  return html`<section aria-labelledby="readers"><h2 id="readers">${title}</h2>
    ${
      readers.length === 0
        ? html`<p class="empty">No reader yet. <a href="/readers">Find the first one</a>.</p>`
        : table
    }</section>`;
}

function readerRow(reader: ReaderStatus): Html {
  const name = reader.reader;
  return html`<tr><th scope="row">${name}</th>
    <td><span class="state" data-state="${reader.state}">${reader.state}</span></td>
    <td class="number">${readOf(reader)}</td><td class="number">${discardedOf(reader)}</td>
    <td>${saysOf(reader)}${counters(reader)}</td>
    <td><a href="/readers/${name}/test" aria-label="Test punch at ${name}">Test</a></td></tr>`;
}

function counters({ reader, counters: counted }: ReaderStatus): Html {
  const entries = Object.entries(counted);
  if (entries.length === 0) return nothing;
  return html`<details id="counters-${reader}"><summary>Counters<span class="hidden"> of ${reader}</span></summary>
    <dl class="facts">${entries.map(([name, count]) => html`<div><dt>${name}</dt><dd>${count}</dd></div>`)}</dl></details>`;
}

const UPLINK_WORDS = {
  refused: "the leaf server is there and does not take this gateway's key",
  connecting: "connecting to the leaf server of this gateway",
  resuming: "finding out what the hub has",
  idle: "everything is delivered",
  sending: "sending",
  waiting: "the hub does not take rows now; they wait in the journal",
  halted: "halted",
  closed: "closed",
} as const;

function facts(status: AgentStatus, nowMs: number): Html {
  const { gateway, journal, directory, uplink } = status;
  const heard =
    directory.ageMs === null ? "never heard" : `heard ${renderAge(directory.ageMs)} ago`;
  const rows = [
    ["Gateway", `${gateway.tenant} / ${gateway.site} / ${gateway.gateway}`],
    ["Agent", `${status.version}, up for ${renderAge(Math.max(0, nowMs - status.startedAtMs))}`],
    ["Clock", clockText(status)],
    ["Uplink", UPLINK_WORDS[uplink.state.kind]],
    ["Journal", `${journal.state}, ${journal.lastRow} rows, ${journal.waiting} waiting`],
    ["Directory", `${directory.state}, ${directory.entries} badges, ${heard}`],
    ["Configuration", status.configuration.file],
  ];
  return html`<section aria-labelledby="facts"><h2 id="facts">This gateway</h2>
    <dl class="facts">${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl></section>`;
}
