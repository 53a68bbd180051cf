import { z } from "zod";
import { tokenSchema } from "../subjects.ts";

/** Where somebody is, by the latest punch that counts: the value under `presenceKey` in the `presence` bucket, msgpack. */
export const presenceSchema = z.object({
  state: z.enum(["in", "out", "break"]),
  sinceMs: z.int().min(0).describe("Instant of that punch, UTC milliseconds"),
  site: tokenSchema,
  reader: tokenSchema,
  punchId: z.string().max(160),
});
export type Presence = z.output<typeof presenceSchema>;
