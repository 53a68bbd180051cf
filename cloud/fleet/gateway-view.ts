import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import { heartbeatSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { z } from "@hono/zod-openapi";
import { type LastSeen, OFFLINE_AFTER_MS } from "./heartbeats.ts";
import type { Registered } from "./registry.ts";

const instant = z.iso.datetime();

const liveSchema = z.object({
  lastSeenAt: instant.describe("When the newest heartbeat arrived, by the cloud's clock"),
  agentVersion: z.string(),
  epoch: z.string().describe("Random name of the gateway's journal"),
  lastRow: z.int().min(0),
  deliveredRow: z.int().min(0),
  backlogRows: z.int().min(0).describe("Journal rows that the hub has not acknowledged yet"),
  oldestWaitingAt: instant.nullable().describe("Gateway time of the oldest of them"),
  clockOffsetMs: z
    .int()
    .describe("Gateway clock minus cloud clock, including the time a heartbeat travels"),
  clock: heartbeatSchema.shape.clock
    .unwrap()
    .nullable()
    .describe("How well the gateway knows the time; null = of a release that does not say"),
  configuration: heartbeatSchema.shape.configuration
    .unwrap()
    .nullable()
    .describe(
      "Which configuration it runs with: `last-good` is safe mode, somebody has to correct its file; null = of a release that does not say",
    ),
  readers: heartbeatSchema.shape.readers,
});

/** A gateway as the API shows it. */
export const gatewaySchema = z
  .object({
    site: tokenSchema,
    gateway: tokenSchema,
    name: gatewayRecordSchema.shape.name,
    zone: z.string(),
    publicKey: gatewayRecordSchema.shape.publicKey,
    status: gatewayRecordSchema.shape.status,
    registeredAt: instant,
    revokedAt: instant.nullable(),
    isOnline: z.boolean().describe("Heard within the last 30 s"),
    completeUntil: instant
      .nullable()
      .describe(
        "Watermark: every punch this gateway took before it has reached the hub, as far as the gateway said when last heard",
      ),
    live: liveSchema.nullable().describe("Null until the gateway is heard for the first time"),
  })
  .meta({ id: "Gateway" });
export type GatewayView = z.output<typeof gatewaySchema>;

export function gatewayView(
  { address, record }: Registered,
  seen: LastSeen | undefined,
  nowMs: number,
): GatewayView {
  return {
    site: address.site,
    gateway: address.gateway,
    name: record.name,
    zone: record.zone,
    publicKey: record.publicKey,
    status: record.status,
    registeredAt: iso(record.registeredAtMs),
    revokedAt: record.revokedAtMs === null ? null : iso(record.revokedAtMs),
    isOnline: seen !== undefined && nowMs - seen.receivedAtMs < OFFLINE_AFTER_MS,
    completeUntil: seen === undefined ? null : iso(completeUntilMs(seen)),
    live: seen === undefined ? null : liveOf(seen),
  };
}

/** Nothing waits: complete up to the moment it said so. Something waits: up to the oldest of it. */
function completeUntilMs({ heartbeat }: LastSeen): number {
  return heartbeat.oldestWaitingMs ?? heartbeat.sentAtMs;
}

function liveOf({ heartbeat, receivedAtMs }: LastSeen): z.output<typeof liveSchema> {
  const { agentVersion, epoch, lastRow, deliveredRow, oldestWaitingMs, readers } = heartbeat;
  return {
    lastSeenAt: iso(receivedAtMs),
    agentVersion,
    epoch,
    lastRow,
    deliveredRow,
    backlogRows: Math.max(0, lastRow - deliveredRow),
    oldestWaitingAt: oldestWaitingMs === null ? null : iso(oldestWaitingMs),
    clockOffsetMs: heartbeat.sentAtMs - receivedAtMs,
    clock: heartbeat.clock ?? null,
    configuration: heartbeat.configuration ?? null,
    readers,
  };
}

/** Instants beyond what a Date holds (a gateway's clock can be anything) are cut to the last one. */
function iso(ms: number): string {
  return new Date(Math.min(ms, LAST_INSTANT_MS)).toISOString();
}
/** 9999-12-31T23:59:59.999Z: later ones have no RFC 3339 form. */
const LAST_INSTANT_MS = 253_402_300_799_999;
