import type { ConfigProblem } from "@clockleaf/shared/lib/yaml-config.ts";
import { html } from "hono/html";
import type { ConfigFile } from "./config-file.ts";
import type { DiffLine } from "./diff.ts";
import { type Html, nothing } from "./layout.ts";

/** What is said of a text that is not saved yet: three parts of the page, made anew after every change. */
export interface Look {
  readonly form: Html;
  readonly problems: Html;
  readonly diff: Html;
  readonly isGood: boolean;
  readonly isChanged: boolean;
}

export function configView(file: string, { text, etag, isReadOnly }: ConfigFile, look: Look): Html {
  const mayBeSaved = look.isGood && look.isChanged && !isReadOnly;
  return html`<p><code>${file}</code>. The form and the YAML are two views of one text; comments stay. Nothing is written before you save, and a
    copy of the file is kept.</p>
    ${isReadOnly ? readOnlyNote(file) : nothing}
    <p id="message" role="status"></p>
    <div id="problems" aria-live="polite">${look.problems}</div>
    <div class="editor" id="editor" data-etag="${etag}" ${isReadOnly ? html`data-read-only` : nothing}>
    <section aria-labelledby="form-title"><h2 id="form-title">Form</h2>
      <form id="form" autocomplete="off">${look.form}</form></section>
    <section aria-labelledby="yaml-title"><h2 id="yaml-title"><label for="yaml">YAML</label></h2>
      <textarea id="yaml" rows="24" spellcheck="false" autocapitalize="off" wrap="off">${text}</textarea>
      <p><button type="button" id="copy">Copy the YAML</button></p>
      <h2>What changes</h2><div id="diff" aria-live="polite">${look.diff}</div>
      <p><button type="button" id="save" class="primary" ${mayBeSaved ? nothing : html`disabled`}>Save, and start with it</button>
      <button type="button" id="reload">Read the file again</button></p>
      <p class="muted">Starting anew takes a second or two. Readers with a memory keep their punches meanwhile; others show no light.</p>
    </section></div>`;
}

/** Nothing can be edited that is not there. */
export const goneView = (why: string): Html => html`<p class="bad">${why}</p>
  <p>Put the file back, or let the agent's user read it, then type <code>clockleaf-edge config reload</code>. What the agent last started with lies
  beside its journal as <code>.last-good.yaml</code>; <code>clockleaf-edge config init</code> prints a file to start from.</p>`;

const readOnlyNote = (
  file: string,
): Html => html`<p class="banner">The agent may not write this file, as it should be where an installer keeps /etc to
  root. Make the change here, copy the YAML, put it into <code>${file}</code> as its owner, then type <code>clockleaf-edge config reload</code>.</p>`;

export function problemList(problems: readonly ConfigProblem[]): Html {
  if (problems.length === 0) return html`<p class="good">The agent can use this.</p>`;
  return html`<ul class="problems">${problems.map(problemItem)}</ul>`;
}

function problemItem({ path, line, col, message, origin }: ConfigProblem): Html {
  const what = path === "" ? message : `${path}: ${message}`;
  if (origin !== undefined) return html`<li>${origin} in the environment: ${what}</li>`;
  return html`<li><button type="button" class="link" data-line="${line}" data-col="${col}">line ${line}, column ${col}</button>: ${what}</li>`;
}

const MARKS = { same: " ", removed: "-", added: "+" } as const;

export function diffView(lines: readonly DiffLine[]): Html {
  if (lines.length === 0) return html`<p class="empty">Nothing yet.</p>`;
  return html`<pre class="diff" tabindex="0" aria-label="Changed lines">${lines.map(
    ({ kind, text }) => html`<span class="${kind}">${MARKS[kind]} ${text}
</span>`,
  )}</pre>`;
}
