import { READER_VERBS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { heartbeatSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { READER_COMMAND_RESULTS } from "@clockleaf/shared/wire/reader-command.ts";
import { z } from "@hono/zod-openapi";

const instant = z.iso.datetime();
const row = z.int().min(1);

export const commandSchema = z
  .discriminatedUnion("verb", [
    z.strictObject({
      verb: z
        .literal("resend")
        .describe("Send journal rows again; the intake knows each by number"),
      epoch: z
        .string()
        .min(1)
        .max(16)
        .optional()
        .describe("Of the journal; left out: the one the gateway named last"),
      first: row,
      last: row,
    }),
    z.strictObject({
      verb: z.literal("locate").describe("Have a reader blink and beep, so that a person finds it"),
      reader: tokenSchema,
      seconds: z.int().min(1).max(60).default(10),
    }),
    z.strictObject({
      verb: z.literal("resync-clock").describe("Set a reader's own clock by the gateway's"),
      reader: tokenSchema,
    }),
    z.strictObject({
      verb: z
        .literal("restart-driver")
        .describe("Open the reader's line anew; readers on the same line begin anew as well"),
      reader: tokenSchema,
    }),
  ])
  .meta({ id: "GatewayCommand" });
export type GatewayCommand = z.output<typeof commandSchema>;

export const commandAnswerSchema = z
  .object({
    commandId: z.string().describe("In the logs of the cloud and of the gateway"),
    site: tokenSchema,
    gateway: tokenSchema,
    verb: z.enum(["resend", ...READER_VERBS]),
    reader: tokenSchema.nullable(),
    by: z.string(),
    sentAt: instant,
    answeredAt: instant,
    result: z.enum([...READER_COMMAND_RESULTS, "accepted", "wrong-epoch", "not-kept"]),
    detail: z.string().describe("For people; empty where the result says it all"),
    keptFromRow: z.int().nullable().describe("Of `resend`: the first row the journal still holds"),
  })
  .meta({ id: "GatewayCommandAnswer" });
export type CommandAnswer = z.output<typeof commandAnswerSchema>;

export const readerSchema = z
  .object({
    reader: tokenSchema,
    state: heartbeatSchema.shape.readers.element.shape.state,
    fault: heartbeatSchema.shape.readers.element.shape.fault,
    isKnownNow: z
      .boolean()
      .describe("False: the gateway has been silent, this is what it said last"),
    saidAt: instant.describe("When it said so, by the cloud's clock"),
  })
  .meta({ id: "Reader" });
