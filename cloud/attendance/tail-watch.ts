import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { ALL_HEARTBEATS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { heartbeatSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import type { NatsConnection } from "nats";
import type { JournalId } from "./intake-store.ts";

export interface TailWatchOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** Number of the last row received of a journal. */
  readonly lastOf: (journal: JournalId) => number;
  /** Whether the intake has read everything that stands in CLOCK. */
  readonly isCaughtUp: () => boolean;
  readonly onMissing: (journal: JournalId, last: number) => Promise<void>;
  readonly nowMs: () => number;
  readonly log: Log;
  /** How long a row may be acknowledged and not here before it is called missing. */
  readonly graceMs?: number;
}

export interface TailWatch {
  close(): void;
}

interface Suspicion {
  readonly journal: JournalId;
  readonly last: number;
  readonly sinceMs: number;
}

/** More gateways than one tenant has; bounds the memory against made-up names. */
const MAX_GATEWAYS = 10_000;

/**
 * Finds rows missing at the very end of a journal, where no later segment shows the gap: the gateway's heartbeat says
 * how far the hub has acknowledged, and the intake knows how far it has read.
 */
export function watchTails(options: TailWatchOptions): TailWatch {
  const { nc, tenant, lastOf, isCaughtUp, onMissing, nowMs, log, graceMs = 20_000 } = options;
  const suspicions = new Map<string, Suspicion>();

  const hear = (subject: string, data: Uint8Array): void => {
    const address = addressOf(subject);
    if (address?.tenant !== tenant) return;
    const { epoch, deliveredRow } = decode(data, heartbeatSchema, { what: "heartbeat" });
    const journal = { address, epoch };
    const key = gatewayKey(address);
    const known = suspicions.get(key);
    const last = lastOf(journal);
    const isSettled = known === undefined || known.journal.epoch !== epoch || last >= known.last;
    if (isSettled) {
      suspicions.delete(key);
      if (last >= deliveredRow || suspicions.size >= MAX_GATEWAYS) return;
      suspicions.set(key, { journal, last: deliveredRow, sinceMs: nowMs() });
    } else if (nowMs() - known.sinceMs >= graceMs && isCaughtUp()) {
      suspicions.delete(key);
      onMissing(journal, known.last).catch((error: unknown) =>
        log.warn({ err: error, code: codeOf(error), gateway: key }, "missing rows not noted"),
      );
    }
  };

  const subscription = nc.subscribe(ALL_HEARTBEATS, {
    callback: (error, message) => {
      if (error !== null) return;
      try {
        hear(message.subject, message.data);
      } catch (failure) {
        log.debug({ err: failure, code: codeOf(failure) }, "heartbeat not read");
      }
    },
  });
  return { close: () => subscription.unsubscribe() };
}

function addressOf(subject: string): GatewayAddress | undefined {
  const [, , tenant, site, gateway] = subject.split(".");
  if (tenant === undefined || site === undefined || gateway === undefined) return undefined;
  return { tenant, site, gateway };
}
