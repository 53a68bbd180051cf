import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

/** A badge number has 48 characters; the group leaves room for a dash and ten digits of user id. */
const MAX_GROUP = 37;

export const sfmConfigSchema = z
  .strictObject({
    reader: tokenSchema.describe("Id of this reader, unique on the gateway"),
    userGroup: tokenSchema
      .optional()
      .describe(
        "Modules with the same users under the same ids share a group: a badge is <userGroup>-<user id>. Default: the reader's id, so that user 7 of two modules is two people",
      ),
    mode: z
      .enum(["identify", "free-scan"])
      .default("identify")
      .describe(
        "identify: the module is asked for each finger; free-scan: it looks by itself and tells. Default identify",
      ),
    terminalId: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe(
        "Module ID for 15-byte network packets on RS-485/RS-422; not verified on a device. Default: 13-byte packets",
      ),
    hint: punchHintSchema
      .nullable()
      .default(null)
      .describe(
        "What a punch here claims to mean, for a reader at an entrance or exit; default none",
      ),
    sameFingerMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(3_000)
      .describe(
        "The same user again within this time is the same finger, still lying there, milliseconds; default 3000",
      ),
    scanMs: z
      .int()
      .min(20)
      .max(20_000)
      .default(4_000)
      .describe("How long one identification may wait for a finger, milliseconds; default 4000"),
    pauseMs: z
      .int()
      .min(1)
      .max(5_000)
      .default(200)
      .describe("Pause between two identifications, milliseconds; default 200"),
    replyTimeoutMs: z
      .int()
      .min(10)
      .max(10_000)
      .default(1_000)
      .describe("How long the module may take over one answer, milliseconds; default 1000"),
  })
  .superRefine(({ reader, userGroup }, context) => {
    if ((userGroup ?? reader).length <= MAX_GROUP) return;
    context.addIssue({
      code: "custom",
      path: [userGroup === undefined ? "reader" : "userGroup"],
      message: `too long for a badge number: give a userGroup of at most ${MAX_GROUP} characters`,
    });
  });
export type SfmConfig = z.output<typeof sfmConfigSchema>;
