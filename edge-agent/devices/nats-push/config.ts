import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

export const pushReaderSchema = z.strictObject({
  id: tokenSchema.describe(
    "Id of this reader, unique on the gateway; part of what it publishes to",
  ),
  hint: punchHintSchema
    .nullable()
    .default(null)
    .describe("What a punch claims to mean where the terminal says nothing; default none"),
  quietMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .nullable()
    .default(null)
    .describe(
      "A terminal that says nothing for so long, not even that it is alive, is reported offline; default never",
    ),
});
export type PushReader = z.output<typeof pushReaderSchema>;

export const natsPushConfigSchema = z
  .strictObject({
    servers: z
      .array(
        z.string().regex(/^(nats|tls|wss?):\/\/\S+$/, "use nats://, tls:// or wss://host:port"),
      )
      .min(1)
      .max(8)
      .describe("The server that terminals publish to: the leaf server on this gateway"),
    seedFile: z
      .string()
      .min(1)
      .describe(
        "File with the NKey seed (SU…) of the account TERMINALS, mode 0600: terminal-reader.nk",
      ),
    readers: z
      .array(pushReaderSchema)
      .min(1)
      .max(256)
      .describe("The terminals that are listened to"),
  })
  .superRefine(({ readers }, context) => {
    const ids = readers.map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) === index) continue;
      context.addIssue({
        code: "custom",
        path: ["readers", index, "id"],
        message: `two readers are named "${id}"`,
      });
    }
  });
export type NatsPushConfig = z.output<typeof natsPushConfigSchema>;
