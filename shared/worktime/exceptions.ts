import type { ReadPunch } from "./meaning.ts";
import type { Shift } from "./shifts.ts";
import type { WorkdayException } from "./workday.ts";

export const MAX_DETAIL = 300;
const MAX_IDS = 64;

/** What a person must look at in one shift. `premature` ones may go away by themselves while the shift is open. */
export function exceptionsOf(shift: Shift): WorkdayException[] {
  return [...contradictions(shift), ...repeats(shift), ...unfinished(shift)];
}

export const someIds = (reads: readonly ReadPunch[]): string[] =>
  reads.slice(0, MAX_IDS).map((read) => read.punch.punchId);

function contradictions(shift: Shift): WorkdayException[] {
  return shift.reads.flatMap((read) =>
    read.problem === null
      ? []
      : [{ ...read.problem, premature: false, punchIds: [read.punch.punchId] }],
  );
}

function repeats(shift: Shift): WorkdayException[] {
  const again = shift.reads.filter((read) => read.meaning === "repeat");
  if (again.length === 0) return [];
  const detail = `${again.length} like ${again.length === 1 ? "punch" : "punches"} too soon after one that counts`;
  return [{ kind: "repeat", premature: false, punchIds: someIds(again), detail }];
}

/** The way out, or the end of the break, that has not come. */
function unfinished(shift: Shift): WorkdayException[] {
  const last = shift.reads.findLast((read) => read.meaning !== "repeat");
  if (last === undefined || shift.phase === "out") return [];
  const premature = shift.isLast;
  const punchIds = [last.punch.punchId];
  const open: WorkdayException =
    shift.phase === "in"
      ? { kind: "missing-out", premature, punchIds, detail: "in, and not out again" }
      : { kind: "missing-break-end", premature, punchIds, detail: "on a break that did not end" };
  if (!shift.isOverrun) return [open];
  const detail = "the next way out came later than a shift may last, so it closes nothing";
  return [open, { kind: "shift-too-long", premature: false, punchIds, detail }];
}
