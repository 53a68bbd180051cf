import { z } from "zod";

const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/u;

/** An instant as people send it. Without an offset nobody knows which one is meant, so it is refused with that reason. */
export const instantInput = z.iso
  .datetime({
    offset: true,
    error: ({ input }) =>
      typeof input === "string" && WITHOUT_ZONE.test(input)
        ? "needs an offset such as +02:00 or Z"
        : "not an instant of ISO 8601 such as 2026-11-30T08:00:00+01:00",
  })
  .refine((text) => Date.parse(text) >= 0, "not before 1970")
  .describe("ISO 8601 with offset");
