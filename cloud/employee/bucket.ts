import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import type { KV, KvEntry } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";

/** Runs `work` on a bucket; whatever goes wrong with the link or a guard becomes an error that is tried again. */
export async function onBucket<T>(nc: NatsConnection, work: () => Promise<T>): Promise<T> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  try {
    return await gate.orLost(work());
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const isConflict =
      error instanceof JetStreamApiError &&
      error.code === JetStreamApiCodes.StreamWrongLastSequence;
    throw new PlatformError(
      isConflict ? "stream.conflict" : "stream.not-connected",
      "the bucket could not be written",
      { retriable: true, cause: error },
    );
  }
}

/**
 * Writes only what differs, and only over what was read before it was worked out: another process may be at the same key,
 * and one that was frozen in between must not write over what came meanwhile.
 */
export async function putOver(
  kv: KV,
  { key, current }: { readonly key: string; readonly current: KvEntry | null },
  value: Uint8Array | undefined,
): Promise<void> {
  const previousSeq = current?.revision ?? 0;
  const isThere = current?.operation === "PUT";
  if (value === undefined) {
    if (isThere) await kv.delete(key, { previousSeq });
    return;
  }
  if (isThere && Buffer.compare(current.value, value) === 0) return;
  await kv.put(key, value, { previousSeq });
}

/** A bucket that was never written was lost, or is new: then its writer must begin at the beginning of its stream. */
export async function isNeverWritten(nc: NatsConnection, bucket: string): Promise<boolean> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return (await jsm.streams.info(`KV_${bucket}`)).state.last_seq === 0;
}
