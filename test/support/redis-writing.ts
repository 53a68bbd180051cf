import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { BridgeRecord, Destination, Sink } from "../../cloud/bridges/bridge.ts";
import { redisConfigSchema } from "../../cloud/bridges/redis/config.ts";
import { createRedisDestination, type RedisTuning } from "../../cloud/bridges/redis/destination.ts";
import type { RedisEntry } from "../../cloud/bridges/redis/entry.ts";

/** When the stream that is pretended was created. */
export const INCARNATION = 1_700_000_000_000;

/** The destination as a configuration file would have it. */
export const redisAt = (settings: object, tuning: RedisTuning = {}): Destination<RedisEntry> =>
  createRedisDestination(redisConfigSchema.parse(settings), tuning);

export interface Opening {
  readonly feedId?: string;
  readonly incarnation?: number;
}

/** As the loop opens it; attendance:stream unless told. */
export async function openRedis(
  destination: Destination<RedisEntry>,
  { feedId = "attendance-stream", incarnation = INCARNATION }: Opening = {},
): Promise<Sink<RedisEntry>> {
  const feed = destination.feeds.find(({ id }) => id === feedId);
  if (feed === undefined) throw new Error(`no feed ${feedId}`);
  return await destination.open({ feed, incarnation, log: silentLog() });
}

export interface Writing {
  /** Type of the events. */
  readonly type?: string;
  readonly padding?: number;
  readonly incarnation?: number;
}

/** One batch: the events `first` to `last`, one after another as the stream counts them. */
export async function write(
  sink: Sink<RedisEntry>,
  [first, last]: readonly [number, number],
  writing: Writing = {},
): Promise<void> {
  const { incarnation = INCARNATION } = writing;
  const batch: RedisEntry[] = [];
  for (let seq = first; seq <= last; seq += 1) {
    const entry = await sink.encode(pretendedRecord(seq, writing));
    if (entry !== undefined) batch.push(entry);
  }
  await sink.apply(batch, { incarnation, seq: last });
}

function pretendedRecord(seq: number, { type, padding = 0 }: Writing): BridgeRecord {
  const eventType = type ?? "attendance.check-in.recorded";
  return {
    seq,
    stream: "ATTENDANCE",
    aggregateId: `p${seq % 7}`,
    traceparent: undefined,
    event: {
      metadata: {
        eventId: `event-${seq}`,
        eventType,
        timestamp: INCARNATION + seq,
        version: "1.0",
        source: "test",
        correlationId: null,
        causationId: null,
      },
      data: { employeeId: `p${seq % 7}`, reason: "x".repeat(padding) },
    },
  };
}
