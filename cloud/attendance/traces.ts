import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { childTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import type { NewEvent } from "../eventing/event-store.ts";

interface Traced {
  readonly origin: Pick<PunchOrigin, "punchId">;
  readonly traceparent: string;
}

/**
 * Each event continues the trace of the punch it is about, also where one append carries a whole backlog. A computed
 * day continues the trace of the latest of these punches that counts on it.
 */
export function tracesOf(rows: readonly Traced[]): (event: NewEvent) => string | undefined {
  const traces = new Map(rows.map(({ origin, traceparent }) => [origin.punchId, traceparent]));
  return ({ data }) => {
    const punchId = punchesOf(data).findLast((id) => traces.has(id));
    const parent = punchId === undefined ? undefined : traces.get(punchId);
    return parent === undefined ? undefined : childTraceparent(parent);
  };
}

/** The union of where attendance events name punches; all of them are this context's own. */
interface AboutPunches {
  readonly punchId?: string;
  readonly punch?: Pick<PunchOrigin, "punchId">;
  readonly workday?: Pick<Workday, "punches">;
}

function punchesOf(data: unknown): readonly string[] {
  const { punchId, punch, workday }: AboutPunches = Object(data);
  if (workday !== undefined) return workday.punches.map((each) => each.punchId);
  const id = punchId ?? punch?.punchId;
  return id === undefined ? [] : [id];
}
