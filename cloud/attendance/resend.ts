import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { gatewayCommandSubject } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { resendReplySchema } from "@clockleaf/shared/wire/heartbeat.ts";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { Gap, IntakeStore } from "./intake-store.ts";

export interface ResendRequesterOptions {
  readonly nc: NatsConnection;
  readonly store: Pick<IntakeStore, "dueGaps" | "askedFor">;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Between two requests for the same rows. */
  readonly backoff?: Backoff;
}

export interface ResendRequester {
  start(): void;
  /** Looks for missing rows now. */
  poke(): void;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
const REPLY_TIMEOUT_MS = 2_000;
const DEFAULT_BACKOFF: Backoff = { firstMs: 5_000, maxMs: 600_000, jitter: 0.3 };

/**
 * Asks gateways for the rows they are known to have and the intake has not: again and again, ever more rarely, until
 * the rows are there. An answer only says that the gateway understood; what counts is that the gap is gone.
 */
export function createResendRequester(options: ResendRequesterOptions): ResendRequester {
  const { nc, store, nowMs, log, backoff = DEFAULT_BACKOFF } = options;
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | undefined;
  const closing = new AbortController();
  let isPoked = false;

  async function ask(gap: Gap): Promise<void> {
    const { first, last, attempts, journal } = gap;
    const { site, gateway } = journal.address;
    store.askedFor(gap, nowMs() + backoffMs(attempts, backoff, Math.random()));
    try {
      const reply = await nc.request(
        gatewayCommandSubject(journal.address, "resend"),
        encode({ epoch: journal.epoch, first, last }),
        { timeout: REPLY_TIMEOUT_MS },
      );
      const { result, kept } = decode(reply.data, resendReplySchema, { what: "resend reply" });
      log.info({ site, gateway, first, last, attempts, result, kept }, "missing rows asked for");
    } catch (error) {
      log.debug({ err: error, code: codeOf(error), site, gateway, first, last }, "no answer yet");
    }
  }

  async function askAll(): Promise<void> {
    do {
      isPoked = false;
      for (const gap of store.dueGaps(nowMs())) {
        if (closing.signal.aborted || !connectionGate(nc).isConnected) return;
        await ask(gap);
      }
    } while (isPoked && !closing.signal.aborted);
  }

  const poke = (): void => {
    isPoked = true;
    if (closing.signal.aborted || asking !== undefined) return;
    asking = askAll()
      .catch((error: unknown) => log.warn({ err: error, code: codeOf(error) }, "resend failed"))
      .finally(() => {
        asking = undefined;
      });
  };

  return {
    start() {
      timer ??= setInterval(poke, LOOK_EVERY_MS);
    },
    poke,
    async close() {
      closing.abort();
      clearInterval(timer);
      await asking;
    },
  };
}
