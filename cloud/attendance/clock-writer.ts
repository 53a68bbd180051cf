import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { DateRange } from "@clockleaf/shared/worktime/engine.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import type { AggregateCommand } from "../eventing/command-plan.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import { createKeyLocks } from "../eventing/key-locks.ts";
import type { ClockEvent, ClockPunch, RecordClock } from "./decider.ts";
import type { Runners } from "./runners.ts";

export interface ClockWriterDeps {
  readonly clocks: Pick<Runners["clocks"], "handleMany" | "handle">;
  /** By the book of this process and what the directory has said of the person so far. */
  readonly rulesOf: (employeeId: string) => Promise<Rules>;
}

/**
 * The one way to people's days. Rules are looked up and days stored by them under one lock per person, so that nothing
 * is stored by rules that were replaced before a recalculation of that person began.
 */
export interface ClockWriter {
  /** By person; in one atomic append as far as it fits. */
  record(punches: ReadonlyMap<string, readonly ClockPunch[]>, cause: Cause): Promise<void>;
  /** Tells days in `range` that are others now; none = all stand. May leave out later ones: ask again from there. */
  recalculate(
    employeeId: string,
    range: DateRange,
    cause: Cause,
  ): Promise<ReadonlyArray<Decided<ClockEvent>>>;
}

export function createClockWriter({ clocks, rulesOf }: ClockWriterDeps): ClockWriter {
  const locks = createKeyLocks();
  return {
    record: (punches, cause) =>
      locks.run(punches.keys(), async () => {
        await clocks.handleMany(await commandsOf(punches, rulesOf), cause);
      }),
    recalculate: (employeeId, range, cause) =>
      locks.run([employeeId], async () => {
        const rules = await rulesOf(employeeId);
        const command = { type: "recalculate", employeeId, rules, range } as const;
        const outcome = await clocks.handle(employeeId, command, cause);
        return isRefusal(outcome) ? [] : outcome.events;
      }),
  };
}

/** Keeps one command's events well below the most that one atomic append takes. */
const PUNCHES_A_COMMAND = 100;

async function commandsOf(
  byEmployee: ReadonlyMap<string, readonly ClockPunch[]>,
  rulesOf: ClockWriterDeps["rulesOf"],
): Promise<Array<AggregateCommand<RecordClock>>> {
  const commands: Array<AggregateCommand<RecordClock>> = [];
  for (const [employeeId, theirs] of byEmployee) {
    const rules = await rulesOf(employeeId);
    for (let at = 0; at < theirs.length; at += PUNCHES_A_COMMAND) {
      const punches = theirs.slice(at, at + PUNCHES_A_COMMAND);
      const command = { type: "record-clock", employeeId, punches, rules } as const;
      commands.push({ aggregateId: employeeId, command });
    }
  }
  return commands;
}
