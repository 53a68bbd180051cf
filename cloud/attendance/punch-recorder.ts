import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import type { AggregateCommand } from "../eventing/command-plan.ts";
import { type Attribution, attribute, type People, type TimeLimits } from "./attribution.ts";
import type { ClockWriter } from "./clock-writer.ts";
import type { ClockPunch } from "./decider.ts";
import { quarantineId } from "./ids.ts";
import type { IntakeStore } from "./intake-store.ts";
import type { QuarantineCommand } from "./quarantine-decider.ts";
import { type Runners, SOURCE } from "./runners.ts";
import type { ReadPunchRow } from "./segment-rows.ts";
import { tracesOf } from "./traces.ts";

export interface PunchRecorderDeps {
  readonly store: Pick<IntakeStore, "attributions" | "attributeOnce">;
  readonly clocks: Pick<ClockWriter, "record">;
  readonly runners: Pick<Runners, "quarantines">;
  readonly peopleBehind: (badges: readonly string[]) => Promise<People>;
  /** Where punches stand already according to the ATTENDANCE stream. */
  readonly settled: (punchIds: readonly string[]) => Promise<ReadonlyMap<string, Attribution>>;
  readonly limits: TimeLimits;
  readonly nowMs: () => number;
}

/** What the punches of one message have in common. */
export interface PunchContext {
  /** IANA zone of the site. */
  readonly zone: string;
  readonly storedAtMs: number;
  /** Names the journal rows they came in. */
  readonly causationId: string;
}

export interface PunchRecorder {
  /** Gives every punch to its person or to quarantine, in one atomic append each; says how many were quarantined. */
  record(punches: readonly ReadPunchRow[], context: PunchContext): Promise<number>;
}

/**
 * Attributions are fsynced before their events are stored, and the first one of a punch stands: a crash in between
 * cannot give a punch to two people, whatever became of its badge meanwhile.
 */
export function createPunchRecorder(deps: PunchRecorderDeps): PunchRecorder {
  /** Whose each punch is: as decided before, as it stands in ATTENDANCE, or as decided now and remembered. */
  async function ownersOf(
    punches: readonly PunchOrigin[],
    storedAtMs: number,
  ): Promise<ReadonlyMap<string, Attribution>> {
    const ids = punches.map((punch) => punch.punchId);
    const known = new Map([...(await deps.settled(ids)), ...deps.store.attributions(ids)]);
    const unknown = punches.filter((punch) => !known.has(punch.punchId));
    if (unknown.length === 0) return known;
    const people = await deps.peopleBehind([...new Set(unknown.map((punch) => punch.badge))]);
    const stored = { atMs: storedAtMs, limits: deps.limits };
    const decided = new Map(
      unknown.map((punch) => [punch.punchId, attribute(punch, people, stored)] as const),
    );
    return new Map([...known, ...deps.store.attributeOnce(decided)]);
  }

  return {
    async record(rows, { zone, storedAtMs, causationId }) {
      if (rows.length === 0) return 0;
      const punches = rows.map((row) => row.origin);
      const { theirs, waiting } = sort(punches, await ownersOf(punches, storedAtMs), zone);
      const cause = {
        source: SOURCE,
        atMs: deps.nowMs(),
        correlationId: null,
        causationId,
        traceparent: undefined,
        traceOf: tracesOf(rows),
      };
      if (theirs.size > 0) await deps.clocks.record(theirs, cause);
      if (waiting.length > 0) await deps.runners.quarantines.handleMany(waiting, cause);
      return waiting.length;
    },
  };
}

interface Sorted {
  /** By employee. */
  readonly theirs: ReadonlyMap<string, readonly ClockPunch[]>;
  readonly waiting: ReadonlyArray<AggregateCommand<QuarantineCommand>>;
}

function sort(
  punches: readonly PunchOrigin[],
  owners: ReadonlyMap<string, Attribution>,
  zone: string,
): Sorted {
  const byEmployee = new Map<string, ClockPunch[]>();
  const waiting: Array<AggregateCommand<QuarantineCommand>> = [];
  for (const punch of punches) {
    const owner = owners.get(punch.punchId);
    if (owner?.kind === "person") {
      const theirs = byEmployee.get(owner.employeeId) ?? [];
      theirs.push({ punch, at: punchedAtMs(punch.time), zone });
      byEmployee.set(owner.employeeId, theirs);
    } else if (owner !== undefined) {
      const command = { type: "quarantine", punch, zone, reason: owner.reason } as const;
      waiting.push({ aggregateId: quarantineId(punch.punchId), command });
    }
  }
  return { theirs: byEmployee, waiting };
}
