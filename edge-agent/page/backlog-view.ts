import { html } from "hono/html";
import { drainText, roomText } from "../cli/backlog.ts";
import { renderAge } from "../cli/output.ts";
import type { Backlog } from "../health/backlog.ts";
import type { Html } from "./layout.ts";

const MIB = 1024 * 1024;

/** What the hub does not have yet, as `clockleaf-edge backlog` tells it; undefined = no journal is open. */
export function backlogView(backlog: Backlog | undefined): Html {
  if (backlog === undefined) {
    return html`<p class="empty">No journal is open: no reader is read. See the <a href="/">overview</a>.</p>`;
  }
  const { waiting, oldestWaitingMs, bytes, capBytes } = backlog;
  const rows = [
    ["Waiting", waiting === 0 ? "nothing: the hub has every punch" : `${waiting} rows`],
    ["Oldest", oldestWaitingMs === null ? "nothing waits" : `${renderAge(oldestWaitingMs)} old`],
    ["Kept", `rows ${backlog.firstKeptRow} to ${backlog.lastRow}`],
    ["Drained in", drainText(backlog)],
    ["Still fits", roomText(backlog)],
    ["Free on the disk", `${(backlog.diskFreeBytes / MIB).toFixed(0)} MiB`],
    ["Journal", `epoch ${backlog.epoch}`],
  ];
  return html`<dl class="facts">${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
    <p><label for="room">File: ${(bytes / MIB).toFixed(1)} of ${(capBytes / MIB).toFixed(0)} MiB</label>
    <meter id="room" min="0" max="${capBytes}" high="${capBytes * 0.9}" value="${Math.min(bytes, capBytes)}"></meter></p>
    <p class="muted">Rows that the hub has are kept for a while and make room by themselves; those that wait are never deleted.</p>`;
}
