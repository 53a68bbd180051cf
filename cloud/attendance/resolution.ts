import type { AttendanceEvent, quarantineResolved } from "@clockleaf/shared/events/attendance.ts";
import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause, StoredEvent } from "../eventing/event-store.ts";
import { attribute, type People, type TimeLimits } from "./attribution.ts";
import type { ClockWriter } from "./clock-writer.ts";
import { quarantineId } from "./ids.ts";
import type { Quarantined } from "./reads.ts";
import { type Runners, SOURCE } from "./runners.ts";

export interface ResolutionDeps {
  readonly clocks: Pick<ClockWriter, "record">;
  readonly runners: Pick<Runners, "quarantines">;
  readonly waitingForBadge: (badge: string) => Promise<readonly Quarantined[]>;
  readonly peopleBehind: (badges: readonly string[]) => Promise<People>;
  /** Resolve once the read model has the event; reject with a retriable error if that takes too long. */
  readonly attendanceHas: (seq: number) => Promise<void>;
  readonly holdersHave: (seq: number) => Promise<void>;
  readonly limits: TimeLimits;
  readonly nowMs: () => number;
  readonly log: Log;
}

export interface Resolution {
  /** Of ATTENDANCE: a resolved punch becomes a clock event; a quarantined or re-dated one may already have an owner. */
  onAttendance(stored: StoredEvent): Promise<void>;
  /** Of EMPLOYEE: an assigned badge claims the punches that waited for it. */
  onEmployee(stored: StoredEvent): Promise<void>;
}

/**
 * Lets punches out of quarantine. A badge may be assigned before or after the punch gets there, and the two are read
 * from two streams: whichever comes first here waits for its own read model and then looks at both, so one of the two
 * sees the other. Everything may be repeated.
 */
export function createResolution(deps: ResolutionDeps): Resolution {
  return {
    async onAttendance(stored) {
      const event = decidedAs<AttendanceEvent>(stored);
      if (event.type === "attendance.quarantine.resolved") {
        await recordResolved(deps, event.data, causeOf(deps, stored));
      } else if (
        event.type === "attendance.punch.quarantined" ||
        // At its new time it may be somebody's whose badge was assigned meanwhile.
        event.type === "attendance.punch.redated"
      ) {
        await deps.attendanceHas(stored.seq);
        await claim(deps, event.data.punch.badge, causeOf(deps, stored));
      }
    },
    async onEmployee(stored) {
      const event = decidedAs<EmployeeEvent>(stored);
      if (event.type !== "employee.badge.assigned") return;
      await deps.holdersHave(stored.seq);
      await claim(deps, event.data.badge, causeOf(deps, stored));
    },
  };
}

async function recordResolved(
  { clocks }: ResolutionDeps,
  data: EventOf<typeof quarantineResolved>["data"],
  cause: Cause,
): Promise<void> {
  const { employeeId, punch, at, zone } = data;
  if (employeeId === null) return;
  await clocks.record(new Map([[employeeId, [{ punch, at, zone }]]]), cause);
}

/** Resolves the waiting punches of a badge whose holder at their time is known by now, each with its own time. */
async function claim(deps: ResolutionDeps, badge: string, cause: Cause): Promise<void> {
  const waiting = await deps.waitingForBadge(badge);
  if (waiting.length === 0) return;
  const people = await deps.peopleBehind([badge]);
  const latestAt = deps.nowMs() + deps.limits.maxFutureMs;
  for (const { punch, punch_id, quarantined_at } of waiting) {
    const owner = attribute(punch, people, { atMs: quarantined_at, limits: deps.limits });
    if (owner.kind !== "person") continue;
    const outcome = await deps.runners.quarantines.handle(
      quarantineId(punch_id),
      {
        type: "resolve",
        employeeId: owner.employeeId,
        at: null,
        resolvedBy: "badge-assignment",
        note: "the badge was assigned from before the punch",
        latestAt,
      },
      cause,
    );
    if (isRefusal(outcome)) deps.log.info({ code: outcome.code }, "punch not claimed by its badge");
  }
}

const causeOf = ({ nowMs }: ResolutionDeps, stored: StoredEvent): Cause =>
  causeOfEvent(SOURCE, nowMs(), stored);

const READ_MODEL_TIMEOUT_MS = 5_000;

/** A read model's `waitFor` as a promise that rejects, retriably, when the model is late. */
export async function caughtUp(
  model: { waitFor(seq: number, timeoutMs: number): Promise<boolean> },
  seq: number,
): Promise<void> {
  if (await model.waitFor(seq, READ_MODEL_TIMEOUT_MS)) return;
  throw new PlatformError("stream.not-connected", "the read model has not got there yet", {
    retriable: true,
  });
}
