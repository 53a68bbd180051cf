import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { redated, type TimeAnchor, waitsForAnchor } from "@clockleaf/shared/wire/redating.ts";
import type { Outcome } from "../eventing/aggregate-runner.ts";
import type { AggregateCommand } from "../eventing/command-plan.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import { attribute, type People, type TimeLimits } from "./attribution.ts";
import type { LearnedTime } from "./boot-time-decider.ts";
import type { ClockWriter } from "./clock-writer.ts";
import type { ClockPunch } from "./decider.ts";
import { bootTimeId, quarantineId } from "./ids.ts";
import type { QuarantineCommand, QuarantineEvent } from "./quarantine-decider.ts";
import type { Quarantined } from "./reads.ts";
import type { Runners } from "./runners.ts";
import type { ReadAnchor } from "./segment-rows.ts";

export interface RedatingDeps {
  readonly clocks: Pick<ClockWriter, "record">;
  readonly runners: Pick<Runners, "quarantines" | "boots">;
  readonly peopleBehind: (badges: readonly string[]) => Promise<People>;
  /** Punches of a boot of a gateway that wait in quarantine for a time. */
  readonly waitingForTime: (
    gateway: Omit<GatewayAddress, "tenant">,
    bootId: string,
  ) => Promise<readonly Quarantined[]>;
  /** Resolves once the read model has the event; rejects with a retriable error if that takes too long. */
  readonly attendanceHas: (seq: number) => Promise<void>;
  readonly limits: TimeLimits;
}

/** What one message of the CLOCK stream brought, once its punches are where they belong. */
export interface Arrived {
  readonly address: GatewayAddress;
  readonly anchors: readonly ReadAnchor[];
  readonly punches: readonly PunchOrigin[];
  readonly storedAtMs: number;
}

export interface Redating {
  /** Resolves once every punch that can be dated now is, and counts. May be repeated. */
  settle(arrived: Arrived, cause: Cause): Promise<void>;
}

/** More would be a long time in one piece of work; each part may be repeated. */
const PUNCHES_A_PART = 200;

/**
 * Dates punches that a gateway took before it knew the time, whichever of the two comes first: with a boot's time come all
 * its punches in quarantine, and with a punch comes the boot's time if it is known. Events are stored before they are looked
 * for, so one of the two sees the other, also after a crash in between.
 */
export function createRedating(deps: RedatingDeps): Redating {
  return {
    async settle(arrived, cause) {
      const { address, anchors, punches, storedAtMs } = arrived;
      const undated = punches.filter(({ time }) => waitsForAnchor(time));
      const learned = new Set(anchors.map(({ bootId }) => bootId));
      for (const anchor of anchors) await learn(deps, address, { anchor, cause });
      const boots = new Set([...learned, ...undated.map(({ time }) => time.bootId)]);
      for (const bootId of boots) {
        const known = await deps.runners.boots.state(bootTimeId(address, bootId));
        if (known.state === null) continue;
        const waiting = new Map<string, Waiting>();
        if (learned.has(bootId)) {
          await deps.attendanceHas(known.seq);
          for (const { punch, quarantined_at } of await deps.waitingForTime(address, bootId)) {
            waiting.set(punch.punchId, { punch, storedAtMs: quarantined_at });
          }
        }
        for (const punch of undated) {
          if (punch.time.bootId === bootId) waiting.set(punch.punchId, { punch, storedAtMs });
        }
        await date(deps, [...waiting.values()], { learned: known.state, cause });
      }
    },
  };
}

interface Waiting {
  readonly punch: PunchOrigin;
  readonly storedAtMs: number;
}

async function learn(
  { runners }: RedatingDeps,
  { site, gateway }: GatewayAddress,
  { anchor, cause }: { readonly anchor: ReadAnchor; readonly cause: Cause },
): Promise<void> {
  const learned: LearnedTime = { site, gateway, ...anchor };
  await runners.boots.handle(bootTimeId({ site, gateway }, anchor.bootId), learned, cause);
}

async function date(
  deps: RedatingDeps,
  waiting: readonly Waiting[],
  { learned, cause }: { readonly learned: LearnedTime; readonly cause: Cause },
): Promise<void> {
  for (let from = 0; from < waiting.length; from += PUNCHES_A_PART) {
    const part = waiting.slice(from, from + PUNCHES_A_PART);
    const people = await deps.peopleBehind([...new Set(part.map(({ punch }) => punch.badge))]);
    const commands = part.flatMap((each) => commandFor(each, { learned, people }, deps.limits));
    if (commands.length === 0) continue;
    const outcomes = await deps.runners.quarantines.handleMany(commands, cause);
    const theirs = resolvedIn(outcomes);
    if (theirs.size > 0) await deps.clocks.record(theirs, cause);
  }
}

/** None where the punch is not believable at that time either: it waits for a person. */
function commandFor(
  { punch, storedAtMs }: Waiting,
  { learned, people }: { readonly learned: LearnedTime; readonly people: People },
  limits: TimeLimits,
): Array<AggregateCommand<QuarantineCommand>> {
  const { rowId, ...rest } = learned;
  const anchor: TimeAnchor = rest;
  const time = redated(punch.time, anchor);
  if (time === undefined) return [];
  const owner = attribute({ ...punch, time }, people, { atMs: storedAtMs, limits });
  if (owner.kind === "quarantine" && owner.reason === "impossible-time") return [];
  const whose =
    owner.kind === "person"
      ? { employeeId: owner.employeeId, heldBy: null }
      : { employeeId: null, heldBy: owner.reason };
  const command = { type: "redate", anchor, rowId, ...whose } as const;
  return [{ aggregateId: quarantineId(punch.punchId), command }];
}

/**
 * What resolution would do with the stored events, done here as well: rows that are in have had their effect, and the
 * watermark of their site may rise over them.
 */
function resolvedIn(
  outcomes: ReadonlyArray<Outcome<QuarantineEvent>>,
): ReadonlyMap<string, readonly ClockPunch[]> {
  const byEmployee = new Map<string, ClockPunch[]>();
  for (const outcome of outcomes) {
    if (isRefusal(outcome)) continue;
    for (const event of outcome.events) {
      if (event.type !== "attendance.quarantine.resolved") continue;
      const { employeeId, punch, at, zone } = event.data;
      if (employeeId === null) continue;
      byEmployee.set(employeeId, [...(byEmployee.get(employeeId) ?? []), { punch, at, zone }]);
    }
  }
  return byEmployee;
}
