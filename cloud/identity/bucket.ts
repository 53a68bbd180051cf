import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import type { z } from "zod";
import { connectionGate } from "../eventing/connection-gate.ts";

export interface Entry<T> {
  readonly value: T;
  readonly revision: number;
}

/** Small records of one kind in a bucket. Everything rejects with `stream.not-connected`, retriable, while the hub is away. */
export interface Records<T> {
  /** As the leader of the stream has it. Undefined also for what cannot be read. */
  read(key: string): Promise<Entry<T> | undefined>;
  /** Writes if `revision` is the key's last (0 = there is none); false if somebody else was faster. */
  write(key: string, value: T, revision: number): Promise<boolean>;
  /** Writes over whatever is there. */
  put(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
}

const GUARD_CODES: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

export async function openRecords<S extends z.ZodType>(
  nc: NatsConnection,
  bucket: string,
  schema: S,
): Promise<Records<z.output<S>>> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const kv = await new Kvm(nc).open(bucket);
  const gate = connectionGate(nc);
  const guarded = async <R>(work: () => Promise<R>): Promise<R> => {
    gate.assertConnected();
    try {
      return await gate.orLost(work());
    } catch (error) {
      throw new PlatformError("stream.not-connected", `the bucket ${bucket} is out of reach`, {
        retriable: true,
        cause: error,
      });
    }
  };
  return {
    read: (key) =>
      guarded(async () => {
        const message = await jsm.streams.getMessage(`KV_${bucket}`, {
          last_by_subj: `$KV.${bucket}.${key}`,
        });
        // Nothing is in what the removal of an entry leaves.
        if (message === null || message.data.length === 0) return undefined;
        const value = readable(message.data, schema);
        return value === undefined ? undefined : { value, revision: message.seq };
      }),
    write: (key, value, revision) =>
      guarded(async () => {
        try {
          if (revision === 0) await kv.create(key, encode(value));
          else await kv.update(key, encode(value), revision);
          return true;
        } catch (error) {
          if (error instanceof JetStreamApiError && GUARD_CODES.has(error.code)) return false;
          throw error;
        }
      }),
    put: (key, value) => guarded(async () => void (await kv.put(key, encode(value)))),
    remove: (key) => guarded(() => kv.purge(key)),
  };
}

function readable<S extends z.ZodType>(bytes: Uint8Array, schema: S): z.output<S> | undefined {
  try {
    return decode(bytes, schema, { what: "a record of identity" });
  } catch {
    // Of another version, or nobody's of ours: as good as none.
    return undefined;
  }
}
