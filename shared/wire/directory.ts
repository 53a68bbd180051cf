import { z } from "zod";
import { pinHashSchema } from "../events/employee.ts";
import { tokenSchema } from "../subjects.ts";

/**
 * What a gateway may know about the holder of a badge: enough to greet or refuse offline, and no more. The value under
 * `<tenant>.<site>.<badge>` in the `directory` bucket; a deleted key is an unknown badge.
 */
export const directoryEntrySchema = z.object({
  employeeId: tokenSchema,
  /** As shown on a reader's display: at most 16 characters, one line of the commonest readers. */
  greeting: z.string().max(16),
  state: z.enum(["valid", "withdrawn"]),
  /** UTC milliseconds; punches before it are not this person's. */
  validFromMs: z.int().min(0),
  pin: pinHashSchema.nullable(),
  /** What rules are assigned to the holder by; entries of older clouds have none. */
  sites: z.array(tokenSchema).max(64).default([]),
  groups: z.array(tokenSchema).max(64).default([]),
});
export type DirectoryEntry = z.output<typeof directoryEntrySchema>;
