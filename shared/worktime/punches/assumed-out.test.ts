import { describe, expect, it } from "vitest";
import { altered, monday, shiftsOf } from "../../../test/support/worktime.ts";
import type { Fact } from "../facts.ts";
import { countPunches } from "../rounding/rounding.ts";
import { assumedOutOf, assumedTile } from "./assumed-out.ts";

// Odoo checks out automatically after the expected hours and a tolerance, TimeTrex by a guess from the schedule; here both
// are provisional, and a fixed closing time such as 23:59 is not offered.

const clock = (text: string): number => monday(text)[0]?.at ?? 0;
const schedule = (kind: "fixed" | "flexible" = "fixed") => ({
  templates: [
    { name: "Day", kind, start: "08:00", end: "17:00", paid: "8h" as const, labels: { job: "p" } },
  ],
  rotas: [{ name: "r", kind: "weekdays" as const, every: ["mon" as const], shifts: ["Day"] }],
});
const ALL_KNOWN = clock("72:00");

function assumed(
  facts: readonly Fact[],
  input: Parameters<typeof shiftsOf>[1],
  watermark: number | null = ALL_KNOWN,
): string | null {
  const [shift] = shiftsOf(facts, input);
  const out = shift === undefined ? null : assumedOutOf(shift, watermark);
  return out === null ? null : new Date(out.at).toISOString().slice(11, 19);
}

type Input = NonNullable<Parameters<typeof shiftsOf>[1]>;

const atPlannedEnd = {
  schedule: schedule(),
  shifts: { assumedOut: { by: "planned-end", tolerance: "2h" } },
} as const;

const short = (maxShift: "8h" | "9h"): Input => ({
  ...atPlannedEnd,
  shifts: { ...atPlannedEnd.shifts, maxShift, newShiftGap: "1h", maxStretch: "7h" },
  punches: { breaks: { by: "claim" } },
});

const byHours = (hours?: "6h") =>
  ({
    schedule: schedule(),
    shifts: { assumedOut: { by: "expected-hours", hours } },
    punches: { breaks: { by: "claim" } },
  }) as const;

describe("without a rule", () => {
  it("nobody is checked out", () => {
    expect(assumed(monday("08:00"), { schedule: schedule() })).toBeNull();
  });
});

describe("at the planned end", () => {
  const rules = atPlannedEnd;

  it("closes what nobody closed, saying so", () => {
    const [shift] = shiftsOf(monday("08:00"), rules);
    expect(assumedOutOf(shift!, ALL_KNOWN)).toEqual({
      at: clock("17:00"),
      policy: "assumed-out",
      detail: "no way out; assumed at the end of Day",
    });
  });

  it("waits for the site's word, and its tolerance, to the second", () => {
    expect(assumed(monday("08:00"), rules, null)).toBeNull();
    expect(assumed(monday("08:00"), rules, clock("18:59:59"))).toBeNull();
    expect(assumed(monday("08:00"), rules, clock("19:00"))).toBe("17:00:00");
  });

  it("is taken back by a late punch, and goes past no punch", () => {
    expect(assumed(monday("08:00", "16:00 out"), rules)).toBeNull();
    expect(assumed(monday("08:00 in", "16:00 in"), rules)).toBe("17:00:00");
    expect(assumed(monday("08:00 in", "17:00 in"), rules)).toBeNull();
    expect(assumed(monday("08:00 in", "16:59:59 in"), rules)).toBe("17:00:00");
  });

  it("goes past neither the next shift nor the longest one", () => {
    expect(assumed(monday("08:00"), short("9h"))).toBe("17:00:00");
    expect(assumed(monday("08:00"), short("8h"))).toBeNull();
    expect(assumed(monday("08:00", "15:00:01", "17:30"), short("9h"))).toBeNull();
    expect(assumed(monday("08:00", "17:00:01"), short("9h"))).toBe("17:00:00");
  });

  it("is not for somebody out, at lunch or on a break, nor without a plan, nor at a flexible frame's end", () => {
    expect(assumed(monday("08:00", "12:00"), rules)).toBeNull();
    expect(assumed(monday("08:00", "12:00 lunch-start"), rules)).toBeNull();
    expect(assumed(monday("32:00"), rules)).toBeNull();
    expect(assumed(monday("08:00"), { ...rules, schedule: schedule("flexible") })).toBeNull();
  });
});

describe("when the hours are worked", () => {
  it("counts the hours of the rule, or of the plan, from the way in", () => {
    expect(assumed(monday("08:00"), byHours("6h"))).toBe("14:00:00");
    expect(assumed(monday("08:30"), byHours())).toBe("16:30:00");
    expect(assumed(monday("32:00"), byHours())).toBeNull();
    expect(assumed(monday("32:00"), byHours("6h"))).toBe("14:00:00");
  });

  it("leaves out the time somebody was away, and counts every stretch of work", () => {
    expect(assumed(monday("08:00", "10:00", "13:00"), byHours("6h"))).toBe("17:00:00");
    expect(assumed(monday("08:00", "10:00 transfer"), byHours("6h"))).toBe("14:00:00");
    expect(assumed(monday("08:00", "11:00 lunch-start", "12:00"), byHours("6h"))).toBe("15:00:00");
  });

  it("does nothing once they are worked", () => {
    expect(assumed(monday("06:00", "12:00", "12:30"), byHours("6h"))).toBeNull();
    expect(assumed(monday("06:00:01", "12:00", "12:30"), byHours("6h"))).toBe("12:30:01");
  });
});

describe("the assumed stretch", () => {
  it("runs from the last way in, booked as the punches before it said", () => {
    const rules = {
      schedule: schedule(),
      shifts: { assumedOut: { by: "planned-end" } },
      rounding: {},
    } as const;
    const facts = [
      ...monday("08:00"),
      ...altered(monday("10:00 transfer"), { labels: { task: "t" } }),
      ...altered(monday("10:00:30 in"), { labels: { task: "u" } }),
    ];
    const [shift] = shiftsOf(facts, rules);
    const out = assumedOutOf(shift!, ALL_KNOWN);
    const counted = countPunches(shift!);
    expect(assumedTile(shift!, counted, out!)).toEqual({
      kind: "work",
      fromAt: clock("10:00"),
      toAt: clock("17:00"),
      isPaid: true,
      labels: { job: "p", task: "t" },
      punchIds: ["10:00 transfer"],
      policy: "assumed-out",
      reason: "7 h 00 min up to an assumed check-out: no way out; assumed at the end of Day",
      shiftId: "08:00",
    });
    const rounded = counted.map((read) => Object.assign({}, read, { countsAt: clock("17:05") }));
    const tile = assumedTile(shift!, rounded, out!);
    expect(tile.toAt - tile.fromAt).toBe(0);
  });
});
