import { z } from "@hono/zod-openapi";
import { type LeaseEntry, memberOf } from "../../eventing/lease-bucket.ts";
import type { LeasesStatus } from "../../eventing/leases.ts";

export const leasesSchema = z
  .object({
    processes: z
      .array(
        z.object({
          session: z
            .string()
            .describe("Name of the process and a few letters that are new with each start"),
          isMember: z.boolean().describe("False: it is stopping, and still holds something"),
          holds: z.array(z.string()),
        }),
      )
      .describe("Which process does what, by session"),
    free: z.array(z.string()).describe("Given back a moment ago, not taken yet"),
    orphans: z
      .array(z.string())
      .nullable()
      .describe(
        "Work that nobody has done for ten seconds; null where this process shares none and cannot tell",
      ),
  })
  .meta({ id: "Leases" });

/** `own`: what this process knows itself, if it shares the work. */
export function leasesView(
  entries: ReadonlyMap<string, LeaseEntry>,
  own: LeasesStatus | undefined,
): z.output<typeof leasesSchema> {
  const members = new Set<string>();
  const holds = new Map<string, string[]>();
  const free: string[] = [];
  for (const [name, { holder }] of entries) {
    const member = memberOf(name);
    if (member !== undefined) {
      if (holder !== undefined) members.add(member);
    } else if (holder === undefined) free.push(name);
    else holds.set(holder, [...(holds.get(holder) ?? []), name]);
  }
  const sessions = [...new Set([...members, ...holds.keys()])].toSorted();
  return {
    processes: sessions.map((session) => ({
      session,
      isMember: members.has(session),
      holds: (holds.get(session) ?? []).toSorted(),
    })),
    free: free.toSorted(),
    orphans: own === undefined ? null : [...own.orphans],
  };
}
