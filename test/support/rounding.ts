import { dayOfDate, instantOf, localText } from "@clockleaf/shared/worktime/civil-time.ts";
import type {
  CountedMeaning,
  CountedPunch,
  PlannedShift,
  ReadPunch,
  Shift,
} from "@clockleaf/shared/worktime/ledger.ts";
import { countPunches } from "@clockleaf/shared/worktime/rounding/rounding.ts";
import { punch, ruleSet } from "./worktime.ts";

// Short spellings for tests of rounding. Times without a date are those of Monday 2026-01-12 in Berlin.

export const ROUNDING_ZONE = "Europe/Berlin";
const ON = dayOfDate("2026-01-12");

/** `07:53:12 in` on the usual day, or `2026-10-25T02:50+02:00 in`; also `repeat` and `between`. */
export interface ShiftText {
  readonly reads: readonly string[];
  readonly plan?: PlannedShift | null;
  readonly zone?: string;
  /** Zones of single punches, by their place. */
  readonly zones?: readonly (string | null)[];
}

/** Input of the schema, which refuses what is none. */
type PunchRules = readonly object[];

export function roundingShift(text: ShiftText, punches: PunchRules = []): Shift {
  const zone = text.zone ?? ROUNDING_ZONE;
  const rules = ruleSet({ zone, rounding: { punches: punches as never } });
  const reads = text.reads.map((spec, index): ReadPunch => {
    const [time = "", meaning] = spec.split(" ");
    const iso = time.includes("T") ? time : new Date(clockTime(time, zone)).toISOString();
    return {
      punch: { ...punch(iso), punchId: `${index} ${spec}`, zone: text.zones?.[index] ?? null },
      meaning: (meaning ?? "in") as CountedMeaning,
      reason: "",
      problem: null,
    };
  });
  return {
    reads,
    startAt: reads[0]?.punch.at ?? 0,
    zone,
    rules,
    plan: text.plan ?? null,
    phase: "out",
    isLast: false,
    isOverrun: false,
  };
}

/** The instant of a time of the usual day. */
export function clockTime(text: string, zone = ROUNDING_ZONE): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
  return instantOf(ON, hours * 3600 + minutes * 60 + seconds, zone);
}

/** What punches count at, as the usual clock shows it, `08:00:00`. */
export function countedTimes(text: ShiftText, punches: PunchRules): string[] {
  return countsOf(text, punches).map(({ countsAt }) =>
    localText(countsAt, text.zone ?? ROUNDING_ZONE).slice(11, 19),
  );
}

/** With date and offset, `2026-10-25T02:00:00+01:00`. */
export function countedInstants(text: ShiftText, punches: PunchRules): string[] {
  return countsOf(text, punches).map(({ countsAt }) =>
    localText(countsAt, text.zone ?? ROUNDING_ZONE),
  );
}

export const countsOf = (text: ShiftText, punches: PunchRules): CountedPunch[] =>
  countPunches(roundingShift(text, punches));

/** A shift planned for the usual day: `08:00-17:00`, with `12:00-12:30 lunch` and the like as unpaid breaks. */
export function plannedShift(
  span: string,
  rests: readonly string[] = [],
  more: Partial<PlannedShift> = {},
): PlannedShift {
  const { from, to } = ends(span);
  const breaks = rests.map((rest) => {
    const [times = "", kind] = rest.split(" ");
    const { from: fromAt, to: toAt } = ends(times);
    return { kind: kind as "lunch" | "break", fromAt, toAt, isPaid: false };
  });
  const off = breaks.reduce((sum, rest) => sum + rest.toAt - rest.fromAt, 0);
  return {
    planId: span,
    name: span,
    day: ON,
    kind: "fixed",
    startAt: from,
    endAt: to,
    zone: ROUNDING_ZONE,
    seconds: (to - from - off) / 1000,
    acceptFrom: from - 3_600_000,
    acceptTo: to + 3_600_000,
    core: null,
    breaks,
    site: null,
    labels: {},
    ...more,
  };
}

function ends(text: string): { from: number; to: number } {
  const [from = "", to = ""] = text.split("-");
  return { from: clockTime(from), to: clockTime(to) };
}
