import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { describe, expect, test } from "vitest";
import { given, refused } from "../eventing/decider-spec.ts";
import { type RunCommand, type RunEvent, runDecider } from "./run-decider.ts";

const ids = { runId: "m-2026-11-run-1", periodId: "m-2026-11" };
const opened = {
  ...ids,
  payGroup: "m",
  fromOn: "2026-11-01",
  toOn: "2026-11-30",
  payOn: "2026-11-30",
  currency: "EUR",
  by: "clerk",
  people: null,
};
type E = Decided<RunEvent>;
const wasOpened: E = { type: "payroll.run.opened", data: opened };
const wasCalculated: E = {
  type: "payroll.run.calculation-requested",
  data: { ...ids, calculation: 1, by: "clerk", at: 1 },
};
const totals = { people: 1, grossMinor: 2, netMinor: 1, overridden: [] };
const wasSubmitted: E = {
  type: "payroll.run.submitted",
  data: { ...ids, ...totals, currency: "EUR", by: "chief" },
};
const wasApproved: E = {
  type: "payroll.run.approved",
  data: { ...ids, by: "boss", at: 3, requestId: "q1" },
};
const lock: RunCommand = { type: "lock", people: ["mara"], at: 4 };
const decide = (decision: "approved" | "rejected", by: string, requestId = "q1"): RunCommand => ({
  type: "decide",
  requestId,
  decision,
  by,
  reason: "no",
  at: 3,
});
const submit: RunCommand = { type: "submit", submitted: { ...totals, by: "chief" } };

describe("a pay run", () => {
  test("is opened once; asked again it is the same, whoever asks", () => {
    const open: RunCommand = { type: "open", opened };
    expect(given(runDecider).when(open)).toEqual([wasOpened]);
    const again = { type: "open", opened: { ...opened, by: "other" } } as const;
    expect(given(runDecider, [wasOpened]).when(again)).toEqual([]);
    const other: RunCommand = { type: "open", opened: { ...opened, people: ["mara"] } };
    expect(given(runDecider, [wasOpened]).when(other)).toMatchObject(refused("payroll.run-exists"));
  });

  test("is calculated before it is submitted, and stays as it was submitted", () => {
    expect(given(runDecider).when(submit)).toMatchObject(refused("payroll.run-not-found"));
    expect(given(runDecider, [wasOpened]).when(submit)).toMatchObject(
      refused("payroll.not-calculated"),
    );
    expect(given(runDecider, [wasOpened, wasCalculated]).when(submit)).toEqual([wasSubmitted]);
    const submitted = given(runDecider, [wasOpened, wasCalculated, wasSubmitted]);
    expect(submitted.when(submit)).toMatchObject(refused("payroll.run-closed"));
    expect(submitted.when({ type: "calculate", by: "clerk", at: 9 })).toMatchObject(
      refused("payroll.run-closed"),
    );
  });

  test.each(["clerk", "chief"])("is not approved by %s, who had a hand in it", (by) => {
    const events = given(runDecider, [wasOpened, wasCalculated, wasSubmitted]).when(
      decide("approved", by),
    );
    expect(events).toMatchObject([{ type: "payroll.run.rejected", data: { by } }]);
  });

  test("is approved by somebody else, once, and locked after that only", () => {
    const submitted = [wasOpened, wasCalculated, wasSubmitted];
    expect(given(runDecider, submitted).when(decide("approved", "boss"))).toEqual([wasApproved]);
    expect(given(runDecider, submitted).when(lock)).toMatchObject(refused("payroll.not-approved"));
    const approved = given(runDecider, [...submitted, wasApproved]);
    expect(approved.when(decide("approved", "boss"))).toEqual([]);
    expect(approved.when(decide("rejected", "boss", "q2"))).toEqual([]);
    const events = approved.when(lock);
    expect(events).toMatchObject([{ type: "payroll.period.locked", data: { people: ["mara"] } }]);
  });

  test("sent back it is open again, and an old decision has no second effect", () => {
    const rejected: E = {
      type: "payroll.run.rejected",
      data: { ...ids, by: "boss", reason: "no", at: 3, requestId: "q1" },
    };
    const events = [wasOpened, wasCalculated, wasSubmitted, rejected];
    expect(given(runDecider, events).when(submit)).toEqual([wasSubmitted]);
    const again = given(runDecider, [...events, wasSubmitted]);
    expect(again.when(decide("rejected", "boss", "q1"))).toEqual([]);
    expect(again.when(decide("approved", "boss", "q2"))).toMatchObject([
      { type: "payroll.run.approved", data: { requestId: "q2" } },
    ]);
  });
});
