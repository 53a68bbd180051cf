import { z } from "@hono/zod-openapi";

export const letterSeqSchema = z.coerce.number().int().min(1);

export const letterSchema = z
  .object({
    letter: z.int().min(1).describe("Its sequence among the dead letters: names it"),
    consumer: z.string().describe("Durable name of the consumer that gave up"),
    stream: z.string().describe("Where the message stands that it is a copy of"),
    seq: z.int().min(1),
    subject: z.string(),
    code: z.string(),
    reason: z.string(),
    ageSeconds: z.int().min(0),
  })
  .meta({ id: "DeadLetter" });

export const shownLetterSchema = letterSchema
  .extend({
    headers: z.record(z.string(), z.string()),
    body: z
      .record(z.string(), z.unknown())
      .describe("Without what is personal: that is sealed, or replaced as an erasure would"),
  })
  .meta({ id: "DeadLetterShown" });

/** What became of a letter that was tried again. */
export const retriedSchema = z
  .object({
    letter: z.int().min(1),
    outcome: z
      .enum(["done", "failed", "nobody", "unknown", "not-tried", "not-found"])
      .describe(
        "`done`: handled and gone; `failed`: refused again, with `code`; `nobody`: no process runs its consumer; " +
          "`unknown`: no answer in time, it may still be done; `not-tried`: the request had no time left",
      ),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: "DeadLetterRetried" });
export type Retried = z.output<typeof retriedSchema>;
