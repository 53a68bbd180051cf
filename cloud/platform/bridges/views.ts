import { z } from "@hono/zod-openapi";
import type { FeedHealth } from "../../bridges/feed-health.ts";

export const feedSchema = z
  .object({
    destination: z.string(),
    feed: z.string(),
    stream: z.string(),
    state: z.enum(["starting", "running", "waiting", "halted", "stopped", "silent"]),
    isWell: z.boolean().describe("False where a person must look: `halted` or `silent`"),
    position: z.int().describe("Stream sequence up to which the destination has everything"),
    lag: z.int().describe("Events stored, not at the destination yet"),
    recordsTotal: z.int(),
    batchesTotal: z.int(),
    batchRecords: z.int().describe("Of the last batch"),
    batchMs: z.int(),
    restartsTotal: z.int(),
    fencedTotal: z.int(),
    deadLettersTotal: z.int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    postedAt: z.iso.datetime(),
  })
  .meta({ id: "BridgeFeed" });

export function feedView(health: FeedHealth): z.output<typeof feedSchema> {
  const { silentMs: _silentMs, postedAtMs, error = null, ...rest } = health;
  return { ...rest, error, postedAt: new Date(postedAtMs).toISOString() };
}
