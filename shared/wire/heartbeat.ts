import { z } from "zod";
import { tokenSchema } from "../subjects.ts";

/** What a gateway says about itself every few seconds on its heartbeat subject. Not stored: the newest one counts. */
export const heartbeatSchema = z.object({
  sentAtMs: z.int().min(0),
  agentVersion: z.string().max(32),
  epoch: z.string().max(16),
  /** Number of the newest journal row, and up to which row the hub has acknowledged. */
  lastRow: z.int().min(0),
  deliveredRow: z.int().min(0),
  /** Gateway time of the oldest row not delivered; null when nothing waits. */
  oldestWaitingMs: z.int().min(0).nullable(),
  /** How well the gateway knows the time; absent on gateways of older releases. */
  clock: z
    .object({
      uncertaintyMs: z
        .int()
        .min(0)
        .nullable()
        .describe("Error of the gateway's clock, ± milliseconds; null = it does not know the time"),
      sync: z
        .enum(["synchronised", "never", "unknown"])
        .describe(
          "Whether a time service has set the clock since the gateway booted; unknown = there is none that can be asked",
        ),
    })
    .optional(),
  configuration: z
    .object({
      runsWith: z
        .enum(["file", "last-good"])
        .describe(
          "last-good: safe mode, with what it last started with, for its file cannot be used",
        ),
      problem: z
        .string()
        .max(300)
        .nullable()
        .describe("Why the file is not used; null while it is"),
    })
    .optional()
    .describe("Which configuration the gateway runs with; absent on gateways of older releases"),
  readers: z
    .array(
      z.object({
        reader: tokenSchema,
        state: z.enum(["starting", "online", "offline", "fault"]),
        fault: z.object({ code: z.string().max(64), message: z.string().max(300) }).nullable(),
        clock: z
          .object({
            offsetMs: z
              .int()
              .describe(
                "How far the terminal's own clock is ahead of the site's time, milliseconds",
              ),
            withinMs: z.int().min(0).describe("How wrong that may be, ± milliseconds"),
          })
          .optional(),
      }),
    )
    .max(256),
});
export type Heartbeat = z.output<typeof heartbeatSchema>;

/** Request on `gatewayCommandSubject(…, "resend")`: publish these rows again on the resent subject. */
export const resendRequestSchema = z.object({
  epoch: z.string().max(16),
  first: z.int().min(1),
  last: z.int().min(1),
});
export type ResendRequest = z.output<typeof resendRequestSchema>;

/** Reply to it. `kept` says from which row on the journal still holds rows. */
export const resendReplySchema = z.object({
  result: z.enum(["accepted", "wrong-epoch", "not-kept", "malformed"]),
  kept: z.int().min(1).nullable(),
});
export type ResendReply = z.output<typeof resendReplySchema>;
