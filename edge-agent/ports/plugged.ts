import { existsSync } from "node:fs";
import { watch } from "node:fs/promises";
import { dirname } from "node:path";

/** Resolves when what a line hangs on has just been plugged in, or when `signal` aborts; may never know. Rejects never. */
export type Plugged = (signal: AbortSignal) => Promise<void>;

/**
 * Waits for a device file that is not there. udev takes away `/dev/serial/by-id` with the last adapter, so what is watched is
 * the nearest folder that exists. For a file that is there already nothing is known: only `signal` ends the wait then, as it
 * does where folders cannot be watched.
 */
export const pluggedIn =
  (path: string): Plugged =>
  async (signal) => {
    if (!existsSync(path) && (await comesBack(path, signal))) return;
    await abortOf(signal);
  };

/** False when it cannot be known any more. */
async function comesBack(path: string, signal: AbortSignal): Promise<boolean> {
  try {
    while ((await changeAbove(path, signal)) !== "there");
    return true;
  } catch {
    return false;
  }
}

/** Something changed in the nearest folder there is, or the file is there. */
async function changeAbove(path: string, signal: AbortSignal): Promise<"there" | "changed"> {
  const done = new AbortController();
  const folder = nearest(path);
  const events = watch(folder, { signal: AbortSignal.any([signal, done.signal]) });
  try {
    // Begun before the looks, so that nothing happens unseen between them.
    const next = events[Symbol.asyncIterator]().next();
    next.catch(() => undefined);
    if (existsSync(path)) return "there";
    if (nearest(path) === folder) await next;
    return existsSync(path) ? "there" : "changed";
  } finally {
    done.abort();
  }
}

function nearest(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) ? folder : nearest(folder);
}

const abortOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
