import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Position, Sink } from "../bridge.ts";
import { entryOf, type RedisEntry } from "./entry.ts";
import { entryIdOf, positionOf } from "./entry-id.ts";
import { tooLarge } from "./errors.ts";
import type { Link } from "./link.ts";
import { APPEND } from "./scripts.ts";
import type { RedisFeed } from "./streams.ts";

export interface RedisSinkOptions {
  readonly link: Link;
  readonly feed: RedisFeed;
  /** Stream and writer. */
  readonly keys: readonly string[];
  /** What this writer opened the stream with. */
  readonly token: string;
  readonly incarnation: number;
  readonly lastId: string;
  readonly maxEntries: number;
  close(): void;
}

/**
 * Appends to a stream whose end it knows. The stream's last id is the position: a batch moves it from the very id that was
 * read when the sink was opened to that of the last message, all at once or not at all, and without an entry where a
 * message has none. So whatever becomes of a batch (cut off, repeated, overtaken by a rival) the id tells what is there,
 * and nothing below it is missing.
 */
export function createRedisSink(options: RedisSinkOptions): Sink<RedisEntry> {
  const { link, feed, keys, token, incarnation, maxEntries } = options;
  let { lastId } = options;
  return {
    position: positionOf(lastId),
    async encode(record) {
      const { types } = feed;
      const has = types === undefined || types.has(record.event.metadata.eventType);
      return has ? entryOf(record) : undefined;
    },
    async apply(batch: readonly RedisEntry[], position: Position) {
      const endId = entryIdOf(position.incarnation, position.seq);
      if (endId === lastId) return;
      const entries = batch.flatMap(({ seq, fields }) => [
        entryIdOf(incarnation, seq),
        String(fields.length),
        ...fields,
      ]);
      await refuseTooLarge(link, keys, entries);
      const found = await link.run(APPEND, keys, [
        token,
        lastId,
        endId,
        String(maxEntries),
        ...entries,
      ]);
      if (found !== "ok") throw fenced(link, keys, String(found));
      lastId = endId;
    },
    async close() {
      options.close();
    },
  };
}

/** Redis lets nobody set a lower limit for one value: what is shorter need not be asked about. */
const ALWAYS_TAKEN_BYTES = 1024 ** 2;

/**
 * Asked beforehand, as the server says no by closing the connection under what is still being sent: its words may be lost
 * with it, and we would think it gone and send the same again and again.
 */
async function refuseTooLarge(
  link: Link,
  [key = ""]: readonly string[],
  values: readonly string[],
): Promise<void> {
  const longest = values.reduce((most, value) => Math.max(most, Buffer.byteLength(value)), 0);
  if (longest <= ALWAYS_TAKEN_BYTES) return;
  if (longest > ((await link.maxArgumentBytes(key)) ?? longest)) throw tooLarge(link.where);
}

const fenced = ({ where }: Link, [key = ""]: readonly string[], found: string): PlatformError =>
  new PlatformError("bridge.fenced", `Redis at ${where.server}, ${key}: ${found}`, {
    retriable: true,
    details: { server: where.server, key },
  });
