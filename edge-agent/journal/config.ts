import { z } from "zod";

const MIB = 1024 * 1024;

/** Where the journal lies and how much of the disk it may take. */
export const journalConfigSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(1024)
    .describe(
      "Database file of the journal, on a disk that survives a power cut; its folder is made",
    ),
  maxBytes: z
    .int()
    .min(1 * MIB)
    .max(64 * 1024 * MIB)
    .default(1024 * MIB)
    .describe("Cap of the database file in bytes; default 1 GiB, about 2 million punches"),
  reserveBytes: z
    .int()
    .min(0)
    .max(256 * MIB)
    .default(8 * MIB)
    .describe("Bytes kept aside so that old rows can be deleted on a full disk; default 8 MiB"),
  keepDeliveredDays: z
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe("Days a delivered row stays for resends, space permitting; default 30"),
});
export type JournalConfig = z.output<typeof journalConfigSchema>;
