import { describe, expect, it } from "vitest";
import { workflowConfigSchema } from "./config.ts";
import { type Circumstances, stepsFor } from "./steps.ts";

const AT = 1_000_000;
const hierarchy = new Map(
  [
    ["e-ada", "e-boss", true],
    ["e-bob", "e-boss", true],
    ["e-cy", "e-other", true],
    ["e-boss", "e-chief", true],
    ["e-chief", null, true],
    ["e-lone", null, true],
    ["e-of-gone", "e-gone", true],
    ["e-gone", "e-chief", false],
  ].map(([employeeId, managerId, isActive]) => [
    employeeId as string,
    { employeeId, managerId, isActive } as never,
  ]),
);
const circumstances = (more: Partial<Circumstances> = {}): Circumstances => ({
  size: 60,
  people: ["e-ada"],
  requesters: ["cloud/attendance"],
  hierarchy,
  fallbackRole: "hr",
  at: AT,
  ...more,
});
const config = (workflow: object = {}) => workflowConfigSchema.parse(workflow).chains;
const approversOf = (more: Partial<Circumstances>) =>
  stepsFor(config().overtime, circumstances(more)).map(({ approvers }) => approvers);
const employee = (employeeId: string) => ({ kind: "employee", employeeId });
const hr = { kind: "role", role: "hr" };

describe("who is asked", () => {
  it("by default is the manager, and theirs once three days have passed", () => {
    expect(stepsFor(config().overtime, circumstances())).toEqual([
      {
        approvers: [employee("e-boss")],
        dueAt: AT + 72 * 3_600_000,
        dueAfterMs: 72 * 3_600_000,
        escalateTo: [employee("e-chief")],
      },
    ]);
  });

  it("is whom it would be escalated to where the manager may not or cannot decide", () => {
    expect(approversOf({ requesters: ["boss", "e-boss"] })).toEqual([[employee("e-chief")]]);
    expect(approversOf({ people: ["e-of-gone"] })).toEqual([[employee("e-chief")]]);
    expect(approversOf({ people: ["e-ada", "e-bob"] })).toEqual([[employee("e-boss")]]);
  });

  it("is the fallback role where there is nobody", () => {
    expect(approversOf({ people: ["e-lone"] })).toEqual([[hr]]);
    expect(approversOf({ people: ["e-unknown"] })).toEqual([[hr]]);
    expect(approversOf({ people: ["e-ada", "e-cy"] })).toEqual([[hr]]);
    const [only] = stepsFor(config().overtime, circumstances({ people: ["e-lone"] }));
    expect(only).toMatchObject({ dueAt: null, escalateTo: [] });
  });

  it("depends on the size where the configuration says so", () => {
    const chains = config({
      chains: {
        overtime: {
          approveUpTo: 15,
          steps: [{ approvers: "manager" }, { approvers: { role: "plant" }, whenMoreThan: 120 }],
        },
      },
    });
    const rolesAt = (size: number) => stepsFor(chains.overtime, circumstances({ size })).length;
    expect([15, 16, 120, 121].map(rolesAt)).toEqual([0, 1, 1, 2]);
  });

  it("for a pay run is payroll, then whom the configuration adds", () => {
    const run = circumstances({ people: [], requesters: ["pay-clerk"] });
    expect(stepsFor(config()["pay-run"], run)).toMatchObject([
      {
        approvers: [{ kind: "role", role: "payroll" }],
        escalateTo: [{ kind: "role", role: "admin" }],
      },
    ]);
    const two = config({
      chains: {
        "pay-run": {
          steps: [{ approvers: { role: "payroll" } }, { approvers: { role: "admin" } }],
        },
      },
    });
    expect(stepsFor(two["pay-run"], run)).toHaveLength(2);
  });
});
