import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import { decidedAs } from "../../eventing/decided-as.ts";
import type { EventStore } from "../../eventing/event-store.ts";

export interface Revision {
  readonly revision: number;
  readonly toldAt: number;
  readonly eventId: string;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  readonly workday: Workday;
}

/** Everything a day has ever said, newest first: read from the person's events, for nobody asks often. */
export async function revisionsOf(
  { eventStore, tenant }: { readonly eventStore: EventStore; readonly tenant: string },
  employeeId: string,
  workdayOn: string,
): Promise<Revision[]> {
  const address = { domain: "attendance", tenant, aggregateId: employeeId } as const;
  const { events } = await eventStore.load(address, 0);
  const revisions: Revision[] = [];
  for (const stored of events) {
    const event = decidedAs<AttendanceEvent>(stored);
    if (event.type !== "attendance.workday.calculated") continue;
    const { workday, revision } = event.data;
    if (workday.workdayOn !== workdayOn) continue;
    const { eventId, causationId, correlationId, timestamp: toldAt } = stored.event.metadata;
    revisions.push({ revision, toldAt, eventId, causationId, correlationId, workday });
  }
  return revisions.toReversed();
}
