import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, leaseKey, memberKey } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { publishGuarded } from "./atomic-batch.ts";
import { connectionGate } from "./connection-gate.ts";
import { isNothingThere } from "./direct-read.ts";

/** An entry as the bucket shows it. */
export interface LeaseEntry {
  /** What the next write must name to be the next. */
  readonly revision: number;
  /** Undefined: given back, not expired yet. */
  readonly holder: string | undefined;
}

export interface LeaseBucket {
  /** Everything there is of the tenant, by key without the tenant. Rejects if the hub does not answer. */
  read(): Promise<ReadonlyMap<string, LeaseEntry>>;
  /**
   * Writes the entry if it is still at `revision` (0 = not there). Resolves with the new revision; undefined = somebody
   * else was faster. Rejects if the outcome is not known.
   */
  write(name: string, holder: string, revision: number): Promise<number | undefined>;
  /** Gives the entry back, unless somebody else has written it. */
  release(name: string, revision: number): Promise<void>;
}

const STREAM = `KV_${BUCKETS.leases}`;
const TIMEOUT_MS = 1_000;
const OPERATION = "KV-Operation";

/** Name of a process's own entry, beside those of the leases. */
export const memberName = (session: string): string => memberKey("", session).slice(1);
const MEMBER_PREFIX = memberName("");

/** The session of a member's entry; undefined if it is a lease. */
export const memberOf = (name: string): string | undefined =>
  name.startsWith(MEMBER_PREFIX) ? name.slice(MEMBER_PREFIX.length) : undefined;

/**
 * The bucket `leases` of one tenant. Entries expire by the bucket's age limit, counted from their last write, so a write
 * is a renewal; the age of single messages is not used (`put` and `update` of the client lose it).
 */
export async function openLeaseBucket(nc: NatsConnection, tenant: string): Promise<LeaseBucket> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const prefix = `$KV.${BUCKETS.leases}.${leaseKey(tenant, "")}`;
  const text = new TextDecoder();
  return {
    async read() {
      const found = new Map<string, LeaseEntry>();
      const reading = await jsm.direct.getLastMessagesFor(STREAM, { multi_last: [`${prefix}>`] });
      const timer = setTimeout(() => reading.stop(new Error("leases timed out")), TIMEOUT_MS);
      const consume = async (): Promise<void> => {
        for await (const { subject, seq, data, header } of reading) {
          const isGone = header.get(OPERATION) !== "";
          const holder = isGone ? undefined : text.decode(data);
          found.set(subject.slice(prefix.length), { revision: seq, holder });
        }
      };
      try {
        await connectionGate(nc).orLost(consume());
        return found;
      } catch (error) {
        if (isNothingThere(error)) return found;
        throw error;
      } finally {
        clearTimeout(timer);
        reading.stop();
      }
    },
    async write(name, holder, revision) {
      try {
        return await publishGuarded(
          nc,
          {
            subject: `${prefix}${name}`,
            data: new TextEncoder().encode(holder),
            headers: [],
            expectedLastSeq: revision,
          },
          { stream: STREAM, timeoutMs: TIMEOUT_MS },
        );
      } catch (error) {
        if (hasCode(error, "stream.conflict")) return undefined;
        throw error;
      }
    },
    async release(name, revision) {
      const data = new Uint8Array();
      const headers = [[OPERATION, "DEL"]] as const;
      const message = { subject: `${prefix}${name}`, data, headers, expectedLastSeq: revision };
      try {
        await publishGuarded(nc, message, { stream: STREAM, timeoutMs: TIMEOUT_MS });
      } catch (error) {
        if (!hasCode(error, "stream.conflict")) throw error;
      }
    },
  };
}
