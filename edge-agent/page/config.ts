import { z } from "zod";

/** The page listens on loopback and nowhere else: who is not at the gateway comes by `ssh -L`. */
export const pageConfigSchema = z
  .union([
    z.literal("off"),
    z.strictObject({
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(8480)
        .describe("Port on 127.0.0.1; 0 = any free one; default 8480"),
    }),
  ])
  .describe("The page of this gateway, on loopback only; `off` = none");
export type PageConfig = z.output<typeof pageConfigSchema>;
