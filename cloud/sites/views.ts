import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import { MUSTER_STATES, type Muster, type MusterEntry } from "./muster.ts";
import type { SiteCalendar, SiteGateway } from "./sources.ts";

const instant = z.iso.datetime();
const on = z.iso.date();

export const siteSchema = z
  .object({
    site: tokenSchema,
    zone: z.string().describe("IANA time zone: of its gateways or, without any, of the calendar"),
    calendar: z.object({
      isNamed: z.boolean().describe("False: it has the calendar of all sites without their own"),
      zone: z.string().describe("In which leave begins and ends"),
      country: z.string().nullable(),
      state: z.string().nullable(),
      workdays: z.array(z.string()),
      ownHolidays: z.int().describe("Days off besides the public holidays"),
    }),
    gateways: z.array(
      z.object({
        gateway: tokenSchema,
        name: z.string(),
        status: z.enum(["active", "revoked"]),
        isOnline: z.boolean(),
        lastSeenAt: instant.nullable(),
        backlogRows: z.int().nullable().describe("Journal rows the hub has not acknowledged yet"),
      }),
    ),
    people: z.int().describe("Who may be due to work there"),
    completeTo: instant
      .nullable()
      .describe("Watermark: everything recorded there before has arrived; null = never told"),
    behindSeconds: z.int().nullable(),
  })
  .meta({ id: "Site" });
export type SiteView = z.output<typeof siteSchema>;

export interface SiteFacts {
  readonly site: string;
  readonly calendar: SiteCalendar;
  readonly gateways: readonly SiteGateway[];
  readonly people: number;
  readonly completeTo: number | null;
}

export function siteView(
  { site, calendar, gateways, people, completeTo }: SiteFacts,
  nowMs: number,
): SiteView {
  const zone = gateways.find(({ status }) => status === "active")?.zone ?? calendar.zone;
  return {
    site,
    zone,
    calendar: { ...calendar, workdays: [...calendar.workdays] },
    gateways: gateways.map(({ gateway, name, status, isOnline, lastSeenAtMs, backlogRows }) => ({
      gateway,
      name,
      status,
      isOnline,
      lastSeenAt: iso(lastSeenAtMs),
      backlogRows,
    })),
    people,
    completeTo: iso(completeTo),
    behindSeconds:
      completeTo === null ? null : Math.max(0, Math.round((nowMs - completeTo) / 1000)),
  };
}

const entrySchema = z.object({
  employeeId: tokenSchema,
  name: z.string().describe("The id for who was erased"),
  departmentId: tokenSchema.nullable(),
  state: z
    .enum(MUSTER_STATES)
    .describe("`elsewhere`: in or on a break at another site; `never-seen`: has never punched"),
  lastSeen: z
    .object({
      at: instant,
      secondsAgo: z.int(),
      site: tokenSchema,
      gateway: z.string(),
      reader: z.string(),
      punchId: z.string(),
    })
    .nullable()
    .describe("The latest punch that counts"),
  isCertain: z.boolean(),
  notKnownSince: instant
    .nullable()
    .describe("From when on it cannot be said where they are; null = it can, or it never could"),
  isLongAgo: z.boolean().describe("In for longer than `longAfterHours`: a punch may be missing"),
  leave: z
    .object({ leaveId: tokenSchema, code: z.string(), fromOn: on, toOn: on })
    .nullable()
    .describe("Approved leave of today, also of who came in all the same"),
  isVisitor: z.boolean().describe("Works elsewhere by the directory, and is here"),
});

export const musterSchema = z
  .object({
    site: tokenSchema,
    at: instant.describe("By the cloud's clock"),
    certainty: z.object({
      isCertain: z.boolean().describe("Every gateway of the site is heard and has told everything"),
      notKnownSince: instant.nullable(),
      because: z.array(
        z.object({
          gateway: tokenSchema,
          why: z.string(),
          readers: z.array(z.string()),
          since: instant.nullable(),
        }),
      ),
      note: z.string().describe("For people"),
    }),
    counts: z
      .object({
        in: z.int(),
        break: z.int(),
        elsewhere: z.int(),
        "on-leave": z.int(),
        out: z.int(),
        "never-seen": z.int(),
      })
      .describe("Of everybody, whatever the page"),
    items: z.array(entrySchema).describe("By name"),
    next: z.string().nullable(),
  })
  .meta({ id: "Muster" });

export const certaintyView = ({
  certainty,
}: Muster): z.output<typeof musterSchema>["certainty"] => ({
  isCertain: certainty.isCertain,
  notKnownSince: iso(certainty.notKnownSinceMs),
  because: certainty.because.map(({ gateway, why, readers, sinceMs }) => ({
    gateway,
    why,
    readers: [...readers],
    since: iso(sinceMs),
  })),
  note: certainty.note,
});

export function countsOf({ entries }: Muster): z.output<typeof musterSchema>["counts"] {
  const counts = { in: 0, break: 0, elsewhere: 0, "on-leave": 0, out: 0, "never-seen": 0 };
  for (const { state } of entries) counts[state] += 1;
  return counts;
}

export function entryView(entry: MusterEntry, nowMs: number): z.output<typeof entrySchema> {
  const { lastSeen, leave, notKnownSinceMs, ...rest } = entry;
  return {
    ...rest,
    lastSeen:
      lastSeen === null
        ? null
        : {
            at: new Date(lastSeen.at).toISOString(),
            secondsAgo: Math.max(0, Math.round((nowMs - lastSeen.at) / 1000)),
            site: lastSeen.site,
            gateway: lastSeen.gateway,
            reader: lastSeen.reader,
            punchId: lastSeen.punchId,
          },
    notKnownSince: iso(notKnownSinceMs),
    leave:
      leave === null
        ? null
        : { leaveId: leave.leaveId, code: leave.code, fromOn: leave.fromOn, toOn: leave.toOn },
  };
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
