import { randomUUID } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import type { Destination, OpenFeed, Sink } from "../bridge.ts";
import type { RedisConfig } from "./config.ts";
import type { RedisEntry } from "./entry.ts";
import { type Link, openLink } from "./link.ts";
import { checkSafety } from "./safety.ts";
import { OPEN } from "./scripts.ts";
import { createRedisSink } from "./sink.ts";
import { REDIS_FEEDS, type RedisFeed, writerKeyOf } from "./streams.ts";

/** Every message of the hub fits, JSON and headers included; Redis itself takes more. */
const MAX_RECORD_BYTES = 4 * 1024 ** 2;
const ANSWER_MS = 10_000;

export interface RedisTuning {
  /** How long any answer may take before the server counts as gone; 10 s unless told. */
  readonly answerMs?: number;
}

const lastIdSchema = z.string().regex(/^\d+-\d+$/);

/** Redis Streams, on one server or a cluster. Each opened feed has a connection of its own. */
export function createRedisDestination(
  config: RedisConfig,
  { answerMs = ANSWER_MS }: RedisTuning = {},
): Destination<RedisEntry> {
  const links = new Set<Link>();
  /** Warnings that were told: at every opening anew they would only be noise. */
  const told = new Set<string>();

  async function open({ feed, incarnation, log }: OpenFeed): Promise<Sink<RedisEntry>> {
    const redisFeed = feedOf(feed.id);
    const key = `${config.keyPrefix}${redisFeed.key}`;
    const keys = [key, writerKeyOf(key)];
    const link = await openLink(config, answerMs);
    links.add(link);
    const close = (): void => {
      links.delete(link);
      link.close();
    };
    try {
      for (const warning of await checkSafety(link, keys, config.assumeSafe)) {
        if (told.has(warning)) continue;
        told.add(warning);
        log.warn({ server: link.where.server, warning }, "Redis is weakly set up");
      }
      const token = randomUUID();
      const reply = await link.run(OPEN, keys, [token, ...redisFeed.groups]);
      const lastId = lastIdSchema.parse(reply);
      const maxEntries = config.maxEntries[redisFeed.room];
      return createRedisSink({
        link,
        feed: redisFeed,
        keys,
        token,
        incarnation,
        lastId,
        maxEntries,
        close,
      });
    } catch (error) {
      close();
      throw error;
    }
  }

  return {
    name: "redis",
    feeds: REDIS_FEEDS,
    maxRecordBytes: MAX_RECORD_BYTES,
    open,
    async close() {
      for (const link of links) link.close();
      links.clear();
    },
  };
}

function feedOf(id: string): RedisFeed {
  const found = REDIS_FEEDS.find((feed) => feed.id === id);
  if (found === undefined) throw new PlatformError("internal", `Redis has no feed ${id}`);
  return found;
}
