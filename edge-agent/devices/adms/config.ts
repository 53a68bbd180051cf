import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";

const terminalSchema = z.strictObject({
  serial: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/u)
    .describe("Serial number (SN) the terminal reports, as on its label or in its menu"),
  reader: tokenSchema.describe("Name of the terminal, unique on this gateway"),
  userGroup: tokenSchema
    .optional()
    .describe(
      "Terminals of one group know the same people by the same numbers; default: the reader's name, so that user 7 here is somebody else than user 7 elsewhere",
    ),
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
});

export const admsConfigSchema = z
  .strictObject({
    listen: z
      .strictObject({
        host: z
          .string()
          .min(1)
          .max(253)
          .default("127.0.0.1")
          .describe(
            "Address to listen on; default 127.0.0.1. Name the gateway's address in the terminals' network: they speak in clear and prove nothing but a number",
          ),
        port: z
          .int()
          .min(0)
          .max(65_535)
          .default(8081)
          .describe(
            "TCP port, the 'server port' of the terminal's menu; 0 any free one; default 8081",
          ),
      })
      .prefault({}),
    terminals: z
      .array(terminalSchema)
      .min(1)
      .max(256)
      .describe("Terminals that may push; any other is refused and counted"),
    commandDelaySeconds: z
      .int()
      .min(1)
      .max(600)
      .default(10)
      .describe("How often a terminal says that it is there, seconds; default 10"),
    errorDelaySeconds: z
      .int()
      .min(1)
      .max(600)
      .default(30)
      .describe("How soon a terminal sends again what was not taken, seconds; default 30"),
    quietSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(90)
      .describe("Silence after which a terminal counts as gone, seconds; default 90"),
    trustStamp: z
      .boolean()
      .default(false)
      .describe(
        "true: a terminal that begins anew sends from where it said it was; false: everything it holds, and what is known is known. Default false: what terminals mean by their stamp is not proven",
      ),
    requestTimeoutSeconds: z
      .number()
      .min(0.1)
      .max(120)
      .default(30)
      .describe("How long a terminal may take to send one request, seconds; default 30"),
    maxBodyBytes: z
      .int()
      .min(1_024)
      .max(16_777_216)
      .default(4_194_304)
      .describe("Largest body of one request, bytes; default 4194304, some 100000 lines"),
  })
  .superRefine(({ terminals }, context) => {
    for (const field of ["serial", "reader"] as const) {
      const seen = new Set<string>();
      for (const [index, terminal] of terminals.entries()) {
        if (seen.has(terminal[field])) {
          context.addIssue({
            code: "custom",
            path: ["terminals", index, field],
            message: `${field} ${terminal[field]} is used twice`,
          });
        }
        seen.add(terminal[field]);
      }
    }
  });

export type AdmsConfig = z.output<typeof admsConfigSchema>;
export type AdmsTerminal = z.output<typeof terminalSchema>;
