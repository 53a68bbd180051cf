import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { publishGuarded } from "../../eventing/atomic-batch.ts";
import { connectionGate } from "../../eventing/connection-gate.ts";
import type { Position } from "../bridge.ts";

/** How far a feed is, where its destination cannot keep that itself. One owner; every write names the one before. */
export interface Checkpoint {
  readonly position: Position | undefined;
  /** Rejects with `bridge.fenced` if somebody else has written since. */
  write(position: Position): Promise<void>;
  /** Forgets the position: the feed begins anew. Rejects like `write`. */
  forget(): Promise<void>;
}

const STREAM = `KV_${BUCKETS.bridges}`;
const TIMEOUT_MS = 5_000;
const OPERATION = "KV-Operation";

const positionSchema = z.object({ incarnation: z.int(), seq: z.int().min(0) });

export const checkpointKey = (tenant: string, feedId: string): string =>
  `checkpoint.${tenant}.rabbitmq.${feedId}`;

/**
 * Reads the checkpoint and writes it back as it is: from here on the writes of whoever read it before are refused, also of
 * one that was frozen and wakes up. It is read from the stream's leader, for a copy may be behind.
 */
export async function takeCheckpoint(
  nc: NatsConnection,
  tenant: string,
  feedId: string,
): Promise<Checkpoint> {
  const subject = `$KV.${BUCKETS.bridges}.${checkpointKey(tenant, feedId)}`;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const message = await connectionGate(nc).orLost(
    jsm.streams.getMessage(STREAM, { last_by_subj: subject }),
  );
  let revision = message?.seq ?? 0;
  const put = async (
    data: Uint8Array,
    headers: ReadonlyArray<readonly [string, string]>,
  ): Promise<void> => {
    try {
      const guarded = { subject, data, headers, expectedLastSeq: revision };
      revision = await publishGuarded(nc, guarded, { stream: STREAM, timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (!hasCode(error, "stream.conflict")) throw error;
      throw new PlatformError("bridge.fenced", `another writer keeps ${subject}`, {
        retriable: true,
        cause: error,
      });
    }
  };
  const write = ({ incarnation, seq }: Position): Promise<void> =>
    put(new TextEncoder().encode(JSON.stringify({ incarnation, seq })), []);
  const isGone = message === null || message.header.get(OPERATION) !== "";
  const position = isGone ? undefined : positionSchema.parse(message.json());
  if (position !== undefined) await write(position);
  return { position, write, forget: () => put(new Uint8Array(), [[OPERATION, "DEL"]]) };
}
