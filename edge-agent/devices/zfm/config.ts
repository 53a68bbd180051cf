import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

/** A badge number has 48 characters; the group leaves room for a dash and five digits of slot. */
const MAX_GROUP = 42;

export const zfmConfigSchema = z
  .strictObject({
    reader: tokenSchema.describe("Id of this reader, unique on the gateway"),
    userGroup: tokenSchema
      .optional()
      .describe(
        "Modules with the same fingers in the same slots share a group: a badge is <userGroup>-<slot>. Default: the reader's id, so that slot 7 of two modules is two people",
      ),
    address: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .default("ffffffff")
      .describe("Address set in the module, 8 lower-case hex digits; default ffffffff"),
    passwordFile: z
      .string()
      .min(1)
      .optional()
      .describe("File with the module's password, 8 hex digits; default: the factory's, 00000000"),
    hint: punchHintSchema
      .nullable()
      .default(null)
      .describe(
        "What a punch here claims to mean, for a reader at an entrance or exit; default none",
      ),
    search: z
      .enum(["normal", "hi-speed"])
      .default("normal")
      .describe("Command 04 or 1B; hi-speed only where the module has it. Default normal"),
    minScore: z
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe(
        "A match below is none. Default 0: the security level set in the module decides alone",
      ),
    imagesPerFinger: z
      .int()
      .min(1)
      .max(5)
      .default(2)
      .describe("Images taken of one finger before it is refused; default 2"),
    light: z
      .enum(["rgb", "red-blue", "none"])
      .default("rgb")
      .describe(
        "Light of the module: rgb: R503 with green; red-blue: older R503, blue stands for green; none. Default rgb",
      ),
    pollMs: z
      .int()
      .min(1)
      .max(2_000)
      .default(100)
      .describe("Pause between two looks for a finger, milliseconds; default 100"),
    replyTimeoutMs: z
      .int()
      .min(10)
      .max(10_000)
      .default(1_500)
      .describe("How long the module may take over one answer, milliseconds; default 1500"),
    baudRates: z
      .array(z.int().min(9_600).max(115_200).multipleOf(9_600))
      .max(6)
      .default([57_600, 115_200, 9_600, 38_400, 19_200])
      .describe(
        "Tried in turn while the module does not answer at the port's own rate (serial ports only); default 57600, 115200, 9600, 38400, 19200; [] for none",
      ),
  })
  .superRefine(({ reader, userGroup }, context) => {
    if ((userGroup ?? reader).length <= MAX_GROUP) return;
    context.addIssue({
      code: "custom",
      path: [userGroup === undefined ? "reader" : "userGroup"],
      message: `too long for a badge number: give a userGroup of at most ${MAX_GROUP} characters`,
    });
  });
export type ZfmConfig = z.output<typeof zfmConfigSchema>;
