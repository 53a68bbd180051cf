import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, idempotencyKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { publishGuarded } from "../eventing/atomic-batch.ts";
import { connectionGate } from "../eventing/connection-gate.ts";

const entrySchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("running"),
    fingerprint: z.string(),
    /** Tells one's own entry from a rival's when the answer to a write was lost. */
    owner: z.string(),
    /** Who has not answered by then is taken for dead. */
    untilAt: z.int(),
    runs: z.int().min(1),
  }),
  z.object({
    kind: z.literal("answered"),
    fingerprint: z.string(),
    status: z.int().min(200).max(499),
    headers: z.record(z.string(), z.string()),
    /** Sealed; null = there was none, or it was too large to keep. */
    body: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable(),
  }),
]);
export type IdempotencyEntry = z.output<typeof entrySchema>;

export interface FoundEntry {
  readonly entry: IdempotencyEntry;
  readonly revision: number;
}

/** What became of requests with an Idempotency-Key, for a day. One truth for all processes: every write is guarded. */
export interface IdempotencyBucket {
  /** As the leader of the stream has it. */
  read(name: string): Promise<FoundEntry | undefined>;
  /** Writes if `revision` is the entry's last (0 = there is none). The new revision; undefined = somebody else was faster. */
  write(name: string, entry: IdempotencyEntry, revision: number): Promise<number | undefined>;
}

const STREAM = `KV_${BUCKETS.idempotency}`;
const TIMEOUT_MS = 5_000;

/** Rejects with `stream.not-connected` or `stream.ambiguous`, both retriable, while the hub is out of reach. */
export async function openIdempotencyBucket(
  nc: NatsConnection,
  tenant: string,
): Promise<IdempotencyBucket> {
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: TIMEOUT_MS });
  const gate = connectionGate(nc);
  const subjectOf = (name: string): string =>
    `$KV.${BUCKETS.idempotency}.${idempotencyKey(tenant, name)}`;

  const read = async (name: string): Promise<FoundEntry | undefined> => {
    gate.assertConnected();
    try {
      const query = { last_by_subj: subjectOf(name) };
      const message = await gate.orLost(jsm.streams.getMessage(STREAM, query));
      if (message === null) return undefined;
      const what = `entry ${name} of ${BUCKETS.idempotency}`;
      return { entry: decode(message.data, entrySchema, { what }), revision: message.seq };
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      throw new PlatformError("stream.not-connected", "the keys of requests are out of reach", {
        retriable: true,
        cause: error,
      });
    }
  };

  return {
    read,
    async write(name, entry, revision) {
      const message = {
        subject: subjectOf(name),
        data: encode(entry),
        headers: [],
        expectedLastSeq: revision,
      };
      try {
        return await publishGuarded(nc, message, { stream: STREAM, timeoutMs: TIMEOUT_MS });
      } catch (error) {
        if (hasCode(error, "stream.conflict")) return undefined;
        if (!hasCode(error, "stream.ambiguous")) throw error;
        const found = await read(name);
        return found !== undefined && isSame(found.entry, entry) ? found.revision : undefined;
      }
    },
  };
}

function isSame(one: IdempotencyEntry, other: IdempotencyEntry): boolean {
  if (one.kind === "running" && other.kind === "running") return one.owner === other.owner;
  return one.kind === other.kind;
}

/** The same without a hub, for tests of one process. */
export function memoryIdempotencyBucket(): IdempotencyBucket {
  const entries = new Map<string, FoundEntry>();
  let revisions = 0;
  return {
    read: (name) => Promise.resolve(entries.get(name)),
    write(name, entry, revision) {
      if ((entries.get(name)?.revision ?? 0) !== revision) return Promise.resolve(undefined);
      revisions += 1;
      entries.set(name, { entry, revision: revisions });
      return Promise.resolve(revisions);
    },
  };
}
