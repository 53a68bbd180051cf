import type { Context } from "hono";
import { html } from "hono/html";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import type { TapView } from "../health/tap-view.ts";
import type { PageDeps } from "./deps.ts";
import { type PageEnv, refuse } from "./guard.ts";
import type { Html } from "./layout.ts";

const MAX_FOLLOWERS = 16;
const MAX_WAITING = 1000;
/** Also how soon a browser that is gone is noticed. */
const HEARTBEAT_MS = 15_000;

export const tapsView: Html = html`<p>Every punch as it becomes durable. Nothing is sent anywhere by watching.</p>
  <p id="state" role="status">Connecting …</p>
  <div class="scroll" tabindex="0" role="region" aria-label="Punches"><table>
  <thead><tr><th scope="col">Time (UTC)</th><th scope="col">Reader</th><th scope="col">Badge</th><th scope="col">Light</th><th scope="col">Shown</th><th scope="col">Meaning</th><th scope="col" class="number">Row</th></tr></thead>
  <tbody id="taps" data-src="/taps/stream"><tr class="empty"><td colspan="7">No punch yet. Hold a badge to a reader.</td></tr></tbody></table></div>`;

/** `/taps/stream`: server-sent events, one a punch, until the browser leaves or the agent ends. */
export function createTapStream(
  deps: Pick<PageDeps, "follow">,
  closing: AbortSignal,
): (c: Context<PageEnv>) => Response {
  let followers = 0;
  return (c) => {
    if (followers >= MAX_FOLLOWERS) {
      return refuse(c, 503, {
        code: "api.busy",
        message: "too many pages follow already; close one",
      });
    }
    return streamSSE(c, async (stream) => {
      followers += 1;
      try {
        await tell(stream, { deps, closing });
      } finally {
        followers -= 1;
      }
    });
  };
}

interface Telling {
  readonly deps: Pick<PageDeps, "follow">;
  readonly closing: AbortSignal;
}

async function tell(stream: SSEStreamingApi, { deps, closing }: Telling): Promise<void> {
  const waiting: TapView[] = [];
  let wake: () => void = nobodySleeps;
  const unfollow = deps.follow((tap) => {
    waiting.push(tap);
    wake();
  });
  const end = (): void => wake();
  stream.onAbort(end);
  closing.addEventListener("abort", end);
  try {
    await stream.writeSSE({ event: "ready", data: "" });
    while (!stream.aborted && !closing.aborted && waiting.length < MAX_WAITING) {
      const tap = waiting.shift();
      if (tap !== undefined) {
        await stream.writeSSE({ data: JSON.stringify(tap), id: String(tap.row) });
        continue;
      }
      await new Promise<void>((resolve) => {
        const beat = setTimeout(resolve, HEARTBEAT_MS);
        wake = () => {
          clearTimeout(beat);
          resolve();
        };
      });
      if (waiting.length === 0 && !stream.aborted)
        await stream.writeSSE({ event: "beat", data: "" });
    }
  } finally {
    unfollow();
    closing.removeEventListener("abort", end);
  }
}

const nobodySleeps = (): void => undefined;
