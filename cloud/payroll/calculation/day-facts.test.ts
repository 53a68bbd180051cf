import { emptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import { expect, test } from "vitest";
import { dayFactsOf } from "./day-facts.ts";

const stretch = { fromAt: 0, toAt: 0, punchIds: [], policy: "p", reason: "r", labels: {} };
const overtime = { ...stretch, class: "overtime", code: "OT15", rate: 1.5 } as const;
const day = (more: Partial<Workday>): Workday => ({
  ...emptyWorkday("2026-11-03", "Europe/Berlin"),
  ...more,
});

test("only time that needs no approval, or has one, is paid", () => {
  const claims: Workday["claims"] = [
    { ...overtime, seconds: 100, approval: "approved" },
    { ...overtime, seconds: 20, approval: "not-needed" },
    { ...overtime, seconds: 3, approval: "pending" },
    { ...overtime, seconds: 4_000, approval: "rejected" },
    { ...overtime, seconds: 50_000, approval: "lapsed" },
  ];
  expect(dayFactsOf(day({ claims }), 7)).toMatchObject({
    revision: 7,
    entries: [{ kind: "overtime", code: "OT15", seconds: 120, factor: "1.5" }],
    pendingSeconds: 3,
    isDecided: true,
  });
});

test("premiums are a share of the rate or counted; credits are paid or not", () => {
  const credit = { policy: "p", reason: "r", factIds: [] };
  const facts = dayFactsOf(
    day({
      premiums: [
        { ...stretch, kind: "night", code: "NIGHT", factor: 0.1, seconds: 3_600 },
        { ...stretch, kind: "meal-penalty", code: "MEAL", factor: null, seconds: 1_800 },
        { ...stretch, kind: "meal-penalty", code: "MEAL", factor: null, seconds: 1_800 },
      ],
      credits: [
        { ...credit, kind: "absence", code: "VACATION", seconds: 28_800, isPaid: true },
        { ...credit, kind: "absence", code: "UNPAID", seconds: 60, isPaid: false },
        { ...credit, kind: "undertime", code: "UNDER", seconds: 30, isPaid: false },
      ],
    }),
    1,
  );
  expect(facts.entries).toEqual([
    { kind: "occurrence", code: "MEAL", seconds: 2, factor: "1" },
    { kind: "paid-leave", code: "VACATION", seconds: 28_800, factor: "1" },
    { kind: "premium", code: "NIGHT", seconds: 3_600, factor: "0.1" },
    { kind: "undertime", code: "UNDER", seconds: 30, factor: "1" },
    { kind: "unpaid", code: "UNPAID", seconds: 60, factor: "1" },
  ]);
});

test("somebody who is in makes the day open, whatever its state says", () => {
  expect(dayFactsOf(day({ isOpen: true, state: "complete" }), 1).state).toBe("open");
  expect(dayFactsOf(day({ state: "complete" }), 1).state).toBe("complete");
});
