import { z } from "zod";
import { GATEWAY_VERBS, tokenSchema } from "../subjects.ts";
import { READER_COMMAND_RESULTS } from "../wire/reader-command.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const command = {
  commandId: tokenSchema.describe("In the logs of the cloud and of the gateway"),
  site: tokenSchema,
  gateway: tokenSchema,
  verb: z.enum(GATEWAY_VERBS),
  reader: tokenSchema.nullable().describe("Null = about the gateway itself"),
};

/** Somebody has a gateway do something. Stored before the gateway is asked, so nothing is done that is not on record. */
export const gatewayCommanded = defineEvent({
  type: "fleet.gateway.commanded",
  domain: "fleet",
  name: "GatewayCommanded",
  version: "1.0",
  data: z.object({
    ...command,
    seconds: z.int().min(1).max(60).nullable().describe("Of `locate`: for how long"),
    rows: z
      .object({
        epoch: z.string().min(1).max(16).describe("Names the journal"),
        first: z.int().min(1),
        last: z.int().min(1).describe("Included"),
      })
      .nullable()
      .describe("Of `resend`: which"),
    by: z.string().max(128).describe("Name of the principal that asked for it"),
    at: instant,
  }),
});

export const COMMAND_OUTCOMES = [
  ...READER_COMMAND_RESULTS,
  "accepted",
  "wrong-epoch",
  "not-kept",
  "not-connected",
  "unknown",
] as const;

/** What came of it. A command without this was cut off: what the gateway made of it is in the gateway's log only. */
export const gatewayCommandEnded = defineEvent({
  type: "fleet.command.ended",
  domain: "fleet",
  name: "GatewayCommandEnded",
  version: "1.0",
  data: z.object({
    ...command,
    outcome: z
      .enum(COMMAND_OUTCOMES)
      .describe(
        "The gateway's own word; not-connected = nobody was there to be asked; unknown = no answer that could be read came in time, so it may have been done",
      ),
    detail: z.string().max(300),
    at: instant,
  }),
});

export type FleetEvent = EventOf<typeof gatewayCommanded> | EventOf<typeof gatewayCommandEnded>;
