import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { SystemdWishes } from "../config.ts";

/** How often within systemd's patience it hears from us: one word that is late does no harm. */
const TURNS = 3;
const NOTIFY_MS = 10_000;

export interface WatchdogParts {
  /** Shows that the process does its work. One that never settles and one that rejects come to the same: nothing is said. */
  readonly answers: () => Promise<void>;
  readonly log: Log;
}

/**
 * Tells systemd that the agent runs, and from then on, again and again, that it is not hung. What it cannot be told is a line
 * in the log: readers go on.
 */
export async function tellSystemd(
  { watchdogMs }: SystemdWishes,
  { answers, log }: WatchdogParts,
): Promise<void> {
  try {
    await notify("READY=1");
  } catch (error) {
    log.error({ err: error }, "systemd not told");
  }
  if (watchdogMs !== undefined) startWatchdog(watchdogMs, { answers, log, notify });
}

/**
 * Says `WATCHDOG=1` after each proof, and asks for the next one only when the last was given. So three things are needed
 * for every word: that this event loop turns, that `answers` did, and that a program can be started. `patienceMs`: how long
 * systemd waits.
 */
export function startWatchdog(
  patienceMs: number,
  {
    answers,
    log,
    notify: say,
  }: WatchdogParts & { readonly notify: (state: string) => Promise<void> },
): void {
  let isOwed = false;
  const turn = async (): Promise<void> => {
    if (isOwed) return;
    isOwed = true;
    try {
      await answers();
      await say("WATCHDOG=1");
    } catch (error) {
      log.error({ err: error, code: codeOf(error) }, "watchdog not fed");
    } finally {
      isOwed = false;
    }
  };
  setInterval(() => void turn(), patienceMs / TURNS).unref();
}

/** By systemd's own program: Node has no datagram sockets to do it with. About 40 ms, and systemd has taken it then. */
async function notify(state: string): Promise<void> {
  await promisify(execFile)("systemd-notify", [state], { timeout: NOTIFY_MS });
}
