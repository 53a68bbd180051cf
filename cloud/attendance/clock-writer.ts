import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { type DateRange, recompute } from "@clockleaf/shared/worktime/engine.ts";
import type { Fact, WatermarkFact } from "@clockleaf/shared/worktime/facts.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import type { Outcome } from "../eventing/aggregate-runner.ts";
import type { AggregateCommand } from "../eventing/command-plan.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import { createKeyLocks } from "../eventing/key-locks.ts";
import type { FactEvent } from "./clock-state.ts";
import type {
  ClockCommand,
  ClockEvent,
  ClockPunch,
  OfPerson,
  RecordClock,
  RecordFacts,
  ReviewException,
} from "./decider.ts";
import type { Runners } from "./runners.ts";
import { isNearlyFull } from "./telling.ts";

/** Who is asked about somebody's overtime. */
export interface Belonging {
  readonly departmentId: string | null;
  readonly managerId: string | null;
}

export interface ClockWriterDeps {
  readonly clocks: Pick<Runners["clocks"], "handleMany" | "handle" | "state">;
  /** By the book of this process and what the directory has said of the person so far. */
  readonly rulesOf: (employeeId: string) => Promise<Rules>;
  readonly belongingOf: (employeeId: string) => Promise<Belonging>;
}

/** A day as it stands and as facts would make it. */
export interface DayChange {
  readonly employeeId: string;
  readonly workdayOn: string;
  readonly before: Workday | null;
  readonly after: Workday;
}

/**
 * The one way to people's days. Rules are looked up and days stored by them under one lock per person, so that nothing
 * is stored by rules that were replaced before a recalculation of that person began.
 */
export interface ClockWriter {
  /** By person; in one atomic append as far as it fits. */
  record(punches: ReadonlyMap<string, readonly ClockPunch[]>, cause: Cause): Promise<void>;
  /** What people decided, by person; the same. */
  tell(facts: ReadonlyMap<string, ReadonlyArray<Decided<FactEvent>>>, cause: Cause): Promise<void>;
  /** How far the sites of somebody have told everything; told only where it changes a day. */
  reach(employeeId: string, watermarks: readonly WatermarkFact[], cause: Cause): Promise<void>;
  /** Tells days in `range` that are others now; none = all stand. May leave out later ones: ask again from there. */
  recalculate(
    employeeId: string,
    range: DateRange,
    cause: Cause,
  ): Promise<ReadonlyArray<Decided<ClockEvent>>>;
  review(command: ReviewException, cause: Cause): Promise<Outcome<ClockEvent>>;
  /** The days that facts would change, by date, as they are and as they would be; nothing is stored. */
  preview(employeeId: string, facts: readonly Fact[]): Promise<readonly DayChange[]>;
}

export function createClockWriter(deps: ClockWriterDeps): ClockWriter {
  const { clocks, rulesOf } = deps;
  const locks = createKeyLocks();
  return {
    record: (punches, cause) =>
      locks.run(punches.keys(), async () => {
        const commands = await inParts(
          deps,
          punches,
          (of, part): RecordClock => ({
            ...of,
            type: "record-clock",
            punches: part,
          }),
        );
        await handleAll(deps, commands, cause);
      }),
    tell: (facts, cause) =>
      locks.run(facts.keys(), async () => {
        const commands = await inParts(
          deps,
          facts,
          (of, part): RecordFacts => ({
            ...of,
            type: "record-facts",
            told: part,
          }),
        );
        await handleAll(deps, commands, cause);
      }),
    reach: (employeeId, watermarks, cause) =>
      locks.run([employeeId], async () => {
        const of = await ofPerson(deps, employeeId);
        const command = { ...of, type: "reach-watermark", watermarks } as const;
        while (isNearlyFull(await toldBy(deps, command, cause)));
      }),
    recalculate: (employeeId, range, cause) =>
      locks.run([employeeId], async () => {
        const of = await ofPerson(deps, employeeId);
        return toldBy(deps, { ...of, type: "recalculate", range }, cause);
      }),
    review: (command, cause) =>
      locks.run([command.employeeId], () => clocks.handle(command.employeeId, command, cause)),
    async preview(employeeId, facts) {
      const { state } = await clocks.state(employeeId);
      const days = recompute(state.facts.values(), facts, await rulesOf(employeeId));
      return days.map((after) => ({
        employeeId,
        workdayOn: after.workdayOn,
        before: state.workdays.get(after.workdayOn)?.workday ?? null,
        after,
      }));
    },
  };
}

async function ofPerson(
  { rulesOf, belongingOf }: ClockWriterDeps,
  employeeId: string,
): Promise<OfPerson> {
  const { departmentId, managerId } = await belongingOf(employeeId);
  return { employeeId, departmentId, managerId, rules: await rulesOf(employeeId) };
}

async function toldBy(
  { clocks }: ClockWriterDeps,
  command: ClockCommand,
  cause: Cause,
): Promise<ReadonlyArray<Decided<ClockEvent>>> {
  const outcome = await clocks.handle(command.employeeId, command, cause);
  return isRefusal(outcome) ? [] : outcome.events;
}

/** Keeps one command's events well below the most that one atomic append takes. */
const FACTS_A_COMMAND = 100;

async function inParts<T, C extends ClockCommand>(
  deps: ClockWriterDeps,
  byEmployee: ReadonlyMap<string, readonly T[]>,
  commandOf: (of: OfPerson, part: readonly T[]) => C,
): Promise<Array<AggregateCommand<C>>> {
  const commands: Array<AggregateCommand<C>> = [];
  for (const [employeeId, theirs] of byEmployee) {
    const of = await ofPerson(deps, employeeId);
    for (let at = 0; at < theirs.length; at += FACTS_A_COMMAND) {
      const command = commandOf(of, theirs.slice(at, at + FACTS_A_COMMAND));
      commands.push({ aggregateId: employeeId, command });
    }
  }
  return commands;
}

const ALWAYS: DateRange = { fromOn: "0000-01-01", toOn: "9999-12-31" };

/** Days that did not fit beside their facts, as of a leave over years, are told right after. */
async function handleAll(
  deps: ClockWriterDeps,
  commands: ReadonlyArray<AggregateCommand<RecordClock | RecordFacts>>,
  cause: Cause,
): Promise<void> {
  const outcomes = await deps.clocks.handleMany(commands, cause);
  for (const [index, outcome] of outcomes.entries()) {
    const of = commands[index]?.command;
    if (of === undefined || isRefusal(outcome) || !isNearlyFull(outcome.events)) continue;
    const { employeeId, departmentId, managerId, rules } = of;
    const person: OfPerson = { employeeId, departmentId, managerId, rules };
    const command = { ...person, type: "recalculate", range: ALWAYS } as const;
    while ((await toldBy(deps, command, cause)).length > 0);
  }
}
