import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import {
  JetStreamApiCodes,
  JetStreamApiError,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type KV, Kvm, KvWatchInclude } from "@nats-io/kv";
import { headers, type NatsConnection } from "nats";
import { z } from "zod";
import { connectionGate } from "../eventing/connection-gate.ts";

const masterIdSchema = z.string().regex(/^[0-9a-f]{16}$/);

const entrySchema = z.discriminatedUnion("kind", [
  /** Which master key the bucket is under; while another takes its place, that one too. */
  z.object({
    kind: z.literal("master"),
    masterId: masterIdSchema,
    nextId: masterIdSchema.nullable(),
  }),
  z.object({
    kind: z.literal("key"),
    masterId: masterIdSchema,
    wrapped: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  /** There was a key, and it was destroyed. */
  z.object({ kind: z.literal("erased"), erasedAt: z.int() }),
]);
export type KeyEntry = z.output<typeof entrySchema>;

/** One token, and persons' keys have two: it is nobody's. */
export const MASTER_ENTRY = "master";

export interface Found {
  readonly entry: KeyEntry;
  readonly revision: number;
}

/** The bucket `person-keys`. All of it rejects with `stream.not-connected` (retriable) while the hub is out of reach. */
export interface KeyBucket {
  /** As the leader of the stream has it: a copy that lags could still hold a key that was destroyed. */
  read(key: string): Promise<Found | undefined>;
  /** Writes if `revision` is the key's last (0 = there is none); false if somebody else was faster. */
  write(key: string, entry: KeyEntry, revision: number): Promise<boolean>;
  /** Puts the entry in the place of everything the key ever held. */
  replaceAll(key: string, entry: KeyEntry): Promise<void>;
  isEmpty(): Promise<boolean>;
  /** All keys of persons. */
  persons(): Promise<string[]>;
  watch(): Promise<Watching>;
}

export interface Watching
  extends AsyncIterable<{ readonly key: string; readonly value: Uint8Array }> {
  stop(): void;
}

const PREFIX = `$KV.${BUCKETS.personKeys}.`;
const STREAM = `KV_${BUCKETS.personKeys}`;
const GUARD_CODES: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

export async function openKeyBucket(nc: NatsConnection): Promise<KeyBucket> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const js = jetstream(nc);
  const kv: KV = await new Kvm(nc).open(BUCKETS.personKeys);
  const gate = connectionGate(nc);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    gate.assertConnected();
    try {
      return await gate.orLost(work());
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      throw new PlatformError("stream.not-connected", "the keys are out of reach", {
        retriable: true,
        cause: error,
      });
    }
  };
  return {
    read: (key) =>
      guarded(async () => {
        const message = await jsm.streams.getMessage(STREAM, { last_by_subj: PREFIX + key });
        return message === null
          ? undefined
          : { entry: entryOf(message.data, key), revision: message.seq };
      }),
    write: (key, entry, revision) =>
      guarded(async () => {
        try {
          await kv.put(key, encode(entry), { previousSeq: revision });
          return true;
        } catch (error) {
          if (error instanceof JetStreamApiError && GUARD_CODES.has(error.code)) return false;
          throw error;
        }
      }),
    replaceAll: (key, entry) =>
      guarded(async () => {
        const rollup = headers();
        rollup.set("Nats-Rollup", "sub");
        await js.publish(PREFIX + key, encode(entry), { headers: rollup });
      }),
    isEmpty: () => guarded(async () => (await jsm.streams.info(STREAM)).state.messages === 0),
    persons: () =>
      guarded(async () => {
        const found: string[] = [];
        for await (const key of await kv.keys()) if (key !== MASTER_ENTRY) found.push(key);
        return found.toSorted();
      }),
    watch: () => guarded(() => kv.watch({ include: KvWatchInclude.UpdatesOnly })),
  };
}

/** What nobody of ours has written counts as a destroyed key: an empty value is what `kv del` and `kv purge` leave. */
export function entryOf(value: Uint8Array, key: string): KeyEntry {
  if (value.length === 0) return { kind: "erased", erasedAt: 0 };
  return decode(value, entrySchema, { what: `entry ${key} of ${BUCKETS.personKeys}` });
}
