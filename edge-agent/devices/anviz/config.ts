import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

/** A credential has room for 48 characters; a user number and its dash take up to 14. */
const MAX_GROUP = 34;

const readerSchema = z
  .strictObject({
    id: tokenSchema.describe("Name of the reader, unique on this gateway"),
    deviceNumber: z
      .int()
      .min(1)
      .max(4_294_967_295)
      .describe(
        "Device number set in the terminal's menu; 0, which every terminal answers, is refused",
      ),
    userGroup: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, "use A-Z a-z 0-9 _ -")
      .max(MAX_GROUP)
      .optional()
      .describe(
        "Terminals of one group share their user numbers; others do not: 17 on two of them is two people. Default: the reader's id",
      ),
    states: z
      .record(
        z.string().regex(/^(\d|1[0-5])$/, "an attendance state, 0 to 15"),
        punchHintSchema.nullable(),
      )
      .default({ "0": "in", "1": "out" })
      .describe(
        "What the attendance states 0 to 15 claim; states not named claim nothing. Default: 0 in, 1 out",
      ),
    userLayout: z
      .enum(["27", "30", "40"])
      .default("40")
      .describe(
        "Bytes of one user in the terminal's list, by model: 27 oldest, 30 names in ASCII, 40 names in Unicode; default 40",
      ),
  })
  .refine(({ id, userGroup = id }) => userGroup.length <= MAX_GROUP, {
    path: ["userGroup"],
    error: `the id is longer than ${MAX_GROUP} characters: name a userGroup`,
  });

export const anvizConfigSchema = z
  .strictObject({
    pollMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(2_000)
      .describe("Pause between two looks at one terminal's log, milliseconds; default 2000"),
    replyTimeoutMs: z
      .int()
      .min(10)
      .max(10_000)
      .default(1_000)
      .describe("How long a terminal may take to begin its answer, milliseconds; default 1000"),
    turnaroundMs: z
      .int()
      .min(0)
      .max(1_000)
      .default(50)
      .describe(
        "Silence on the line before we speak, milliseconds; default 50, which RS-485 needs; 0 on TCP",
      ),
    frameGapMs: z
      .int()
      .min(0)
      .max(5_000)
      .default(300)
      .describe(
        "Silence between two questions to one terminal, milliseconds; default 300, which slow terminals need; 0 on TCP",
      ),
    refusedMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(1_000)
      .describe(
        "Pause after the terminal or the journal refused something, milliseconds; default 1000",
      ),
    pagesPerBatch: z
      .int()
      .min(1)
      .max(8)
      .default(4)
      .describe(
        "Pages of 25 records stored and cleared together when that is all there is; of more, one at a time. Default 4",
      ),
    realTime: z
      .boolean()
      .default(false)
      .describe(
        "Have terminals tell of each punch at once; not with several on one RS-485 line, where they would talk into each other. Default false",
      ),
    lookAtClockEveryS: z
      .int()
      .min(1)
      .max(86_400)
      .default(600)
      .describe("Seconds between two looks at a terminal's clock; default 600"),
    readers: z.array(readerSchema).min(1).max(32).describe("Terminals on this line"),
  })
  .superRefine(({ readers }, context) => {
    for (const field of ["id", "deviceNumber"] as const) {
      const seen = new Set<string | number>();
      for (const [index, reader] of readers.entries()) {
        if (seen.has(reader[field])) {
          context.addIssue({
            code: "custom",
            path: ["readers", index, field],
            message: `${field} ${reader[field]} is used twice on this line`,
          });
        }
        seen.add(reader[field]);
      }
    }
  });

export type AnvizConfig = z.output<typeof anvizConfigSchema>;
export type AnvizReader = z.output<typeof readerSchema>;
