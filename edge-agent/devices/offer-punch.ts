import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { DriverDeps, Feedback, Reading } from "./driver.ts";

/** How long a punch is offered to a journal that refuses it for now; the person waits for the light meanwhile. */
const RETRY_FOR_MS = 10_000;
const RETRY_EVERY_MS = 500;

export interface Offering {
  readonly deps: Pick<DriverDeps, "accept" | "now" | "log">;
  /** Aborts when the line ends: a commit that hangs must not hold that up. */
  readonly ended: AbortSignal;
}

/**
 * Hands the journal a punch of a terminal that keeps no copy and cannot be asked again: one that is refused for the
 * moment is offered again for ten seconds. What is given up is logged, and `refused` says that nobody may be shown green.
 * When the line ends first, `refused` too: the commit under way may still succeed, and then nobody was told anything.
 */
export async function offerPunch(
  reading: Reading,
  { deps, ended }: Offering,
): Promise<Feedback | "refused"> {
  const giveUpAtMs = deps.now() + RETRY_FOR_MS;
  for (;;) {
    try {
      const feedback = await unlessEnded(deps.accept(reading), ended);
      return feedback ?? "refused";
    } catch (error) {
      const isOver = ended.aborted || deps.now() + RETRY_EVERY_MS > giveUpAtMs;
      if (isOver || !isRetriable(error)) {
        const fields = { err: error, code: codeOf(error), reader: reading.reader };
        deps.log.error(fields, "punch not stored and not repeatable");
        return "refused";
      }
      await sleep(RETRY_EVERY_MS, undefined, { signal: ended }).catch(() => undefined);
    }
  }
}

/** What `work` resolves to; undefined when `ended` aborts first. */
function unlessEnded<T>(work: Promise<T>, ended: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    ended.addEventListener("abort", stop, { once: true });
    if (ended.aborted) stop();
    work.finally(() => ended.removeEventListener("abort", stop)).then(resolve, reject);
  });
}
