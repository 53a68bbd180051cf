import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import type { KV } from "@nats-io/kv";
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

/** Writes only what differs, and only over what was read: another process may be at the same key. */
export async function putIfChanged(
  kv: KV,
  key: string,
  value: Uint8Array | undefined,
): Promise<void> {
  const current = await kv.get(key);
  const previousSeq = current?.revision ?? 0;
  const isThere = current?.operation === "PUT";
  if (value === undefined) {
    if (isThere) await kv.delete(key, { previousSeq });
    return;
  }
  if (isThere && Buffer.compare(current.value, value) === 0) return;
  await kv.put(key, value, { previousSeq });
}

/** A bucket that was never written was lost, or is new: then its consumer must begin at the beginning of EMPLOYEE. */
export async function rereadIfEmpty(
  nc: NatsConnection,
  bucket: string,
  consumer: string,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(`KV_${bucket}`);
  if (state.last_seq > 0) return;
  try {
    await jsm.consumers.delete(STREAMS.employee, consumer);
  } catch (error) {
    const isNew =
      error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    if (!isNew) throw error;
  }
}
