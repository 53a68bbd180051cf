import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { DriverDeps, Reading } from "./driver.ts";

/**
 * Badges that wait for the journal. A person needs a second for one, and a serial server hands over at once what it held
 * back; this many mean that the disk is gone.
 */
const MAX_WAITING = 256;
/** How long a badge is offered to a journal that refuses it; short, since its time is taken when it is accepted. */
const RETRY_FOR_MS = 10_000;
const RETRY_EVERY_MS = 500;

export type Outcome = "accepted" | "not_stored";

export interface Outbox {
  put(reading: Reading): void;
  drained(): Promise<void>;
}

/**
 * For readers that keep no copy and cannot be asked again: hands readings to the journal one by one, in order. A journal
 * that refuses for the moment is asked again here; what is given up is counted and logged, never silent.
 */
export function createOutbox(
  deps: Pick<DriverDeps, "accept" | "now" | "log">,
  onOutcome: (outcome: Outcome, reading: Reading) => void,
): Outbox {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const deliver = async (reading: Reading): Promise<Outcome> => {
    const giveUpAtMs = deps.now() + RETRY_FOR_MS;
    for (;;) {
      try {
        await deps.accept(reading);
        return "accepted";
      } catch (error) {
        if (!isRetriable(error) || deps.now() + RETRY_EVERY_MS > giveUpAtMs) {
          deps.log.error(
            { err: error, code: codeOf(error), reader: reading.reader },
            "badge not stored and not repeatable",
          );
          return "not_stored";
        }
        await sleep(RETRY_EVERY_MS);
      }
    }
  };

  return {
    put(reading) {
      if (waiting >= MAX_WAITING) {
        onOutcome("not_stored", reading);
        deps.log.error(
          { reader: reading.reader },
          "badge not stored: too many wait for the journal",
        );
        return;
      }
      waiting += 1;
      last = last.then(async () => {
        const outcome = await deliver(reading);
        waiting -= 1;
        onOutcome(outcome, reading);
      });
    },
    drained: () => last,
  };
}
