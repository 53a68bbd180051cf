import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { WatermarkFact } from "@clockleaf/shared/worktime/facts.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import { causeOfEvent } from "../../eventing/cause.ts";
import { decidedAs } from "../../eventing/decided-as.ts";
import type { Cause, StoredEvent } from "../../eventing/event-store.ts";
import type { ClockWriter } from "../clock-writer.ts";
import type { RegisteredGateway } from "../gateways.ts";
import { SOURCE } from "../runners.ts";
import type { SiteMark } from "./projection.ts";

export interface SweepDeps {
  readonly clocks: Pick<ClockWriter, "reach">;
  readonly gateways: () => Promise<readonly RegisteredGateway[]>;
  readonly attendanceHas: (seq: number) => Promise<void>;
  readonly siteMarks: () => Promise<ReadonlyMap<string, SiteMark>>;
  readonly peopleUnsettled: () => Promise<readonly string[]>;
  /** Who may be due to work at a site. */
  readonly employedAt: (site: string) => Promise<readonly string[]>;
  /** Where the directory says that somebody works. */
  readonly sitesOf: (employeeId: string) => Promise<readonly string[]>;
  /** Where somebody has punched since. */
  readonly sitesSince: (employeeId: string, sinceMs: number) => Promise<readonly string[]>;
  readonly rulesOf: (employeeId: string) => Promise<Rules>;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Longer than any day may wait for the punches it is made of. */
const LOOK_BACK_MS = 10 * 86_400_000;

/**
 * Brings a risen watermark to everybody whose days it can change: people with a day that is not complete, and people who
 * have a plan to be absent from. What changes nothing is not told, so doing it again does no harm.
 */
export function createSweep(deps: SweepDeps): (stored: StoredEvent) => Promise<void> {
  return async (stored) => {
    const event = decidedAs<AttendanceEvent>(stored);
    if (event.type !== "attendance.site.completed") return;
    const { site, completeTo } = event.data;
    await deps.attendanceHas(stored.seq);
    const marks = await deps.siteMarks();
    // A later one of this site is on its way, and does all that this one would.
    if ((marks.get(site)?.seq ?? 0) > stored.seq) return;
    const floors = floorsOf(await deps.gateways());
    const known: Known = { marks, floors, completeTo };
    const planned = await peoplePlanned(deps, site);
    const cause = causeOfEvent(SOURCE, deps.nowMs(), stored);
    for (const employeeId of new Set([...planned, ...(await deps.peopleUnsettled())])) {
      const sites = await sitesOf(deps, employeeId, completeTo);
      if (!sites.has(site)) continue;
      await reachOrSkip(deps, { employeeId, watermarks: watermarksOf(sites, known) }, cause);
    }
  };
}

async function peoplePlanned({ employedAt, rulesOf }: SweepDeps, site: string): Promise<string[]> {
  const planned: string[] = [];
  for (const employeeId of await employedAt(site)) {
    if (hasPlans(await rulesOf(employeeId))) planned.push(employeeId);
  }
  return planned;
}

const hasPlans = ({ versions }: Rules): boolean =>
  versions.some(({ set }) => set.schedule.rotas.length > 0 || set.schedule.holidays.length > 0);

async function sitesOf(
  deps: SweepDeps,
  employeeId: string,
  completeTo: number,
): Promise<ReadonlySet<string>> {
  return new Set([
    ...(await deps.sitesOf(employeeId)),
    ...(await deps.sitesSince(employeeId, completeTo - LOOK_BACK_MS)),
  ]);
}

/** By site, the instant before which no gateway of it can have recorded anything: none was registered. */
function floorsOf(gateways: readonly RegisteredGateway[]): ReadonlyMap<string, number> {
  const floors = new Map<string, number>();
  for (const { address, record } of gateways) {
    if (record.status !== "active") continue;
    const { registeredAtMs } = record;
    floors.set(address.site, Math.min(registeredAtMs, floors.get(address.site) ?? registeredAtMs));
  }
  return floors;
}

interface Known {
  readonly marks: ReadonlyMap<string, SiteMark>;
  readonly floors: ReadonlyMap<string, number>;
  /** Of the site whose watermark has risen. */
  readonly completeTo: number;
}

/** A site with gateways that has told nothing yet is waited for; one without has nothing to tell, so nothing is missing. */
function watermarksOf(
  sites: ReadonlySet<string>,
  { marks, floors, completeTo }: Known,
): WatermarkFact[] {
  return [...sites].map((site) => {
    const floor = floors.get(site);
    const known = floor === undefined ? completeTo : (marks.get(site)?.completeTo ?? floor);
    return { kind: "watermark", site, completeTo: known };
  });
}

async function reachOrSkip(
  { clocks, log }: SweepDeps,
  { employeeId, watermarks }: { employeeId: string; watermarks: readonly WatermarkFact[] },
  cause: Cause,
): Promise<void> {
  try {
    await clocks.reach(employeeId, watermarks, cause);
  } catch (error) {
    if (isRetriable(error)) throw error;
    log.error({ err: error, code: codeOf(error), employeeId }, "watermark not taken in");
  }
}
