import { z } from "zod";

export const attendanceConfigSchema = z.strictObject({
  watermark: z
    .strictObject({
      everyMinutes: z
        .number()
        .min(0)
        .max(60)
        .default(15)
        .describe(
          "A site's watermark is told again once it has risen so far, and whenever it passes a full hour on the wall clock. Minutes of site time; 0 = every time",
        ),
      lookEverySeconds: z
        .number()
        .min(0.05)
        .max(600)
        .default(10)
        .describe("How often gateways are asked how far they are. Seconds"),
      readerSettleSeconds: z
        .number()
        .min(0)
        .max(3600)
        .default(60)
        .describe(
          "So long a reader must be online before what it remembers is taken to have arrived. Seconds of gateway time",
        ),
    })
    .prefault({})
    .describe("How it is known that all of a site has arrived"),
});
export type AttendanceConfig = z.output<typeof attendanceConfigSchema>;
