import { z } from "zod";

export const vaultConfigSchema = z.strictObject({
  masterKeyFile: z
    .string()
    .min(1)
    .default("master.key")
    .describe(
      "File with the key that wraps the keys of persons, mode 0600; made at the very first start. Keep a copy apart from the " +
        "hub's backups: without it what is personal is lost. Relative to this file",
    ),
});
