import {
  type Claim,
  type Credit,
  emptyWorkday,
  type Workday,
  type WorkdayException,
} from "@clockleaf/shared/worktime/workday.ts";
import { describe, expect, it } from "vitest";
import { overtimeOf, punctualityOf } from "./day-figures.ts";

const HOUR = 3600;
const PLAN = { name: "day", fromAt: 0, toAt: 8 * HOUR * 1000, seconds: 8 * HOUR };
const PUNCH = { punchId: "p-1", at: 0, meaning: "in", reason: "" } as const;

const day = (more: Partial<Workday>): Workday => ({
  ...emptyWorkday("2026-01-12", "UTC"),
  ...more,
});
const planned = (more: Partial<Workday> = {}): Workday =>
  day({ planned: [PLAN], punches: [PUNCH], ...more });
const found = (...kinds: ReadonlyArray<WorkdayException["kind"]>): WorkdayException[] =>
  kinds.map((kind) => ({ kind, severity: "warning", premature: false, punchIds: [], detail: "" }));
const credit = (kind: Credit["kind"], hours: number): Credit => ({
  kind,
  code: "VAC",
  seconds: hours * HOUR,
  isPaid: true,
  factIds: [],
  policy: "leave",
  reason: "",
});

const claim = (of: Claim["class"], approval: Claim["approval"], seconds: number): Claim => ({
  class: of,
  code: "OT",
  rate: 1.5,
  fromAt: 0,
  toAt: 0,
  seconds,
  approval,
  punchIds: [],
  policy: "Daily",
  reason: "",
});

describe("whoever was due", () => {
  it("counts whether in time, late or absent", () => {
    expect(punctualityOf(planned())).toMatchObject({ isDue: true, isLate: false });
    expect(punctualityOf(planned({ exceptions: found("in-late") }))).toMatchObject({
      isDue: true,
      isLate: true,
    });
    const absent = planned({ punches: [], exceptions: found("absent") });
    expect(punctualityOf(absent)).toMatchObject({ isDue: true, isLate: false, isAbsent: true });
  });

  it("counts while waited for, and as provisional until the day is complete", () => {
    const waiting = planned({ punches: [], exceptions: found("not-yet-in"), state: "open" });
    expect(punctualityOf(waiting)).toEqual({
      isDue: true,
      isLate: false,
      isAbsent: false,
      isProvisional: true,
    });
    expect(punctualityOf(planned({ state: "complete" })).isProvisional).toBe(false);
  });

  it("was not if nothing was planned, or leave or a holiday covered all of the plan", () => {
    expect(punctualityOf(day({ punches: [PUNCH] })).isDue).toBe(false);
    for (const kind of ["absence", "holiday"] as const) {
      const off = planned({ punches: [], credits: [credit(kind, 8)] });
      expect(punctualityOf(off).isDue).toBe(false);
    }
  });

  it("was if leave covered a part, if only hours are missing, or if the rules do not excuse", () => {
    expect(punctualityOf(planned({ credits: [credit("absence", 4)] })).isDue).toBe(true);
    expect(punctualityOf(planned({ credits: [credit("undertime", 8)] })).isDue).toBe(true);
    const sick = { punches: [], credits: [credit("absence", 8)], exceptions: found("absent") };
    expect(punctualityOf(planned(sick)).isDue).toBe(true);
  });

  it("is nobody on an emptied day, whatever is planned for it", () => {
    expect(punctualityOf(planned({ punches: [] })).isDue).toBe(false);
  });
});

describe("overtime of a day", () => {
  it("is summed by what was decided about it, regular time left out", () => {
    const claims = [
      claim("regular", "not-needed", 28_800),
      claim("overtime", "approved", 1800),
      claim("overtime", "pending", 600),
      claim("overtime", "approved", 900),
      claim("overtime", "rejected", 0),
    ];
    expect([...overtimeOf(day({ claims }))]).toEqual([
      ["approved", 2700],
      ["pending", 600],
    ]);
  });
});
