import { type PunchFlag, punchFlagSchema } from "../facts.ts";
import type { CountedPunch, DayShift } from "../ledger.ts";
import { closesBy } from "./completeness.ts";
import { type Look, mayChange, raise } from "./look.ts";

/** What the punches of a shift say of themselves and of others that must be missing. */
export function lookAtPunches(look: Look, shift: DayShift): void {
  contradictions(look, shift);
  repeats(look, shift);
  unfinished(look, shift);
}

const idsOf = (reads: readonly CountedPunch[]): string[] => reads.map(({ punch }) => punch.punchId);

function contradictions(look: Look, shift: DayShift): void {
  for (const { punch, problem } of shift.reads) {
    if (problem === null) continue;
    const premature = mayChange(look, punch.at, false);
    raise(look, problem.kind, { detail: problem.detail, premature, punchIds: [punch.punchId] });
  }
}

function repeats(look: Look, shift: DayShift): void {
  // of two punches in a row that go the same way, the reader has said so itself
  const again = shift.reads.filter(
    ({ meaning, problem }) => meaning === "repeat" && problem === null,
  );
  if (again.length === 0) return;
  const detail = `${again.length} like ${again.length === 1 ? "punch" : "punches"} too soon after one that counts`;
  raise(look, "repeat", { detail, premature: false, punchIds: idsOf(again) });
}

const UNFINISHED = {
  in: ["missing-out", "in, and not out again"],
  break: ["missing-break-end", "on a break that did not end"],
  lunch: ["missing-lunch-end", "on a lunch that did not end"],
} as const;

/** The way out, or the end of the break, that has not come. */
function unfinished(look: Look, shift: DayShift): void {
  if (shift.phase === "out" || !shift.isEnd) return;
  const last = shift.reads.findLast(({ meaning }) => meaning !== "repeat")?.punch.punchId;
  const punchIds = last === undefined ? [...(shift.tiles.at(-1)?.punchIds ?? [])] : [last];
  const premature = mayChange(look, closesBy(shift), shift.isLast);
  const [kind, detail] = UNFINISHED[shift.phase];
  raise(look, kind, { detail, premature, punchIds });
  if (shift.isOverrun) {
    const why = "the next way out came later than a shift may last, so it closes nothing";
    raise(look, "shift-too-long", { detail: why, premature: false, punchIds });
  }
  if (shift.assumedOut !== null)
    raise(look, "assumed-out", { detail: shift.assumedOut.detail, premature, punchIds });
}

const FLAGS = {
  "clock-skew": "made while the reader's clock was wrong",
  "impossible-time": "held back for a time that could not be true, then let go",
  "unknown-badge": "held back for a badge nobody had, then claimed",
  "unknown-direction": "of a reader that could not say in or out",
  "outside-geofence": "made outside the place allowed",
  "biometric-override": "taken without a biometric match",
} as const satisfies Record<PunchFlag, string>;

/** What readers and gateways said was wrong when punches were made, once a day for each kind. */
export function lookAtFlags(look: Look): void {
  const { shifts } = look.day;
  if (!shifts.some(({ reads }) => reads.some(({ punch }) => punch.flags !== undefined))) return;
  const reads = shifts.flatMap((shift) => shift.reads);
  for (const kind of punchFlagSchema.options) {
    const flagged = reads.filter(({ punch }) => punch.flags?.includes(kind) ?? false);
    if (flagged.length === 0) continue;
    const detail = `${flagged.length === 1 ? "a punch" : `${flagged.length} punches`} ${FLAGS[kind]}`;
    raise(look, kind, { detail, premature: false, punchIds: idsOf(flagged) });
  }
}
