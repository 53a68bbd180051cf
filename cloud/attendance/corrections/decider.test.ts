import { describe, expect, it } from "vitest";
import { given, refused } from "../../eventing/decider-spec.ts";
import {
  type CorrectionRequest,
  type CorrectionsCommand,
  correctionsDecider,
  correctionsOf,
} from "./decider.ts";

const request: CorrectionRequest = {
  requestId: "fix",
  items: [
    { employeeId: "ada", change: { do: "void", punchId: "p1" } },
    { employeeId: "bob", change: { do: "void", punchId: "p2" } },
  ],
  reasonCode: "outage",
  reason: "the reader was down",
  outageId: "o1",
  requestedBy: "clerk",
  departmentId: null,
  managerId: null,
  overridesLock: false,
};
const requested = { type: "attendance.correction.requested", data: request } as const;
const said = { requestId: "fix", by: "mia", note: "" };
const approved = { type: "attendance.correction.approved", data: { ...said, at: 7 } } as const;
const rejected = { type: "attendance.correction.rejected", data: said } as const;
const decide = (outcome: "approved" | "rejected"): CorrectionsCommand => ({
  type: "decide",
  outcome,
  by: "mia",
  note: "",
  at: 7,
});
const withdraw: CorrectionsCommand = { type: "withdraw", by: "mia", note: "" };

describe("a request for corrections", () => {
  it("is stored once under its id, and no other under the same", () => {
    const ask = { type: "request", request } as const;
    expect(given(correctionsDecider).when(ask)).toEqual([requested]);
    expect(given(correctionsDecider, [requested]).when(ask)).toEqual([]);
    const other = { type: "request", request: { ...request, reason: "other" } } as const;
    expect(given(correctionsDecider, [requested]).when(other)).toMatchObject(
      refused("correction.exists"),
    );
  });

  it("is decided once: the first decision stands", () => {
    expect(given(correctionsDecider, [requested]).when(decide("approved"))).toEqual([approved]);
    expect(given(correctionsDecider, [requested]).when(decide("rejected"))).toEqual([rejected]);
    for (const first of [approved, rejected]) {
      for (const outcome of ["approved", "rejected"] as const) {
        expect(given(correctionsDecider, [requested, first]).when(decide(outcome))).toEqual([]);
      }
    }
  });

  it("is taken back only while nobody has decided", () => {
    expect(given(correctionsDecider, [requested]).when(withdraw)).toEqual([rejected]);
    expect(given(correctionsDecider, [requested, rejected]).when(withdraw)).toEqual([]);
    expect(given(correctionsDecider, [requested, approved]).when(withdraw)).toMatchObject(
      refused("correction.decided"),
    );
    expect(given(correctionsDecider).when(withdraw)).toMatchObject(refused("correction.not-found"));
  });

  it("comes to the same facts whenever it is asked, one for each item", () => {
    const facts = correctionsOf(request, { by: "mia", at: 7 });
    expect(facts).toMatchObject([
      { employeeId: "ada", correction: { correctionId: "fix-1", decidedAt: 7, by: "mia" } },
      {
        employeeId: "bob",
        correction: { correctionId: "fix-2", reason: "outage: the reader was down" },
      },
    ]);
    expect(correctionsOf(request, { by: "mia", at: 7 })).toEqual(facts);
  });
});
