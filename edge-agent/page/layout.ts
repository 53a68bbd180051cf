import type { Context } from "hono";
import { html } from "hono/html";
import type { AgentStatus, IdleStatus } from "../health/status.ts";
import type { PageEnv } from "./guard.ts";

export type Html = ReturnType<typeof html>;

/** What there is to show may be nothing. */
export const nothing = html``;

const PLACES = [
  ["/", "Overview"],
  ["/readers", "Readers"],
  ["/taps", "Live taps"],
  ["/backlog", "Backlog"],
  ["/config", "Configuration"],
] as const;

export interface Shown {
  readonly title: string;
  /** Script of this page in `client/`. */
  readonly script?: string;
  readonly body: Html;
  /** The part with this mark is asked for again every few seconds. */
  readonly isLive?: boolean;
}

/** A page for somebody who has logged in; only its content when the browser asks for that again. */
export function show(
  c: Context<PageEnv>,
  status: AgentStatus | IdleStatus,
  { title, script, body, isLive = false }: Shown,
): Response | Promise<Response> {
  const content = html`${safeModeBanner(status, c.req.path)}
    <h1>${title}</h1>
    ${body}`;
  if (c.req.header("x-fragment") === "1") return c.html(content);
  const name = "gateway" in status ? status.gateway.gateway : "gateway";
  return c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="write-token" content="${c.get("visit").writeToken}">
<title>${title} · ${name} · Clockleaf</title>
<link rel="stylesheet" href="/assets/style.css"><link rel="icon" href="/assets/icon.svg">
<script type="module" src="/assets/live.js"></script>
${script === undefined ? nothing : html`<script type="module" src="/assets/${script}"></script>`}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header class="bar">
<p class="brand"><img src="/assets/icon.svg" alt="" width="24" height="24"> ${name}</p>
<nav aria-label="Pages"><ul>${PLACES.map(([path, label]) => place(path, label, c.req.path))}</ul></nav>
<button type="button" id="leave">Log out</button>
</header>
<p id="away" class="banner" role="alert" hidden>The agent does not answer. It may be starting again; if this stays, look at
<code>systemctl status clockleaf-edge</code> or <code>clockleaf-edge status</code>.</p>
<main id="main" tabindex="-1" ${isLive ? html`data-live` : nothing}>${content}</main>
</body></html>`);
}

function place(path: string, label: string, here: string): Html {
  const isHere = path === "/" ? here === "/" : here.startsWith(path);
  return html`<li><a href="${path}" ${isHere ? html`aria-current="page"` : nothing}>${label}</a></li>`;
}

const utcText = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** On every page: nobody may take a gateway in safe mode for one that does what its file says. */
function safeModeBanner({ configuration }: IdleStatus, path: string): Html {
  if (configuration.problem === null) return nothing;
  const { runsWith, sinceMs, file, problem } = configuration;
  const what =
    runsWith === "none"
      ? html`<strong>No reader is read</strong>: no agent has started with this configuration before, so there is nothing to fall back to.`
      : html`Readers go on, and punches are journaled and sent, with the last good configuration
          of <time>${utcText(sinceMs ?? 0)}</time>. The file itself was not changed.`;
  return html`<section class="safe-mode" aria-labelledby="safe-mode">
    <h2 id="safe-mode">Safe mode: the configuration cannot be used</h2>
    <p>${what}</p>
    <pre tabindex="0" aria-label="What is wrong with ${file}">${problem}</pre>
    ${path === "/config" ? nothing : html`<p><a class="button" href="/config">Correct the configuration</a></p>`}
  </section>`;
}

/** What a person without a login sees. */
export function showLogin(c: Context, message: string): Response | Promise<Response> {
  return c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in · Clockleaf gateway</title>
<link rel="stylesheet" href="/assets/style.css"><link rel="icon" href="/assets/icon.svg">
<script type="module" src="/assets/login.js"></script>
</head>
<body><main class="narrow"><h1>This gateway</h1>
<p>The page shows who punches and changes how readers are read, so it opens to whoever may speak to the agent. On the gateway, type</p>
<pre tabindex="0">clockleaf-edge page</pre>
<p>and open the link it prints. It works once, for ten minutes.</p>
<form id="login"><label for="token">Or paste the link, or its token, here</label>
<input id="token" name="token" autocomplete="off" spellcheck="false" required>
<button type="submit">Log in</button></form>
<p id="message" role="status">${message}</p><noscript>This page needs JavaScript.</noscript></main></body></html>`);
}
