import type { Log } from "@clockleaf/shared/lib/log.ts";
import { causeOfTimer } from "../eventing/cause.ts";
import { isRefusal } from "../eventing/decider.ts";
import { type EmployeeCommands, SOURCE } from "./commands.ts";
import type { PersonCommand } from "./decider.ts";
import { type Db, type DuePerson, duePeople } from "./reads.ts";

export interface DueDeps {
  readonly db: Db;
  readonly commands: EmployeeCommands;
  readonly isUpTo: (seq: number) => Promise<void>;
  readonly log: Log;
}

const PAGE = 200;

/**
 * Ends what is over: last days (the person is deactivated) and probations. Each command is meant for the version of the
 * person that was read, so whoever was taken on again at the same moment stays so.
 */
export async function settleDue(deps: DueDeps, nowMs: number, signal: AbortSignal): Promise<void> {
  const { db, commands, isUpTo, log } = deps;
  while (!signal.aborted) {
    let seq = 0;
    const due = await duePeople(db, nowMs, PAGE);
    for (const person of due) {
      const { employeeId, dueAt, version } = person;
      const command = commandOf(person);
      const cause = causeOfTimer(SOURCE, nowMs, { name: command.type, dueAtMs: dueAt });
      const guarded = { aggregateId: employeeId, command, ifSeq: version };
      const [outcome] = await commands.people.handleMany([guarded], cause);
      if (outcome === undefined) continue;
      if (isRefusal(outcome)) log.info({ employeeId, code: outcome.code }, "due, but changed");
      else seq = Math.max(seq, outcome.seq);
    }
    if (due.length < PAGE || seq === 0) return;
    await isUpTo(seq);
  }
}

function commandOf({ status, dueAt }: DuePerson): PersonCommand {
  return status === "terminated"
    ? { type: "deactivate", reason: "the last day is over", at: dueAt }
    : { type: "complete-probation", at: dueAt };
}
