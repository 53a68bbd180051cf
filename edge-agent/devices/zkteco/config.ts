import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";

export const zktecoConfigSchema = z.strictObject({
  reader: tokenSchema.describe("Name of the terminal, unique on this gateway"),
  userGroup: tokenSchema
    .optional()
    .describe(
      "Terminals of one group know the same people by the same numbers; default: the reader's name, so that user 7 here is somebody else than user 7 elsewhere",
    ),
  commKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe("File with the terminal's communication key (a number), mode 0600; default key 0"),
  direction: z
    .enum(["in", "out", "none"])
    .default("none")
    .describe("What a punch here claims to be; default none: decided from the person's day"),
  stateKeys: z
    .enum(["ignore", "use"])
    .default("ignore")
    .describe(
      "use: the key pressed at the terminal (in, out, break …) is what a punch claims to be. Default ignore: most terminals write 'in' for everybody who presses none",
    ),
  pollMs: z
    .int()
    .min(10)
    .max(600_000)
    .default(30_000)
    .describe(
      "Pause between two looks at the log when the terminal says nothing, milliseconds; default 30000",
    ),
  replyTimeoutMs: z
    .int()
    .min(20)
    .max(60_000)
    .default(5_000)
    .describe(
      "How long the terminal may be silent while it owes an answer, milliseconds; default 5000",
    ),
  wholeLogEveryHours: z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe("How often the whole log is read again, to be sure, hours; default 24"),
  lookAtClockEveryMinutes: z
    .int()
    .min(1)
    .max(1_440)
    .default(10)
    .describe("Between two looks at the terminal's clock, minutes; default 10"),
});

export type ZktecoConfig = z.output<typeof zktecoConfigSchema>;
