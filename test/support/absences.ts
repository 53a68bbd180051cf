import { dayOfDate, instantOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { AbsenceFact, WatermarkFact } from "@clockleaf/shared/worktime/facts.ts";
import type { PlannedShift } from "@clockleaf/shared/worktime/ledger.ts";

// Short spellings for tests of leave, holidays and undertime.

/** A planned shift, UTC; `hours` as due, by default those of the span. */
export function plan(
  on: string,
  span = "08:00-16:00",
  more: Partial<PlannedShift> = {},
): PlannedShift {
  const day = dayOfDate(on);
  const [from = 0, to = 0] = span.split("-").map((clock) => {
    const [h = 0, m = 0, s = 0] = clock.split(":").map(Number);
    return h * 3600 + m * 60 + s;
  });
  const startAt = instantOf(day, from, "UTC");
  const endAt = instantOf(day, to, "UTC");
  return {
    planId: `${on} ${span}`,
    name: "Early",
    day,
    kind: "fixed",
    startAt,
    endAt,
    zone: "UTC",
    seconds: to - from,
    acceptFrom: startAt,
    acceptTo: endAt,
    core: null,
    breaks: [],
    site: null,
    labels: {},
    ...more,
  };
}

/** `VAC` on the dates given, `2026-01-12` or `2026-01-12..2026-01-16`; as long as planned. */
export function absence(dates: string, more: Partial<AbsenceFact> = {}): AbsenceFact {
  const [fromOn = "", toOn = fromOn] = dates.split("..");
  return {
    kind: "absence",
    absenceId: "a1",
    decidedAt: 1_000_000,
    fromOn,
    toOn,
    code: "VAC",
    secondsADay: null,
    ...more,
  };
}

/** Everything before this has arrived, UTC. */
export const knownTo = (time: string): WatermarkFact => ({
  kind: "watermark",
  site: "hq",
  completeTo: Date.parse(time),
});
