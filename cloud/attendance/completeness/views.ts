import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import { iso } from "../views.ts";
import { HOLDS } from "./gateway-progress.ts";
import type { SiteStanding } from "./watermarks.ts";

const instantOrNull = z.iso.datetime().nullable();

export const completenessSchema = z
  .object({
    site: tokenSchema,
    zone: z.string().describe("IANA time zone of the site"),
    completeTo: instantOrNull.describe("The watermark; null = nothing is known yet"),
    behindSeconds: z.int().nullable().describe("How far that lies behind now"),
    gateways: z.array(
      z.object({
        gateway: tokenSchema,
        completeTo: instantOrNull.describe("Null = not known since the cloud started"),
        isHoldingBack: z.boolean().describe("No other gateway of the site is less far"),
        hold: z
          .object({
            why: z.enum(HOLDS),
            readers: z.array(tokenSchema).describe("Readers that are not online, or only just"),
            since: instantOrNull.describe("By the gateway's clock"),
            seconds: z.int().nullable().describe("For how long"),
          })
          .nullable()
          .describe("Null = it goes on"),
      }),
    ),
  })
  .meta({ id: "SiteCompleteness" });

export function completenessView(
  { site, zone, completeTo, gateways }: SiteStanding,
  nowMs: number,
): z.output<typeof completenessSchema> {
  const secondsSince = (at: number | null): number | null =>
    at === null ? null : Math.max(0, Math.round((nowMs - at) / 1000));
  const least = Math.min(...gateways.map((each) => each.completeTo ?? 0));
  return {
    site,
    zone,
    completeTo: isoOrNull(completeTo),
    behindSeconds: secondsSince(completeTo),
    gateways: gateways.map(({ gateway, completeTo: own, hold }) => ({
      gateway,
      completeTo: isoOrNull(own),
      isHoldingBack: (own ?? 0) === least,
      hold:
        hold === null
          ? null
          : {
              why: hold.why,
              readers: [...hold.readers],
              since: isoOrNull(hold.since),
              seconds: secondsSince(hold.since),
            },
    })),
  };
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
