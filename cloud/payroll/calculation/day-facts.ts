import type { DayEntry } from "@clockleaf/shared/events/payroll.ts";
import type { Workday, WorkdayException } from "@clockleaf/shared/worktime/workday.ts";

/** What pay needs to know of one computed day. */
export interface DayFacts {
  readonly workdayOn: string;
  readonly revision: number;
  readonly state: Workday["state"];
  readonly entries: readonly DayEntry[];
  /** Overtime nobody has decided yet; it is not paid before somebody has. */
  readonly pendingSeconds: number;
  /** Whether somebody decided about overtime of this day. */
  readonly isDecided: boolean;
  /** What must be looked at, each kind once. */
  readonly problems: ReadonlyArray<Pick<WorkdayException, "kind" | "severity">>;
}

/** Only time that needs no approval, or has one, is paid. */
export function dayFactsOf(workday: Workday, revision: number): DayFacts {
  const { claims, premiums, credits, exceptions } = workday;
  const entries: DayEntry[] = [
    ...claims
      .filter(({ approval }) => approval === "approved" || approval === "not-needed")
      .map(({ class: kind, code, seconds, rate }) => ({
        kind,
        code,
        seconds,
        factor: factorText(rate),
      })),
    ...premiums.map(({ code, seconds, factor }) =>
      factor === null
        ? ({ kind: "occurrence", code, seconds: 1, factor: "1" } as const)
        : ({ kind: "premium", code, seconds, factor: factorText(factor) } as const),
    ),
    ...credits.map(({ kind, code, seconds, isPaid }) => ({
      kind: isPaid ? ("paid-leave" as const) : unpaidKind(kind),
      code,
      seconds,
      factor: "1",
    })),
  ];
  const problems = new Map(exceptions.map(({ kind, severity }) => [kind, { kind, severity }]));
  return {
    workdayOn: workday.workdayOn,
    revision,
    state: workday.isOpen ? "open" : workday.state,
    entries: merged(entries),
    pendingSeconds: claims
      .filter(({ approval }) => approval === "pending")
      .reduce((sum, { seconds }) => sum + seconds, 0),
    isDecided: claims.some(({ approval }) => approval === "approved" || approval === "rejected"),
    problems: [...problems.values()].toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}

const unpaidKind = (kind: "absence" | "holiday" | "undertime"): "unpaid" | "undertime" =>
  kind === "undertime" ? "undertime" : "unpaid";

/** Rules write rates as JSON numbers; twelve places are more than anybody agrees on. */
const factorText = (factor: number): string =>
  Number.isInteger(factor) ? String(factor) : factor.toFixed(12).replace(/0+$/, "");

/** Alike entries as one, in an order that depends on nothing else; what comes to nothing is left out. */
export function merged(entries: Iterable<DayEntry>): DayEntry[] {
  const found = new Map<string, DayEntry>();
  for (const entry of entries) {
    const key = `${entry.kind} ${entry.code} ${entry.factor}`;
    const seconds = entry.seconds + (found.get(key)?.seconds ?? 0);
    found.set(key, { ...entry, seconds });
  }
  return [...found]
    .filter(([, { seconds }]) => seconds > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry);
}
