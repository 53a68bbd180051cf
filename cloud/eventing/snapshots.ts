import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { AggregateAddress } from "@clockleaf/shared/subjects.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { z } from "zod";
import type { IgnoredBecause, Snapshot, SnapshotStats, Snapshots } from "./event-store.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Compressed; states repeat themselves, so that is some 5 MB of them. */
const MAX_BYTES = 512 * 1024;
const MAX_PLAIN_BYTES = 32 * 1024 * 1024;

const snapshotSchema = z.object({
  seq: z.int().min(1),
  eventId: z.string(),
  deciderVersion: z.int(),
  state: z.unknown(),
});

/** Where the bytes are: the bucket, or a map in tests. */
export interface SnapshotBytes {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export const snapshotKey = ({ domain, tenant, aggregateId }: AggregateAddress): string =>
  `${domain}.${tenant}.${aggregateId}`;

/** Whatever becomes of a snapshot is no error: it only saves time. */
export function createSnapshots(bytes: SnapshotBytes): Snapshots {
  const ignored: Record<IgnoredBecause, number> = {
    "other-version": 0,
    unreadable: 0,
    "not-in-stream": 0,
  };
  const stats: { -readonly [K in keyof SnapshotStats]: SnapshotStats[K] } = {
    savedTotal: 0,
    tooLargeTotal: 0,
    failedTotal: 0,
    ignoredTotal: ignored,
  };
  return {
    async load(address) {
      const packed = await bytes.get(snapshotKey(address)).catch(() => undefined);
      if (packed === undefined) return undefined;
      try {
        const plain = await inflate(packed, { maxOutputLength: MAX_PLAIN_BYTES });
        const options = { what: "snapshot", maxBytes: MAX_PLAIN_BYTES };
        return decode(new Uint8Array(plain), snapshotSchema, options);
      } catch {
        ignored.unreadable += 1;
        return undefined;
      }
    },
    async save(address, snapshot: Snapshot) {
      try {
        const packed = await deflate(encode(snapshot, MAX_PLAIN_BYTES), { level: 1 });
        if (packed.length > MAX_BYTES) {
          stats.tooLargeTotal += 1;
          return;
        }
        await bytes.put(snapshotKey(address), new Uint8Array(packed));
        stats.savedTotal += 1;
      } catch {
        stats.failedTotal += 1;
      }
    },
    ignore(reason) {
      ignored[reason] += 1;
    },
    stats: () => ({ ...stats, ignoredTotal: { ...ignored } }),
  };
}

/** Snapshots in the bucket. It is opened when it is needed first. */
export function bucketSnapshots(nc: NatsConnection): Snapshots {
  let opening: Promise<KV> | undefined;
  const open = async (): Promise<KV> => {
    opening ??= new Kvm(nc).open(BUCKETS.snapshots, { timeout: TIMEOUT_MS });
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return createSnapshots({
    async get(key) {
      const entry = await (await open()).get(key);
      return entry?.operation === "PUT" ? entry.value : undefined;
    },
    async put(key, packed) {
      await (await open()).put(key, packed);
    },
  });
}

const TIMEOUT_MS = 5_000;
